"""Cells that Cellwright does not ship, run by Cellwright and by PyBaMM from the same published parameter sets.

    python oracles/held_out.py --cellwright target/release/cellwright --out target/xtask/held-out

The bar is 1 mV at Cellwright's default mesh, over the first 98 % of the discharge. It is never moved to pass.
"""

import argparse
import concurrent.futures
import csv
import json
import pathlib
import subprocess
import sys

import numpy as np
from scipy.interpolate import PchipInterpolator

import pybamm_reference

CASES = [
    ("Ecker2015", "DFN", 0.2),
    ("Ecker2015", "DFN", 1),
    ("Ecker2015", "DFN", 3),
    ("Mohtat2020", "DFN", 1),
    ("Prada2013", "DFN", 1),
    ("Ramadass2004", "DFN", 1),
    ("Ai2020", "DFN", 1),
    ("NCA_Kim2011", "DFN", 1),
    ("OKane2022", "SPMe", 1),
    ("OKane2022", "SPM", 1),
]
BAR_MV = 1.0


def columns(path, *names):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return [np.array([float(row[name]) for row in rows]) for name in names]


def cellwright(binary, case, bpx_file, out):
    """Voltage over time from one run of the command line tool."""
    _, model, rate = case
    cell = json.loads(bpx_file.read_text())["Parameterisation"]["Cell"]
    protocol = f"Discharge at {rate:g}C until {cell['Lower voltage cut-off [V]']} V"
    command = [binary, "run", "--bpx", bpx_file, "--protocol", protocol, "--model", model, "--out", out]
    run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode != 0:
        raise RuntimeError(f"exit code {run.returncode}: {(run.stderr or run.stdout).strip()}")
    t, v = columns(pathlib.Path(out) / "timeseries.csv", "Test Time / s", "Voltage / V")
    last = np.append(np.diff(t) > 0, True)  # of two rows at one time, the one under load
    return t[last], v[last]


def compare(case, binary, out):
    """One line of the table, and whether it holds."""
    stem = pybamm_reference.case_name(*case)
    try:
        bpx_file, csv_file = pybamm_reference.write(*case, out)
        t, v, own = columns(csv_file, "time_s", "voltage_V", "estimated_error_mV")
        found_t, found_v = cellwright(binary, case, bpx_file, out / stem)
    except Exception as error:  # the table shows every case, also those that could not be run
        return f"{stem:24} {error}", False
    end, found_end = t[-1], found_t[-1]
    kept = (t <= 0.98 * min(end, found_end)) & (t >= found_t[0])
    difference = 1e3 * (PchipInterpolator(found_t, found_v)(t[kept]) - v[kept])
    worst = int(np.argmax(np.abs(difference)))
    largest, rms = abs(difference[worst]), float(np.sqrt(np.mean(difference**2)))
    holds = largest <= BAR_MV and abs(found_end / end - 1) < 5e-3
    line = (
        f"{stem:24} {largest:8.3f} at {t[kept][worst]:8.1f} s {rms:8.3f} {own[t <= 0.98 * end].max():8.3f}"
        f" {end:10.1f} {found_end:10.1f}  {'holds' if holds else 'FAILS'}"
    )
    return line, holds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cellwright", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        futures = [pool.submit(compare, case, arguments.cellwright.resolve(), arguments.out) for case in CASES]
        results = [future.result() for future in futures]
    print(f"{'cell, model, rate':24} {'max dV / mV':>22} {'rms / mV':>8} {'own / mV':>8} {'end / s':>10} {'ours / s':>10}")
    for line, _ in results:
        print(line)
    failed = sum(not holds for _, holds in results)
    print(f"{len(results) - failed} of {len(results)} held-out cells within {BAR_MV:g} mV of PyBaMM")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
