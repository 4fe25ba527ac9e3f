"""What the codings around add to the scores of `online`, kept up with every decision.

The linear model and the sequence model of an online ranking have learned of the transcript that is
being coded; what is left for history to say is which codes go on and come back (`history`), by the
weights of `history_model`. Only how codes stand to each other within a segment is moved.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .corpus import EncodedCorpus
from .fitting import SuggesterConfig
from .history import TranscriptHistory
from .history_features import CODE_FEATURES, BaseScores
from .history_model import HistoryModel
from .persistence import list_transcripts, measure_persistence
from .protocol import Flags, KnownCodings, Rows
from .sequence import PairwiseChain

Floats32 = npt.NDArray[np.float32]

REACH = 3
"""A decision moves segments up to so many times the reach of history away; a refit moves all."""


class OnlineHistory:
    """Histories of the transcripts that are being coded."""

    def __init__(
        self,
        corpus: EncodedCorpus,
        known: KnownCodings,
        chain: PairwiseChain,
        *,
        model: HistoryModel,
        config: SuggesterConfig,
    ) -> None:
        """Observe what is known of every transcript that is read in part.

        Args:
            corpus: the words.
            known: what its coder has read and applied.
            chain: the pairwise potentials of adjoining codes.
            model: what history is worth.
            config: the constants.
        """
        base, *others = model.codes[: len(CODE_FEATURES)].astype(np.float32)
        # In units of the base score, to which it is added.
        self._chain_weight = others[0] / base
        self._weights: Floats32 = np.array([0, 0, *(others[1:] / base)], dtype=np.float32)
        self._corpus, self._chain, self._config = corpus, chain, config
        self._persistence = measure_persistence(corpus, known)
        self._known = known
        self._whole: dict[str, Rows] = {
            str(corpus.transcripts[rows[0]]): rows
            for rows in list_transcripts(corpus, np.arange(corpus.n_segments))
        }
        self._position = np.zeros(corpus.n_segments, dtype=np.intp)
        for rows in self._whole.values():
            self._position[rows] = np.arange(len(rows))
        self._histories: dict[str, TranscriptHistory] = {}

    def list_part_read(self) -> Iterator[Rows]:
        """Unread segments of transcripts of which others are read, a transcript at a time."""
        for rows in self._whole.values():
            read = self._known.read[rows]
            if read.any() and not read.all():
                yield rows[~read]

    def add(self, rows: Rows, context: Floats32) -> Floats32:
        """What history adds to the scores of some unread segments of one transcript.

        Args:
            rows: the segments.
            context: what the sequence model has added to them, (n_rows, n_codes).
        """
        history = self._follow(str(self._corpus.transcripts[rows[0]]))
        described = history.describe(self._position[rows])
        # The pairs of codes count among the evidence; as a guess they count less again.
        added = described.codes @ self._weights + self._chain_weight * context
        allowed = self._corpus.allowed[rows]
        n_allowed = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
        mean = np.where(allowed, added, 0).sum(axis=1, keepdims=True) / n_allowed
        return np.asarray(np.where(allowed, added - mean, 0), dtype=np.float32)

    def observe(self, row: int, applied: Flags) -> Rows:
        """A segment was read and given codes; the segments around whose scores it changes."""
        name, at = str(self._corpus.transcripts[row]), int(self._position[row])
        if self._known.read[row]:
            # Coded again: what was learned of the first codes cannot be taken back but anew.
            self._histories.pop(name, None)
            self._known.read[row] = False
        history = self._follow(name)
        self._known.read[row] = True
        self._known.applied[row] = applied
        history.observe(at, applied)
        reach = int(REACH * self._config.history.reach)
        around = slice(max(at - reach, 0), at + reach + 1)
        return history.rows[around][~history.observed[around]]

    def _follow(self, name: str) -> TranscriptHistory:
        if name not in self._histories:
            rows = self._whole[name]
            nothing = np.zeros((len(rows), self._corpus.n_codes))
            history = TranscriptHistory(
                self._corpus,
                rows,
                BaseScores(nothing, nothing, nothing),
                persistence=self._persistence,
                chain=self._chain,
                config=self._config.history,
            )
            for at in np.flatnonzero(self._known.read[rows]).tolist():
                history.observe(at, self._known.applied[rows[at]])
            self._histories[name] = history
        return self._histories[name]
