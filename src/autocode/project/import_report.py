"""What an import is asked for, what it comes to, and what each kind of file is taken into."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import InputError
from ..core.progress import Progress, silent
from ..io.recognise import Kind, Passed
from ..segment import Unit
from ..store.file import StudyFile
from .segmentation import Follower


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was imported (`new`) or was in the study already; a transcript under its name.

    `guessed`: it names speakers whose roles are guessed.
    """

    path: Path
    kind: Kind
    account: str
    new: bool = True
    warnings: tuple[str, ...] = ()
    transcript: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be imported, and the one-line reason."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import took, what it knew already, and what it could not take."""

    taken: tuple[Taken, ...] = ()
    refused: tuple[Refused, ...] = ()
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to import: the unit to cut, whether to join turns, and the share of codings to take.

    `coded_share` below 1 takes the codings of that share of a corpus's transcripts only, to try
    suggestions on a corpus that is coded already; which ones follows from their names' digests.
    """

    unit: Unit | None = None
    join_turns: bool = False
    coded_share: float = 1.0
    progress: Progress = field(default=silent)

    def __post_init__(self) -> None:
        if not 0 <= self.coded_share <= 1:
            raise InputError(f"The coded share must lie in 0..1, not {self.coded_share}.")


@dataclass(frozen=True, slots=True)
class Into:
    """The study that takes files in, how, and what cuts their transcripts."""

    study: StudyFile
    options: ImportOptions
    cutter: Follower
