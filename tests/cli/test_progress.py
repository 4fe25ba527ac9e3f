"""Progress where nobody watches: lines, not many, and none for quick work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autocode.cli.progress import ProgressLines


def lines(capsys, times, steps, *, has_rates=False):
    ticks = iter(times)
    listener = ProgressLines(every=5, clock=lambda: next(ticks), has_rates=has_rates)
    for step in steps:
        listener(*step)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_a_line_every_few_seconds_and_one_at_the_end(capsys):
    steps = [("Encoding", done, 8) for done in (0, 1, 2, 4, 6, 8)]
    assert lines(capsys, [0, 2, 6, 8, 12, 13], steps) == [
        "Encoding 2/8",
        "Encoding 6/8",
        "Encoding 8/8",
    ]


def test_quick_stages_print_nothing(capsys):
    steps = [("Reading", 0, 1), ("Reading", 1, 1), ("Encoding", 0, 2), ("Encoding", 2, 2)]
    assert lines(capsys, [0, 3, 6, 9], steps) == []


def test_each_stage_is_timed_for_itself(capsys):
    steps = [("Reading", 0, 2), ("Encoding", 0, 2), ("Encoding", 1, 2), ("Encoding", 2, 2)]
    assert lines(capsys, [0, 4, 8, 10], steps) == ["Encoding 2/2"]


def test_where_nobody_knows_how_much_there_is_it_counts(capsys):
    steps = [("Reading", done, 0) for done in (100, 600, 900)] + [("Encoding", 0, 900)]
    assert lines(capsys, [0, 5, 10, 11], steps, has_rates=True) == [
        "Reading 600 (100 a second)",
        "Reading 900 (80 a second)",
    ]


WORK = """
from autocode.cli import progress
progress.EVERY_SECONDS = 0.0
with progress.progress_on_stderr() as listener:
    for done in range(4):
        listener("Encoding", done, 3)
print("data")
"""


def test_a_pipe_gets_lines_on_stderr_and_data_on_stdout():
    done = subprocess.run(
        [sys.executable, "-c", WORK], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "data\n"
    assert done.stderr.splitlines() == [f"Encoding {n}/3" for n in range(4)]


COUNT = """
import time
from autocode.cli import progress
with progress.progress_on_stderr(has_rates=True) as listener:
    for done in (100, 200):
        listener("Reading", done, 0)
    for done in range(4):
        listener("Encoding", done, 3)
        time.sleep(0.01)  # or there would be no time to take a rate from
print("data")
"""


@pytest.mark.parametrize("work", [WORK, COUNT])
def test_a_terminal_gets_a_bar(work):
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals in Python")
    leader, follower = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", work],
        stdout=subprocess.PIPE,
        stderr=follower,
        check=True,
        timeout=60,
    )
    shown = os.read(leader, 10_000).decode()
    os.close(follower)
    os.close(leader)
    assert done.stdout == b"data\n"
    assert "Encoding" in shown
    assert "100%" in shown
    if work is COUNT:
        assert shown.startswith("\rReading     100\rReading     200\r\n")
        assert shown.count("Reading") == 2
        assert " a second" in shown
