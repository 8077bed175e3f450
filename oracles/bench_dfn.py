"""PyBaMM's warm re-solve of the DFN (Marquis2019, 1C): CPU time of one thread, as a line of JSON.

20 volumes per domain and particle, IDAKLU, rtol 1e-4, atol 1e-6. The model is built and solved once before timing.
"""

import json
import statistics
import time

import pybamm

RUNS = 15

values = pybamm.ParameterValues("Marquis2019")
points = {name: 20 for name in ("x_n", "x_s", "x_p", "r_n", "r_p")}
solver = pybamm.IDAKLUSolver(rtol=1e-4, atol=1e-6, options={"num_threads": 1})
simulation = pybamm.Simulation(pybamm.lithium_ion.DFN(), parameter_values=values, var_pts=points, solver=solver)
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
            "steps": len(solution.t),
        }
    )
)
