"""PyBaMM's warm re-solve of its DFN on a section (BasicDFN2D, Marquis2019, 1C): CPU time of one thread, as a line of JSON.

Its default mesh, IDAKLU, rtol 1e-4, atol 1e-6. The model is built and solved once before timing.
"""

import json
import statistics
import time

import pybamm

RUNS = 7

values = pybamm.ParameterValues("Marquis2019")
solver = pybamm.IDAKLUSolver(rtol=1e-4, atol=1e-6, options={"num_threads": 1})
simulation = pybamm.Simulation(pybamm.lithium_ion.BasicDFN2D(), parameter_values=values, solver=solver)
solution = simulation.solve([0, 3600])
spent = []
for _ in range(RUNS):
    start = time.process_time()
    solution = simulation.solve([0, 3600])
    spent.append(1e3 * (time.process_time() - start))
print(
    json.dumps(
        {
            "program": f"PyBaMM {pybamm.__version__}",
            "cpu_ms_min": min(spent),
            "cpu_ms_median": statistics.median(spent),
            "unknowns": int(solution.y.shape[0]),
            "steps": len(solution.t),
        }
    )
)
