"""`autocode bulk` killed with -9 at several moments ends with the bytes of a run that was not."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time

import pytest

from .support import digest_folder, kill_until_done, make_rows, write_codings, write_parquet

COMMAND = [sys.executable, "-c", "from autocode.cli.main import run; run()", "bulk"]
OPTIONS = ["--encoder", "hash:64", "--group-column", "who", "--keep", "wave"]
SIZES = ["--partition-rows", "150", "--split-from", "120"]


def start(source, folder, more=()):
    return subprocess.Popen(
        [*COMMAND, str(source), str(folder), *OPTIONS, *SIZES, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def names(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def kill_after(seconds, process):
    """Whether it was killed: it may have been done."""
    time.sleep(seconds)  # the kill is to come at any moment of the writing
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_killed_at_several_moments(tmp_path):
    source = write_parquet(tmp_path / "in.parquet", make_rows(900))
    whole = start(source, tmp_path / "whole")
    began = time.monotonic()
    assert whole.wait() == 0
    lasted = time.monotonic() - began
    seen = set()
    for share in (0.4, 0.55, 0.65, 0.75, 0.85, 0.93):
        folder, wait = tmp_path / f"killed{share}", share * lasted
        # The start of a process takes most of the time: kills fall on what it has written by then.
        while not kill_after(wait, start(source, folder)):
            shutil.rmtree(folder)  # it was done before, on a machine that is less busy by now
            wait *= 0.8
        seen.add(len(names(folder)) if folder.exists() else 0)
        again = start(source, folder)
        assert again.wait() == 0
        assert digest_folder(folder) == digest_folder(tmp_path / "whole")
    assert len(seen) > 1, "all kills fell on the same state"


@pytest.mark.slow
@pytest.mark.parametrize("has_codings", [False, True], ids=["themes", "codings"])
def test_killed_after_every_file_in_one_folder(tmp_path, has_codings):
    """Killed as soon as another file stands, again and again, in one and the same folder."""
    source = write_parquet(tmp_path / "in.parquet", make_rows(900))
    more = ["--codings", str(write_codings(tmp_path / "coded.csv"))] if has_codings else []
    whole = start(source, tmp_path / "whole", more)
    assert whole.wait() == 0
    folder = tmp_path / "out"
    n_files = 13 if has_codings else 9
    n_killed = kill_until_done(lambda: start(source, folder, more), folder, n_files)
    assert n_killed > 2
    assert digest_folder(folder) == digest_folder(tmp_path / "whole")
