"""The suggester: from a codebook and what people have coded to ranked codes with evidence."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .. import terms
from ..alignment import Aligned
from ..codebook import Code, Codebook
from ..draft import Suggestion
from ..errors import NothingToDo
from ..transcript import Segment, Span
from . import held_out, learner
from .codetext import Phrase, lexical_text
from .cold import ColdScores, cold_scores
from .evidence import Witnesses

Floats = npt.NDArray[np.float64]

_WORD_FACTORS, _WORD_WEIGHT = 150, 0.7
_CHAR_FACTORS, _CHAR_WEIGHT = 100, 0.5
_SHAPE_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Task:
    """Everything a suggester may look at.

    `vectors` (n_segments, d) and `phrase_vectors` (n_phrases, d) have unit rows; `targets` are the
    rows of `segments` to suggest for; `codes` are the candidates and `phrases` their words.
    """

    segments: Sequence[Segment]
    vectors: npt.NDArray[np.float32]
    aligned: Aligned
    targets: Sequence[int]
    codebook: Codebook
    codes: Sequence[Code]
    phrases: Sequence[Phrase]
    phrase_vectors: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores for the targets, shape (n_targets, n_codes), and how they were made."""

    logits: Floats
    probabilities: Floats
    cut: float
    cold: ColdScores
    parameters: dict[str, Any]


class Suggester(Protocol):
    """Ranks the candidate codes for each target segment of a task."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target."""


class CodebookSuggester:
    """Cold ranking from the codebook's words, with a learner on top that grows with the codings."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return "codebook words + logistic learner"

    def rank(self, task: Task) -> Ranking:
        """Score every candidate code for every target.

        Raises:
            NothingToDo: if there are no candidate codes.
        """
        if not task.codes:
            raise NothingToDo("The codebook has no codes to suggest. Import a codebook first.")
        allowed = _allowed(task)
        cold = _cold(task, allowed)
        read = np.array(
            [row for row in range(len(task.segments)) if task.aligned.is_read(row)], dtype=np.intp
        )
        features = _features(task)
        applied = _applied(task, read)
        model = learner.fit(features[read], cold.z[read], applied)
        trust = held_out.measure(
            features[read],
            cold.z[read],
            applied,
            transcripts=[task.segments[row].transcript for row in read],
            allowed=allowed[read],
        )
        targets = np.asarray(task.targets, dtype=np.intp)
        logits = model.logits(features[targets], cold.z[targets])
        probabilities = np.where(allowed[targets], trust.probabilities(logits), 0.0)
        return Ranking(
            np.where(allowed[targets], logits, -50.0),
            probabilities,
            trust.cut,
            ColdScores(cold.z[targets], cold.phrase[targets], cold.similarity[targets]),
            {
                "n_read_segments": len(read),
                "n_codings": int(applied.sum()),
                "n_codes": len(task.codes),
                "calibrated": trust.calibrated,
                "cut": round(trust.cut, 4),
                "cold_slope": round(model.slope, 3),
            },
        )


def suggestions(
    task: Task,
    ranking: Ranking,
    *,
    top: int,
    rejected: Set[tuple[str, Span, str]] = frozenset(),
) -> list[Suggestion]:
    """The `top` codes of every target with their evidence, in order of target and rank.

    Codes that somebody has rejected for a segment (transcript, span, code) are left out.
    """
    read = np.array(
        [row for row in range(len(task.segments)) if task.aligned.is_read(row)], dtype=np.intp
    )
    witnesses = Witnesses(task.segments, task.vectors, task.aligned, rows=read)
    found: list[Suggestion] = []
    for at, row in enumerate(task.targets):
        # Equal scores keep the codebook's order, so that ties do not depend on chance.
        segment = task.segments[row]
        place = (segment.transcript, segment.span)
        best = [
            int(code)
            for code in np.argsort(-ranking.logits[at], kind="stable")
            if ranking.probabilities[at, code] > 0 and (*place, task.codes[code].id) not in rejected
        ][:top]
        phrases = [
            (
                task.phrases[int(ranking.cold.phrase[at, code])],
                float(ranking.cold.similarity[at, code]),
            )
            for code in best
        ]
        evidence = witnesses.evidence(row, [task.codes[code].id for code in best], phrases)
        for rank, (code, why) in enumerate(zip(best, evidence, strict=True), start=1):
            probability = float(ranking.probabilities[at, code])
            found.append(
                Suggestion(
                    segment.transcript,
                    segment.span,
                    task.codes[code].id,
                    rank,
                    round(float(ranking.logits[at, code]), 4),
                    round(probability, 4),
                    probability >= ranking.cut,
                    why,
                )
            )
    return found


def _allowed(task: Task) -> npt.NDArray[np.bool_]:
    """Which codes are candidates for which segment: all, unless both sides name a domain."""
    domains = np.array([code.domain or "" for code in task.codes])
    if not domains.astype(bool).any():
        return np.ones((len(task.segments), len(task.codes)), dtype=bool)
    rows = [(domains == "") | (domains == (segment.domain or "")) for segment in task.segments]
    return np.stack(rows)


def _cold(task: Task, allowed: npt.NDArray[np.bool_]) -> ColdScores:
    lexical = terms.lexical_similarity(
        [segment.excerpt for segment in task.segments],
        [lexical_text(code, task.codebook) for code in task.codes],
    )
    return cold_scores(
        task.vectors, task.phrase_vectors, task.phrases, lexical=lexical, allowed=allowed
    )


def _features(task: Task) -> Floats:
    """What the learner sees of a segment: meaning, words, spelling, length and questions.

    Vocabularies are fitted on all segments of the study, coded or not; codings play no part.
    """
    excerpts = [segment.excerpt for segment in task.segments]
    lengths = np.log1p([len(excerpt.split()) for excerpt in excerpts])
    shape = np.column_stack([(lengths - lengths.mean()), ["?" in e for e in excerpts]])
    return np.hstack(
        [
            task.vectors.astype(np.float64),
            _WORD_WEIGHT * terms.word_factors(excerpts, n_factors=_WORD_FACTORS),
            _CHAR_WEIGHT * terms.char_factors(excerpts, n_factors=_CHAR_FACTORS),
            _SHAPE_WEIGHT * shape.astype(np.float64),
        ]
    )


def _applied(task: Task, read: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    applied = np.zeros((len(read), len(task.codes)), dtype=bool)
    column = {code.id: at for at, code in enumerate(task.codes)}
    for at, row in enumerate(read):
        for code in task.aligned.codes(int(row)):
            if code in column:
                applied[at, column[code]] = True
    return applied
