"""Result files read by other people's programs: Battery Data Format tables by `batterydf`, field files by `meshio`.

    python oracles/data_format.py FOLDER        checks every folder of results below FOLDER
"""

import pathlib
import sys

import bdf
import meshio
import numpy as np
import pandas as pd


def check_table(path, table):
    report = bdf.validate_df(table, raise_on_error=True)
    wrong = []
    if report["legacy_labels"]:
        wrong.append(f"labels that the format has retired: {report['legacy_labels']}")
    if not report["time_stats"]["monotonic"]:
        wrong.append(f"time runs backwards {report['time_stats']['violations']} times")
    for name in report["required"]:
        if not np.isfinite(table[name].to_numpy(dtype=float)).all():
            wrong.append(f"column {name} has values that are not finite")
    taken, given = "Discharging Capacity / Ah", "Charging Capacity / Ah"
    if taken in table and given in table:
        # The format counts charge put in as positive: the integral of the current is what the capacities say.
        t, i = (table[name].to_numpy(dtype=float) for name in ("Test Time / s", "Current / A"))
        passed = float(np.sum(0.5 * (i[1:] + i[:-1]) * np.diff(t))) / 3600
        net = float(table[given].iloc[-1] - table[taken].iloc[-1])
        scale = float(table[given].iloc[-1] + table[taken].iloc[-1])
        if abs(passed - net) > 0.01 * scale:
            wrong.append(f"the integral of the current is {passed:.4g} Ah, the capacities say {net:.4g} Ah")
    return [f"{path}: {what}" for what in wrong], report["extras"]


def check(folder):
    """What is wrong in one folder of results, and a remark."""
    csv, parquet = folder / "timeseries.csv", folder / "timeseries.parquet"
    text, binary = pd.read_csv(csv), pd.read_parquet(parquet)
    wrong, extras = check_table(csv, text)
    wrong += check_table(parquet, binary)[0]
    if list(text.columns) != list(binary.columns) or len(text) != len(binary):
        wrong.append(f"{parquet}: {binary.shape} is not the table of {csv}, {text.shape}")
    else:
        for name in text.columns:
            if pd.api.types.is_numeric_dtype(text[name]):
                a, b = text[name].to_numpy(dtype=float), binary[name].to_numpy(dtype=float)
                scale = max(np.nanmax(np.abs(b), initial=0.0), 1e-300)
                if not np.allclose(a, b, rtol=1e-5, atol=1e-6 * scale, equal_nan=True):
                    wrong.append(f"{parquet}: column {name} differs from the text file")
    # The regions of a device mix polyhedra with other cells, which meshio cannot read; VTK can.
    fields = sorted(f for f in folder.glob("**/*.vtu") if f.name != "regions.vtu")
    for field in fields:
        mesh = meshio.read(field)
        if len(mesh.points) == 0 or not (mesh.cell_data or mesh.point_data):
            wrong.append(f"{field}: no points or no data")
    return wrong, f"{len(text)} rows, {len(text.columns)} columns ({len(extras)} of our own), {len(fields)} field files"


def main():
    root = pathlib.Path(sys.argv[1])
    folders = sorted(path.parent for path in root.glob("*/timeseries.csv"))
    problems = [] if folders else [f"{root}: no results"]
    for folder in folders:
        try:
            wrong, remark = check(folder)
        except Exception as error:  # one broken file must not hide the others
            wrong, remark = [f"{folder}: {error}"], "unreadable"
        print(f"{folder.name:32} {remark}")
        problems += wrong
    for problem in problems:
        print(problem)
    print(f"{len(folders)} result folders, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
