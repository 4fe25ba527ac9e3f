"""Kappa and its kin: nominal agreement corrected for chance, two coders or many.

Two coders come as values or as a confusion table (rows: first coder), more as counts of coders by
unit and category; `percent` makes both. Alpha, AC1 and sets of codes live in their own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, divide
from .errors import kappa_errors, linearise_pi_error, measure_fleiss_errors, measure_fleiss_null
from .gwet import (
    ALL_CREDIT,
    ONE_CATEGORY,
    T_LINEARISED,
    Chance,
    build_corrected,
    correct_for_chance,
    measure_units,
    report_linearised,
)
from .inference import ADJOINING, build_by_clusters, report_error
from .observed import NO_PAIR, NOT_BOTH, as_counts, as_table, confusion_table, pair_up
from .result import Coefficient, Detail, build_undefined

CONSTANT = "both coders gave every unit the same value, so chance explains everything"
_NORMAL = "normal (Fleiss, Cohen & Everitt 1969)"
ONE_VALUE = "every coder gave every unit the same value, so chance explains everything"


def cohen_kappa(
    a: npt.ArrayLike, b: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Cohen's (1960) kappa of two coders over nominal values; units coded by both only.

    Undefined when both coders use one and the same value throughout: chance agreement is then 1.

    Args:
        a: the first coder's values, (n_units,), NaN where missing.
        b: the second coder's.
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; interval and p-value then come from leaving out one group at a time.
    """
    first, second = pair_up(a, b)
    return build_by_clusters(
        lambda kept: cohen_kappa_of_table(confusion_table(first[kept], second[kept])),
        clusters,
        n_units=first.size,
    )


def cohen_kappa_of_table(table: npt.ArrayLike) -> Coefficient:
    """Cohen's (1960) kappa of a confusion table, with standard errors and its ceiling.

    Details: `se` for the normal interval, which is cut off at -1 and 1, and `se_null` for the test
    of no agreement (Fleiss, Cohen & Everitt 1969); `maximum_kappa`, the largest value these two
    marginals allow (Cohen 1960).

    Args:
        table: shape (n_categories, n_categories), counts of units; rows are the first coder.
    """
    counts = as_table(table)
    n = float(counts.sum())
    if not n:
        return build_undefined("cohen_kappa", NOT_BOTH)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    joint, by_chance = float(np.trace(counts)) * n, float(rows @ columns)
    observed, expected = joint / n**2, by_chance / n**2
    value = float(kappa_from_tables(counts))
    if np.isnan(value):
        return build_undefined(
            "cohen_kappa", CONSTANT, n_units=round(n), observed=observed, expected=expected
        )
    # The largest joint count that these marginals allow: the smaller of each two (Cohen 1960).
    ceiling = (float(np.minimum(rows, columns).sum()) * n - by_chance) / (n**2 - by_chance)
    errors = kappa_errors(counts, np.eye(counts.shape[0]))
    details = {**_name_errors(errors), "maximum_kappa": ceiling}
    kappa = Coefficient(
        name="cohen_kappa",
        value=value,
        n_units=round(n),
        observed=observed,
        expected=expected,
        details=details,
    )
    return report_error(kappa, errors[0], method=_NORMAL, null_error=errors[1])


def kappa_from_tables(tables: Floats) -> Floats:
    """Cohen's (1960) kappa of tables (..., n_values, n_values), shape (...); NaN where undefined.

    The one implementation: a single table, tables by code, and tables on each draw of transcripts.
    """
    total = tables.sum(axis=(-1, -2))
    # (p_o - p_e) / (1 - p_e), both sides times n squared: products of counts are exact, so that no
    # agreement beyond chance is exactly 0, and chance agreement of 1 is exactly that.
    by_chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    joint = np.trace(tables, axis1=-2, axis2=-1) * total
    return divide(joint - by_chance, total**2 - by_chance)


