"""Locks that processes keep out of each other's way by."""

from __future__ import annotations

import os
import subprocess
import sys

from autocode.io.file_lock import try_to_lock, wait_to_lock

HOLD = """
import os, sys
from autocode.io.file_lock import try_to_lock
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
print(try_to_lock(handle), flush=True)
sys.stdin.read()
"""


def test_a_lock_keeps_other_processes_out_until_its_file_is_closed(tmp_path):
    path = tmp_path / "lock"
    path.touch()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder, path.open("rb") as stream:
        assert holder.stdout.readline() == "True\n"
        assert try_to_lock(stream.fileno()) is False
        holder.communicate()
        assert try_to_lock(stream.fileno()) is True


def test_what_cannot_be_locked_keeps_nobody_waiting():
    read, write = os.pipe()
    os.close(write)
    os.close(read)
    assert try_to_lock(read) is None
    wait_to_lock(read)
