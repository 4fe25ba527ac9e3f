"""Carried files read one after the other, each archive opened once for all that lies in it."""

from __future__ import annotations

import zipfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

from ..io.archive import DAMAGE
from .project import Part

UNREADABLE = DAMAGE
"""What reading a carried file raises where it has gone or is damaged."""


class OpenParts:
    """Opens carried files while it is open itself."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._archives: dict[Path, zipfile.ZipFile] = {}

    def __enter__(self) -> OpenParts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def open(self, part: Part) -> IO[bytes]:
        """The bytes of a part as a stream to be closed; raises one of `UNREADABLE`."""
        if not part.member or part.path is None or part.content is not None:
            return part.open()
        archive = self._archives.get(part.path)
        if archive is None:
            archive = self._stack.enter_context(zipfile.ZipFile(part.path))
            self._archives[part.path] = archive
        return archive.open(part.member)
