"""From a ranking to suggestions a person can decide on: the best codes, with evidence for each."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from ..core.alignment import Aligned
from ..core.suggestion import NeighbourContribution, Suggestion
from ..core.transcript import Span
from .explain import EvidenceFinder
from .protocol import Ranking, Task

LEAST_LIKELY = 0.25
"""Where people's codes are hard to predict the best F1 lies at tiny probabilities; a suggestion
that is wrong more than three times in four is not called likely."""
LEAST_LIKELY_UNCALIBRATED = 0.5

_N_WORDS = 5
_LEAST_MOVE, _LEAST_PART_OF_NEIGHBOUR = 0.02, 0.1


def make_suggestions(
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
    corpus = task.corpus
    finder = EvidenceFinder(corpus.segments, corpus.vectors, aligned, rows=task.read_rows)
    zero_shot = ranking.zero_shot or corpus.zero_shot.rows(task.targets)
    calibrated = ranking.parameters.get("calibrated", True)
    least = LEAST_LIKELY if calibrated else LEAST_LIKELY_UNCALIBRATED
    found: list[Suggestion] = []
    for at, row in enumerate(task.targets.tolist()):
        segment = corpus.segments[row]
        place = (segment.transcript, segment.span)
        best = [
            code for code in _ranked(ranking, at) if (*place, corpus.codes[code].id) not in rejected
        ][:top]
        phrases = [
            (corpus.phrases[int(zero_shot.phrase[at, code])], float(zero_shot.similarity[at, code]))
            for code in best
        ]
        evidence = finder.evidence(row, [corpus.codes[code].id for code in best], phrases)
        for rank, (code, why) in enumerate(zip(best, evidence, strict=True), start=1):
            probability = float(ranking.probabilities[at, code])
            found.append(
                Suggestion(
                    transcript=segment.transcript,
                    span=segment.span,
                    code=corpus.codes[code].id,
                    rank=rank,
                    score=round(float(ranking.logits[at, code]), 4),
                    probability=round(probability, 4),
                    likely=bool(ranking.likely[at, code]) and probability >= least,
                    evidence=replace(
                        why,
                        words=_words(task, ranking, row, code),
                        neighbours=_neighbours(task, ranking, row, code),
                    ),
                    in_set=bool(ranking.in_set[at, code]),
                    auto_acceptable=bool(ranking.auto_acceptable[at, code]),
                )
            )
    return found


def _ranked(ranking: Ranking, at: int) -> Iterator[int]:
    """Candidates of a target, best first; equal scores keep the codebook's order."""
    order = (-ranking.logits[at]).argsort(kind="stable")
    return (int(code) for code in order if ranking.probabilities[at, code] > 0)


def _words(task: Task, ranking: Ranking, row: int, code: int) -> tuple[tuple[str, float], ...]:
    """The words of a segment that raised the score of a code most, each with its part of it."""
    if ranking.weights is None or not len(task.read_rows):
        return ()
    moved = task.corpus.features.moved(row, ranking.weights[:, code])
    return tuple((word, round(part, 3)) for word, part in moved[:_N_WORDS] if part >= _LEAST_MOVE)


def _neighbours(
    task: Task, ranking: Ranking, row: int, code: int
) -> tuple[NeighbourContribution, ...]:
    """The adjoining segments that raised the score of a code, each with its part of it."""
    if ranking.neighbour_contributions is None:
        return ()
    corpus, start = task.corpus, task.corpus.segments[row].span.start
    return tuple(
        NeighbourContribution(
            span=(span := corpus.segments[neighbour.row].span),
            is_before=span.start < start,
            code=corpus.codes[neighbour.code].id,
            known=bool(task.known.read[neighbour.row]),
            part=round(neighbour.part, 3),
        )
        for neighbour in ranking.neighbour_contributions(row, code)
        if neighbour.part >= _LEAST_PART_OF_NEIGHBOUR
    )
