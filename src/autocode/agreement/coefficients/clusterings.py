"""Whether two ways to sort the same units into groups are alike, whatever the groups are called."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from .labels import find_missing
from .result import Coefficient, build_undefined

NAMES = (
    "adjusted_rand_index",
    "adjusted_mutual_information",
    "homogeneity",
    "completeness",
    "v_measure",
)


def clustering_agreement(reference: npt.ArrayLike, groups: npt.ArrayLike) -> dict[str, Coefficient]:
    """Five comparisons of two clusterings, by name; scikit-learn does the counting.

    Adjusted Rand index (Hubert & Arabie 1985) and adjusted mutual information (Vinh, Epps & Bailey
    2010, arithmetic mean) take off chance; homogeneity, completeness and V (Rosenberg & Hirschberg
    2007) do not. Two equal clusterings score 1, also when each has one group only.

    Args:
        reference: shape (n_units,), the group of each unit; homogeneity is of these groups.
        groups: the same units sorted the other way.
    """
    # Half a second to load, and few comparisons need it.
    from sklearn import metrics

    a, b = np.asarray(reference).ravel(), np.asarray(groups).ravel()
    if a.size != b.size:
        raise InputError(f"The clusterings have {a.size} and {b.size} units. Give the same units.")
    for groups_of in (a, b):
        if (without := np.flatnonzero(find_missing(groups_of.astype(object)))).size:
            raise InputError(
                f"Unit {without[0] + 1} is in no group. Leave it out of both, or give what is in no"
                " group a group of its own."
            )
    if not a.size:
        return {name: build_undefined(name, "no unit was sorted") for name in NAMES}
    values = (
        metrics.adjusted_rand_score(a, b),
        metrics.adjusted_mutual_info_score(a, b, average_method="arithmetic"),
        *metrics.homogeneity_completeness_v_measure(a, b),
    )
    return {
        name: Coefficient(name=name, value=float(value), n_units=int(a.size))
        for name, value in zip(NAMES, values, strict=True)
    }
