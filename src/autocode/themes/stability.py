"""Would the same themes come out of other material? Groups of parts of the rows beside all.

Two ways to part (Hennig 2007, Cluster-wise assessment of cluster stability): bootstrap draws of
rows, of which each drawn row counts once, and leaving out one participant at a time. The seed is
fixed; nothing here touches the draft itself.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ..core.theme import Stability
from ..linalg import Floats, Ids
from .deduplicate import Distinct
from .groups import UNASSIGNED, Groups
from .partition import PartitionOptions, partition

_SEED = 0
_MOST_LEFT_OUT = 20
_FEWEST_ROWS = 12
_MOST_ROWS = 2000


def stability(
    found: Distinct, groups: Groups, options: PartitionOptions, *, n_draws: int
) -> tuple[dict[int, Stability], dict[str, Any]]:
    """How well each group is found again, by group number, and the figures over all, for JSON.

    Nothing is measured with no draws, below a dozen rows or without groups. Beyond 2,000 rows
    the first ones stand for all. Where a tree made the groups, the tree alone is made anew and cut
    into as many; rows that are nowhere are not compared. At most twenty participants are left out
    in turn, those with most segments; the least favourable counts.
    """
    n_rows = min(len(found.copies), _MOST_ROWS)
    if not n_draws or n_rows < _FEWEST_ROWS or not groups.n_groups:
        return {}, {}
    options = PartitionOptions(
        "hdbscan" if options.method == "hdbscan" else "ward", groups.n_groups
    )
    group = groups.group[:n_rows]
    generator = np.random.default_rng(_SEED)
    draws = [np.unique(generator.integers(0, n_rows, n_rows)) for _ in range(n_draws)]
    again = [_compared(found, group, rows, options, groups.n_groups) for rows in draws]
    people = _without_each(found, n_rows)
    out = {
        who: _compared(found, group, rows, options, groups.n_groups) for who, rows in people.items()
    }
    each = np.stack([jaccard for jaccard, _ in again])
    left = np.stack([jaccard for jaccard, _ in out.values()]) if out else None
    voices = list(out)
    return {
        number: _of_group(each[:, number], None if left is None else left[:, number], voices)
        for number in range(groups.n_groups)
        if not np.isnan(each[:, number]).all()
    }, {
        "stability": {
            "n_draws": n_draws,
            "seed": _SEED,
            "bootstrap_ari": _interval(np.array([ari for _, ari in again])),
            "left_out_ari": _interval(np.array([ari for _, ari in out.values()])),
            "n_left_out": len(out),
        }
    }


def jaccards(group: Ids, again: Ids, n_groups: int) -> Floats:
    """The best Jaccard similarity of each group with one of the other grouping; NaN if empty."""
    best = np.full(n_groups, np.nan)
    sizes = Counter(again.tolist())
    for number in range(n_groups):
        inside = again[group == number]
        if len(inside):
            shared = Counter(inside[inside != UNASSIGNED].tolist())
            found = [n / (len(inside) + sizes[other] - n) for other, n in shared.items()]
            best[number] = max(found, default=0.0)
    return best


def adjusted_rand(one: Ids, other: Ids) -> float:
    """Adjusted Rand index of two groupings (Hubert and Arabie 1985); 1 if both are one group."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))


def _compared(
    found: Distinct, group: Ids, rows: Ids, options: PartitionOptions, n_groups: int
) -> tuple[Floats, float]:
    again = partition(found.vectors[rows], options).group
    placed = group[rows] != UNASSIGNED
    one, two = group[rows][placed], again[placed]
    return jaccards(one, two, n_groups), adjusted_rand(one, two)


def _without_each(found: Distinct, n_rows: int) -> dict[str, Ids]:
    """The rows that stay when a participant goes; a row that others said too stays."""
    voices = [found.participants(row) for row in range(n_rows)]
    said = Counter(who for held in voices for who in held)
    if len(said) < 2:
        return {}
    most = sorted(said, key=lambda who: (-said[who], who))[:_MOST_LEFT_OUT]
    return {who: np.flatnonzero([held != {who} for held in voices]) for who in most}


def _of_group(draws: Floats, left: Floats | None, voices: list[str]) -> Stability:
    drawn = draws[~np.isnan(draws)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    # A theme that only the one left out spoke of is gone without that voice.
    out = None if left is None else np.nan_to_num(left, nan=0.0)
    worst = None if out is None else int(np.argmin(out))
    return Stability(
        jaccard=round(float(drawn.mean()), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        left_out=None if out is None or worst is None else round(float(out[worst]), 4),
        participant=None if worst is None else voices[worst],
    )


def _interval(values: Floats) -> dict[str, float] | None:
    if not len(values):
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    named = {"mean": float(values.mean()), "low": float(low), "high": float(high)}
    return {name: round(value, 4) for name, value in named.items()}
