"""From a ranking to suggestions a person can decide on: the best codes, with evidence for each."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from ..core.alignment import Aligned
from ..core.suggestion import Beside, Suggestion
from ..core.transcript import Span
from .explain import Witnesses
from .protocol import Ranking, Task

LEAST_CONFIDENT = 0.25
"""Where people's codes are hard to predict the best F1 lies at tiny probabilities; a suggestion
that is wrong more than three times in four is not called confident all the same."""
UNCALIBRATED_CONFIDENT = 0.5

_N_WORDS = 5
_LEAST_MOVE, _LEAST_VOICE = 0.02, 0.1


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
    calibrated = ranking.parameters.get("calibrated", True)
    least = LEAST_CONFIDENT if calibrated else UNCALIBRATED_CONFIDENT
    found: list[Suggestion] = []
    for at, row in enumerate(task.targets.tolist()):
        segment = material.segments[row]
        place = (segment.transcript, segment.span)
        best = [
            code
            for code in _ranked(ranking, at)
            if (*place, material.codes[code].id) not in rejected
        ][:top]
        phrases = [
            (material.phrases[int(cold.phrase[at, code])], float(cold.similarity[at, code]))
            for code in best
        ]
        evidence = witnesses.evidence(row, [material.codes[code].id for code in best], phrases)
        for rank, (code, why) in enumerate(zip(best, evidence, strict=True), start=1):
            probability = float(ranking.probabilities[at, code])
            found.append(
                Suggestion(
                    transcript=segment.transcript,
                    span=segment.span,
                    code=material.codes[code].id,
                    rank=rank,
                    score=round(float(ranking.logits[at, code]), 4),
                    probability=round(probability, 4),
                    confident=bool(ranking.decided[at, code]) and probability >= least,
                    evidence=replace(
                        why,
                        words=_words(task, ranking, row, code),
                        beside=_beside(task, ranking, row, code),
                    ),
                    in_set=bool(ranking.in_set[at, code]),
                    sure=bool(ranking.accepted[at, code]),
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
    moved = task.material.features.moved(row, ranking.weights[:, code])
    return tuple((word, round(part, 3)) for word, part in moved[:_N_WORDS] if part >= _LEAST_MOVE)


def _beside(task: Task, ranking: Ranking, row: int, code: int) -> tuple[Beside, ...]:
    """The neighbouring segments that raised the score of a code, each with its part of it."""
    if ranking.voices is None:
        return ()
    material, place = task.material, task.material.segments[row].span.start
    return tuple(
        Beside(
            span=(span := material.segments[voice.row].span),
            is_before=span.start < place,
            code=material.codes[voice.code].id,
            known=bool(task.work.read[voice.row]),
            part=round(voice.part, 3),
        )
        for voice in ranking.voices(row, code)
        if voice.part >= _LEAST_VOICE
    )