def weighted_kappa(table: npt.ArrayLike, weights: npt.ArrayLike) -> Coefficient:
    """Cohen's (1968) weighted kappa of two coders, standard errors as for kappa.

    Args:
        table: shape (n_categories, n_categories), counts of units; rows are the first coder.
        weights: the same shape, the credit for each pair of values, 1 for full agreement; see
            `percent.agreement_weights`.
    """
    counts, credit = as_table(table), np.asarray(weights, dtype=np.float64)
    if credit.shape != counts.shape:
        raise InputError(f"Weights of shape {credit.shape} do not fit a table of {counts.shape}.")
    n = float(counts.sum())
    if not n:
        return build_undefined("weighted_kappa", NOT_BOTH)
    chance = np.outer(counts.sum(axis=1), counts.sum(axis=0))
    observed, expected = float((credit * counts).sum() / n), float((credit * chance).sum() / n**2)
    # What weighs against agreement, summed as such: 1 minus a sum near 1 would lose digits.
    against = float(((1 - credit) * chance).sum() / n**2)
    if against <= 0:
        reason = CONSTANT if np.count_nonzero(counts) == 1 else ALL_CREDIT
        return build_undefined(
            "weighted_kappa", reason, n_units=round(n), observed=observed, expected=expected
        )
    value = 1 - float(((1 - credit) * counts).sum() / n) / against
    errors = kappa_errors(counts, credit)
    kappa = Coefficient(
        name="weighted_kappa",
        value=value,
        n_units=round(n),
        observed=observed,
        expected=expected,
        details=_name_errors(errors),
    )
    return report_error(kappa, errors[0], method=_NORMAL, null_error=errors[1])


def scott_pi(table: npt.ArrayLike) -> Coefficient:
    """Scott's (1955) pi of two coders: as kappa, but chance is from both coders' pooled use.

    Details: `se_gwet` for the interval (Gwet 2014) and `se_null_fleiss_nee_landis_1979` for the
    test of no agreement, both of Fleiss' kappa, which two coders' pi is.

    Args:
        table: shape (n_categories, n_categories), counts of units; rows are the first coder.
    """
    counts = as_table(table)
    n = float(counts.sum())
    if not n:
        return build_undefined("scott_pi", NOT_BOTH)
    # One distribution for both coders, from all 2 n values; counts keep the formula exact.
    uses = counts.sum(axis=0) + counts.sum(axis=1)
    joint, by_chance = 4 * n * float(np.trace(counts)), float(uses @ uses)
    observed, expected = joint / (4 * n**2), by_chance / (4 * n**2)
    if by_chance == 4 * n**2:
        return build_undefined(
            "scott_pi", CONSTANT, n_units=round(n), observed=observed, expected=expected
        )
    value = (joint - by_chance) / (4 * n**2 - by_chance)
    error, null = linearise_pi_error(counts, value), measure_fleiss_null(uses, n=n, m=2)
    pi = Coefficient(
        name="scott_pi",
        value=value,
        n_units=round(n),
        observed=observed,
        expected=expected,
        details={"se_gwet": error, "se_null_fleiss_nee_landis_1979": null},
    )
    return report_error(pi, error, df=round(n) - 1, method=T_LINEARISED, null_error=null)


