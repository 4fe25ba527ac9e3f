"""One run at a time in a folder: two would remove each other's files.

On a local disk a lock is held, which ends with its process however that ends. Filesystems named by
URL have no locks: there the run that began last goes on, and an earlier one sees that and stops.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import FileRefused, InputError
from ..io.file_lock import open_locked
from ..io.source import explain_os_error
from ..io.url_path import AnyPath, UrlPath
from .engine import Answer, Engine, Item
from .kept_files import explain_writing, write_json

LOCK, NOTE = "lock", "running.json"
Check = Callable[[], None]
"""Raises where another run has taken over."""


@dataclass(frozen=True, slots=True)
class WatchedEngine:
    """Maps as `engine` does, and checks after each answer whether the folder is still ours."""

    engine: Engine
    check: Check

    def map(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """The answer for each item, in order."""
        self.check()
        for answer in self.engine.map(function, items):
            self.check()
            yield answer


def hold(work: AnyPath) -> AbstractContextManager[Check]:
    """Be the one run in the folder of `work`, which is made where it is missing.

    Raises:
        InputError: if another run is at work there.
        FileRefused: if the folder cannot be written.
    """
    return _note_run(work) if isinstance(work, UrlPath) else _lock(work)


@contextmanager
def _lock(work: Path) -> Iterator[Check]:
    with explain_writing():
        handle = _open_locked(work)
    try:
        yield lambda: None
        with suppress(OSError):  # Windows removes no open file
            (work / LOCK).unlink(missing_ok=True)  # while it is ours
    finally:
        os.close(handle)


def _open_locked(work: Path) -> int:
    """The lock of a folder, held until the handle is closed."""
    try:
        handle = open_locked(work / LOCK)
    except OSError as error:
        raise FileRefused.because(
            work, f"cannot be written ({explain_os_error(error)})", remedy=""
        ) from None
    if handle is None:
        raise InputError(
            f"{work.parent}: another run is at work there. Wait until it is done, or name "
            "another folder."
        )
    return handle


@contextmanager
def _note_run(work: UrlPath) -> Iterator[Check]:
    note = work / NOTE
    run = uuid.uuid4().hex
    write_json(note, {"run": run}, kept=False)

    def check() -> None:
        if not note.is_file() or run not in note.read_text("utf-8"):
            raise InputError(
                f"{work.parent}: another run began there after this one, which has stopped. Wait "
                "until it is done; what is finished is kept."
            )

    yield check
    check()
    note.unlink(missing_ok=True)
