"""Where method and reference part ways: per code, which codes are mixed up, on which segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..agreement.study.decisions import Unit
from ..agreement.study.table import Agreement, Resampling, measure_agreement
from .answers import NO_CODE, Answers
from .gold import Exam

PEOPLE, METHOD = "people", "method"
"""What the reference and the method are called as coders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """A segment whose surest suggestion the reference did not give."""

    transcript: str
    excerpt: str
    suggested: str
    probability: float
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """The method's decisions beside the reference's at one share, and the surest surprises."""

    coded_share: float
    agreement: Agreement
    surprises: tuple[Surprise, ...]


def detail(exam: Exam, answers: Answers, share: float, how: Resampling) -> Detail:
    """Compare the decisions of the method with those of the reference, code by code."""
    ids = [code.id for code in exam.codes]
    parents: Mapping[str, str | None] = {code.id: code.parent for code in exam.codebook}
    units = [
        Unit(
            transcript=exam.segments[row].transcript,
            excerpt=exam.segments[row].excerpt,
            applied={
                PEOPLE: frozenset(ids[at] for at in np.flatnonzero(exam.work.applied[row])),
                METHOD: frozenset(ids[at] for at in np.flatnonzero(answers.decided[row])),
            },
            span=exam.segments[row].span,
        )
        for row in np.flatnonzero(exam.scored).tolist()
    ]
    found = measure_agreement(
        units, [PEOPLE, METHOD], ids, unit_name="segment", parents=parents, resampling=how
    )
    return Detail(share, found, _surprises(exam, answers))


def _surprises(exam: Exam, answers: Answers) -> tuple[Surprise, ...]:
    found = []
    for row in np.flatnonzero(exam.scored).tolist():
        first = int(answers.order[row, 0])
        if first == NO_CODE or exam.work.applied[row, first]:
            continue
        given = tuple(exam.codes[at].id for at in np.flatnonzero(exam.work.applied[row]))
        segment = exam.segments[row]
        found.append(
            Surprise(
                transcript=segment.transcript,
                excerpt=segment.excerpt,
                suggested=exam.codes[first].id,
                probability=float(answers.first[row]),
                given=given,
            )
        )
    found.sort(key=lambda surprise: (-surprise.probability, surprise.transcript))
    return tuple(found)
