"""Files we write: whole or not at all, readable by their owner only."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..core.errors import FileRefused
from .file_lock import try_to_lock
from .source import explain_os_error
from .url_path import TEMPORARY, AnyPath, UrlPath

_LOCKS = sys.platform != "win32"
"""Elsewhere an open file can be neither removed nor replaced, which serves as its lock."""


@contextlib.contextmanager
def write_atomically(path: AnyPath) -> Iterator[IO[str]]:
    """Write a text file in UTF-8 as `write_bytes_atomically` writes bytes."""
    with write_bytes_atomically(path) as raw:
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="")
        yield stream
        stream.flush()
        stream.detach()


@contextlib.contextmanager
def write_bytes_atomically(path: AnyPath) -> Iterator[IO[bytes]]:
    """Write a file completely or not at all: a temporary neighbour replaces it at the end.

    The file is readable by its owner only (mode 0600): what we write holds participants' words.
    A temporary that a killed process left behind for the same file is removed. What is named by URL
    is written as its filesystem can (`UrlPath.write_whole`).

    Raises:
        FileRefused: if the folder cannot be written or the disk is full.
    """
    if isinstance(path, UrlPath):
        with path.write_whole() as stream:
            yield stream
        return
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(path)
        handle, temporary = _create_temporary(path)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if _LOCKS:
                temporary.replace(path)  # still locked, so that nobody takes it for left behind
        if not _LOCKS:
            temporary.replace(path)
    except OSError as error:
        raise FileRefused.because(
            path,
            f"cannot be written ({explain_os_error(error)})",
            remedy="Name a file in it; nothing was changed."
            if path.is_dir()
            else "Free some space or choose another folder; nothing was changed.",
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _create_temporary(path: Path) -> tuple[int, Path]:
    """A new locked file beside `path`, and the handle that writes it; mode 0600."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=TEMPORARY)
        if _LOCKS:
            try_to_lock(handle)
        # Between making and locking it, another writer may have removed it as left over.
        if os.path.exists(name):
            return handle, Path(name)
        os.close(handle)


def _remove_left_behind(path: Path) -> None:
    """Remove temporaries of `path` whose writer is gone: those that nobody has locked."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            if not _LOCKS:
                left.unlink()
                continue
            handle = os.open(left, os.O_RDWR)
            try:
                if try_to_lock(handle):
                    left.unlink()
            finally:
                os.close(handle)
