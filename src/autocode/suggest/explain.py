"""Explaining a ranking: the best codes of each segment, each with its evidence.

Evidence is the codebook phrase a segment resembles, what people did with segments like it, and what
the method says moved the score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.alignment import Aligned
from ..core.suggestion import (
    CodebookPhrase,
    Evidence,
    NeighbourContribution,
    Precedent,
    Suggestion,
)
from ..core.transcript import Segment, Span
from ..linalg import one_thread
from ..text.stop_words import StopWords, resolve_stop_words
from ..text.terms import is_content
from .code_text import Phrase
from .protocol import Ranking, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceConfig:
    """How much evidence is shown, and from what probability a suggestion may be called likely.

    Attributes:
        n_precedents, n_counter_examples: the most of each.
        n_words, min_word_part: the most words, of all and of content words each, and what each
            must add to the logit.
        min_neighbour_part: what a neighbour must add to the logit.
        min_likely: where people's codes are hard to predict the best F1 lies at tiny probabilities;
            a suggestion that is wrong more than three times in four is not called likely.
        min_likely_uncalibrated: the same where probabilities are not calibrated.
    """

    n_precedents: int = 3
    n_counter_examples: int = 2
    n_words: int = 5
    min_word_part: float = 0.02
    min_neighbour_part: float = 0.1
    min_likely: float = 0.25
    min_likely_uncalibrated: float = 0.5


DEFAULTS = EvidenceConfig()
_ORDERED = 64
"""The nearest segments that are put in order at once; codes that are rare look beyond them."""


def make_suggestions(
    task: Task,
    ranking: Ranking,
    *,
    aligned: Aligned,
    top: int,
    left_out: Set[tuple[str, Span, str]] = frozenset(),
    among: Set[str] | None = None,
    config: EvidenceConfig = DEFAULTS,
) -> list[Suggestion]:
    """The `top` codes of every target with their evidence, in order of target and rank.

    Codes of `left_out` (transcript, span, code), such as those that were rejected, have no rank.
    With `among`, only these codes are suggested; they keep their rank among all.
    """
    corpus = task.corpus
    finder = EvidenceFinder(
        corpus.segments, corpus.vectors, aligned, rows=task.read_rows, config=config
    )
    words = _WordFinder(
        resolve_stop_words(StopWords(()), (s.excerpt for s in corpus.segments)), config
    )
    suggestions: list[Suggestion] = []
    with one_thread():
        for target, row in enumerate(task.targets.tolist()):
            ranked = _ranked_codes(task, ranking, target, left_out)
            ranks = list(
                islice(
                    (
                        (rank, code)
                        for rank, code in enumerate(ranked, start=1)
                        if among is None or corpus.codes[code].id in among
                    ),
                    top,
                )
            )
            best = [code for _, code in ranks]
            phrases = [_nearest_phrase(task, row, code) for code in best]
            evidence = finder.find(row, [corpus.codes[code].id for code in best], phrases)
            for (rank, code), reasons in zip(ranks, evidence, strict=True):
                explained = replace(
                    reasons,
                    words=words.find(ranking, row, code) if len(finder) else (),
                    neighbours=_neighbours(task, ranking, row, code, config),
                    guide=ranking.guide.get((row, code)),
                )
                suggestions.append(
                    _suggest(
                        task, ranking, target, code, rank=rank, evidence=explained, config=config
                    )
                )
    return suggestions


def make_brief_suggestions(
    task: Task,
    ranking: Ranking,
    *,
    top: int,
    left_out: Set[tuple[str, Span, str]] = frozenset(),
    config: EvidenceConfig = DEFAULTS,
) -> list[Suggestion]:
    """As `make_suggestions`, with the nearest phrase of the codebook as the only evidence."""
    suggestions: list[Suggestion] = []
    for target, row in enumerate(task.targets.tolist()):
        ranked = _ranked_codes(task, ranking, target, left_out)
        for rank, code in enumerate(islice(ranked, top), start=1):
            phrase, similarity = _nearest_phrase(task, row, code)
            near = CodebookPhrase(phrase.part, phrase.text, round(similarity, 3))
            evidence = Evidence(phrase=near, guide=ranking.guide.get((row, code)))
            suggestions.append(
                _suggest(task, ranking, target, code, rank=rank, evidence=evidence, config=config)
            )
    return suggestions


def _suggest(
    task: Task,
    ranking: Ranking,
    target: int,
    code: int,
    *,
    rank: int,
    evidence: Evidence,
    config: EvidenceConfig,
) -> Suggestion:
    segment = task.corpus.segments[task.targets[target]]
    probability = float(ranking.probabilities[target, code])
    is_uncalibrated = ranking.diagnostics.calibrated is False
    least = config.min_likely_uncalibrated if is_uncalibrated else config.min_likely
    return Suggestion(
        transcript=segment.transcript,
        span=segment.span,
        code=task.corpus.codes[code].id,
        rank=rank,
        score=round(float(ranking.logits[target, code]), 4),
        probability=round(probability, 4),
        likely=bool(ranking.likely[target, code]) and probability >= least,
        evidence=evidence,
        in_set=bool(ranking.in_set[target, code]),
        auto_acceptable=bool(ranking.auto_acceptable[target, code]),
    )


def _nearest_phrase(task: Task, row: int, code: int) -> tuple[Phrase, float]:
    """The phrase of a code's entry that a segment resembles most, with its cosine."""
    zero_shot = task.corpus.zero_shot
    phrase = task.corpus.phrases[int(zero_shot.phrase[row, code])]
    return phrase, float(zero_shot.similarity[row, code])


