"""Mask files and rule markers seen by KLayout: a line of JSON per failed check (every check with --all), a summary, exit 1 if one failed.

    cargo run --release -p cellwright-layout --example layout_oracle -- FOLDER
    cargo run --release -p cellwright-fab --example template_oracle -- FOLDER
    python oracles/klayout_layout.py FOLDER
"""

import bisect
import collections
import json
import pathlib
import sys
import tempfile

import klayout.db as db

folder = pathlib.Path(sys.argv[1])
ours = json.loads((folder / "ours.json").read_text())
every = "--all" in sys.argv[2:]
counts = collections.Counter()


def report(check, name, passed, **numbers):
    counts["passed" if passed else "failed"] += 1
    counts["markers"] += numbers.get("klayout", 0) if "only_ours" in numbers else 0
    if every or not passed:
        print(json.dumps({"check": check, "name": name, "passed": bool(passed), **numbers}), flush=True)


def load(path):
    layout = db.Layout()
    # Long records are meant; a remark on each would bury what fails.
    options = db.LoadLayoutOptions()
    options.warn_level = 0
    layout.read(str(path), options)
    return layout


def region(layout, number, datatype=0):
    total = db.Region()
    index = layout.find_layer(number, datatype)
    if index is not None:
        for top in layout.top_cells():
            total += db.Region(top.begin_shapes_rec(index))
    total.merged_semantics = True
    return total


def layers(*layouts):
    return sorted({(info.layer, info.datatype) for layout in layouts for info in layout.layer_infos()})


def differences(a, b, tolerance):
    """Area that differs by more than slivers of the given width."""
    total = 0
    for number, datatype in layers(a, b):
        rest = region(a, number, datatype) ^ region(b, number, datatype)
        if tolerance and not rest.is_empty():
            # Slivers vanish when both sets may be grown by the tolerance.
            one, two = region(a, number, datatype), region(b, number, datatype)
            rest = (one - two.sized(tolerance)) + (two - one.sized(tolerance))
        total += rest.area()
    return total


with tempfile.TemporaryDirectory() as scratch:
    for entry in ours["layouts"]:
        name, tolerance = entry["name"], entry["tolerance"]
        gds, oas, flat = load(folder / f"{name}.gds"), load(folder / f"{name}.oas"), load(folder / f"{name}_flat.gds")
        shapes = sum(region(gds, *layer).area() for layer in layers(gds))
        report("read", name, gds.cells() == entry["cells"] == oas.cells() and shapes > 0, cells=gds.cells(), area=shapes, dbu=gds.dbu)
        for ending, layout in ((".gds", gds), (".oas", oas)):
            path = pathlib.Path(scratch) / f"again{ending}"
            layout.write(str(path))
            difference = differences(layout, load(path), 0)
            report("rewrite" + ending, name, difference == 0, area=difference)
        difference = differences(gds, oas, tolerance if "round" in name else 0)
        report("gds_oas", name, difference == 0, area=difference)
        difference = differences(gds, flat, tolerance)
        report("flatten", name, difference == 0, area=difference, tolerance=tolerance)


def ends(pair):
    """Both pieces as sorted pairs of sorted ends: programs go round in different directions."""
    pieces = [sorted([(e.x1, e.y1), (e.x2, e.y2)]) for e in (pair.first, pair.second)]
    return tuple(value for piece in sorted(pieces) for point in piece for value in point)


def unmatched(ones, others):
    """Markers that have no counterpart with all ends within two database units."""
    exact, rising = set(others), sorted(others)

    def near(m):
        # Only those whose first coordinate fits are compared.
        start = bisect.bisect_left(rising, (m[0] - 2,))
        end = bisect.bisect_right(rising, (m[0] + 3,))
        return any(max(abs(a - b) for a, b in zip(m, o)) <= 2 for o in rising[start:end])

    return [m for m in ones if m not in exact and not near(m)]


# Share of markers without counterpart that is accepted: none, but where whole shapes stand between edges (a limit of
# several widths) or corners of different polygons touch. Between layers ours hides nothing, so it may find more.
ACCEPTED = {"rule_wide": (0.02, 0.02), "rule_slanted": (0.02, 0.02), "rule_two": (0.2, 0.0)}

for entry in ours["rules"]:
    layout = load(folder / f"{entry['name']}.gds")
    first = region(layout, entry["layers"][0])
    rule, limit = entry["rule"], entry["limit"]
    check = getattr(first, f"{rule}_check")
    theirs = check(region(layout, entry["layers"][1]), limit) if len(entry["layers"]) == 2 else check(limit)
    mine = [ends(db.EdgePair(db.Edge(*m[:4]), db.Edge(*m[4:]))) for m in entry["markers"]]
    found = [ends(pair) for pair in theirs.each()]
    only_mine, only_theirs = unmatched(mine, found), unmatched(found, mine)
    more, fewer = ACCEPTED.get(entry["name"], (0, 0))
    passed = len(only_mine) <= more * len(found) and len(only_theirs) <= fewer * len(found)
    report(f"{rule}_{limit}", entry["name"], passed, ours=len(mine), klayout=len(found), only_ours=len(only_mine), only_klayout=len(only_theirs))

# Tips of needles sharper than a degree, which KLayout does not lengthen although it lengthens all other cut corners.
NEEDLES = {"size_slanted": 2}

for entry in ours["sizes"]:
    layout = load(folder / f"{entry['name']}.gds")
    drawn = region(layout, 1)
    report("merged_area", entry["name"], abs(drawn.area() - entry["area"]) <= 1e-4 * drawn.area(), ours=entry["area"], klayout=drawn.area())
    merged = region(layout, 2)
    for number, size in zip((3, 4), entry["sizes"]):
        mine, theirs = region(layout, number), merged.sized(size, 2).merged()
        more, fewer = (mine - theirs.sized(2)).merged(), (theirs - mine.sized(2)).merged()
        passed = more.count() <= NEEDLES.get(entry["name"], 0) and fewer.is_empty()
        report(f"sized_{size}", entry["name"], passed, ours=mine.area(), klayout=theirs.area(), more=more.count(), fewer=fewer.count())

print(f"KLayout {db.__version__}: {counts['passed']} checks passed, {counts['failed']} failed, {counts['markers']} rule markers compared")
sys.exit(1 if counts["failed"] else 0)
