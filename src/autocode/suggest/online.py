"""The ranking while somebody codes: each decision moves it at once, a full refit sets it right.

After a decision the one-against-rest part of the model takes one preconditioned Newton step on the
segment just coded, which changes the logits of all segments by an outer product; interpolation with
the zero-shot score is linear, so the scores change by one of rank two, the adjoining segments learn
what code it is, and those around it in the transcript which codes go on (`online_history`). That is
near the full refit, not equal to it; `refit` brings the exact model, whenever there is a moment.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from ..linalg import one_thread
from . import linear
from .fitting import SuggesterConfig
from .history_model import HistoryModel, make_prior_model
from .interpolate import Interpolation, compute_usual_interpolation
from .nearest_examples import build_feature_views
from .online_history import OnlineHistory
from .protocol import KnownCodings, Rows, Task
from .sequence import fit_chain

Floats32 = npt.NDArray[np.float32]


class OnlineRanking:
    """Scores of every segment, kept up with a person's decisions."""

    def __init__(
        self,
        task: Task,
        config: SuggesterConfig | None = None,
        *,
        history_model: HistoryModel | None = None,
    ) -> None:
        """Fit to what is known.

        Args:
            task: the corpus and what is known of it; whose codings are followed is `task.history`.
            config: the constants.
            history_model: what the codings around are worth (default: what they were worth in
                other studies; `CodebookSuggester().fit(task).answers.model` learns it here).
        """
        self._corpus = task.corpus
        self._config = config or SuggesterConfig()
        self._read = task.known.read.copy()
        self._applied = task.known.applied.copy()
        self._own_read, self._own_applied = self._read, self._applied
        if task.own is not None:
            self._own_read, self._own_applied = task.own.read.copy(), task.own.applied.copy()
        self._history_model = history_model or make_prior_model(self._config.history_model)
        self._design = linear.build_design_matrix(task.corpus.features.matrix, self._config.linear)
        self._scores: Floats32
        self.refit()

    def scores(self) -> Floats32:
        """Scores of all segments and codes, (n_segments, n_codes); the order is what counts.

        Changed in place by the next decision: take a copy to keep one.
        """
        return self._scores

    def logits(self) -> Floats32:
        """The linear model's part, before `interpolation`; changed in place as well."""
        return self._logits

    def context(self) -> Floats32:
        """What neighbours add to each score, (n_segments, n_codes); changed in place as well."""
        return self._context

    def history(self) -> Floats32:
        """What the coder's own codings around add to each score; changed in place as well."""
        return self._added

    @property
    def interpolation(self) -> Interpolation:
        """How far the model is followed against the zero-shot score, as of the last refit."""
        return self._interpolation

    @property
    def known(self) -> KnownCodings:
        """What is read and applied so far."""
        return KnownCodings(self._read.copy(), self._applied.copy())

    def refit(self) -> None:
        """Fit the model anew to everything that is read."""
        with one_thread():
            self._refit()

    def _refit(self) -> None:
        corpus, config, rows = self._corpus, self._config, np.flatnonzero(self._read)
        known = KnownCodings(self._read, self._applied)
        matrix = corpus.features.matrix
        self._interpolation = compute_usual_interpolation(corpus, known, config.interpolation)
        every = np.arange(corpus.n_segments)
        views = build_feature_views(
            corpus,
            self._applied,
            of=every,
            config=config.nearest,
            slope_config=config.interpolation.codebook_slope,
        )
        model = linear.fit(
            matrix[rows],
            views.rows(rows),
            self._applied[rows],
            corpus.allowed[rows],
            config=config.linear,
        )
        logits = model.logits(matrix, views)
        self._logits = logits.astype(np.float32)
        self._chain = fit_chain(corpus, known, config.sequence)
        interpolated = self._interpolation.apply(logits, corpus)
        scores = self._chain.apply(interpolated)
        self._context = (scores - interpolated).astype(np.float32)
        self._scores = scores.astype(np.float32)
        self._history = OnlineHistory(
            corpus,
            KnownCodings(self._own_read.copy(), self._own_applied.copy()),
            self._chain,
            model=self._history_model,
            config=config,
        )
        self._added = np.zeros_like(self._scores)
        for unread in self._history.list_part_read():
            self._add_history(unread)
        self._inverse = linear.invert_curvature(self._design[rows], config.linear)

    def decide(self, row: int, codes: Iterable[int]) -> None:
        """A person has read segment `row` and given it `codes` (numbers; none is an answer too)."""
        given = np.zeros(self._corpus.n_codes, dtype=bool)
        given[list(codes)] = True
        with one_thread():
            self._decide(row, given)

    def _decide(self, row: int, given: npt.NDArray[np.bool_]) -> None:
        corpus = self._corpus
        self._read[row] = True
        self._applied[row] = given
        self._own_read[row] = True
        self._own_applied[row] = given
        before = (self._scores[row] - self._added[row]).astype(np.float64)
        residual = (expit(self._logits[row]) - given) * corpus.allowed[row]
        residual = residual.astype(np.float32)
        direction = linear.add_to_inverse(self._inverse, self._design[row])
        step = np.asarray(self._design @ direction)
        self._logits -= np.outer(step, residual)
        if corpus.allowed.all():
            self._add_step(step, residual)
        else:
            # Where candidates differ by segment, so does what a row's mean is taken over.
            interpolated = self._interpolation.apply(self._logits.astype(np.float64), corpus)
            self._scores = interpolated.astype(np.float32) + self._context + self._added
        for neighbour, change in self._chain.update_around(row, before, given):
            self._context[neighbour] += change
            self._scores[neighbour] += change
        self._add_history(self._history.observe(row, given))

    def _add_history(self, rows: Rows) -> None:
        """Bring what history adds to some segments of one transcript up to date."""
        if not len(rows):
            return
        added = self._history.add(rows, self._context[rows])
        self._scores[rows] += added - self._added[rows]
        self._added[rows] = added

    def _add_step(self, step: Floats32, residual: Floats32) -> None:
        """Move the scores by the step: all of a row's mean, the rest damped and smoothed."""
        mean = residual.mean()
        above = (residual - mean) / np.float32(1 + self._interpolation.zero_shot)
        smoothed = self._corpus.around.add_own_neighbours(
            step.astype(np.float64), self._interpolation.smoothing
        ).astype(np.float32)
        both = np.column_stack([step, smoothed])
        self._scores -= both @ np.vstack([np.full_like(residual, mean), above])
