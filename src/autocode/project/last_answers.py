"""Whether anything has changed since the machine was asked: if not, there is nothing to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..store.acts import kinds_of_last
from ..store.file import Connection, StudyFile, revision
from ..store.runs import last_run_number
from ..suggest.kept_fits import FitCache, digest_fit

if TYPE_CHECKING:
    from ..encode.protocol import Encoder
    from ..suggest.protocol import Scorer, Suggester


@dataclass(frozen=True, slots=True)
class MadeAt:
    """The number of a run, and the revision of the study once its act is done."""

    run: int
    revision: int


def digest_question(
    kind: str,
    encoder: Encoder,
    method: Suggester | Scorer | None,
    asked: Iterable[object],
) -> str | None:
    """What is asked of a method, apart from the study; None for one that is not ours.

    Our own without constants of somebody's is known by its source alone: it need not be loaded.
    """
    if method is not None:
        from ..suggest.codebook_suggester import CodebookSuggester

        if not isinstance(method, CodebookSuggester):
            return None
        method = None if method == CodebookSuggester() else method
    return digest_fit(kind, (encoder.digest, method, *asked))


def note_last_run(connection: Connection) -> MadeAt:
    """The run that was just added, in the act that adds it: the next revision is its own."""
    return MadeAt(run=last_run_number(connection), revision=revision(connection).number + 1)


class LastAnswers:
    """What was made when, by the digest of what was asked; kept among the fits of a study."""

    def __init__(self, study: StudyFile, fits: FitCache) -> None:
        self._study = study
        self._fits = fits

    def find(self, digest: str, *, beside: Collection[str] = ()) -> int | None:
        """The number of the run made when the same was asked; None if the study changed since.

        Acts of the kinds in `beside` change nothing that the answer rests on.
        """
        kept = self._fits.get(digest)
        if kept is None or kept["made_at"].shape != (2,):
            return None
        run, made_at = map(int, kept["made_at"].tolist())
        with self._study.reading() as connection:
            n_since = revision(connection).number - made_at
            since = kinds_of_last(connection, n_since) if n_since > 0 else []
        return run if n_since == len(since) and set(since) <= set(beside) else None

    def keep(self, digest: str, made: MadeAt) -> None:
        """Remember what was made, unless the study has been changed again meanwhile."""
        with self._study.reading() as connection:
            is_last = revision(connection).number == made.revision
        if is_last:
            at = np.array([made.run, made.revision], dtype=np.int64)
            self._fits.put("answer", digest, {"made_at": at})