def fleiss_kappa(
    counts: npt.ArrayLike, *, listwise: bool = False, clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Fleiss' (1971) kappa of many coders; where coders skipped units, Gwet's (2014) form of it.

    Details: `se_gwet` for the interval (t, Gwet 2014), and for the test where coders skipped units;
    where every unit has the same number of coders also `se_null_fleiss_nee_landis_1979` for the
    test of no agreement, and `se_fleiss_1971`, which that paper showed to be wrong and which is
    here only to recognise printed values.

    Args:
        counts: shape (n_units, n_categories), coders per unit and category.
        listwise: leave out units that some coder skipped (those with fewer codings than the unit
            with most), as R irr, statsmodels and DKPro do; details say how many, `n_left_out`.
        clusters: the group of each unit where units of one group are alike, as for `cohen_kappa`.
    """
    table = as_counts(counts)
    return build_by_clusters(
        lambda kept: _compute_fleiss(table[kept], listwise=listwise),
        clusters,
        n_units=table.shape[0],
    )


def _compute_fleiss(table: Floats, *, listwise: bool = False) -> Coefficient:
    if listwise and table.size:
        whole = table.sum(axis=1) == table.sum(axis=1).max()
        kept = _compute_fleiss(table[whole])
        return replace(kept, details={**kept.details, "n_left_out": int((~whole).sum())})
    units = measure_units(table, np.eye(table.shape[1]))
    if not units.n_shared:
        return build_undefined("fleiss_kappa", NO_PAIR)
    if (units.shares > 0).sum() == 1:
        return build_undefined(
            "fleiss_kappa", ONE_VALUE, n_units=units.n_shared, observed=units.mean, expected=1.0
        )
    # Two random codings fall into one category with the sum of squared shares.
    chance = Chance(float(units.shares @ units.shares), units.placed @ units.shares)
    plain = build_corrected("fleiss_kappa", units, chance)
    errors = measure_fleiss_errors(table)
    details = {**plain.details, **errors}
    null = errors["se_null_fleiss_nee_landis_1979"]
    return report_linearised(replace(plain, details=details), null_error=null)


def brennan_prediger(
    counts: npt.ArrayLike, *, clusters: npt.ArrayLike | None = None
) -> Coefficient:
    """Brennan & Prediger's (1981) coefficient: chance is one over the number of categories.

    Also Bennett's S and Randolph's free-marginal kappa. Interval and p-value as for AC1.

    Args:
        counts: shape (n_units, n_categories), coders per unit and category. The columns are the
            codebook's categories, used or not.
        clusters: the group of each unit where units of one group are alike, as for `cohen_kappa`.
    """
    table = as_counts(counts)
    return build_by_clusters(
        lambda kept: _compute_brennan_prediger(table[kept]), clusters, n_units=table.shape[0]
    )


def _compute_brennan_prediger(table: Floats) -> Coefficient:
    units = measure_units(table, np.eye(table.shape[1]))
    if not units.n_shared:
        return build_undefined("brennan_prediger", NO_PAIR)
    if table.shape[1] < 2:
        # Chance would be 1 over 1: the formula divides by nothing.
        return build_undefined(
            "brennan_prediger", ONE_CATEGORY, n_units=units.n_shared, observed=units.mean
        )
    expected = 1 / table.shape[1]
    chance = Chance(expected, np.full(units.observed.size, expected))
    return report_linearised(build_corrected("brennan_prediger", units, chance))


def pabak(table: npt.ArrayLike) -> Coefficient:
    """Prevalence- and bias-adjusted kappa, 2 p - 1 (Byrt, Bishop & Carlin 1993).

    Interval and p-value are those of the share of agreement p, twice as wide (normal; binomial
    error of p, at p = 1/2 for the test).

    Args:
        table: shape (2, 2), counts of units; rows are the first coder.
    """
    counts = as_table(table)
    if counts.shape != (2, 2):
        raise InputError(
            f"PABAK is of a yes/no decision; this table has {counts.shape[0]} categories."
            " Use brennan_prediger."
        )
    n = float(counts.sum())
    if not n:
        return build_undefined("pabak", NOT_BOTH)
    observed = float(np.trace(counts)) / n
    value = float(brennan_prediger_from_percent(np.asarray(observed), n_categories=2))
    plain = Coefficient(
        name="pabak", value=value, n_units=round(n), observed=observed, expected=0.5
    )
    error = 2 * float(np.sqrt(observed * (1 - observed) / n))
    return report_error(plain, error, method="normal (binomial)", null_error=float(n**-0.5))


def brennan_prediger_from_percent(observed: Floats, *, n_categories: int) -> Floats:
    """Brennan & Prediger's (1981) coefficient from shares of agreement of any shape."""
    return correct_for_chance(observed, 1 / n_categories)


def cohen_kappa_per_category(table: npt.ArrayLike) -> tuple[Coefficient, ...]:
    """Cohen's (1960) kappa of each category against the rest, in the order of the table."""
    return tuple(cohen_kappa_of_table(own) for own in _split_by_category(as_table(table)))


def scott_pi_per_category(table: npt.ArrayLike) -> tuple[Coefficient, ...]:
    """Scott's (1955) pi of each category against the rest: Fleiss' (1971) form for two coders."""
    return tuple(scott_pi(own) for own in _split_by_category(as_table(table)))


def fleiss_kappa_per_category(counts: npt.ArrayLike) -> tuple[Coefficient, ...]:
    """Fleiss' (1971) kappa of each category against the rest, in the order of the columns."""
    table = as_counts(counts)
    # A category against all others is Fleiss' (1971) own per-category kappa.
    rest = table.sum(axis=1, keepdims=True) - table
    return tuple(
        fleiss_kappa(np.column_stack([table[:, k], rest[:, k]])) for k in range(table.shape[1])
    )


def nvivo_comparison(table: npt.ArrayLike) -> Coefficient:
    """One code in one transcript compared character by character, as NVivo reports it.

    Cohen's kappa on characters. Long uncoded passages raise the percentage and neighbouring
    characters are not independent, so there is no standard error. NVivo shows 1 where neither coder
    used the code; this is undefined here.

    Args:
        table: shape (2, 2), characters: ((both, only first), (only second, neither)); see
            `characters.count_characters`.
    """
    counts = as_table(table)
    if counts.shape != (2, 2):
        raise InputError(f"Characters come as two rows of two counts, not as {counts.shape}.")
    n = float(counts.sum())
    if not n:
        return build_undefined("nvivo_coding_comparison", "the text has no characters")
    kappa = cohen_kappa_of_table(counts)
    details: dict[str, Detail] = {
        "percent_agreement": kappa.observed,
        "sum_expected_frequency": (kappa.expected or 0.0) * n,
        "a_and_b": float(counts[0, 0] / n),
        "not_a_and_not_b": float(counts[1, 1] / n),
        "disagreement": float((counts[0, 1] + counts[1, 0]) / n),
    }
    return Coefficient(
        name="nvivo_coding_comparison",
        value=kappa.value,
        n_units=kappa.n_units,
        observed=kappa.observed,
        expected=kappa.expected,
        reason=kappa.reason,
        no_interval="" if kappa.value is None else ADJOINING,
        details=details,
    )


def nvivo_average(kappas: Sequence[float | None], lengths: Sequence[float]) -> Coefficient:
    """NVivo's average of one code over transcripts: equal weight, and weight by length.

    The value is the mean weighted by length; details hold `unweighted_mean` and
    `length_weighted_mean`. Transcripts without a kappa are left out.
    """
    if len(kappas) != len(lengths):
        raise InputError(f"{len(kappas)} kappas do not fit {len(lengths)} lengths.")
    kept = [(k, n) for k, n in zip(kappas, lengths, strict=True) if k is not None]
    total = sum(n for _, n in kept)
    if not total:
        return build_undefined("nvivo_coding_comparison_average", "no transcript has a kappa")
    weighted = sum(k * n for k, n in kept) / total
    details = {
        "unweighted_mean": sum(k for k, _ in kept) / len(kept),
        "length_weighted_mean": weighted,
    }
    return Coefficient(
        name="nvivo_coding_comparison_average",
        value=weighted,
        n_units=len(kept),
        no_interval=ADJOINING,
        details=details,
    )


def _split_by_category(counts: Floats) -> list[Floats]:
    """Each category's own yes/no table: it against all the rest."""
    n, joint = counts.sum(), np.diagonal(counts)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    return [
        np.array([[both, row - both], [column - both, n - row - column + both]])
        for both, row, column in zip(joint, rows, columns, strict=True)
    ]


def _name_errors(errors: tuple[float, float]) -> dict[str, Detail]:
    return {"se": errors[0], "se_null": errors[1]}
