"""Locks that processes keep out of each other's way by."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from autocode.io.file_lock import hold_lock, open_locked, try_to_lock

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


def test_a_lock_that_is_held_is_waited_for_and_gone_afterwards(tmp_path):
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "True\n"
        assert open_locked(path) is None
        ending = threading.Timer(0.2, holder.stdin.close)
        ending.start()
        with hold_lock(path):
            assert ending.finished.is_set()
            assert open_locked(path) is None
    assert not path.exists()


def test_where_no_lock_file_can_be_made_nothing_is_waited_for(tmp_path):
    (tmp_path / "file").touch()
    with hold_lock(tmp_path / "file" / "lock"):
        pass
