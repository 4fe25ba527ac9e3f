"""The peak of memory is this process's own."""

from __future__ import annotations

import subprocess
import sys

from autocode.evaluate.run_facts import measure_peak_rss_mb


def test_peak_grows_with_what_is_held():
    before = measure_peak_rss_mb()
    if before is None:
        return
    held = bytearray(200 * 2**20)
    held[:: 2**10] = b"x" * len(held[:: 2**10])
    grown = measure_peak_rss_mb()
    assert grown is not None
    assert grown > before - 1


def test_peak_of_a_new_process_is_not_that_of_the_one_that_started_it():
    held = bytearray(400 * 2**20)
    held[:: 2**10] = b"x" * len(held[:: 2**10])
    program = (
        "from autocode.evaluate.run_facts import measure_peak_rss_mb as peak; print(peak() or 0)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) < 300
