"""KLayout at the work of `bench_layout.rs`, as one line of JSON with the same keys: python oracles/klayout_bench.py FOLDER [gdsii|rules|curves]"""

import json
import math
import pathlib
import sys
import time

import klayout.db as db

folder = pathlib.Path(sys.argv[1])
only = sys.argv[2] if len(sys.argv) > 2 else None
line = {"program": f"KLayout {db.__version__}"}


def timed(key, work):
    start = time.process_time()
    value = work()
    line[key] = round(1e3 * (time.process_time() - start), 1)
    return value


def peak_memory():
    for text in open("/proc/self/status"):
        if text.startswith("VmHWM:"):
            return round(int(text.split()[1]) / 1024, 1)
    return 0.0


def disc(x, y, radius):
    angles = [2 * math.pi * k / 64 for k in range(64)]
    return db.Polygon([db.Point(x + round(radius * math.cos(a)), y + round(radius * math.sin(a))) for a in angles])


def wanted(what):
    return only is None or only == what


if wanted("gdsii"):
    layout = db.Layout()
    layout.dbu = 0.001
    layer = layout.layer(1, 0)
    top = layout.create_cell("top")
    for i in range(500):
        for j in range(500):
            top.shapes(layer).insert(disc(20000 * i, 20000 * j, 5000))
    path = folder / "bench_klayout.gds"
    timed("gds_write_ms", lambda: layout.write(str(path)))
    timed("oasis_write_ms", lambda: layout.write(str(folder / "bench_klayout.oas")))
    line["gds_bytes"] = path.stat().st_size
    line["memory_after_write_mb"] = peak_memory()
    layout._destroy()
    again = db.Layout()
    timed("gds_read_ms", lambda: again.read(str(path)))
    line["polygons"] = again.top_cell().shapes(again.layer(1, 0)).size()
    line["memory_after_read_mb"] = peak_memory()

if wanted("rules"):
    fingers = db.Region()
    for i in range(20000):
        y = 0 if i % 2 == 0 else 20000
        fingers.insert(db.Box(4000 * i, y, 4000 * i + 2000, y + 1000000))
    merged = timed("fingers_merge_ms", lambda: fingers.merged())
    for name, check in (("space", fingers.space_check), ("width", fingers.width_check)):
        found = timed(f"fingers_{name}_ms", lambda: check(2500))
        line[f"fingers_{name}_markers"] = found.count()

if wanted("curves"):
    # Ten thousand discs take minutes here, so only the smaller set is asked for.
    discs = db.Region()
    for k in range(400):
        discs.insert(disc(20000 * (k % 20), 20000 * (k // 20), 5000))
    timed("discs_400_merge_ms", lambda: discs.merged())
    found = timed("discs_400_space_ms", lambda: discs.space_check(11000))
    line["discs_400_space_markers"] = found.count()

line["memory_mb"] = peak_memory()
print(json.dumps(line))
