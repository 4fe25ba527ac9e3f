"""Locks on open files, by which processes keep out of each other's way; they end with the process.

On POSIX a lock is advisory (`flock`); on Windows it covers the first byte of the file (`locking`),
which nobody else can then read.
"""

from __future__ import annotations

import contextlib
import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def try_to_lock(handle: int) -> bool | None:
    """Lock an open file until it is closed: false if another process has locked it.

    None where the filesystem has no locks.
    """
    if sys.platform == "win32":
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
    return True


def wait_to_lock(handle: int) -> None:
    """Lock an open file or folder until it is closed, as soon as no other process has it locked.

    Where the filesystem has no locks, and on Windows, which opens no folder, nothing is waited for.
    """
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
