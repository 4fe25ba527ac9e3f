"""How far two segmentations of one text put their boundaries at the same positions.

A segmentation is given by its masses: how many items (characters, sentences, turns) each of its
segments holds, in order. Pk and WindowDiff are penalties: 0 is best. Boundary similarity is an
agreement: 1 is best.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Ints
from .result import Coefficient, build_undefined


def masses_from_starts(starts: npt.ArrayLike, n_items: int) -> Ints:
    """Masses of segments that begin at the given items; the text's own start is implied."""
    inner = np.unique(np.asarray(starts, dtype=np.int64))
    return np.diff(np.concatenate([[0], inner[(inner > 0) & (inner < n_items)], [n_items]]))


def window_size(reference: npt.ArrayLike) -> int:
    """Half the mean length of the reference's segments, rounded half up, at least 2."""
    masses = _as_masses(reference)
    return max(2, int(np.floor(masses.sum() / masses.size / 2 + 0.5)))


def pk(
    reference: npt.ArrayLike, hypothesis: npt.ArrayLike, *, window: int | None = None
) -> Coefficient:
    """Pk (Beeferman, Berger & Lafferty 1999): windows whose ends are together in one text only.

    `window` is the distance in items between the two ends, by default `window_size(reference)`.
    """

    def differs(first: Ints, second: Ints) -> Booleans:
        return np.not_equal(first > 0, second > 0)

    return _compare_windows("pk", reference, hypothesis, window=window, differs=differs)


def window_diff(
    reference: npt.ArrayLike, hypothesis: npt.ArrayLike, *, window: int | None = None
) -> Coefficient:
    """WindowDiff (Pevzner & Hearst 2002): windows holding unequal numbers of boundaries.

    `window` is the distance in items between the two ends, by default `window_size(reference)`.
    """
    return _compare_windows(
        "window_diff", reference, hypothesis, window=window, differs=np.not_equal
    )


def boundary_similarity(
    reference: npt.ArrayLike, hypothesis: npt.ArrayLike, *, n_t: int = 2
) -> Coefficient:
    """B (Fournier 2013): boundaries matched, near misses at part cost, additions at full cost.

    A near miss is a boundary moved by fewer than `n_t` items; it costs distance / n_t. Two texts
    without an inner boundary agree: B is 1.
    """
    if n_t < 1:
        raise InputError(f"n_t is {n_t}; a near miss spans 1 or more boundary positions.")
    first, second = _find_boundaries(reference, hypothesis)
    n_items = int(_as_masses(reference).sum())
    n_matches = int(np.intersect1d(first, second).size)
    moved_by = _pair_near_misses(np.setdiff1d(first, second), np.setdiff1d(second, first), n_t=n_t)
    n_additions = first.size + second.size - 2 * (n_matches + moved_by.size)
    n_edits = n_matches + n_additions + moved_by.size
    # An addition is a whole edit, a transposition the share of n_t it spans (Fournier 2013).
    cost = n_additions + float(moved_by.sum()) / n_t
    value = 1 - cost / n_edits if n_edits else 1.0
    details = {
        "matches": n_matches,
        "additions": n_additions,
        "transpositions": int(moved_by.size),
    }
    return Coefficient(
        name="boundary_similarity", value=value, n_units=n_items - 1, details=details
    )


def _compare_windows(
    name: str,
    reference: npt.ArrayLike,
    hypothesis: npt.ArrayLike,
    *,
    window: int | None,
    differs: Callable[[Ints, Ints], Booleans],
) -> Coefficient:
    """Share of windows (all starts 0 to N - window - 1) in which boundary counts `differ`."""
    first, second = _find_boundaries(reference, hypothesis)
    n_items = int(_as_masses(reference).sum())
    size = window_size(reference) if window is None else window
    if size < 1:
        raise InputError(f"A window of {size} items holds no boundary; use 1 or more.")
    n_windows = n_items - size
    if n_windows < 1:
        return build_undefined(name, f"the text's {n_items} items do not fill a window of {size}")
    inside = [_count_inside(boundaries, n_items, size) for boundaries in (first, second)]
    value = float(differs(*inside).mean())
    details = {"window_size": size, "windows": n_windows}
    return Coefficient(name=name, value=value, n_units=n_windows, details=details)


def _count_inside(boundaries: Ints, n_items: int, size: int) -> Ints:
    """Boundaries between the two ends of each window, shape (n_items - size,)."""
    seen = np.zeros(n_items, dtype=np.int64)
    seen[boundaries] = 1
    before: Ints = seen.cumsum()
    return np.subtract(before[size:], before[:-size])


def _pair_near_misses(first: Ints, second: Ints, *, n_t: int) -> Ints:
    """Distances of boundaries of one text paired with near ones of the other, nearest first."""
    position = np.concatenate([first, second])
    owner = np.repeat([0, 1], [first.size, second.size])
    distances = [np.zeros(0, dtype=np.int64)]
    for distance in range(1, n_t):
        order = np.lexsort((position, position % distance))
        position, owner = position[order], owner[order]
        linked = (np.diff(position) == distance) & (np.diff(owner) != 0)
        # Boundaries a distance apart, of different texts and of one residue class, make chains.
        # In a chain of links every second one is taken, from the left.
        (heads,) = np.nonzero(_take_alternate(linked))
        distances.append(np.full(heads.size, distance))
        keep = np.ones(position.size, dtype=bool)
        keep[heads] = keep[heads + 1] = False
        position, owner = position[keep], owner[keep]
    return np.concatenate(distances)


def _take_alternate(linked: Booleans) -> Booleans:
    """The first, third, fifth ... of each run of true values."""
    index = np.arange(linked.size)
    begins = linked & ~np.concatenate([[False], linked[:-1]])
    since = index - np.maximum.accumulate(np.where(begins, index, 0)) if linked.size else index
    return np.asarray(linked & (since % 2 == 0))


def _find_boundaries(reference: npt.ArrayLike, hypothesis: npt.ArrayLike) -> tuple[Ints, Ints]:
    """Inner boundaries of both segmentations, as the number of items before each."""
    first, second = _as_masses(reference), _as_masses(hypothesis)
    if first.sum() != second.sum():
        raise InputError(
            f"The segmentations hold {first.sum()} and {second.sum()} items; they must cut one"
            " and the same text."
        )
    return first.cumsum()[:-1], second.cumsum()[:-1]


def _as_masses(masses: npt.ArrayLike) -> Ints:
    sizes = np.asarray(masses, dtype=np.int64).ravel()
    if not sizes.size or (sizes < 1).any():
        raise InputError("A segmentation needs one or more segments, each of one or more items.")
    return sizes
