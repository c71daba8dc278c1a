"""What a program costs: CPU seconds (user + system) and peak memory of it and its children."""

import collections
import os
import subprocess

Usage = collections.namedtuple("Usage", "cpu_s peak_mb")


def usage_of(command):
    """Runs to the end, on one thread where OpenMP decides; None where the program failed."""
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen([str(word) for word in command], stdout=nothing, stderr=nothing,
                                   env=dict(os.environ, OMP_THREAD_LIMIT="1"))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return None if process.returncode else Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
