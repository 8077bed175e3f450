"""CPU time, wall time and peak memory of a whole command, from the operating system's account of the finished process.

    python oracles/whole_process.py -- COMMAND [ARGUMENT ...]        one line of JSON: medians of five runs after a warm-up
"""

import json
import os
import statistics
import subprocess
import sys
import time

RUNS = 5
command = sys.argv[sys.argv.index("--") + 1 :]


def once():
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}\n{message.decode(errors='replace')}")
    return 1e3 * (usage.ru_utime + usage.ru_stime), 1e3 * (time.perf_counter() - start), usage.ru_maxrss / 1024


once()
cpu, wall, memory = zip(*[once() for _ in range(RUNS)])
print(
    json.dumps(
        {
            "cpu_ms_min": min(cpu),
            "cpu_ms_median": statistics.median(cpu),
            "wall_ms_median": statistics.median(wall),
            "rss_mib_median": statistics.median(memory),
        }
    )
)
