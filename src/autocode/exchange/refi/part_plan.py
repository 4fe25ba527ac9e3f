"""Which files a .qdpx holds beside its XML, under names of our own, and their copying."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ..losses import LossLedger
from ..parts import OpenParts
from ..project import Note, Part, Source, ToolProject
from .container import LARGEST_PART
from .guids import GUID
from .values import Values

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every part, so that the same project gives the same bytes."""


@dataclass(slots=True)
class PartPlan:
    """The parts of an archive: words by name, and carried files by name."""

    values: Values
    ledger: LossLedger
    words: dict[str, str] = field(default_factory=dict)
    carried: dict[str, Part] = field(default_factory=dict)
    _taken: dict[str, str] = field(default_factory=dict)

    def add_words(self, holder: Source | Note, text: str) -> str:
        """Words as a part of their own; the address by which the XML names it."""
        name = self._name(self.values.guid(holder.guid), ".txt")
        self.words[name] = text
        return f"internal://{name}"

    def add_carried(self, holder: Source | Note, part: Part) -> str | None:
        """A carried file; its address, None where it is too large or has gone."""
        if part.size > LARGEST_PART:
            self.ledger.lose(
                "files", "have more than 2^31-1 bytes, which the standard does not allow", part.name
            )
            return None
        if part.content is None and (part.path is None or not part.path.exists()):
            self.ledger.lose("files", "are no longer where they lay", part.name)
            return None
        stem, suffix = PurePosixPath(part.name).stem, PurePosixPath(part.name).suffix
        own = stem if GUID.fullmatch(stem) else self.values.guid(holder.guid)
        name = self._name(own, suffix if _SUFFIX.fullmatch(suffix) else "")
        self.carried[name] = part
        return f"internal://{name}"

    def add_loose(self, project: ToolProject) -> None:
        """Files that nothing refers to; they go along under their own names where they can."""
        for part in project.parts:
            name = PurePosixPath(part.name.replace("\\", "/")).name
            is_safe = bool(re.fullmatch(r"[\w][\w .()-]{0,150}", name)) and not name.endswith(
                ".qde"
            )
            if not is_safe or part.size > LARGEST_PART or name.casefold() in self._taken:
                self.ledger.lose("other files", "have names that cannot be written", part.name)
                continue
            self._taken[name.casefold()] = name
            self.carried[name] = part

    def write(self, archive: zipfile.ZipFile) -> None:
        """Copy everything into an archive, a piece at a time."""
        for name, text in self.words.items():
            info = zipfile.ZipInfo(f"sources/{name}", _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8", "replace"))
        with OpenParts() as opened:
            for name, part in self.carried.items():
                info = zipfile.ZipInfo(f"sources/{name}", _EPOCH)
                info.file_size = part.size
                with opened.open(part) as source, archive.open(info, "w") as target:
                    shutil.copyfileobj(source, target, _CHUNK)

    def _name(self, stem: str, suffix: str) -> str:
        name, number = f"{stem}{suffix}", 2
        while name.casefold() in self._taken:
            name, number = f"{stem}-{number}{suffix}", number + 1
        self._taken[name.casefold()] = name
        return name