def describe_neighbour(neighbour: NeighbourContribution, code_name: str, *, of: str = "") -> str:
    """A coded neighbour in words: "after Waiting (coded)".

    Where it has the code that is suggested, `of`: "the coded segment before has this code".
    """
    if neighbour.known and neighbour.code == of:
        return f"the coded segment {'before' if neighbour.is_before else 'after'} has this code"
    return f"{'after' if neighbour.is_before else 'before'} {code_name} (coded)"


def _ranked_codes(
    task: Task, ranking: Ranking, target: int, left_out: Set[tuple[str, Span, str]]
) -> Iterator[int]:
    """Candidates of a target that are not left out, best first; equals as in the codebook."""
    segment, probabilities = (
        task.corpus.segments[task.targets[target]],
        ranking.probabilities[target],
    )
    for code in (-ranking.logits[target]).argsort(kind="stable").tolist():
        place = segment.transcript, segment.span, task.corpus.codes[code].id
        if probabilities[code] > 0 and place not in left_out:
            yield code


class _WordFinder:
    """The words that raised the score of a code most, each with its part of it.

    Function words are often the first; the first content words are kept beside them.
    """

    def __init__(self, stop_words: StopWords, config: EvidenceConfig) -> None:
        self._stop_words, self._config = stop_words, config
        self._is_content: dict[str, bool] = {}

    def find(self, ranking: Ranking, row: int, code: int) -> tuple[tuple[str, float], ...]:
        """The words of a segment, most first, where the method says what they are."""
        if ranking.explanation is None:
            return ()
        n_words = self._config.n_words
        first: list[tuple[str, float]] = []
        content: list[tuple[str, float]] = []
        for word, part in ranking.explanation.words(row, code):
            if part < self._config.min_word_part or len(content) == n_words:
                break
            if len(first) < n_words:
                first.append((word, round(part, 3)))
            if self._says_something(word):
                content.append((word, round(part, 3)))
        return (*first, *(pair for pair in content if pair not in first))

    def _says_something(self, word: str) -> bool:
        if word not in self._is_content:
            self._is_content[word] = is_content(word, self._stop_words)
        return self._is_content[word]


def _neighbours(
    task: Task, ranking: Ranking, row: int, code: int, config: EvidenceConfig
) -> tuple[NeighbourContribution, ...]:
    """The adjoining segments that raised the score of a code, each with its part of it."""
    if ranking.explanation is None:
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
        for neighbour in ranking.explanation.neighbours(row, code)
        if neighbour.part >= config.min_neighbour_part
    )


_Described: TypeAlias = tuple[str, Span, str, tuple[str, ...], tuple[str, ...]]
"""A precedent's transcript, what it marks, its words, who coded it, and the codes it has."""


@dataclass(frozen=True, slots=True)
class _Having:
    """Read segments of one kind: whether each is one, (n_read,), and their places in order."""

    flags: npt.NDArray[np.bool_]
    rows: npt.NDArray[np.intp]


