"""The suggester: from a codebook and what people have coded to ranked codes with evidence."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

import numpy as np

from ..alignment import Aligned
from ..draft import Suggestion
from ..errors import NothingToDo
from ..transcript import Span
from . import learner
from .blend import choose_blend, usual_blend
from .evidence import Witnesses
from .folds import folds
from .judged import judge
from .learner import Model
from .task import Floats, Ranking, Rows, Task

N_FOLDS = 4

LEAST_CONFIDENT = 0.25
"""Where people's codes are hard to predict the best F1 lies at tiny probabilities; a suggestion
that is wrong more than three times in four is not called confident all the same."""


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
        if not task.material.codes:
            raise NothingToDo("The codebook has no codes to suggest. Import a codebook first.")
        material, rows = task.material, task.read_rows
        blend = usual_blend(len(set(material.transcripts[rows].tolist())), material.around)
        unseen = _held_out(task)
        if unseen is not None:
            applied = task.work.applied
            coded = rows[(applied & material.allowed)[rows].any(axis=1)]
            blend = choose_blend(unseen, material, usual=blend, applied=applied, rows=coded)
            unseen = blend.apply(unseen, material)[rows]
        learned = _fit(task, rows)
        logits = learned.logits(material.features, material.cold.z)
        ranking = judge(blend.apply(logits, material)[task.targets], task, unseen)
        told = {
            "n_read_segments": len(rows),
            "n_codings": int(task.work.applied.sum()),
            "n_codes": material.n_codes,
            "cold_slope": round(learned.slope, 3),
            "extra_cold": blend.cold,
            "smoothing": blend.smoothing,
        }
        return replace(
            ranking, parameters=told | ranking.parameters, cold=material.cold.rows(task.targets)
        )


def _fit(task: Task, rows: Rows) -> Model:
    material = task.material
    return learner.fit(
        material.features[rows],
        material.cold.z[rows],
        task.work.applied[rows],
        material.allowed[rows],
    )


def _held_out(task: Task) -> Floats | None:
    """Logits of all segments of the coded transcripts, made without the work on their fold.

    Shape (n_segments, n_codes), the cold score elsewhere; None if fewer than two transcripts are
    coded.
    """
    material, rows = task.material, task.read_rows
    coded = material.transcripts[rows].tolist()
    if len(set(coded)) < 2:
        return None
    fold_of = dict(zip(coded, folds(coded, most=N_FOLDS).tolist(), strict=True))
    fold = np.array([fold_of.get(name, -1) for name in material.transcripts.tolist()])
    logits = material.cold.z.copy()
    for number in range(int(fold.max()) + 1):
        model = _fit(task, rows[fold[rows] != number])
        test = fold == number
        logits[test] = model.logits(material.features[test], material.cold.z[test])
    return logits


def suggestions(
    task: Task,
    ranking: Ranking,
    *,
    aligned: Aligned,
    top: int,
    rejected: Set[tuple[str, Span, str]] = frozenset(),
) -> list[Suggestion]:
    """The `top` codes of every target with their evidence, in order of target and rank.

    Codes that somebody has rejected for a segment (transcript, span, code) are left out.
    """
    material = task.material
    witnesses = Witnesses(material.segments, material.vectors, aligned, rows=task.read_rows)
    cold = ranking.cold or material.cold.rows(task.targets)
    found: list[Suggestion] = []
    for at, row in enumerate(task.targets.tolist()):
        # Equal scores keep the codebook's order, so that ties do not depend on chance.
        segment = material.segments[row]
        place = (segment.transcript, segment.span)
        best = [
            int(code)
            for code in np.argsort(-ranking.logits[at], kind="stable")
            if ranking.probabilities[at, code] > 0
            and (*place, material.codes[code].id) not in rejected
        ][:top]
        phrases = [
            (
                material.phrases[int(cold.phrase[at, code])],
                float(cold.similarity[at, code]),
            )
            for code in best
        ]
        evidence = witnesses.evidence(row, [material.codes[code].id for code in best], phrases)
        for rank, (code, why) in enumerate(zip(best, evidence, strict=True), start=1):
            probability = float(ranking.probabilities[at, code])
            found.append(
                Suggestion(
                    segment.transcript,
                    segment.span,
                    material.codes[code].id,
                    rank,
                    round(float(ranking.logits[at, code]), 4),
                    round(probability, 4),
                    bool(ranking.decided[at, code]) and probability >= LEAST_CONFIDENT,
                    why,
                )
            )
    return found
