"""Whether anything has changed since codes were suggested: if not, there is nothing to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.suggestion import Suggestion
from ..store.file import Connection, StudyFile, revision
from ..store.runs import last_run_number
from ..store.suggestions import suggestions_of_run
from ..suggest.kept_fits import FitCache


@dataclass(frozen=True, slots=True)
class MadeAt:
    """The number of a run, and the revision of the study once its act is done."""

    run: int
    revision: int


def note_last_run(connection: Connection) -> MadeAt:
    """The run that was just added, in the act that adds it: the next revision is its own."""
    return MadeAt(run=last_run_number(connection), revision=revision(connection).number + 1)


class LastAnswers:
    """What was suggested when, by the digest of what was asked; kept among the fits of a study."""

    def __init__(self, study: StudyFile, fits: FitCache) -> None:
        self._study = study
        self._fits = fits

    def find(self, digest: str) -> list[Suggestion] | None:
        """The suggestions made when the same was asked; None if the study has changed since."""
        kept = self._fits.get(digest)
        if kept is None or kept["made_at"].shape != (2,):
            return None
        run, made_at = map(int, kept["made_at"].tolist())
        with self._study.reading() as connection:
            is_unchanged = revision(connection).number == made_at
            return suggestions_of_run(connection, run) if is_unchanged else None

    def keep(self, digest: str, made: MadeAt) -> None:
        """Remember what was made, unless the study has been changed again meanwhile."""
        with self._study.reading() as connection:
            is_last = revision(connection).number == made.revision
        if is_last:
            at = np.array([made.run, made.revision], dtype=np.int64)
            self._fits.put("answer", digest, {"made_at": at})