class EvidenceFinder:
    """The segments people have read, ready to be searched for precedents.

    `rows` are their numbers in `segments`; `vectors` has a unit row for each of `segments`.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        vectors: npt.NDArray[np.float32],
        aligned: Aligned,
        *,
        rows: npt.NDArray[np.intp],
        config: EvidenceConfig = DEFAULTS,
    ) -> None:
        self._segments = segments
        self._vectors = vectors
        self._read_vectors = vectors[rows]
        self._aligned = aligned
        self._rows = rows
        self._config = config
        self._codes = [aligned.codes(int(row)) for row in rows]
        self._with_code: dict[tuple[str, bool], _Having] = {}
        self._described: dict[tuple[int, str | None], _Described] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def find(
        self, row: int, codes: Sequence[str], phrases: Sequence[tuple[Phrase, float]]
    ) -> list[Evidence]:
        """Evidence for each of `codes` on segment `row`, with the nearest phrase of each."""
        nearness = self._read_vectors @ self._vectors[row]
        nearness[self._rows == row] = -1.0  # a segment is no precedent of itself
        order = _order_nearest(nearness, np.arange(len(nearness)), _ORDERED)
        return [
            Evidence(
                phrase=CodebookPhrase(phrase.part, phrase.text, round(similarity, 3)),
                precedents=self._nearest(
                    order, nearness, code=code, applied=True, n_wanted=self._config.n_precedents
                ),
                counter_examples=self._nearest(
                    order,
                    nearness,
                    code=code,
                    applied=False,
                    n_wanted=self._config.n_counter_examples,
                ),
            )
            for code, (phrase, similarity) in zip(codes, phrases, strict=True)
        ]

    def _nearest(
        self,
        order: npt.NDArray[np.intp],
        nearness: npt.NDArray[np.float32],
        *,
        code: str,
        applied: bool,
        n_wanted: int,
    ) -> tuple[Precedent, ...]:
        having = self._having(code, applied=applied)
        ranked = order[having.flags[order]][:n_wanted]
        if len(ranked) < n_wanted:
            # The nearest of all are too few that have the code, or lack it.
            ranked = _order_nearest(nearness, having.rows, n_wanted)[:n_wanted]
        return tuple(self._precedent(int(at), float(nearness[at]), code, applied) for at in ranked)

    def _precedent(self, at: int, similarity: float, code: str, applied: bool) -> Precedent:
        key = (at, code if applied else None)
        if key not in self._described:
            row = int(self._rows[at])
            segment = self._segments[row]
            codings = self._aligned.applied[row]
            coders = (coder for coder, codes in codings.items() if code in codes or not applied)
            span = self._aligned.marked[row][code] if applied else segment.span
            begin = span.start - segment.span.start
            excerpt = segment.excerpt[begin : begin + len(span)]
            its_codes = tuple(sorted(self._codes[at]))
            coded_by = tuple(sorted(coders))
            self._described[key] = segment.transcript, span, excerpt, coded_by, its_codes
        transcript, span, excerpt, coded_by, its_codes = self._described[key]
        return Precedent(
            transcript=transcript,
            span=span,
            excerpt=excerpt,
            coders=coded_by,
            similarity=round(similarity, 3),
            codes=its_codes,
        )

    def _having(self, code: str, *, applied: bool) -> _Having:
        """Which of the read segments have a code, or lack it."""
        key = code, applied
        if key not in self._with_code:
            flags = np.array([(code in codes) == applied for codes in self._codes], dtype=bool)
            self._with_code[key] = _Having(flags, np.flatnonzero(flags))
        return self._with_code[key]


def _order_nearest(
    nearness: npt.NDArray[np.float32], rows: npt.NDArray[np.intp], n_wanted: int
) -> npt.NDArray[np.intp]:
    """The nearest of `rows`, nearest first, `n_wanted` at least; equals in their order."""
    values = nearness[rows]
    if len(rows) > n_wanted:
        # All that are as near as the last one wanted, so that equals keep their order.
        among = values >= np.partition(values, len(rows) - n_wanted)[len(rows) - n_wanted]
        rows, values = rows[among], values[among]
    return rows[np.argsort(-values, kind="stable")]
