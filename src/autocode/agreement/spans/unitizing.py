"""Krippendorff's alphas for coders who cut a text freely: the 2016 family, and alpha_U of 2004.

The 2016 family works from one table of counts per text (`count_unitizing`). Tables of texts that
the same number of coders read add up, so several texts are one continuum, and resampling texts is
resampling tables.

Sources: Krippendorff, Mathet, Bouvry & Widlöcher (2016), Quality & Quantity 50:2347-2364;
Krippendorff (2004), Content Analysis, 2nd ed., pp. 251-256.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats, Ints, divide
from ..coefficients.alpha import alpha_from_disagreement
from ..coefficients.result import Coefficient, build_undefined
from .runs import Runs, Spans, build_exclusive_runs, merge_spans, select_code

NO_VARIATION = "everything in the text was given one and the same value"
NO_PAIRS = "a text needs two or more coders"
NO_OVERLAP = "no two coders marked the same place"
ONE_CODE = "where coders marked the same place, only one code was ever used"

_ITSELF, _ANYTHING, _MARKED, _SELF_WHOLE, _SELF_SHARED = range(5)
"""Columns of the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitizingAlpha:
    """The 2016 family for one or more texts; `k_alpha` has one coefficient per code."""

    u_alpha: Coefficient
    bar_u_alpha: Coefficient
    cu_alpha: Coefficient
    k_alpha: tuple[Coefficient, ...]


def count_unitizing(spans: Spans) -> Floats:
    """All that the 2016 family needs of one text, in characters; additive over texts.

    Shape (n_codes + 1, 5), rows are codes and last the gap: coincidences of the code with itself,
    with anything, and with any code but the gap; then each code's self-pairing in the whole text,
    and in places that another coder marked too.
    """
    tidy = merge_spans(spans)
    runs = build_exclusive_runs(tidy)
    n_values = spans.n_codes + 1
    if spans.n_coders < 2:
        return np.zeros((n_values, 5))
    lengths = (tidy.end - tidy.start).astype(np.float64)
    coincidences = _count_coincidences(runs, n_values)
    self_whole = np.bincount(tidy.code, lengths**2, n_values).astype(np.float64)
    # A gap is no unit: its characters recombine freely, so each pairs with itself alone.
    self_whole[-1] = coincidences[-1, _ANYTHING]
    overlap = _measure_overlaps(tidy, runs)
    shared = (overlap**2).sum(axis=1) / (spans.n_coders - 1)  # 2016, eq. 10
    self_shared = np.bincount(tidy.code, shared, n_values)
    return np.column_stack([coincidences, self_whole, self_shared])


def u_alpha_from_counts(counts: Floats) -> Floats:
    """u-alpha of (..., n_codes + 1, 5) counts, eqs. 1-7; NaN where undefined."""
    itself, totals, self_whole = (counts[..., at] for at in (_ITSELF, _ANYTHING, _SELF_WHOLE))
    return alpha_from_disagreement(
        (totals - itself).sum(axis=-1), _expect_disagreement(totals, self_whole)
    )


def bar_u_alpha_from_counts(counts: Floats) -> Floats:
    """|u-alpha of counts: marked against not marked, whatever the code; NaN where undefined."""
    everything, self_whole = (counts[..., at].sum(axis=-1) for at in (_ANYTHING, _SELF_WHOLE))
    gap = counts[..., -1, _ANYTHING]
    observed = 2 * (gap - counts[..., -1, _ITSELF])
    marked = everything - gap
    chance = divide(2 * marked * gap * everything, everything**2 - self_whole)
    return alpha_from_disagreement(observed, chance)


def cu_alpha_from_counts(counts: Floats) -> Floats:
    """cu-alpha of counts: codes where units of two coders intersect, eqs. 8-11."""
    inner = _Intersections.of_counts(counts)
    observed = (inner.totals - inner.itself).sum(axis=-1)
    return alpha_from_disagreement(observed, _expect_disagreement(inner.totals, inner.self_paired))


def k_alpha_from_counts(counts: Floats) -> Floats:
    """(k)u-alpha of counts, shape (..., n_codes): one code against the others, eqs. 12-13."""
    inner = _Intersections.of_counts(counts)
    own = inner.totals
    other = own.sum(axis=-1, keepdims=True) - own
    observed = divide(own - inner.itself, own)
    # Of all pairings of this code, less those of a unit with itself, the share with another code.
    expected = divide(own * other, own * other + own**2 - inner.self_paired)
    return alpha_from_disagreement(observed, expected)


