"""Voltage curves from PyBaMM (BSD-3-Clause) for parameter sets and rates that Cellwright does not ship.

A case is a published parameter set, a model (SPM, SPMe, DFN) and a C-rate. The parameter set is written as a BPX file,
so that both programs read the same cell, and solved by PyBaMM on three meshes.

Mesh, and why: PyBaMM's porous-electrode voltage converges first order in the volumes per domain, because its face
conductivity is an arithmetic mean. Volumes per domain are N, 2N, 4N with N = 20 and the curves are extrapolated first
order. The particle mesh is refined towards the surface (exponential), where uniform shells leave millivolts in the first
seconds; it converges second order and is extrapolated from 60, 120 and 240 shells. `estimated_error_mV` is the difference
of the last two extrapolations of each kind, added: the error that the reference itself may carry.

    python oracles/pybamm_reference.py Ecker2015 DFN 1 --out DIR      writes DIR/<case>.json (BPX) and DIR/<case>.csv
"""

import argparse
import csv
import json
import pathlib

import numpy as np
import pybamm

MODELS = {"SPM": pybamm.lithium_ion.SPM, "SPMe": pybamm.lithium_ion.SPMe, "DFN": pybamm.lithium_ion.DFN}
FARADAY = 96485.33212
VOLUMES = (20, 40, 80)
SHELLS = (60, 120, 240)
# Sets whose own initial state is the discharged cell: these start from the upper cut-off instead.
STARTS_EMPTY = ("Mohtat2020",)


def parameters(name):
    """The published set, isothermal at 25 degC, with the thermodynamic factor at 1 because BPX has no field for it."""
    values = pybamm.ParameterValues(name)
    for key in ("Ambient temperature [K]", "Initial temperature [K]"):
        values[key] = 298.15
    values["Thermodynamic factor"] = 1.0
    values["Contact resistance [Ohm]"] = 0.0
    for side in ("Negative", "Positive"):
        values[f"{side} electrode OCP entropic change [V.K-1]"] = 0.0
    if name in STARTS_EMPTY:
        values.set_initial_state(1.0)
    return values


def number(values, expression):
    return float(values.evaluate(expression))


def function(values, key, *arguments):
    """A parameter, constant or function, as numbers at the given arguments."""
    parameter = values[key]
    shape = np.asarray(arguments[0], dtype=float)
    if not callable(parameter):
        return np.full_like(shape, float(parameter))
    rows = np.broadcast_arrays(*[np.asarray(a, dtype=float) for a in arguments])
    symbols = [pybamm.Vector(np.atleast_1d(row)) for row in rows]
    expression = values.process_symbol(parameter(*symbols))
    found = np.asarray(expression.evaluate(), dtype=float).reshape(-1)
    return np.full_like(shape, found[0]) if found.size == 1 else found


def rate_constant(values, side, maximum, reference):
    """The BPX reaction rate constant k with j0 = F k sqrt(c_e/c_ref) sqrt(x (1 - x)); refuses any other form."""
    x = np.array([0.2, 0.5, 0.8, 0.4])
    c_e = np.array([0.5, 1.0, 1.5, 1.1]) * reference
    j0 = function(values, f"{side} electrode exchange-current density [A.m-2]", c_e, x * maximum, np.full(4, maximum), np.full(4, 298.15))
    k = j0 / (FARADAY * np.sqrt(c_e / reference) * np.sqrt(x * (1 - x)))
    if np.ptp(k) > 1e-6 * abs(k[0]):
        raise SystemExit(f"{side} exchange-current density is not of the BPX form: k = {k}")
    return float(k[0])


def table(x, y):
    return {"x": [float(v) for v in x], "y": [float(v) for v in y]}


