"""The interview guide aligned with a transcript: which of its questions is being answered where.

The questions are the codes of a structural family with their words in the codebook; their order is
that of the numbers in their names (Q4.2), else the codebook's, unless that is alphabetical and so
says nothing. The transcript is a run of interviewer turns, each with the answers until the next.
At an interviewer turn the talk stays with its question, goes on to a later one, or leaves the
guide; never back (Viterbi 1967). A question begins where the interviewer's words are like its
words: cosines of the interviewer's segments with the phrases of the codebook entry, the best of
each turn, as standard scores over all interviewer turns and questions of the study, so that one
set of constants serves any encoder. No coding is needed. The constants are the same for every
interview; they were settled with those of one study in view (`eval/results/guide.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.code_family import CodeFamily, guide_number
from ..core.codebook import Code
from ..core.suggestion import GuideEvidence
from ..linalg import one_thread
from .corpus import EncodedCorpus
from .protocol import Flags, Floats, Rows

BEGIN = 1.5
"""The standard score from which a turn rather begins a question than stays with the last."""
SKIP = 0.5
"""What each question that is passed over costs, in standard scores."""
ASIDE = 0.0
"""A turn that is less like every question than this rather leaves the guide."""
LEAVE = 1.0
"""What leaving the guide, or coming back to the same question, costs."""
FEWEST_QUESTIONS = 3
"""A transcript in which fewer questions begin does not follow the guide."""
NONE = -1
_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Guide:
    """The questions of a guide: columns of the candidate codes, in order."""

    family: CodeFamily
    columns: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideAlignment:
    """Where a transcript answers which question of a guide.

    For each of its segments, `rows`: the number of the question from 0 (`NONE`: none), the
    interviewer's segment that begins it and its cosine with the question, and whether the answer
    begins there (the first segment after).
    """

    guide: Guide
    transcript: str
    rows: Rows
    question: Rows
    asked: Rows
    similarity: Floats
    begins: Flags

    @property
    def n_begun(self) -> int:
        """How many questions begin."""
        return len(set(self.question.tolist()) - {NONE})

    def list_evidence(
        self, corpus: EncodedCorpus
    ) -> Iterator[tuple[tuple[int, int], GuideEvidence]]:
        """What it speaks for, by segment and code (row, column)."""
        for at, (row, number) in enumerate(zip(self.rows, self.question, strict=True)):
            if number == NONE:
                continue
            yield (
                (int(row), int(self.guide.columns[number])),
                GuideEvidence(
                    question=int(number) + 1,
                    n_questions=len(self.guide.columns),
                    span=corpus.segments[int(self.asked[at])].span,
                    similarity=round(float(self.similarity[at]), 3),
                    begins=bool(self.begins[at]),
                ),
            )


def read_guides(codes: Sequence[Code]) -> tuple[list[Guide], list[str]]:
    """The guides among the candidate codes; and, in words, families without a known order."""
    members: dict[CodeFamily, list[int]] = {}
    for column, code in enumerate(codes):
        if code.family is not None and code.family.kind == "structural":
            members.setdefault(code.family, []).append(column)
    guides: list[Guide] = []
    remarks: list[str] = []
    for family, columns in members.items():
        ordered = _order(codes, columns)
        if ordered is not None:
            guides.append(Guide(family, np.array(ordered, dtype=np.intp)))
        elif len(columns) >= FEWEST_QUESTIONS:
            remarks.append(
                f"The order of the questions in the family '{family}' is not known (no numbers in "
                "the names, and the codebook is in alphabetical order): the guide is not aligned "
                "with the transcripts. Put the codes into the guide's order, or number their names."
            )
    return guides, remarks


def _order(codes: Sequence[Code], columns: Sequence[int]) -> list[int] | None:
    """The columns in the guide's order; None where it is not known, or they are too few."""
    if len(columns) < FEWEST_QUESTIONS:
        return None
    numbers = {column: guide_number(codes[column].name) for column in columns}
    if all(numbers.values()):
        return sorted(columns, key=lambda column: numbers[column] or ())
    names = [codes[column].name.casefold() for column in columns]
    return None if names == sorted(names) else list(columns)


def align_guide(
    corpus: EncodedCorpus, guide: Guide, transcripts: Sequence[str]
) -> list[GuideAlignment]:
    """The alignment of each transcript that follows the guide; those that do not are left out."""
    with one_thread():
        likeness = _score_turns(corpus, guide)
    alignments = []
    for name in transcripts:
        turns = _list_turns(corpus, name)
        if not turns:
            continue
        best = [likeness.best(turn.asked) for turn in turns]
        path = find_path(np.stack([turn_best.scores for turn_best in best]))
        alignment = _lay_out(guide, name, turns, best, path)
        if alignment.n_begun >= FEWEST_QUESTIONS:
            alignments.append(alignment)
    return alignments


