"""The suggester: from a codebook and what people have coded to ranked codes with evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.errors import NothingToDo
from . import linear
from .calibration.held_out import coded_folds, held_out_logits, judge
from .code_status import as_parameters, assess_codes
from .interpolate import Blend, choose_blend, usual_blend
from .linear import Model
from .protocol import Floats, Ranking, Rows, Task
from .sequence import course_of, course_unseen
from .views import NAMES, views

N_FOLDS = 4


@dataclass(frozen=True, slots=True)
class CodebookSuggester:
    """Cold ranking from the codebook's words, with a learner on top that grows with the codings."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "codebook words + learned weights"

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target.

        Raises:
            NothingToDo: if there are no candidate codes.
        """
        if not task.corpus.codes:
            raise NothingToDo("The codebook has no codes to suggest. Import a codebook first.")
        corpus, rows = task.corpus, task.read_rows
        blend, unseen = _tried(task)
        learned, logits = _fitted(task, rows, of=np.arange(corpus.n_segments))
        heard = course_of(corpus, task.known).hear(blend.apply(logits, corpus))
        ranking = judge(heard.scores[task.targets], task, unseen)
        told = {
            "n_read_segments": len(rows),
            "n_codes_applied": int(task.known.applied.sum()),
            "n_codes": corpus.n_codes,
            "slopes": dict(zip(NAMES, np.round(learned.slopes, 3).tolist(), strict=True)),
            "extra_cold": blend.cold,
            "smoothing": blend.smoothing,
            "codes": as_parameters(assess_codes(task, unseen)),
        }
        return replace(
            ranking,
            parameters=told | ranking.parameters,
            zero_shot=corpus.zero_shot.rows(task.targets),
            weights=learned.weights / (1 + blend.cold),
            neighbour_contributions=heard.beside,
        )


def _fitted(task: Task, known: Rows, *, of: Rows) -> tuple[Model, Floats]:
    """The model of what was coded on the rows `known`, and its logits of the rows `of`."""
    corpus = task.corpus
    codings = task.known.restrict_to(known)
    rows = np.union1d(known, of)
    seen = views(corpus, codings.applied, of=rows)
    model = linear.fit(
        corpus.features.matrix[known],
        seen.rows(np.searchsorted(rows, known)),
        codings.applied[known],
        corpus.allowed[known],
        n_candidates=float(corpus.allowed.sum(axis=1).mean()),
    )
    return model, model.logits(corpus.features.matrix[of], seen.rows(np.searchsorted(rows, of)))


def _tried(task: Task) -> tuple[Blend, Floats | None]:
    """The blend to take, and the logits it gives the read segments, made without their fold.

    Shape (n_read, n_codes); None if fewer than two transcripts are coded.
    """
    corpus, rows, applied = task.corpus, task.read_rows, task.known.applied
    usual = usual_blend(corpus, task.known)
    fold, unseen = coded_folds(task, most=N_FOLDS), _held_out(task)
    if fold is None or unseen is None:
        return usual, None
    course = course_unseen(corpus, task.known, fold)
    coded = rows[(applied & corpus.allowed)[rows].any(axis=1)]
    blend = choose_blend(unseen, course, usual=usual, applied=applied, rows=coded)
    return blend, course.along(blend.apply(unseen, corpus))[rows]


def _held_out(task: Task) -> Floats | None:
    """Logits of all segments of the coded transcripts, made without the codings of their fold.

    Shape (n_segments, n_codes), the cold score elsewhere; None if fewer than two transcripts are
    coded.
    """

    def unseen(rows: Rows) -> Floats:
        return _fitted(task, np.setdiff1d(task.read_rows, rows), of=rows)[1]

    every = np.arange(task.corpus.n_segments)
    return held_out_logits(task, unseen, of=every, most=N_FOLDS)
