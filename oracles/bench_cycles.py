"""PyBaMM's CCCV cycles with a diffusion-limited interphase (Chen2020), SPM and SPMe: CPU time of one thread, as a line of JSON.

200 cycles of 1C to 2.5 V, 0.5C to 4.2 V and a hold until C/20, IDAKLU, rtol 1e-4, atol 1e-6. Two cycles are run before timing.
"""

import json
import sys
import time

import pybamm

CYCLES = int(sys.argv[1]) if len(sys.argv) > 1 else 200
STEPS = ("Discharge at 1C until 2.5 V", "Charge at 0.5C until 4.2 V", "Hold at 4.2 V until C/20")


def cycles(model, count):
    values = pybamm.ParameterValues("Chen2020")
    solver = pybamm.IDAKLUSolver(rtol=1e-4, atol=1e-6, options={"num_threads": 1})
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver, experiment=pybamm.Experiment([STEPS] * count))
    start = time.process_time()
    solution = simulation.solve(save_at_cycles=[1, count], calc_esoh=False)
    return time.process_time() - start, solution


out = {"program": f"PyBaMM {pybamm.__version__}", "cycles": CYCLES}
for name, kind in (("SPM", pybamm.lithium_ion.SPM), ("SPMe", pybamm.lithium_ion.SPMe)):
    model = kind({"SEI": "solvent-diffusion limited"})
    cycles(model, 2)
    seconds, solution = cycles(kind({"SEI": "solvent-diffusion limited"}), CYCLES)
    lost = solution["Loss of lithium to negative SEI [mol]"].entries[-1] * 96485.33212 / 3600
    first, last = (c.steps[0]["Discharge capacity [A.h]"].entries for c in (solution.cycles[0], solution.cycles[-1]))
    out[name] = {"cpu_s": seconds, "first_ah": first[-1] - first[0], "last_ah": last[-1] - last[0], "lithium_lost_ah": lost}
print(json.dumps(out))
