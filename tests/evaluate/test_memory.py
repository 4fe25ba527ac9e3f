"""The peak is this process's own."""

from __future__ import annotations

import subprocess
import sys

from autocode.evaluate.memory import peak_rss_mb


def test_peak_grows_with_what_is_held():
    before = peak_rss_mb()
    if before is None:
        return
    held = bytearray(200 * 2**20)
    held[:: 2**10] = b"x" * len(held[:: 2**10])
    grown = peak_rss_mb()
    assert grown is not None
    assert grown > before - 1


def test_peak_of_a_new_process_is_not_that_of_the_one_that_started_it():
    held = bytearray(400 * 2**20)
    held[:: 2**10] = b"x" * len(held[:: 2**10])
    ask = "from autocode.evaluate.memory import peak_rss_mb; print(peak_rss_mb() or 0)"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 300
