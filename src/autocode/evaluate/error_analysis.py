"""Where method and reference differ: code by code, on which segments, and for which codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..agreement.resampling.intervals import Resampling
from ..agreement.study.decisions import Unit
from ..agreement.study.table import Agreement, measure_agreement
from ..suggest.code_status import DEFAULTS, assess_findability
from ..suggest.corpus import EncodedCorpus
from .gold import GoldData
from .predictions import NO_CODE, Draw, Predictions

PEOPLE, METHOD = "people", "method"
"""What the reference and the method are called as coders."""

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A segment whose most probable suggestion the reference did not give.

    `applied` are the codes that the reference gave instead; it may be empty.
    """

    transcript: str
    excerpt: str
    suggested: str
    probability: float
    applied: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnalysis:
    """The method's decisions compared with the reference's at one share of coded transcripts.

    `mismatches` are in order of falling probability.
    """

    coded_share: float
    agreement: Agreement
    mismatches: tuple[Mismatch, ...]


def analyse_errors(draw: Draw, *, coded_share: float, resampling: Resampling) -> ErrorAnalysis:
    """Compare what the method would apply with what the reference applied, code by code."""
    gold, predictions = draw.gold, draw.predictions
    ids = [code.id for code in gold.codes]
    parents: Mapping[str, str | None] = {code.id: code.parent for code in gold.codebook}
    applied = gold.reference_codings.applied
    units = [
        Unit(
            transcript=gold.segments[row].transcript,
            excerpt=gold.segments[row].excerpt,
            applied={
                PEOPLE: frozenset(ids[column] for column in np.flatnonzero(applied[row])),
                METHOD: frozenset(
                    ids[column] for column in np.flatnonzero(predictions.likely[row])
                ),
            },
            span=gold.segments[row].span,
        )
        for row in np.flatnonzero(gold.scored).tolist()
    ]
    return ErrorAnalysis(
        coded_share=coded_share,
        agreement=measure_agreement(
            units,
            [PEOPLE, METHOD],
            ids,
            unit_name="segment",
            parents=parents,
            resampling=resampling,
        ),
        mismatches=_list_mismatches(gold, predictions),
    )


def _list_mismatches(gold: GoldData, predictions: Predictions) -> tuple[Mismatch, ...]:
    applied = gold.reference_codings.applied
    mismatches = []
    for row in np.flatnonzero(gold.scored).tolist():
        first = int(predictions.top_codes[row, 0])
        if first == NO_CODE or applied[row, first]:
            continue
        segment = gold.segments[row]
        mismatches.append(
            Mismatch(
                transcript=segment.transcript,
                excerpt=segment.excerpt,
                suggested=gold.codes[first].id,
                probability=float(predictions.top_probability[row]),
                applied=tuple(gold.codes[column].id for column in np.flatnonzero(applied[row])),
            )
        )
    mismatches.sort(key=lambda mismatch: (-mismatch.probability, mismatch.transcript))
    return tuple(mismatches)


def describe_unfindable_codes(gold: GoldData, encoded: EncodedCorpus) -> tuple[str, ...]:
    """A remark on the codes that the codebook's words do not find, none where there are none.

    Judged on everything the reference coded: this describes the codebook and teaches no method.
    """
    n_judged, unfindable = 0, []
    for column, code in enumerate(gold.codes):
        rows = gold.scored & encoded.allowed[:, column]
        applied = gold.reference_codings.applied[rows, column]
        if (
            applied.sum() < DEFAULTS.min_uses
            or _count_transcripts(gold, rows, column) < DEFAULTS.min_transcripts
        ):
            continue
        n_judged += 1
        if assess_findability(encoded.zero_shot.z[rows, column], applied)[1] == "no":
            unfindable.append(code.name or code.id)
    if not unfindable:
        return ()
    names = ", ".join(unfindable[:_MOST_NAMED]) + (", ..." if len(unfindable) > _MOST_NAMED else "")
    return (
        f"Not findable from the codebook's words alone: {len(unfindable)} of the {n_judged} codes "
        f"used {DEFAULTS.min_uses} times or more ({names}). These have to be learned from codings.",
    )


def _count_transcripts(gold: GoldData, rows: npt.NDArray[np.bool_], column: int) -> int:
    return len(
        set(gold.transcript_index[rows & gold.reference_codings.applied[:, column]].tolist())
    )
