"""Gamma: agreement of coders who cut and code a text freely, by the best alignment of their units.

Coders' units are put into groups of at most one unit per coder; the grouping of least disorder is
compared with what it comes to by chance. The chance texts are drawn, so a value is bound to its
sampler and seed, and values of different samplers are not comparable.

The dissimilarity of a unit and none is 1 throughout: gamma does not depend on it.

Source: Mathet, Widlöcher & Métivier (2015), Computational Linguistics 41(3):437-479.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.errors import InputError
from ..arrays import Floats, Ints
from ..coefficients.result import Coefficient, build_undefined
from .gamma_alignments import Dissimilarity, choose_best_groups, find_useful_groups
from .gamma_chance import Sampler, draw_chance_texts
from .gamma_units import Units
from .runs import Spans
from .set_packing import NONE


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The best alignment: `units` (n_groups, n_coders) are rows of the spans, or `NONE`.

    `disorder` is the mean over units per coder of the groups' disorder; 0 when all agree.
    """

    units: Ints
    disorder: float


BY_DEFAULT = Dissimilarity()


def gamma(
    spans: Spans,
    *,
    dissimilarity: Dissimilarity = BY_DEFAULT,
    sampler: Sampler = "shuffle",
    n_samples: int = 30,
    seed: int = 0,
) -> Coefficient:
    """Gamma of one text; `observed` and `expected` are disorders.

    Args:
        spans: what the coders marked; spans may overlap, and codes too.
        dissimilarity: what makes two units unlike.
        sampler: `shuffle` (the paper's: whole codings, rotated) or `statistical` (units drawn with
            the observed numbers, lengths, gaps and codes).
        n_samples: chance texts to draw.
        seed: of the draws.
    """
    (coefficient,) = gammas(
        [spans], dissimilarity=dissimilarity, sampler=sampler, n_samples=n_samples, seed=seed
    )
    return coefficient


def gammas(
    texts: Sequence[Spans],
    *,
    dissimilarity: Dissimilarity = BY_DEFAULT,
    sampler: Sampler = "shuffle",
    n_samples: int = 30,
    seed: int = 0,
) -> tuple[Coefficient, ...]:
    """Gamma of each text, all chance texts aligned together: many small texts cost little more."""
    if n_samples < 1:
        raise InputError(f"n_samples is {n_samples}; gamma needs 1 or more chance texts.")
    # One stream per text: a text's gamma does not depend on which texts it is computed with.
    generators = np.random.default_rng(seed).spawn(len(texts))
    coefficients: list[Coefficient | None] = [None] * len(texts)
    for n_coders in {spans.n_coders for spans in texts}:
        same_size = [i for i, spans in enumerate(texts) if spans.n_coders == n_coders]
        chance = [
            draw_chance_texts(texts[i], sampler, generators[i], n_samples=n_samples)
            for i in same_size
        ]
        seen = _measure_disorders(
            Units.joined([Units.of(texts[i]) for i in same_size]), dissimilarity
        )
        drawn = _measure_disorders(Units.joined(chance), dissimilarity).reshape(
            len(same_size), n_samples
        )
        for row, i in enumerate(same_size):
            coefficients[i] = _build_coefficient(texts[i], sampler, float(seen[row]), drawn[row])
    return tuple(coefficient for coefficient in coefficients if coefficient is not None)


def pooled_gamma(coefficients: Sequence[Coefficient]) -> Coefficient:
    """One gamma for several texts: summed disorder against summed chance disorder.

    Each text weighs by its units; texts without a gamma play no part. All must be of one sampler.
    """
    samplers = sorted({each.name for each in coefficients})
    if len(samplers) > 1:
        raise InputError(f"Gammas of different samplers do not pool: {', '.join(samplers)}.")
    name = coefficients[0].name if coefficients else "gamma"
    kept = [each for each in coefficients if each.value is not None]
    if not kept:
        return build_undefined(name, "no text has a gamma")
    weights = np.array([each.n_units for each in kept], dtype=np.float64)
    sums = weights @ np.array([[each.observed, each.expected] for each in kept], dtype=np.float64)
    observed, expected = (float(total) for total in sums / weights.sum())
    return Coefficient(
        name=name,
        value=1 - observed / expected,
        n_units=int(weights.sum()),
        observed=observed,
        expected=expected,
    )


def best_alignment(spans: Spans, *, dissimilarity: Dissimilarity = BY_DEFAULT) -> Alignment | None:
    """The alignment of least disorder, or none where nothing is marked or one coder marks."""
    if spans.n_coders < 2 or not spans.coder.size:
        return None
    units = Units.of(spans)
    groups = find_useful_groups(units, dissimilarity)
    chosen = choose_best_groups(groups, units)
    members = groups.members[chosen]
    # Units that no useful group took stand alone; their disorder is 1 each.
    alone = np.setdiff1d(np.arange(spans.coder.size), members[members != NONE])
    single = np.full((alone.size, spans.n_coders), NONE)
    single[np.arange(alone.size), spans.coder[alone]] = alone
    disorder = spans.n_coders * (1 - float(groups.saving[chosen].sum()) / spans.coder.size)
    return Alignment(np.concatenate([members, single]), disorder)


def _build_coefficient(spans: Spans, sampler: Sampler, seen: float, drawn: Floats) -> Coefficient:
    name, n_units = f"gamma_{sampler}", int(spans.coder.size)
    if spans.n_coders < 2:
        return build_undefined(name, "a text needs two or more coders", n_units=n_units)
    if not n_units:
        return build_undefined(name, "nobody marked anything in the text")
    # A chance text without any unit has no disorder to speak of.
    drawn = drawn[~np.isnan(drawn)]
    expected = float(drawn.mean()) if drawn.size else 0.0
    if expected <= 0:
        reason = "chance texts have no disorder, so chance explains everything"
        return build_undefined(name, reason, n_units=n_units, observed=seen, expected=expected)
    details = {
        "best_alignment_disorder": seen,
        "expected_disorder": expected,
        "expected_disorder_sd": float(drawn.std()),
        "n_samples": int(drawn.size),
    }
    return Coefficient(
        name=name,
        value=1 - seen / expected,
        n_units=n_units,
        observed=seen,
        expected=expected,
        details=details,
    )


def _measure_disorders(units: Units, dissimilarity: Dissimilarity) -> Floats:
    """Disorder of each text's best alignment, shape (n_texts,); NaN for a text without units."""
    sizes = units.per_text
    # Savings are against every unit staying alone, so units in no group need no row.
    saved: Floats = np.zeros(units.n_texts)
    if units.n_coders > 1 and units.text.size:
        groups = find_useful_groups(units, dissimilarity)
        chosen = choose_best_groups(groups, units)
        text = units.text[groups.members[chosen].max(axis=1)]
        saved = np.bincount(text, groups.saving[chosen], units.n_texts).astype(np.float64)
    # Alone, each unit costs 1; the total is taken per coder's mean number of units.
    share = np.divide(saved, sizes, out=np.full(units.n_texts, np.nan), where=sizes > 0)
    return np.asarray(units.n_coders * (1 - share))
