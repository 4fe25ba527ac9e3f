"""What every part of `Project` writes through: the study file, and states of it that it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from ..core.progress import Progress
from ..core.suggestion import Suggestion
from ..store.file import Connection, StudyFile
from .reader import Snapshot, StudyReader
from .revision_memory import RevisionMemory

if TYPE_CHECKING:
    from .. import pipeline
    from ..encode.protocol import Encoder

_Read = TypeVar("_Read")


class StudyWriter(StudyReader):
    """A study that can be read and written; the parts of `Project` build on it.

    With a `memory`, what was read is kept for the next snapshot of the same state.
    """

    def __init__(self, study: StudyFile, *, memory: RevisionMemory | None = None) -> None:
        self._study = study
        self._memory = memory
        self.path = study.path

    def _read(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        with self._study.reading() as connection:
            return query(connection, *arguments)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the study, each part read once: for a report, or any longer look at it."""
        with self._study.reading() as connection:
            yield Snapshot(self.path, connection, self._memory)

    def _tools(self, encoder: Encoder | None, progress: Progress) -> pipeline.Tools:
        from .. import pipeline
        from ..encode.load import load_encoder
        from ..store.fits import StudyFitCache
        from .vector_caches import open_vector_cache

        return pipeline.Tools(
            encoder or load_encoder(),
            open_vector_cache(self._study),
            progress,
            StudyFitCache(self._study),
        )

    def _with_suggestions(self, connection: Connection) -> tuple[pipeline.Study, list[Suggestion]]:
        study = Snapshot(self.path, connection)
        return study.in_memory(), study.suggestions()
