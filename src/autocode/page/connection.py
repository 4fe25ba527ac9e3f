"""The study as a server holds it: one writer, readers beside it, kept open while it runs."""

from __future__ import annotations

from pathlib import Path

from ..project import Project
from ..project.revision_memory import RevisionMemory
from ..store.file import ServedStudyFile, open_study


def open_served(path: Path) -> Project:
    """Open a study for a server of several threads; one that cannot be written is only read.

    Raises:
        StudyError: if it is missing, not a study, damaged, or written by a newer version.
    """
    study = open_study(path)
    return Project(study if study.read_only else ServedStudyFile(path), memory=RevisionMemory())
