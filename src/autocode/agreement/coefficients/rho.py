"""Shaffer's rho: how easily a small test set flatters coders who agree too little.

Kappa of a handful of doubly coded units is compared with what coders below a threshold would reach
on as many (Shaffer 2017; Eagan et al. 2017). A confidence interval of kappa says more; give it
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats, Ints
from .kappa import cohen_kappa_of_table, kappa_from_tables
from .observed import as_table
from .result import Coefficient, build_undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class NullCoders:
    """The coders one wants to rule out.

    Kappa lies between `kappa_min` and `threshold`, precision between its two limits, both evenly;
    `length` units are coded in all. `inflation` is the least share of units to which the first
    coder gave the code that a test set is made to have.
    """

    threshold: float = 0.9
    kappa_min: float = 0.4
    precision_min: float = 0.6
    precision_max: float = 1.0
    length: int = 10_000
    inflation: float = 0.0


def shaffer_rho(
    table: npt.ArrayLike,
    *,
    null: NullCoders | None = None,
    n_replicates: int = 800,
    seed: int = 0,
) -> Coefficient:
    """Share of too-weak coders who would reach the kappa observed; small is good (Shaffer 2017).

    By simulation, repeatable by its seed. It is 1 when the kappa observed lies below the mean of
    the weak coders'. Details: `kappa`, `null_mean`, `n_replicates` that had a kappa.

    Args:
        table: shape (2, 2), counts of units; rows are the first coder, the first category is yes.
        null: the coders to rule out; the usual ones where not given.
        n_replicates: how many weak coders to simulate.
        seed: makes the simulation repeatable.
    """
    counts, weak = as_table(table), null or NullCoders()
    if counts.shape != (2, 2):
        raise InputError(f"Rho is of a yes/no decision; this table has {counts.shape[0]} codes.")
    kappa = cohen_kappa_of_table(counts)
    n_units = kappa.n_units
    base_rate = float(counts[0].sum() / n_units) if n_units else 0.0
    if kappa.value is None or not 0 < base_rate < 1:
        reason = kappa.reason or "the first coder gave every unit the same value"
        return build_undefined("shaffer_rho", reason, n_units=n_units)
    if n_units > weak.length:
        raise InputError(f"A test set of {n_units} units cannot come from {weak.length} units.")
    generator = np.random.default_rng(seed)
    simulated = _compute_kappas(_draw_test_sets(base_rate, n_units, weak, n_replicates, generator))
    if not simulated.size:
        return build_undefined(
            "shaffer_rho", "no simulated test set of this size has a kappa", n_units=n_units
        )
    mean = float(simulated.mean())
    value = 1.0 if kappa.value < mean else float((simulated >= kappa.value).mean())
    details = {"kappa": kappa.value, "null_mean": mean, "n_replicates": int(simulated.size)}
    return Coefficient(name="shaffer_rho", value=value, n_units=n_units, details=details)


def solve_recall(kappa: float, *, base_rate: float, precision: float) -> float:
    """The recall that goes with a kappa, a base rate and a precision (Shaffer 2017, appendix).

    Solved from the definition of Cohen's kappa; above 1 where the three cannot go together.
    """
    divisor = 2 * (precision - base_rate) - kappa * (1 - 2 * base_rate)
    if divisor <= 0:
        raise InputError(
            f"No recall gives kappa {kappa:g} with base rate {base_rate:g} and precision"
            f" {precision:g}. Precision must be higher."
        )
    return kappa * precision / divisor


def _draw_weak_coders(
    base_rate: float, weak: NullCoders, size: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Precision and recall of simulated coders, drawn evenly among those that are possible."""
    kept = np.zeros((2, 0))
    for _ in range(200):
        kappa = generator.uniform(weak.kappa_min, weak.threshold, 4 * size)
        precision = generator.uniform(weak.precision_min, weak.precision_max, 4 * size)
        # Combinations of kappa and precision that no recall can give are drawn again.
        divisor = 2 * (precision - base_rate) - kappa * (1 - 2 * base_rate)
        possible = (divisor > 0) & (kappa * precision <= divisor)
        recall = kappa * precision / np.where(possible, divisor, 1.0)
        kept = np.hstack([kept, np.stack([precision, recall])[:, possible]])
        if kept.shape[1] >= size:
            return kept[0, :size], kept[1, :size]
    raise InputError(
        f"No coder with kappa {weak.kappa_min:g} to {weak.threshold:g} and precision"
        f" {weak.precision_min:g} to {weak.precision_max:g} exists at base rate {base_rate:g}."
        " Widen the limits."
    )


def _draw_test_sets(
    base_rate: float,
    n_units: int,
    weak: NullCoders,
    size: int,
    generator: np.random.Generator,
) -> Ints:
    """Yes/no tables of test sets drawn without replacement: shape (size, 4), both to neither."""
    precision, recall = _draw_weak_coders(base_rate, weak, size, generator)
    positive = round(base_rate * weak.length)
    both = np.round(positive * recall).astype(np.int64)
    only_second = np.round(both * (1 - precision) / precision).astype(np.int64)
    only_second = np.minimum(only_second, weak.length - positive)
    # Cells of the whole coded set: the first coder's yes (both, alone), then their no.
    first = np.stack([both, positive - both], axis=1)
    second = np.stack([only_second, weak.length - positive - only_second], axis=1)
    n_inflated = min(ceil(weak.inflation * n_units), positive)
    held = _draw_two_kinds(first, np.full(size, n_inflated), generator)
    rest = np.hstack([first - held, second])
    drawn = np.zeros((size, 4), dtype=np.int64)
    left = np.full(size, n_units - n_inflated)
    # A multivariate hypergeometric draw, cell by cell: test sets are drawn without replacement.
    for cell in range(4):
        drawn[:, cell] = generator.hypergeometric(
            rest[:, cell], rest[:, cell + 1 :].sum(axis=1), left
        )
        left = left - drawn[:, cell]
    drawn[:, :2] += held
    return drawn


def _draw_two_kinds(cells: Ints, n: Ints, generator: np.random.Generator) -> Ints:
    """`n` of two kinds of units without replacement: shape (size, 2)."""
    kind = generator.hypergeometric(cells[:, 0], cells[:, 1], n)
    return np.stack([kind, n - kind], axis=1)


def _compute_kappas(tables: Ints) -> Floats:
    """Cohen's kappa of many yes/no tables; those without one are left out."""
    kappas = kappa_from_tables(tables.astype(np.float64).reshape(-1, 2, 2))
    return kappas[~np.isnan(kappas)]
