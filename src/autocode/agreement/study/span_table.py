"""Agreement on coders' own spans: where they mark and what, without bringing spans to units.

Every number but gamma comes from counts that add up over transcripts and pairs of coders, so that
intervals draw transcripts; gamma adds up by its disorders. `span_specs` says what the numbers are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...serialise.plain import to_payload
from ...serialise.result import Result
from ..arrays import Floats
from ..coefficients.result import Coefficient
from ..resampling.intervals import Resampling
from ..spans.continuum import Continuum
from ..spans.counts import (
    SpanCounts,
    count_spans,
    find_overlapping_coders,
    find_used_codes,
    renumber_codes,
)
from .assistance import CoderAssistance
from .pass_account import PassAccount
from .reading import ReadingAccount
from .span_specs import (
    SPAN_CODE_DEFINITIONS,
    SPAN_CODE_SPECS,
    SPAN_DEFINITIONS,
    SPAN_SPECS,
    SpanSpec,
)

NO_COMMON_TEXT = "no text was read by two coders"


@dataclass(frozen=True, slots=True)
class CodeSpans:
    """How coders agree on where one code lies.

    `n_spans` counts spans by coder, on the text shared with the coder who read most of it.
    """

    code: str
    n_spans: Mapping[str, int]
    coefficients: Mapping[str, Coefficient]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanAgreement(Result):
    """Agreement on spans; definitions are in `SPAN_SPECS` and `SPAN_CODE_SPECS`.

    `n_characters` is the text that a pair of coders went through, summed over pairs. `overlapping`
    holds the coders who gave one place several codes.
    """

    coders: tuple[str, ...]
    n_transcripts: int
    n_characters: int
    overlapping: tuple[str, ...]
    overall: Mapping[str, Coefficient]
    per_code: tuple[CodeSpans, ...]
    resampling: Resampling
    reading: ReadingAccount = field(default_factory=ReadingAccount)
    passes: PassAccount = field(default_factory=PassAccount)
    assistance: tuple[CoderAssistance, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, with the definition of every number."""
        return to_payload(
            "span_agreement",
            {
                "n_characters": self.n_characters,
                "n_transcripts": self.n_transcripts,
                "coders": self.coders,
                "reading": self.reading.to_plain(),
                "passes": self.passes.to_plain(),
                "assistance": [one.to_plain() for one in self.assistance],
                "coders_with_overlapping_codes": self.overlapping,
                "overall": {name: c.summarise() for name, c in self.overall.items()},
                "per_code": [
                    {
                        "code": code.code,
                        "n_spans": code.n_spans,
                        "coefficients": {n: c.summarise() for n, c in code.coefficients.items()},
                    }
                    for code in self.per_code
                ],
                "intervals": self.resampling.to_plain(self.n_transcripts),
                "definitions": SPAN_DEFINITIONS,
                "definitions_per_code": SPAN_CODE_DEFINITIONS,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row for each coefficient, first over all codes, then code by code."""
        named = [(None, self.overall), *((code.code, code.coefficients) for code in self.per_code)]
        return [
            {"code": code, "coefficient": name, **c.summarise()}
            for code, coefficients in named
            for name, c in coefficients.items()
        ]


def measure_span_agreement(
    texts: Sequence[Continuum],
    coders: Sequence[str],
    codes: Sequence[str],
    *,
    resampling: Resampling | None = None,
) -> SpanAgreement:
    """Compare coders on their own spans, all pairs of coders pooled.

    Args:
        texts: from `continuum.build_continua`, with the same `codes`.
        coders: those compared.
        codes: the codes, as numbered in `texts`; those that nobody gave play no part.
        resampling: how intervals are made.
    """
    resampling = resampling or Resampling()
    names = sorted({text.transcript for text in texts})
    used = find_used_codes(texts)
    texts = [renumber_codes(text, used) for text in texts]
    doubled = find_overlapping_coders(texts)
    overlapping = [coder for coder in coders if coder in doubled]
    counts = count_spans(texts, names, is_exclusive=not doubled)
    kept = [codes[at] for at in used]
    estimates = _estimate(counts, kept, overlapping, resampling) if texts else {}
    return SpanAgreement(
        coders=tuple(coders),
        n_transcripts=len(names),
        n_characters=_count_characters(texts),
        overlapping=tuple(overlapping),
        overall=_select_overall(texts, estimates),
        per_code=_select_per_code(texts, kept, estimates),
        resampling=resampling,
    )


# --- From counts to results


def _estimate(
    counts: SpanCounts, codes: Sequence[str], overlapping: Sequence[str], resampling: Resampling
) -> dict[tuple[str, str], Coefficient]:
    """Every coefficient on the same draws, by its name and code, "" for all codes."""
    asked: dict[tuple[str, str], tuple[SpanSpec, int | None]] = {
        (spec.name, ""): (spec, None) for spec in SPAN_SPECS
    }
    for spec in SPAN_CODE_SPECS:
        asked |= {(spec.name, code): (spec, at) for at, code in enumerate(codes)}

    def statistic(summed: Floats) -> Floats:
        drawn = counts.unpack(summed)
        columns = [spec.compute(drawn)[:, None] for spec in SPAN_SPECS]
        return np.concatenate(
            [*columns, *(spec.compute(drawn) for spec in SPAN_CODE_SPECS)], axis=1
        )

    def explain(key: tuple[str, str]) -> str:
        spec, code = asked[key]
        if spec.needs_exclusive and not counts.is_exclusive:
            return _explain_overlap(overlapping)
        return spec.explain(counts, code)

    n_transcripts = len(counts.marked)
    # Of each code alone, row 0 is the code and column 1 its coincidences with anything.
    used = (counts.alone[:, :, 0, 1] > 0).sum(axis=0)
    estimator = resampling.build_estimator(n_transcripts, explain)
    return estimator.estimate(
        list(asked),
        counts.flatten(),
        statistic,
        scales=["kappa"] * len(asked),
        n_with_code=[n_transcripts if at is None else int(used[at]) for _, at in asked.values()],
    )


def _select_overall(
    texts: Sequence[Continuum], estimates: Mapping[tuple[str, str], Coefficient]
) -> dict[str, Coefficient]:
    if not texts:
        return {
            spec.name: Coefficient(name=spec.name, value=None, n_units=0, reason=NO_COMMON_TEXT)
            for spec in SPAN_SPECS
        }
    sizes = {
        "characters": _count_characters(texts),
        "spans": sum(text.spans.code.size for text in texts),
    }
    return {
        spec.name: replace(estimates[spec.name, ""], name=spec.name, n_units=sizes[spec.counted])
        for spec in SPAN_SPECS
    }


def _select_per_code(
    texts: Sequence[Continuum],
    codes: Sequence[str],
    estimates: Mapping[tuple[str, str], Coefficient],
) -> tuple[CodeSpans, ...]:
    n_characters = _count_characters(texts)
    return tuple(
        CodeSpans(
            code,
            _count_spans_by_coder(texts, at),
            {
                spec.name: replace(estimates[spec.name, code], name=spec.name, n_units=n_characters)
                for spec in SPAN_CODE_SPECS
            },
        )
        for at, code in enumerate(codes)
    )


def _count_characters(texts: Sequence[Continuum]) -> int:
    return sum(text.spans.length for text in texts)


def _count_spans_by_coder(texts: Sequence[Continuum], code: int) -> dict[str, int]:
    most: dict[tuple[str, str], int] = {}
    for text in texts:
        for at, coder in enumerate(text.coders):
            n_spans = int(((text.spans.coder == at) & (text.spans.code == code)).sum())
            key = (coder, text.transcript)
            most[key] = max(most.get(key, 0), n_spans)
    totals: dict[str, int] = {}
    for (coder, _), n_spans in most.items():
        totals[coder] = totals.get(coder, 0) + n_spans
    return totals


def _explain_overlap(coders: Sequence[str]) -> str:
    names = " and ".join(coders) if len(coders) < 3 else f"{len(coders)} coders"
    return (
        f"{names} gave one place several codes, and this coefficient needs codes that exclude each"
        " other; read the codes one by one"
    )
