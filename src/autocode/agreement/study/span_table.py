"""Agreement on coders' own spans: where they mark and what, without bringing spans to units.

Every number but gamma comes from counts that add up over transcripts and pairs of coders, so that
intervals draw transcripts; gamma adds up by its disorders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..coefficients.result import Coefficient
from ..resampling import draws
from ..spans.continuum import Continuum
from ..spans.counts import (
    SpanCounts,
    count_spans,
    find_overlapping_coders,
    find_used_codes,
    renumber_codes,
)
from ..spans.runs import Floats
from ..spans.unitizing import (
    bar_u_alpha_from_counts,
    cu_alpha_from_counts,
    k_alpha_from_counts,
    u_alpha_from_counts,
)
from .estimates import Estimator
from .table import Resampling

SPAN_DEFINITIONS = {
    "u_alpha": "Krippendorff's u-alpha (Krippendorff et al. 2016): where coders mark and with which"
    " code, a gap being a value like any other",
    "bar_u_alpha": "|u-alpha (2016): marked or not, whatever the code",
    "cu_alpha": "cu-alpha (2016): the codes alone, where both marked something",
    "gamma": "gamma (Mathet, Widlöcher & Métivier 2015): the best alignment of the coders' spans"
    " against chance texts (30 rotations of the codings, seed 0)",
    "character_alpha": "Krippendorff's nominal alpha with every character a unit, the gap a value;"
    " neighbouring characters are not independent decisions",
    "character_alpha_marked": "the same for marked or not, whatever the code, as ATLAS.ti's binary"
    " alpha of all codes together",
}
"""Over all codes."""

SPAN_CODE_DEFINITIONS = {
    "u_alpha": "u-alpha of one code alone: its spans against everything else",
    "k_alpha": "(k)u-alpha (2016): this code against the others, where both marked something",
    "character_kappa": "Cohen's kappa of one code with every character a unit, as NVivo computes"
    " it, over all transcripts together",
    "character_alpha": "Krippendorff's alpha of one code with every character a unit, as ATLAS.ti's"
    " binary alpha",
}
"""Code by code."""

NEED_EXCLUSIVE = ("u_alpha", "cu_alpha", "character_alpha")
"""Over all codes, these need codes that exclude each other; code by code (k)u-alpha does."""

NO_COMMON_TEXT = "no text was read by two coders"
NO_MEETING = "no place was marked by both"
SAME_EVERYWHERE = "every place was given one and the same value, so there is no variation"
ONE_CODE = "where both marked, only one code was ever used"
NO_DISORDER = "chance texts have no disorder, so chance explains everything"
NOT_MET = "where one gave this code the other marked nothing"


@dataclass(frozen=True, slots=True)
class CodeSpans:
    """How coders agree on where one code lies.

    `n_spans` counts spans by coder, on the text shared with the coder who read most of it.
    """

    code: str
    n_spans: Mapping[str, int]
    coefficients: Mapping[str, Coefficient]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanAgreement:
    """Agreement on spans; definitions are in `SPAN_DEFINITIONS` and `SPAN_CODE_DEFINITIONS`.

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
    compared = _Compared(
        texts=texts,
        codes=[codes[at] for at in used],
        doubled=[coder for coder in coders if coder in doubled],
        counts=count_spans(texts, names, exclusive=not doubled),
        estimator=resampling.estimator(len(names), lambda _: SAME_EVERYWHERE),
    )
    return SpanAgreement(
        coders=tuple(coders),
        n_transcripts=len(names),
        n_characters=compared.n_characters,
        overlapping=tuple(compared.doubled),
        overall=_overall(compared),
        per_code=_per_code(compared),
        resampling=resampling,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Compared:
    """What all coefficients are made from."""

    texts: Sequence[Continuum]
    codes: Sequence[str]
    doubled: Sequence[str]
    counts: SpanCounts
    estimator: Estimator

    @property
    def n_characters(self) -> int:
        return sum(text.spans.length for text in self.texts)

    def estimate(
        self, names: Sequence[str], counts: Floats | None, statistic: draws.Statistic
    ) -> dict[str, Coefficient]:
        """The coefficients of some counts; without counts undefined, as codes overlap."""
        if counts is None:
            reason = _several(self.doubled)
            return {
                name: Coefficient(name=name, value=None, n_units=0, reason=reason) for name in names
            }
        return self.estimator.coefficients(names, counts, statistic)


# --- Coefficients of summed counts; NaN where undefined


def _character_alpha(counts: Floats) -> Floats:
    """Nominal alpha of characters from unitizing counts (..., n_values, 5)."""
    itself, totals = counts[..., 0].sum(axis=-1), counts[..., 1]
    size = totals.sum(axis=-1)
    differing = size**2 - (totals**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - (size - 1) * (size - itself) / differing
    return np.where(differing > 0, alpha, np.nan)


def _gamma(disorders: Floats) -> Floats:
    observed, expected = disorders[..., 0], disorders[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _of_coded(counts: Floats) -> Floats:
    found = (u_alpha_from_counts(counts), cu_alpha_from_counts(counts), _character_alpha(counts))
    return np.stack(found, axis=-1)


def _of_marked(counts: Floats) -> Floats:
    return np.stack([bar_u_alpha_from_counts(counts), _character_alpha(counts)], axis=-1)


def _of_disorders(counts: Floats) -> Floats:
    return _gamma(counts)[..., None]


def _of_alone(counts: Floats) -> Floats:
    return np.concatenate([u_alpha_from_counts(counts), _character_alpha(counts)], axis=-1)


# --- From counts to results


def _overall(made: _Compared) -> dict[str, Coefficient]:
    if not made.texts:
        return {
            name: Coefficient(name=name, value=None, n_units=0, reason=NO_COMMON_TEXT)
            for name in SPAN_DEFINITIONS
        }
    counts = made.counts
    found = made.estimate(NEED_EXCLUSIVE, counts.coded, _of_coded)
    found |= made.estimate(("bar_u_alpha", "character_alpha_marked"), counts.marked, _of_marked)
    found |= made.estimate(("gamma",), counts.disorders, _of_disorders)
    met = 0.0 if counts.coded is None else counts.coded[:, :-1, 2].sum()
    found["cu_alpha"] = _because(found["cu_alpha"], ONE_CODE if met else NO_MEETING, made)
    found["gamma"] = _because(
        found["gamma"], "nobody marked anything" if not made.codes else NO_DISORDER, made
    )
    sizes = dict.fromkeys(found, made.n_characters)
    sizes["gamma"] = sum(text.spans.code.size for text in made.texts)
    return {name: replace(found[name], n_units=sizes[name]) for name in SPAN_DEFINITIONS}


def _per_code(made: _Compared) -> tuple[CodeSpans, ...]:
    if not made.codes:
        return ()
    found = made.estimate(_named(made, "u_alpha", "character_alpha"), made.counts.alone, _of_alone)
    found |= made.estimate(
        _named(made, "character_kappa"), made.counts.characters, draws.kappa_from_tables
    )
    k_alpha = made.estimate(_named(made, "k_alpha"), made.counts.coded, k_alpha_from_counts)
    for at, name in enumerate(k_alpha):
        met = 0.0 if made.counts.coded is None else made.counts.coded[:, at, 2].sum()
        found[name] = _because(k_alpha[name], ONE_CODE if met else NOT_MET, made)
    return tuple(
        CodeSpans(
            code,
            _spans_by_coder(made.texts, at),
            {
                name: replace(found[f"{name}:{at}"], name=name, n_units=made.n_characters)
                for name in SPAN_CODE_DEFINITIONS
            },
        )
        for at, code in enumerate(made.codes)
    )


def _named(made: _Compared, *names: str) -> list[str]:
    return [f"{name}:{at}" for name in names for at in range(len(made.codes))]


def _because(found: Coefficient, reason: str, made: _Compared) -> Coefficient:
    """The coefficient, with this reason where it is undefined, but not for overlapping codes."""
    if found.value is not None or (made.counts.coded is None and found.name != "gamma"):
        return found
    return replace(found, reason=reason)


def _spans_by_coder(texts: Sequence[Continuum], code: int) -> dict[str, int]:
    most: dict[tuple[str, str], int] = {}
    for text in texts:
        for at, coder in enumerate(text.coders):
            n_spans = int(((text.spans.coder == at) & (text.spans.code == code)).sum())
            key = (coder, text.transcript)
            most[key] = max(most.get(key, 0), n_spans)
    found: dict[str, int] = {}
    for (coder, _), n_spans in most.items():
        found[coder] = found.get(coder, 0) + n_spans
    return found


def _several(coders: Sequence[str]) -> str:
    names = " and ".join(coders) if len(coders) < 3 else f"{len(coders)} coders"
    return (
        f"{names} gave one place several codes, and this coefficient needs codes that exclude each"
        " other; read the codes one by one"
    )