def electrode(values, side, reference, discharged, charged):
    """One BPX electrode section; stoichiometry limits are those of the charged and of the discharged state."""
    maximum = number(values, values[f"Maximum concentration in {side.lower()} electrode [mol.m-3]"])
    radius = number(values, values[f"{side} particle radius [m]"])
    porosity = number(values, values[f"{side} electrode porosity"])
    fraction = number(values, values[f"{side} electrode active material volume fraction"])
    b_e = number(values, values[f"{side} electrode Bruggeman coefficient (electrolyte)"])
    b_s = number(values, values[f"{side} electrode Bruggeman coefficient (electrode)"])
    sigma = number(values, values[f"{side} electrode conductivity [S.m-1]"])
    low, high = sorted((discharged, charged))
    # The whole range, close together at both ends: surfaces run beyond the window of the rested cell, where potentials are steep.
    x = 0.5 * (1 - np.cos(np.linspace(0, np.pi, 2401)[5:-5]))
    t = np.full_like(x, 298.15)
    diffusivity = function(values, f"{side} particle diffusivity [m2.s-1]", x, t)
    constant = np.ptp(diffusivity) <= 1e-9 * abs(diffusivity[0])
    return {
        "Particle radius [m]": radius,
        "Thickness [m]": number(values, values[f"{side} electrode thickness [m]"]),
        "Diffusivity [m2.s-1]": float(diffusivity[0]) if constant else table(x, diffusivity),
        "OCP [V]": table(x, function(values, f"{side} electrode OCP [V]", x)),
        "Entropic change coefficient [V.K-1]": 0.0,
        # PyBaMM scales the solid by (1 - porosity)^b; BPX carries the effective value.
        "Conductivity [S.m-1]": sigma * (1 - porosity) ** b_s,
        "Surface area per unit volume [m-1]": 3 * fraction / radius,
        "Porosity": porosity,
        "Transport efficiency": porosity**b_e,
        "Reaction rate constant [mol.m-2.s-1]": rate_constant(values, side, maximum, reference),
        "Maximum concentration [mol.m-3]": maximum,
        "Minimum stoichiometry": low,
        "Maximum stoichiometry": high,
        "Diffusivity activation energy [J.mol-1]": 0.0,
        "Reaction rate constant activation energy [J.mol-1]": 0.0,
    }


def discharged_stoichiometries(values):
    """Stoichiometries at the lower cut-off, from the open-circuit curve and the lithium moved."""
    lithium = {}
    start = {}
    for side in ("Negative", "Positive"):
        maximum = number(values, values[f"Maximum concentration in {side.lower()} electrode [mol.m-3]"])
        solid = number(values, values[f"{side} electrode active material volume fraction"]) * number(values, values[f"{side} electrode thickness [m]"])
        lithium[side] = maximum * solid
        start[side] = number(values, values[f"Initial concentration in {side.lower()} electrode [mol.m-3]"]) / maximum
    most = min(start["Negative"] * lithium["Negative"], (1 - start["Positive"]) * lithium["Positive"])
    moved = np.linspace(0, most, 4001)[:-1]
    x = start["Negative"] - moved / lithium["Negative"]
    y = start["Positive"] + moved / lithium["Positive"]
    x, y = np.clip(x, 1e-4, 1 - 1e-4), np.clip(y, 1e-4, 1 - 1e-4)
    ocv = function(values, "Positive electrode OCP [V]", y) - function(values, "Negative electrode OCP [V]", x)
    inside = np.nonzero(ocv >= number(values, values["Lower voltage cut-off [V]"]))[0]
    last = inside[-1]
    return start, {"Negative": float(x[last]), "Positive": float(y[last])}


def bpx(values, name, model):
    """The parameter set as a BPX document; the fully charged state is the set's own initial state."""
    start, end = discharged_stoichiometries(values)
    reference = number(values, values["Initial concentration in electrolyte [mol.m-3]"])
    area = number(values, values["Electrode height [m]"]) * number(values, values["Electrode width [m]"])
    # Full charge is defined by stoichiometries or by the cut-off voltage, depending on the program: here both mean the same state.
    rested = [function(values, f"{side} electrode OCP [V]", np.array([start[side]]))[0] for side in ("Positive", "Negative")]
    c_e = np.geomspace(0.1, 4 * reference, 1200)
    t = np.full_like(c_e, 298.15)
    porosity = number(values, values["Separator porosity"])
    return {
        "Header": {"BPX": "0.1.0", "Title": f"{name} as tabulated for cross-checks", "Model": "DFN" if model == "DFN" else model},
        "Parameterisation": {
            "Cell": {
                "Ambient temperature [K]": 298.15,
                "Initial temperature [K]": 298.15,
                "Reference temperature [K]": 298.15,
                "Lower voltage cut-off [V]": number(values, values["Lower voltage cut-off [V]"]),
                "Upper voltage cut-off [V]": float(rested[0] - rested[1]),
                "Nominal cell capacity [A.h]": number(values, values["Nominal cell capacity [A.h]"]),
                "Specific heat capacity [J.K-1.kg-1]": 1000.0,
                "Thermal conductivity [W.m-1.K-1]": 1.0,
                "Density [kg.m-3]": 2000.0,
                "Electrode area [m2]": area,
                "Number of electrode pairs connected in parallel to make a cell": int(number(values, values["Number of electrodes connected in parallel to make a cell"])),
                "External surface area [m2]": 0.01,
                "Volume [m3]": 1e-5,
            },
            "Electrolyte": {
                "Initial concentration [mol.m-3]": reference,
                "Cation transference number": number(values, values["Cation transference number"]),
                "Diffusivity [m2.s-1]": table(c_e, function(values, "Electrolyte diffusivity [m2.s-1]", c_e, t)),
                "Conductivity [S.m-1]": table(c_e, function(values, "Electrolyte conductivity [S.m-1]", c_e, t)),
                "Diffusivity activation energy [J.mol-1]": 0.0,
                "Conductivity activation energy [J.mol-1]": 0.0,
            },
            "Negative electrode": electrode(values, "Negative", reference, end["Negative"], start["Negative"]),
            "Positive electrode": electrode(values, "Positive", reference, end["Positive"], start["Positive"]),
            "Separator": {
                "Thickness [m]": number(values, values["Separator thickness [m]"]),
                "Porosity": porosity,
                "Transport efficiency": porosity ** number(values, values["Separator Bruggeman coefficient (electrolyte)"]),
            },
        },
    }


