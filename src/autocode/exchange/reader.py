"""What every reader of projects offers, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .losses import LossReport
from .project import ToolProject


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project as it was read, and what of the file did not come through or was mended."""

    project: ToolProject
    report: LossReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReader:
    """A format of projects: how people call it, its suffixes, how it is recognised and read.

    `sniff` looks at the content (a file or a folder) and never raises; `read` raises FileRefused,
    which names the file, the place in it, the fault and the remedy.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Path], bool]
    read: Callable[[Path], ReadProject]
