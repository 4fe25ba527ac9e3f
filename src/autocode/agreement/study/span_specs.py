"""The coefficients on coders' own spans: one specification each, and everything else reads them.

To add one, write its formula in `spans` and a `SpanSpec` here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..arrays import Floats
from ..coefficients.alpha import alpha_from_counts, alpha_from_disagreement
from ..coefficients.kappa import kappa_from_tables
from ..spans.counts import SpanCounts
from ..spans.unitizing import (
    bar_u_alpha_from_counts,
    cu_alpha_from_counts,
    k_alpha_from_counts,
    u_alpha_from_counts,
)

NO_MEETING = "no place was marked by both"
SAME_EVERYWHERE = "every place was given one and the same value, so there is no variation"
ONE_CODE = "where both marked, only one code was ever used"
NOBODY_MARKED = "nobody marked anything"
NO_DISORDER = "chance texts have no disorder, so chance explains everything"
NOT_MET = "where one gave this code the other marked nothing"

Explain = Callable[[SpanCounts, int | None], str]
"""Why a coefficient has no value, from the study's counts and the code's number (None: all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSpec:
    """One coefficient on spans.

    Attributes:
        name: its key in JSON.
        label: its name in tables for people.
        definition: what it is, in one sentence without a full stop.
        source: authors and year.
        compute: from summed counts to shape (n_draws,), or (n_draws, n_codes) for one of
            `SPAN_CODE_SPECS`; NaN where undefined.
        column: its heading where columns are narrow.
        explain: why it may have no value.
        needs_exclusive: whether it needs codes that exclude each other.
        counted: what its number of units counts.
    """

    name: str
    label: str
    definition: str
    source: str
    compute: Callable[[SpanCounts], Floats]
    column: str = ""
    explain: Explain = lambda counts, code: SAME_EVERYWHERE
    needs_exclusive: bool = False
    counted: Literal["characters", "spans"] = "characters"


def _explain_meeting(counts: SpanCounts, code: int | None) -> str:
    """Why codes cannot be compared where both marked something."""
    if code is None:
        return ONE_CODE if counts.coded[:, :-1, 2].any() else NO_MEETING
    return ONE_CODE if counts.coded[:, code, 2].any() else NOT_MET


def _explain_gamma(counts: SpanCounts, _: int | None) -> str:
    return NO_DISORDER if counts.alone.shape[1] else NOBODY_MARKED


def _character_alpha(counts: Floats) -> Floats:
    """Nominal alpha of characters from unitizing counts (..., n_values, 5)."""
    return alpha_from_counts(counts[..., 0].sum(axis=-1), counts[..., 1])


SPAN_SPECS: tuple[SpanSpec, ...] = (
    SpanSpec(
        name="u_alpha",
        label="u-alpha",
        definition="Krippendorff's u-alpha (Krippendorff et al. 2016): where coders mark and with"
        " which code, a gap being a value like any other",
        source="Krippendorff et al. 2016",
        compute=lambda counts: u_alpha_from_counts(counts.coded),
        needs_exclusive=True,
    ),
    SpanSpec(
        name="bar_u_alpha",
        label="|u-alpha",
        definition="|u-alpha (2016): marked or not, whatever the code",
        source="Krippendorff et al. 2016",
        compute=lambda counts: bar_u_alpha_from_counts(counts.marked),
    ),
    SpanSpec(
        name="cu_alpha",
        label="cu-alpha",
        definition="cu-alpha (2016): the codes alone, where both marked something",
        source="Krippendorff et al. 2016",
        compute=lambda counts: cu_alpha_from_counts(counts.coded),
        explain=_explain_meeting,
        needs_exclusive=True,
    ),
    SpanSpec(
        name="gamma",
        label="Gamma",
        definition="gamma (Mathet, Widlöcher & Métivier 2015): the best alignment of the coders'"
        " spans against chance texts (30 rotations of the codings, seed 0)",
        source="Mathet, Widlöcher & Métivier 2015",
        compute=lambda counts: alpha_from_disagreement(
            counts.disorders[..., 0], counts.disorders[..., 1]
        ),
        explain=_explain_gamma,
        counted="spans",
    ),
    SpanSpec(
        name="character_alpha",
        label="Alpha on characters",
        definition="Krippendorff's nominal alpha with every character a unit, the gap a value;"
        " neighbouring characters are not independent decisions",
        source="Krippendorff 2018",
        compute=lambda counts: _character_alpha(counts.coded),
        needs_exclusive=True,
    ),
    SpanSpec(
        name="character_alpha_marked",
        label="Alpha on characters, marked or not",
        definition="the same for marked or not, whatever the code, as ATLAS.ti's binary alpha of"
        " all codes together",
        source="Krippendorff 2018",
        compute=lambda counts: _character_alpha(counts.marked),
    ),
)
"""Over all codes, in the order of the table."""

SPAN_CODE_SPECS: tuple[SpanSpec, ...] = (
    SpanSpec(
        name="u_alpha",
        label="u-alpha",
        definition="u-alpha of one code alone: its spans against everything else",
        source="Krippendorff et al. 2016",
        compute=lambda counts: u_alpha_from_counts(counts.alone),
        column="u-alpha",
    ),
    SpanSpec(
        name="k_alpha",
        label="(k)u-alpha",
        definition="(k)u-alpha (2016): this code against the others, where both marked something",
        source="Krippendorff et al. 2016",
        compute=lambda counts: k_alpha_from_counts(counts.coded),
        column="(k)u-alpha",
        explain=_explain_meeting,
        needs_exclusive=True,
    ),
    SpanSpec(
        name="character_kappa",
        label="Kappa on characters",
        definition="Cohen's kappa of one code with every character a unit, as NVivo computes it,"
        " over all transcripts together",
        source="Cohen 1960",
        compute=lambda counts: kappa_from_tables(counts.characters),
        column="char. kappa",
    ),
    SpanSpec(
        name="character_alpha",
        label="Alpha on characters",
        definition="Krippendorff's alpha of one code with every character a unit, as ATLAS.ti's"
        " binary alpha",
        source="Krippendorff 2018",
        compute=lambda counts: _character_alpha(counts.alone),
        column="char. alpha",
    ),
)
"""Code by code, in the order of the table."""

SPAN_DEFINITIONS = {spec.name: spec.definition for spec in SPAN_SPECS}
SPAN_CODE_DEFINITIONS = {spec.name: spec.definition for spec in SPAN_CODE_SPECS}
SPAN_LABELS = {spec.name: spec.label for spec in (*SPAN_SPECS, *SPAN_CODE_SPECS)}