def unitizing_alpha(spans: Spans) -> UnitizingAlpha:
    """The 2016 family for one text. Codes must exclude each other within a coder.

    With three or more coders cu-alpha and (k)u-alpha follow eq. 10 of 2016; the book of 2019
    (eq. 37) would differ.
    """
    return unitizing_alpha_from_counts(count_unitizing(spans))


def unitizing_alpha_from_counts(counts: Floats) -> UnitizingAlpha:
    """The 2016 family from the counts of one text, or the sum of the counts of several."""
    sizes = _Intersections.of_counts(counts).totals
    everything, inner = float(counts[:, _ANYTHING].sum()), float(sizes.sum())
    coverage = inner / everything if everything else None
    whole = NO_VARIATION if everything else NO_PAIRS
    within = ONE_CODE if inner else NO_OVERLAP if everything else NO_PAIRS
    return UnitizingAlpha(
        u_alpha=_build("u_alpha", u_alpha_from_counts(counts), everything, reason=whole),
        bar_u_alpha=_build(
            "bar_u_alpha", bar_u_alpha_from_counts(counts), everything, reason=whole
        ),
        cu_alpha=_build(
            "cu_alpha", cu_alpha_from_counts(counts), inner, reason=within, coverage=coverage
        ),
        k_alpha=tuple(
            _build("k_alpha", value, float(size), reason=within if size else NO_OVERLAP)
            for value, size in zip(k_alpha_from_counts(counts), sizes, strict=True)
        ),
    )


def alpha_u_2004(spans: Spans) -> tuple[Coefficient, tuple[Coefficient, ...]]:
    """Krippendorff's (1995, 2004) alpha_U: over all codes, and each code for itself.

    Each code is unitized separately, so spans of different codes may overlap. `observed` and
    `expected` are the disagreements D_o and D_e; over all codes they are summed before dividing.
    """
    tidy = merge_spans(spans)
    parts = [select_code(tidy, code) for code in range(spans.n_codes)]
    pairs = [_measure_2004(part) for part in parts]
    per_code = tuple(
        _build_alpha_2004(*pair, part) for pair, part in zip(pairs, parts, strict=True)
    )
    observed, expected = np.sum(pairs, axis=0) if pairs else (0.0, 0.0)
    return _build_alpha_2004(float(observed), float(expected), tidy), per_code


def _count_coincidences(runs: Runs, n_values: int) -> Floats:
    """Characters by value that ordered pairs of coders gave, over m - 1, shape (n_values, 3).

    Columns: those in which the other coder gave the same value, any value, and any code.
    """
    n_coders, n_runs = runs.codes.shape
    value = np.where(runs.codes < 0, n_values - 1, runs.codes)
    cell = value + n_values * np.arange(n_runs)
    votes = np.bincount(cell.ravel(), minlength=n_values * n_runs).reshape(n_runs, n_values)
    weighted = votes * runs.lengths[:, None]
    itself = (weighted * (votes - 1)).sum(axis=0) / (n_coders - 1)
    n_marking = n_coders - votes[:, -1:]
    marked = (weighted * (n_marking - 1)).sum(axis=0) / (n_coders - 1)
    # The gap is no code; what pairs with it is not among the codes.
    marked[-1] = 0.0
    return np.stack([itself, weighted.sum(axis=0), marked], axis=1)


def _measure_overlaps(spans: Spans, runs: Runs) -> Floats:
    """How much of each span each other coder marked, shape (n_spans, n_coders); own column 0."""
    marked = np.where(runs.codes >= 0, runs.lengths, 0).cumsum(axis=1)
    reach = np.concatenate([np.zeros((spans.n_coders, 1), dtype=np.int64), marked], axis=1)
    first, last = np.searchsorted(runs.edges, spans.start), np.searchsorted(runs.edges, spans.end)
    overlap: Floats = (reach[:, last] - reach[:, first]).T.astype(np.float64)
    overlap[np.arange(spans.coder.size), spans.coder] = 0
    return overlap