def _lay_out(
    guide: Guide,
    transcript: str,
    turns: Sequence[_Turn],
    best: Sequence[_BestOfTurn],
    path: Sequence[int],
) -> GuideAlignment:
    """The path by segment: each answer has the question of its turn."""
    rows: list[int] = []
    answers: list[tuple[int, int, float, bool]] = []
    asked, similarity, last = NONE, 0.0, NONE
    for turn, of_turn, question in zip(turns, best, path, strict=True):
        is_new = question not in (NONE, last)
        if is_new:
            asked = int(of_turn.asked[question])
            similarity, last = float(of_turn.cosines[question]), question
        for number, row in enumerate(turn.answers.tolist()):
            rows.append(row)
            answers.append((question, asked, similarity, is_new and number == 0))
    columns = list(zip(*answers, strict=True)) if answers else [(), (), (), ()]
    return GuideAlignment(
        guide=guide,
        transcript=transcript,
        rows=np.array(rows, dtype=np.intp),
        question=np.array(columns[0], dtype=np.intp),
        asked=np.array(columns[1], dtype=np.intp),
        similarity=np.array(columns[2], dtype=np.float64),
        begins=np.array(columns[3], dtype=bool),
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """An interviewer's turn (rows of segments) and the rows that answer it."""

    asked: Rows
    answers: Rows


def _list_turns(corpus: EncodedCorpus, name: str) -> list[_Turn]:
    """The interviewer's turns of a transcript in reading order; what comes before is left out."""
    rows = np.flatnonzero(corpus.transcripts == name)
    rows = np.array(
        sorted(rows.tolist(), key=lambda row: corpus.segments[row].span.start), dtype=np.intp
    )
    turns: list[tuple[list[int], list[int]]] = []
    for row in rows.tolist():
        if corpus.segments[row].role == "interviewer":
            if not turns or turns[-1][1]:
                turns.append(([], []))
            turns[-1][0].append(row)
        elif turns:
            turns[-1][1].append(row)
    return [_Turn(np.array(a, dtype=np.intp), np.array(b, dtype=np.intp)) for a, b in turns]


@dataclass(frozen=True, slots=True)
class _BestOfTurn:
    """For each question, (n_questions,): standard score, cosine, and the segment that has them."""

    scores: Floats
    cosines: Floats
    asked: Rows


@dataclass(frozen=True, slots=True)
class _Likeness:
    """Cosines of interviewer segments with questions, (n_asked, n_questions), and their scores.

    A question without words has NaN.
    """

    at: npt.NDArray[np.intp]
    cosines: Floats
    mean: float
    deviation: float

    def best(self, asked: Rows) -> _BestOfTurn:
        """The segment of a turn that is most like each question."""
        cosines = self.cosines[self.at[asked]]
        which = np.argmax(np.nan_to_num(cosines, nan=-np.inf), axis=0)
        best = np.take_along_axis(cosines, which[None], axis=0)[0]
        scores = np.nan_to_num((best - self.mean) / self.deviation, nan=-np.inf)
        return _BestOfTurn(scores, best, asked[which])


def _score_turns(corpus: EncodedCorpus, guide: Guide) -> _Likeness:
    asked = np.array(
        [row for row, segment in enumerate(corpus.segments) if segment.role == "interviewer"],
        dtype=np.intp,
    )
    cosines = np.full((len(asked), len(guide.columns)), np.nan)
    for number, column in enumerate(guide.columns):
        phrases = list_wordings(corpus, int(column))
        if phrases and len(asked):
            products = corpus.vectors[asked] @ corpus.phrase_vectors[phrases].T
            cosines[:, number] = products.max(axis=1)
    known = cosines[~np.isnan(cosines)]
    at = np.full(corpus.n_segments, NONE, dtype=np.intp)
    at[asked] = np.arange(len(asked))
    return _Likeness(
        at=at,
        cosines=cosines,
        mean=float(known.mean()) if known.size else 0.0,
        deviation=max(float(known.std()), 1e-9) if known.size else 1.0,
    )


def find_path(scores: Floats) -> list[int]:
    """The question that each turn belongs to; `NONE` before the first, and where the talk leaves.

    `scores` (n_turns, n_questions) are standard scores, -inf for a question without words. Of paths
    of one score the one that begins questions later is taken.
    """
    n = scores.shape[1]
    cost, begins = _transitions(n)
    inside, aside = 1 + 2 * np.arange(n), 2 + 2 * np.arange(n)
    value = np.full(2 * n + 1, -np.inf)
    value[0] = 0.0
    back: list[Rows] = []
    for of_turn in scores:
        gain = np.zeros(2 * n + 1)
        gain[inside] = of_turn - BEGIN
        reached = value[:, None] + cost + np.where(begins, gain, 0.0)
        reached[:, aside] += ASIDE - max(float(of_turn.max(initial=-np.inf)), -BEGIN)
        # Rounded, so that ties do not hang on the last bit.
        best = np.argmax(np.round(reached, _DECIMALS), axis=0)
        back.append(best)
        value = reached[best, np.arange(2 * n + 1)]
    state = int(np.argmax(np.round(value, _DECIMALS)))
    path: list[int] = []
    for best in reversed(back):
        path.append((state - 1) // 2 if state % 2 else NONE)
        state = int(best[state])
    return path[::-1]


def _transitions(n: int) -> tuple[Floats, Flags]:
    """What each step costs (as a gain below 0), and which steps begin a question.

    State 0 is before the guide, 1 + 2k within question k, 2 + 2k aside of it.
    """
    cost = np.full((2 * n + 1, 2 * n + 1), -np.inf)
    begins = np.zeros(cost.shape, dtype=bool)
    cost[0, 0] = 0.0
    for k in range(n):
        inside, aside = 1 + 2 * k, 2 + 2 * k
        cost[inside, inside] = cost[aside, aside] = 0.0
        cost[inside, aside] = cost[aside, inside] = -LEAVE
        cost[0, inside] = -SKIP * k
        begins[0, inside] = True
        for earlier in range(k):
            for state in (1 + 2 * earlier, 2 + 2 * earlier):
                cost[state, inside] = -SKIP * (k - earlier - 1)
                begins[state, inside] = True
    return cost, begins


def list_wordings(corpus: EncodedCorpus, column: int) -> list[int]:
    """The phrases that word a code's question: no example, and no name that is a bare number."""
    code = corpus.codes[column]
    if not code.definition and guide_number(code.name) is not None:
        return []
    return [
        at
        for at, phrase in enumerate(corpus.phrases)
        if phrase.code == column and phrase.part != "example"
    ]
