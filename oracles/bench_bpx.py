"""One BPX discharge by PyBaMM, from file to file: python oracles/bench_bpx.py FILE.json RESULT.csv"""

import sys

import pybamm

values = pybamm.ParameterValues.create_from_bpx(sys.argv[1], target_soc=1.0)
experiment = pybamm.Experiment(["Discharge at 1C until 2.7 V"])
simulation = pybamm.Simulation(pybamm.lithium_ion.DFN(), parameter_values=values, experiment=experiment, solver=pybamm.IDAKLUSolver())
solution = simulation.solve()
solution.save_data(sys.argv[2], ["Time [s]", "Current [A]", "Voltage [V]"], to_format="csv")
