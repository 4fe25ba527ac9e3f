"""Would the same themes come out of other material? Groups of parts of the rows, compared with all.

Two ways to take parts (Hennig 2007, Cluster-wise assessment of cluster stability): bootstrap draws
of rows, of which each drawn row counts once, and leaving out one participant at a time. Any cloud
of points can be cut into groups, and an elongated one even gives the same ones again. So the same
is measured on noise: as many Gaussian rows with the covariance of the vectors, drafted in the same
way. The random state is fixed; nothing here changes the draft itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.theme_diagnostics import DraftStability, MeanInterval
from ..core.theme_stability import Stability
from ..linalg import Floats, Ids
from .deduplicate import DistinctExcerpts
from .groups import UNASSIGNED, Groups
from .noise import draw_gaussian_rows
from .partition import PartitionOptions, partition
from .preprocess import Vectors

_RANDOM_STATE = 0
_MOST_LEFT_OUT = 20
_FEWEST_ROWS = 12
_MOST_ROWS = 2000
_MOST_NULL = 10
"""Sets of noise. Each is partitioned twice, so with 20 draws noise takes as long as these."""


@dataclass(frozen=True, slots=True)
class MeasuredStability:
    """The stability of each group, by its number, and that of all together.

    Both are empty where nothing was measured.
    """

    by_group: Mapping[int, Stability]
    overall: DraftStability | None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Groups of some rows beside those of all: Jaccard of each (n_groups,), and Rand index."""

    jaccards: Floats
    rand: float

    @property
    def mean_jaccard(self) -> float:
        """The mean over the groups that rows were drawn of; 0 where there is none."""
        drawn = self.jaccards[~np.isnan(self.jaccards)]
        return float(drawn.mean()) if len(drawn) else 0.0


def measure_stability(
    excerpts: DistinctExcerpts, groups: Groups, options: PartitionOptions, *, n_draws: int
) -> MeasuredStability:
    """How well each group is recovered from parts of the excerpts.

    Nothing is measured with no draws, below a dozen rows or without groups. Beyond 2,000 rows
    the first ones stand for all: rows come in the order of a digest, so these are a random sample.
    Where a tree made the groups, the tree alone is made anew and cut into as many; unassigned rows
    are not compared. At most twenty participants are left out in turn, those with most segments;
    the least favourable counts. With the draws come draws of noise, one each and ten at most.
    """
    n_rows = min(len(excerpts.copies), _MOST_ROWS)
    if not n_draws or n_rows < _FEWEST_ROWS or not groups.n_groups:
        return MeasuredStability({}, None)
    again = PartitionOptions("hdbscan" if options.method == "hdbscan" else "ward", groups.n_groups)
    vectors, group = excerpts.vectors[:n_rows], groups.group[:n_rows]

    def compare(rows: Ids) -> _Comparison:
        return _compare_with_part(vectors, group, groups.n_groups, rows, again)

    generator = np.random.default_rng(_RANDOM_STATE)
    drawn = [compare(np.unique(generator.integers(0, n_rows, n_rows))) for _ in range(n_draws)]
    left_out = {
        participant: compare(rows)
        for participant, rows in _rows_without_each(excerpts, n_rows).items()
    }
    by_draw = np.stack([comparison.jaccards for comparison in drawn])
    noise = _draw_noise(
        vectors,
        replace(options, n_groups=groups.n_groups),
        again,
        n_null=min(n_draws, _MOST_NULL),
    )
    return MeasuredStability(
        {
            number: _of_group(
                by_draw[:, number], {who: c.jaccards[number] for who, c in left_out.items()}
            )
            for number in range(groups.n_groups)
            if not np.isnan(by_draw[:, number]).all()
        },
        DraftStability(
            n_draws=n_draws,
            random_state=_RANDOM_STATE,
            bootstrap_ari=_interval([comparison.rand for comparison in drawn]),
            left_out_ari=_interval([comparison.rand for comparison in left_out.values()]),
            n_left_out=len(left_out),
            jaccard=_interval([comparison.mean_jaccard for comparison in drawn]),
            null_ari=_interval([comparison.rand for comparison in noise]),
            null_jaccard=_interval([comparison.mean_jaccard for comparison in noise]),
            n_null=len(noise),
        ),
    )


