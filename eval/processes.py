"""What a process of its own takes: time on the wall, processor time, largest memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one process: seconds on the wall, seconds of processor time, largest memory in MB."""

    wall_s: float
    processor_s: float
    memory_mb: float


def run_alone(words: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; what it prints goes nowhere.

    Raises:
        subprocess.CalledProcessError: if it fails; what it said goes to stderr.
    """
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(
        wall_s=wall,
        processor_s=usage.ru_utime + usage.ru_stime,
        memory_mb=usage.ru_maxrss / scale,
    )
