"""How many cores may be used; encodings beside each other cost little more than in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from autocode.cores import count_usable_cores, make_each

FOUR = {0, 1, 2, 3}


@pytest.fixture
def count(monkeypatch, tmp_path):
    """Count on a machine of four cores, with these files of control groups and this environment."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: FOUR, raising=False)

    def call(files=(), own="0::/\n", **environment):
        for name, text in dict(files).items():
            path = tmp_path / "groups" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "own").write_text(own)
        return count_usable_cores(
            environment, groups=tmp_path / "groups", own_group=tmp_path / "own"
        )

    return call


def test_without_limits_all_cores_count(count):
    assert count() == 4
    assert count({"cpu.max": "max 100000\n"}) == 4


@pytest.mark.parametrize(("quota", "cores"), [("250000", 2), ("100000", 1), ("50000", 1)])
def test_a_quota_counts_in_whole_cores(count, quota, cores):
    assert count({"cpu.max": f"{quota} 100000\n"}) == cores


def test_the_quota_of_any_group_around_the_process_counts(count):
    files = {"a/cpu.max": "200000 100000\n", "a/b/cpu.max": "max 100000\n"}
    assert count(files, own="0::/a/b\n") == 2
    assert count(files, own="0::/../a\n") == 4


def test_older_control_groups_count(count):
    assert count({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}) == 4
    assert count({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}) == 3


@pytest.mark.parametrize(
    ("asked", "cores"), [("1", 1), ("2,4", 2), ("9", 4), ("0", 4), ("", 4), ("all", 4)]
)
def test_what_a_cluster_sets_is_a_bound(count, asked, cores):
    assert count(OMP_NUM_THREADS=asked) == cores


def test_what_is_no_number_is_passed_over(count):
    assert count({"cpu.max": "\n", "cpu/cpu.cfs_quota_us": "many"}, own="no group") == 4


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_what_is_made_comes_in_order_and_so_many_at_once(at_once):
    running, most, lock = 0, 0, threading.Lock()

    def make(number):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002 * (5 - number))  # later ones end first where several run
        with lock:
            running -= 1
        return number

    makers = [partial(make, number) for number in range(5)]
    assert list(make_each(makers, at_once=at_once)) == [0, 1, 2, 3, 4]
    assert most <= at_once


ENCODE = """
from autocode.encode.load import load_encoder
words = "we waited for a letter and the bus did not come on that morning".split()
texts = [" ".join(words[at % 14 :] + words * (at % 5)) + f" {at}" for at in range(240)]
load_encoder().encode(texts)
"""


def encode_at_once(n):
    """The processor seconds of so many encodings in processes beside each other."""
    free = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    running = [subprocess.Popen([sys.executable, "-c", ENCODE], env=free) for _ in range(n)]
    seconds = 0.0
    for process in running:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        seconds += usage.ru_utime + usage.ru_stime
    return seconds


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="times of processes are read as on POSIX")
def test_encodings_beside_each_other_cost_little_more_than_one_after_the_other():
    encode_at_once(1)  # exports the model where that was not done
    alone = encode_at_once(1) + encode_at_once(1)
    # Threads that spin while others have the cores would take a multiple.
    assert encode_at_once(2) < 1.8 * alone
