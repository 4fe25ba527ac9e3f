"""Locks on open files, by which processes keep out of each other's way; they end with the process.

On POSIX a lock is advisory (`flock`); on Windows it covers the first byte of the file (`locking`),
which nobody else can then read.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PAUSE = 0.05
"""Seconds between two looks at a lock that another process holds."""


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


def open_locked(path: Path) -> int | None:
    """The lock file at `path`, held until the handle is closed; None if another process holds it.

    Its folder is made where it is missing. A filesystem without locks lets everybody in.

    Raises:
        OSError: if no such file can be made.
    """
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if try_to_lock(handle) is False:
            os.close(handle)
            return None
        # Whoever held it may have removed the file before it was locked here.
        if os.fstat(handle).st_nlink:
            return handle
        os.close(handle)


@contextlib.contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, as soon as no other process does; it is removed at the end.

    Where no such file can be made, nothing is waited for: whatever is written there says why.
    """
    handle = None
    with contextlib.suppress(OSError):
        while (handle := open_locked(path)) is None:
            time.sleep(_PAUSE)  # nobody tells when a lock is let go
    try:
        yield
    finally:
        if handle is not None:
            remove_lock(path, handle)


def remove_lock(path: Path, handle: int) -> None:
    """Let go of a lock file and remove it: while it is ours, but Windows removes no open file."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    os.close(handle)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # somebody else may have opened it
            path.unlink(missing_ok=True)
