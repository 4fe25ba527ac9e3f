"""Standard errors of kappa and its kin as the literature gives them."""

from __future__ import annotations

import numpy as np

from ..arrays import Floats


def kappa_errors(table: Floats, weights: Floats) -> tuple[float, float]:
    """Standard errors of (weighted) kappa after Fleiss, Cohen & Everitt (1969).

    Args:
        table: shape (n_categories, n_categories), counts of units.
        weights: the same shape, 1 for full agreement.

    Returns:
        The error for intervals (eq. 13), and the one under no agreement beyond chance (eq. 14).
    """
    n = float(table.sum())
    shares = table / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    chance = np.outer(rows, columns)
    observed, expected = float((weights * shares).sum()), float((weights * chance).sum())
    # Mean credit of each cell's row and column: what a unit there does to chance agreement.
    means = (weights @ columns)[:, None] + (rows @ weights)[None, :]
    spread = (shares * (weights * (1 - expected) - means * (1 - observed)) ** 2).sum()
    # Delta method over multinomial cells (eq. 13); `null` is where only chance acts (eq. 14).
    variance = spread - (observed * expected - 2 * expected + observed) ** 2
    null = (chance * (weights - means) ** 2).sum() - expected**2
    scale = (1 - expected) * np.sqrt(n)
    # Rounding can leave a hair below 0 where agreement is perfect.
    return (
        float(np.sqrt(max(variance, 0.0)) / (scale * (1 - expected))),
        float(np.sqrt(max(null, 0.0)) / scale),
    )


def measure_fleiss_errors(counts: Floats) -> dict[str, float | None]:
    """Errors for no agreement beyond chance; None unless all units have the same coders' number."""
    null: float | None = None
    old: float | None = None
    per_unit = counts.sum(axis=1)
    n, m = counts.shape[0], float(per_unit[0])
    if (per_unit == m).all() and m >= 2:
        null = measure_fleiss_null(counts.sum(axis=0), n=n, m=m)
        p = counts.sum(axis=0) / (n * m)
        squares, cubes = float((p**2).sum()), float((p**3).sum())
        inner = squares - (2 * m - 3) * squares**2 + 2 * (m - 2) * cubes
        old = float(np.sqrt(max(2 * inner / (n * m * (m - 1)), 0.0)) / (1 - squares))
    return {"se_null_fleiss_nee_landis_1979": null, "se_fleiss_1971": old}


def measure_fleiss_null(uses: Floats, *, n: float, m: float) -> float:
    """Standard error of Fleiss' kappa under no agreement (Fleiss, Nee & Landis 1979).

    Args:
        uses: how often each category was used, (n_categories,).
        n: units, each coded by as many coders.
        m: coders of a unit.
    """
    # Under no agreement only the shares and the number of coders matter.
    p = uses / uses.sum()
    pq = float((p * (1 - p)).sum())
    inner = pq**2 - float((p * (1 - p) * (1 - 2 * p)).sum())
    return float(np.sqrt(max(2 * inner / (n * m * (m - 1)), 0.0)) / pq)


def linearise_pi_error(table: Floats, value: float) -> float | None:
    """Gwet's (2014, eq. 5.3) error of Scott's pi, from cells in place of units; None of one unit.

    Args:
        table: shape (n_categories, n_categories), counts of units.
        value: pi.
    """
    n = float(table.sum())
    if n <= 1:
        return None
    shares = (table.sum(axis=0) + table.sum(axis=1)) / (2 * n)
    expected = float(shares @ shares)
    # A unit in cell (i, j) agrees or not, and has the mean chance agreement of i and j.
    chance = (shares[:, None] + shares) / 2
    single = (np.eye(len(table)) - expected) / (1 - expected)
    parts = single - 2 * (1 - value) * (chance - expected) / (1 - expected)
    return float(np.sqrt((table * (parts - value) ** 2).sum() / (n * (n - 1))))