def solve(values, model_name, rate, volumes, shells):
    """Constant-current discharge to the lower cut-off on one mesh."""
    model = MODELS[model_name]()
    meshes = dict(model.default_submesh_types)
    for particle in ("negative particle", "positive particle"):
        meshes[particle] = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, submesh_params={"side": "right", "stretch": 3.0})
    current = rate * number(values, values["Nominal cell capacity [A.h]"])
    values = values.copy()
    values["Current function [A]"] = current
    points = {"x_n": volumes, "x_s": volumes, "x_p": volumes, "r_n": shells, "r_p": shells}
    simulation = pybamm.Simulation(
        model, parameter_values=values, var_pts=points, submesh_types=meshes, solver=pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-9)
    )
    horizon = 3600 / rate * 1.6
    grid = np.unique(np.concatenate([[0, 1, 2, 5, 10, 20], np.linspace(0, horizon, 641)]))
    solution = simulation.solve([0, horizon], t_interp=grid)
    t = solution["Time [s]"].entries
    v = solution["Voltage [V]"].entries
    return current, t, v


def reference(name, model_name, rate):
    """Times, extrapolated voltages, estimated error (V), current (A)."""
    values = parameters(name)
    by_volumes = [(n, SHELLS[0]) for n in (VOLUMES if model_name != "SPM" else VOLUMES[:1])]
    by_shells = [(VOLUMES[0], n) for n in SHELLS[1:]]
    runs = [solve(values, model_name, rate, *mesh) for mesh in by_volumes + by_shells]
    current = runs[0][0]
    end = min(t[-1] for _, t, _ in runs)
    t = np.array([s for s in runs[0][1] if s < end] + [end])
    curves = [np.interp(t, ti, vi) for _, ti, vi in runs]
    coarse, middle, fine = curves[0], *curves[len(by_volumes) :]
    earlier, later = middle + (middle - coarse) / 3, fine + (fine - middle) / 3
    voltage, error = later - coarse, np.abs(later - earlier)
    if len(by_volumes) == 1:
        return t, curves[0] + voltage, error, current, end
    earlier, later = 2 * curves[1] - curves[0], 2 * curves[2] - curves[1]
    return t, later + voltage, error + np.abs(later - earlier), current, end


def case_name(name, model, rate):
    return f"{name}_{model}_{rate:g}C"


def write(name, model, rate, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    stem = case_name(name, model, rate)
    values = parameters(name)
    (out / f"{stem}.json").write_text(json.dumps(bpx(values, name, model), indent=1))
    t, v, error, current, end = reference(name, model, rate)
    with open(out / f"{stem}.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["time_s", "voltage_V", "estimated_error_mV", "current_A"])
        for row in zip(t, v, error):
            rows.writerow([f"{row[0]:.6g}", f"{row[1]:.8f}", f"{1e3 * row[2]:.4f}", f"{current:.8g}"])
    return out / f"{stem}.json", out / f"{stem}.csv"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("set")
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("rate", type=float)
    parser.add_argument("--out", default="out/oracles")
    arguments = parser.parse_args()
    for path in write(arguments.set, arguments.model, arguments.rate, arguments.out):
        print(path)
