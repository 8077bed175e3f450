"""A discharge with a temperature field from PyBaMM (BSD-3-Clause): DFN of Chen2020 with "thermal": "x-full".

In this model heat is conducted along x through both electrodes and the separator, whose temperature equals that of the collectors at
their ends; each collector is one body with its own heat capacity and is cooled by h (T - T_ambient). Edges and tabs are left out here.
So that the field is more than a number, the published cell is changed: conductivities a two-hundredth of the published ones, cooling on the
negative collector only, entropic coefficients of opposite sign, 1C.

Meshes and extrapolation as in pybamm_reference.py: first order in the volumes per domain, second order in the shells.

    python oracles/pybamm_heat.py --out DIR      writes DIR/DFNxfull_Chen2020_1C.csv
"""

import argparse
import csv
import pathlib

import numpy as np
import pybamm

RATE = 1
VOLUMES = (20, 40, 80)
SHELLS = (60, 120, 240)
CONDUCTIVITIES = {"Negative electrode": 1.7 / 200, "Separator": 0.16 / 200, "Positive electrode": 2.1 / 200}
COOLING = {"Negative": 100.0, "Positive": 0.0}
ENTROPIC = {"Negative": 1e-4, "Positive": -2e-4}
COLUMNS = {
    "voltage_V": "Voltage [V]",
    "negative_collector_K": "Negative current collector temperature [K]",
    "negative_electrode_K": "X-averaged negative electrode temperature [K]",
    "separator_K": "X-averaged separator temperature [K]",
    "positive_electrode_K": "X-averaged positive electrode temperature [K]",
    "positive_collector_K": "Positive current collector temperature [K]",
}


def parameters():
    values = pybamm.ParameterValues("Chen2020")
    for region, conductivity in CONDUCTIVITIES.items():
        values[f"{region} thermal conductivity [W.m-1.K-1]"] = conductivity
    for side in ("Negative", "Positive"):
        values[f"{side} current collector surface heat transfer coefficient [W.m-2.K-1]"] = COOLING[side]
        values[f"{side} tab heat transfer coefficient [W.m-2.K-1]"] = 0.0
        # Tabs without cooling have no effect, but must have a place.
        for key in ("width", "centre y-coordinate", "centre z-coordinate"):
            values.update({f"{side} tab {key} [m]": 0.01}, check_already_exists=False)
        values[f"{side} electrode OCP entropic change [V.K-1]"] = ENTROPIC[side]
    values["Edge heat transfer coefficient [W.m-2.K-1]"] = 0.0
    return values


def solve(volumes, shells):
    model = pybamm.lithium_ion.DFN({"thermal": "x-full"})
    meshes = dict(model.default_submesh_types)
    for particle in ("negative particle", "positive particle"):
        meshes[particle] = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": 3.0})
    values = parameters()
    values["Current function [A]"] = RATE * 5.0
    points = {"x_n": volumes, "x_s": volumes, "x_p": volumes, "r_n": shells, "r_p": shells}
    solver = pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9)
    simulation = pybamm.Simulation(model, parameter_values=values, var_pts=points, submesh_types=meshes, solver=solver)
    grid = np.unique(np.concatenate([[0, 1, 2, 5, 10, 20], np.linspace(0, 3600, 361)]))
    solution = simulation.solve([0, 3600], t_interp=grid)
    mean = lambda name: np.atleast_2d(solution[name].entries).reshape(-1, len(solution["Time [s]"].entries)).mean(axis=0)
    return solution["Time [s]"].entries, {column: mean(name) for column, name in COLUMNS.items()}


def extrapolated():
    """Times, columns and the differences of the last two extrapolations."""
    runs = [solve(n, SHELLS[0]) for n in VOLUMES] + [solve(VOLUMES[0], n) for n in SHELLS[1:]]
    end = min(t[-1] for t, _ in runs)
    times = np.array([t for t in runs[0][0] if t < end])
    found, errors = {}, {}
    for column in COLUMNS:
        coarse, twice, finest, shells, more_shells = (np.interp(times, t, values[column]) for t, values in runs)
        earlier, later = shells + (shells - coarse) / 3, more_shells + (more_shells - shells) / 3
        first, last = 2 * twice - coarse, 2 * finest - twice
        found[column] = last + later - coarse
        errors[column] = np.abs(later - earlier) + np.abs(last - first)
    return times, found, errors


def write(out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    times, found, errors = extrapolated()
    temperatures = [column for column in COLUMNS if column.endswith("_K")]
    path = out / "DFNxfull_Chen2020_1C.csv"
    with open(path, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["time_s", *COLUMNS, "voltage_error_mV", "temperature_error_K"])
        for i, t in enumerate(times):
            worst = max(errors[column][i] for column in temperatures)
            values = [f"{found[column][i]:.9g}" for column in COLUMNS]
            rows.writerow([f"{t:.9g}", *values, f"{1e3 * errors['voltage_V'][i]:.4f}", f"{worst:.6f}"])
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", default="out/oracles")
    print(write(parser.parse_args().out))