def _compare_with_part(
    vectors: Vectors, group: Ids, n_groups: int, rows: Ids, options: PartitionOptions
) -> _Comparison:
    """Groups of all `vectors` beside those that `rows` of them give by themselves."""
    again = partition(vectors[rows], options).group
    # What the draft leaves unassigned has no group that could be recovered.
    assigned = group[rows] != UNASSIGNED
    one, other = group[rows][assigned], again[assigned]
    return _Comparison(best_jaccards(one, other, n_groups), measure_adjusted_rand(one, other))


def _draw_noise(
    vectors: Vectors, options: PartitionOptions, again: PartitionOptions, *, n_null: int
) -> list[_Comparison]:
    """Groups of noise beside those of a draw of its rows; noise without a group is left out.

    `options` make the groups of all rows, `again` those of a draw, as for the vectors themselves.
    """
    # A generator of its own, so that the draws of segments stay what they are without noise.
    generator = np.random.default_rng([_RANDOM_STATE, 1])
    n_rows = len(vectors)
    comparisons = []
    for _ in range(n_null):
        noise = draw_gaussian_rows(vectors, generator)
        groups = partition(noise, options)
        rows = np.unique(generator.integers(0, n_rows, n_rows))
        if groups.n_groups:
            comparisons.append(
                _compare_with_part(noise, groups.group, groups.n_groups, rows, again)
            )
    return comparisons


def best_jaccards(group: Ids, again: Ids, n_groups: int) -> Floats:
    """The best Jaccard similarity of each group with one of the other grouping; NaN if empty."""
    best = np.full(n_groups, np.nan)
    sizes = Counter(again.tolist())
    for number in range(n_groups):
        inside = again[group == number]
        if len(inside):
            shared = Counter(inside[inside != UNASSIGNED].tolist())
            jaccards = [n / (len(inside) + sizes[other] - n) for other, n in shared.items()]
            best[number] = max(jaccards, default=0.0)
    return best


def measure_adjusted_rand(one: Ids, other: Ids) -> float:
    """Adjusted Rand index of two groupings (Hubert and Arabie 1985); 1 if both are one group."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))


def _rows_without_each(excerpts: DistinctExcerpts, n_rows: int) -> dict[str, Ids]:
    """The rows that stay when a participant goes; a row that others said too stays."""
    participants = [excerpts.participants(row) for row in range(n_rows)]
    n_said = Counter(name for names in participants for name in names)
    if len(n_said) < 2:
        return {}
    most = sorted(n_said, key=lambda name: (-n_said[name], name))[:_MOST_LEFT_OUT]
    return {name: np.flatnonzero([names != {name} for names in participants]) for name in most}


def _of_group(draws: Floats, left_out: Mapping[str, float]) -> Stability:
    drawn = draws[~np.isnan(draws)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    # A theme that only the one left out spoke of (NaN) is gone without that participant.
    lowest = {name: float(np.nan_to_num(jaccard, nan=0.0)) for name, jaccard in left_out.items()}
    worst = min(lowest, key=lambda name: lowest[name]) if lowest else None
    return Stability(
        jaccard=round(float(drawn.mean()), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
        left_out=None if worst is None else round(lowest[worst], 4),
        participant=worst,
    )


def _interval(values: Sequence[float]) -> MeanInterval | None:
    if not values:
        return None
    low, high = np.quantile(values, [0.025, 0.975])
    return MeanInterval(
        round(float(np.mean(values)), 4), round(float(low), 4), round(float(high), 4)
    )
