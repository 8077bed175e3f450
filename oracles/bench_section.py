"""PyBaMM's solve of its DFN in more than one dimension (Marquis2019, 1C): CPU time of one thread, as a line of JSON.

    bench_section.py            its DFN on a section (BasicDFN2D), default mesh
    bench_section.py --chip     its DFN at 10 by 10 points between two collectors, 10 volumes a layer and 10 a particle (28 202 states)

IDAKLU, rtol 1e-4, atol 1e-6. `first_ms` includes building the model; the others are warm. `max_dv_mv` is the largest difference of the
voltage to the same model at rtol 1e-8, atol 1e-10, every 10 s.
"""

import json
import resource
import statistics
import sys
import time

import numpy
import pybamm

RUNS = 7

values = pybamm.ParameterValues("Marquis2019")
chip = "--chip" in sys.argv
times = numpy.linspace(0, 3600, 361)


def prepared(rtol, atol):
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=atol, options={"num_threads": 1})
    if chip:
        model = pybamm.lithium_ion.DFN({"current collector": "potential pair", "dimensionality": 2})
        points = dict.fromkeys(["x_n", "x_s", "x_p", "r_n", "r_p", "y", "z"], 10)
        return pybamm.Simulation(model, parameter_values=values, solver=solver, var_pts=points)
    return pybamm.Simulation(pybamm.lithium_ion.BasicDFN2D(), parameter_values=values, solver=solver)


def voltages(simulation):
    return simulation.solve([0, 3600], t_interp=times)["Terminal voltage [V]" if chip else "Voltage [V]"](times)


start = time.process_time()
simulation = prepared(1e-4, 1e-6)
solution = simulation.solve([0, 3600])
first = 1e3 * (time.process_time() - start)
spent = []
for _ in range(RUNS):
    start = time.process_time()
    solution = simulation.solve([0, 3600])
    spent.append(1e3 * (time.process_time() - start))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
error = float(numpy.abs(voltages(simulation) - voltages(prepared(1e-8, 1e-10))).max())
print(
    json.dumps(
        {
            "program": f"PyBaMM {pybamm.__version__}",
            "first_ms": first,
            "cpu_ms_min": min(spent),
            "cpu_ms_median": statistics.median(spent),
            "unknowns": int(solution.y.shape[0]),
            "steps": len(solution.t),
            "peak_mib": peak,
            "max_dv_mv": 1e3 * error,
        }
    )
)
