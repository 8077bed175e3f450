"""PyBaMM's solve of its DFN in more than one dimension (Marquis2019, 1C): CPU time of one thread, as a line of JSON.

    bench_section.py            its DFN on a section (BasicDFN2D), default mesh
    bench_section.py --chip     its DFN at 10 by 10 points between two collectors, 10 volumes a layer and 10 a particle (28 202 states)

IDAKLU, rtol 1e-4, atol 1e-6. `first_ms` includes building the model; the others are warm.
"""

import json
import statistics
import sys
import time

import pybamm

RUNS = 7

values = pybamm.ParameterValues("Marquis2019")
solver = pybamm.IDAKLUSolver(rtol=1e-4, atol=1e-6, options={"num_threads": 1})
start = time.process_time()
if "--chip" in sys.argv:
    model = pybamm.lithium_ion.DFN({"current collector": "potential pair", "dimensionality": 2})
    points = dict.fromkeys(["x_n", "x_s", "x_p", "r_n", "r_p", "y", "z"], 10)
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver, var_pts=points)
else:
    simulation = pybamm.Simulation(pybamm.lithium_ion.BasicDFN2D(), parameter_values=values, solver=solver)
solution = simulation.solve([0, 3600])
first = 1e3 * (time.process_time() - start)
spent = []
for _ in range(RUNS):
    start = time.process_time()
    solution = simulation.solve([0, 3600])
    spent.append(1e3 * (time.process_time() - start))
print(
    json.dumps(
        {
            "program": f"PyBaMM {pybamm.__version__}",
            "first_ms": first,
            "cpu_ms_min": min(spent),
            "cpu_ms_median": statistics.median(spent),
            "unknowns": int(solution.y.shape[0]),
            "steps": len(solution.t),
        }
    )
)
