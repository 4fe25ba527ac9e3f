"""Holsti's coefficient: agreements over the mean number of decisions of two coders."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Floats
from .inference import COUNTS_ONLY, build_by_clusters, report_ratio
from .labels import read_codes
from .result import Coefficient, build_undefined


def holsti(agreements: float, *, decisions_a: float, decisions_b: float) -> Coefficient:
    """Holsti's (1969, p. 140) 2M / (N1 + N2): agreements over the mean number of decisions."""
    if min(agreements, decisions_a, decisions_b) < 0 or agreements > min(decisions_a, decisions_b):
        raise InputError(
            f"{agreements} agreements do not fit {decisions_a} and {decisions_b} decisions."
            " Counts are at least 0, and agreements at most the smaller number of decisions."
        )
    total = decisions_a + decisions_b
    if not total:
        return build_undefined("holsti", "neither coder made a decision")
    value = 2 * agreements / total
    details = {"agreements": agreements, "decisions_a": decisions_a, "decisions_b": decisions_b}
    return Coefficient(
        name="holsti",
        value=value,
        n_units=int(total - agreements),
        observed=value,
        no_interval=COUNTS_ONLY,
        details=details,
    )


def holsti_of_sets(
    a: Sequence[AbstractSet[str] | None],
    b: Sequence[AbstractSet[str] | None],
    *,
    clusters: npt.ArrayLike | None = None,
) -> Coefficient:
    """Holsti's (1969) coefficient of two coders who give a unit any number of codes.

    Args:
        a: the set of codes per unit, shape (n_units,); None where the coder did not code it.
        b: the same for the second coder.
        clusters: the group of each unit, such as its transcript, where units of one group are
            alike; the interval then comes from leaving out one group at a time.
    """
    if len(a) != len(b):
        raise InputError(f"The coders have {len(a)} and {len(b)} units. Give both the same units.")
    sets = [(read_codes(x), read_codes(y)) for x, y in zip(a, b, strict=True)]
    # Joint decisions of each unit, the first coder's and the second's; not coded by both: none.
    counts = np.array(
        [[0, 0, 0] if x is None or y is None else [len(x & y), len(x), len(y)] for x, y in sets],
        dtype=np.float64,
    ).reshape(len(a), 3)
    return build_by_clusters(
        lambda kept: _holsti_of_counts(counts[kept]), clusters, n_units=len(a), is_percent=True
    )


def _holsti_of_counts(counts: Floats) -> Coefficient:
    joint, first, second = (int(total) for total in counts.sum(axis=0))
    plain = holsti(joint, decisions_a=first, decisions_b=second)
    # A unit without any decision neither agrees nor differs.
    used = counts[counts[:, 1:].sum(axis=1) > 0]
    return report_ratio(plain, 2 * used[:, 0], used[:, 1] + used[:, 2])
