"""Mask files and rule markers of `layout_oracle.rs` seen by KLayout: one line of JSON per check, exit 1 if one fails.

    cargo run --release -p cellwright-layout --example layout_oracle -- FOLDER
    python oracles/klayout_layout.py FOLDER
"""

import json
import pathlib
import sys
import tempfile

import klayout.db as db

folder = pathlib.Path(sys.argv[1])
ours = json.loads((folder / "ours.json").read_text())
failed = False


def report(check, name, passed, **numbers):
    global failed
    failed = failed or not passed
    print(json.dumps({"check": check, "name": name, "passed": bool(passed), **numbers}), flush=True)


def load(path):
    layout = db.Layout()
    layout.read(str(path))
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


def marker_region(pairs):
    total = db.Region()
    for pair in pairs:
        # Degenerate markers keep a body this way.
        total.insert(pair.polygon(2))
    return total.merged()


for entry in ours["rules"]:
    layout = load(folder / f"{entry['name']}.gds")
    first = region(layout, entry["layers"][0])
    rule, limit = entry["rule"], entry["limit"]
    check = getattr(first, f"{rule}_check")
    theirs = check(region(layout, entry["layers"][1]), limit) if len(entry["layers"]) == 2 else check(limit)
    mine = [db.EdgePair(db.Edge(*m[:4]), db.Edge(*m[4:])) for m in entry["markers"]]
    one, two = marker_region(mine), marker_region(theirs.each())
    missing = two.not_interacting(one).count() if not one.is_empty() else two.count()
    extra = one.not_interacting(two).count() if not two.is_empty() else one.count()
    # The covered areas agree up to roundings and one unit of border.
    area = (one - two.sized(3)).area() + (two - one.sized(3)).area()
    report(
        f"{rule}_{limit}",
        entry["name"],
        missing == 0 and extra == 0 and area <= 1e-3 * max(one.area(), 1),
        ours=entry["count"],
        klayout=theirs.count(),
        ours_merged=one.count(),
        klayout_merged=two.count(),
        missing=missing,
        extra=extra,
        area_share=area / max(one.area(), 1),
    )

for entry in ours["sizes"]:
    layout = load(folder / f"{entry['name']}.gds")
    drawn = region(layout, 1)
    report("merged_area", entry["name"], abs(drawn.area() - entry["area"]) <= 1e-4 * drawn.area(), ours=entry["area"], klayout=drawn.area())
    merged = region(layout, 2)
    for number, size in zip((3, 4), entry["sizes"]):
        mine, theirs = region(layout, number), merged.sized(size, 2).merged()
        area = (mine - theirs.sized(2)).area() + (theirs - mine.sized(2)).area()
        report(f"sized_{size}", entry["name"], area <= 1e-5 * theirs.area(), ours=mine.area(), klayout=theirs.area(), outside_2_units=area)

sys.exit(1 if failed else 0)