@dataclass(frozen=True, slots=True, eq=False)
class _Intersections:
    """Of each code, where units of two coders intersect; each of shape (..., n_codes).

    Coincidences with itself, with any code, and its self-pairing among those.
    """

    itself: Floats
    totals: Floats
    self_paired: Floats

    @classmethod
    def of_counts(cls, counts: Floats) -> _Intersections:
        """From the counts of `count_unitizing`; the gap's row is left out."""
        codes = counts[..., :-1, :]
        return cls(codes[..., _ITSELF], codes[..., _MARKED], codes[..., _SELF_SHARED])


def _expect_disagreement(totals: Floats, self_pairing: Floats) -> Floats:
    """Disagreeing coincidences by chance, in characters; a unit does not pair with itself."""
    # All pairs of characters of the continua, less those of a unit with itself.
    everything = totals.sum(axis=-1)
    differing = everything**2 - (totals**2).sum(axis=-1)
    return divide(everything * differing, everything**2 - self_pairing.sum(axis=-1))


def _build(
    name: str, value: Floats, size: float, *, reason: str, coverage: float | None = None
) -> Coefficient:
    """A coefficient on `size` pairable characters (coder by character)."""
    details = {} if coverage is None else {"cu_coverage": coverage}
    alpha = float(value)
    if np.isnan(alpha):
        return Coefficient(
            name=name, value=None, n_units=round(size), reason=reason, details=details
        )
    return Coefficient(name=name, value=alpha, n_units=round(size), details=details)


def _build_alpha_2004(observed: float, expected: float, spans: Spans) -> Coefficient:
    name = "alpha_u_2004"
    if spans.n_coders < 2:
        return build_undefined(name, NO_PAIRS)
    if expected <= 0:
        return build_undefined(name, NO_VARIATION, n_units=int(spans.code.size), observed=observed)
    return Coefficient(
        name=name,
        value=float(alpha_from_disagreement(observed, expected)),
        n_units=int(spans.code.size),
        observed=observed,
        expected=expected,
    )


def _measure_2004(spans: Spans) -> tuple[float, float]:
    """D_o and D_e of one code (2004, pp. 252-254)."""
    if spans.n_coders < 2 or not spans.code.size:
        return 0.0, 0.0
    return _observe_2004(spans), _expect_2004(spans)


def _observe_2004(spans: Spans) -> float:
    start, end, coder = (a[:, None] for a in (spans.start, spans.end, spans.coder))
    common = np.minimum(end, end.T) - np.maximum(start, start.T)
    meets = (common > 0) & (coder != coder.T)
    shift = ((start - start.T) ** 2 + (end - end.T) ** 2).astype(np.float64)
    met_coders = np.zeros((spans.coder.size, spans.n_coders), dtype=bool)
    unit, other = np.nonzero(meets)
    met_coders[unit, spans.coder[other]] = True
    lonely = spans.n_coders - 1 - met_coders.sum(axis=1)
    missed = float((2.0 * (spans.end - spans.start) ** 2 * lonely).sum())
    n_pairs = spans.n_coders * (spans.n_coders - 1)
    return (float(shift[meets].sum()) + missed) / (n_pairs * spans.length**2)


def _expect_2004(spans: Spans) -> float:
    length = (spans.end - spans.start).astype(np.float64)
    gaps = np.sort(_measure_gaps(spans)).astype(np.float64)
    # Sum over the gaps that can hold a unit of (gap - length + 1), by sums from the long end.
    first = np.searchsorted(gaps, length)
    tail = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)[first]
    fitting = tail - (length - 1) * (gaps.size - first)
    among_units = (length.size - 1) / 3 * (2 * length**3 - 3 * length**2 + length)
    total = float((among_units + length**2 * fitting).sum())
    size = float(spans.n_coders * spans.length)
    return 2 / spans.length * total / (size * (size - 1) - float((length * (length - 1)).sum()))


def _measure_gaps(spans: Spans) -> Ints:
    """Lengths of all coders' gaps: before, between and after their spans (which do not overlap)."""
    order = np.lexsort((spans.start, spans.coder))
    offset = spans.length * np.arange(spans.n_coders)
    begins = np.concatenate(
        [spans.start[order] + offset[spans.coder[order]], offset + spans.length]
    )
    ends = np.concatenate([spans.end[order] + offset[spans.coder[order]], offset])
    gaps: Ints = np.sort(begins) - np.sort(ends)
    return gaps[gaps > 0]
