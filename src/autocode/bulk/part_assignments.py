"""Which themes the distinct texts of a partition are in: kept, level by level.

A level puts texts only into the drafts that are new in it and reads the rest from the level before,
so that each vector is compared once with each draft that it is within.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.theme import UnassignedReason
from ..io.url_path import AnyPath
from ..linalg import DECIMALS, Floats, Ids
from ..text.terms import has_content
from .kept_files import is_kept, reach, write_kept
from .part_vectors import find_distinct, read_stored_vectors
from .partitions import read_keys, read_texts
from .theme_nodes import REST, NodeAssignment, ThemeNode
from .theme_tree import EncodedPartition, ThemeTree

ASSIGNMENTS_NAMES = r"[0-9a-f]{32}\.npy"
"""The pattern of the names of files of assignments."""
REASONS = (
    "",
    UnassignedReason.OUTLIER.value,
    UnassignedReason.NEAR_TWO_THEMES.value,
    UnassignedReason.TOO_SHORT.value,
)
"""Why a text is in no theme, by the number that is stored; the first for one that is in a theme."""
_OUTLIER, _TOO_SHORT = 1, 3
_STORED = np.dtype([("finest", "<i4"), ("strength", "<i4"), ("reason", "i1")])
_UNITS = 10**DECIMALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments:
    """Of each distinct text (m,) the finest theme as a place in `keys`, -1 for none.

    `strength` is that in its theme of the first level, `reason` the place in `REASONS`.
    """

    keys: tuple[str, ...]
    finest: Ids
    strength: Floats
    reason: npt.NDArray[np.int8]

    def find_inside(self, key: str) -> npt.NDArray[np.bool_]:
        """The texts (m,) whose finest theme it is; for the rest, those far from all themes."""
        if key == REST:
            return np.asarray(self.reason == _OUTLIER)
        return np.asarray(self.finest == self.keys.index(key))

    def shown_keys(self) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Of each text (m,) the keys of its theme of the first level and of the finest one."""
        finest = np.array([*self.keys, ""], dtype=object)
        first = np.array([key.split(".")[0] for key in finest], dtype=object)
        return first[self.finest], finest[self.finest]


def locate_assignments(encoded: EncodedPartition, tree: ThemeTree) -> AnyPath:
    """Where the assignments of a partition to the themes of a tree are kept."""
    named = f"{encoded.vectors.name} {tree.digest}".encode()
    return encoded.assignments / f"{hashlib.sha256(named).hexdigest()[:32]}.npy"


def read_assignments(encoded: EncodedPartition, tree: ThemeTree) -> Assignments:
    """The assignments of a partition, which must have been made."""
    stored = np.load(reach(locate_assignments(encoded, tree)), allow_pickle=False)
    return Assignments(
        keys=tree.keys,
        finest=stored["finest"].astype(np.intp),
        strength=stored["strength"] / _UNITS,
        reason=stored["reason"],
    )


def assign_partition(
    encoded: EncodedPartition, *, tree: ThemeTree, before: ThemeTree
) -> Counter[str]:
    """Assign the texts of a partition to the themes of a tree, unless that is done.

    `before` is the tree without its last level (without any draft: the last is the first), to which
    they have been assigned. Returns how many rows each theme has as its finest, and the rest.
    """
    path = locate_assignments(encoded, tree)
    if not is_kept(path):
        if before.nodes:
            held = read_assignments(encoded, before)
            assigned = Assignments(
                keys=tree.keys, finest=held.finest, strength=held.strength, reason=held.reason
            )
        else:
            assigned = _begin(encoded, tree)
        _assign_to_new(encoded, tree, before, assigned)
        _write(path, assigned)
    return _count_rows(encoded, read_assignments(encoded, tree))


def _begin(encoded: EncodedPartition, tree: ThemeTree) -> Assignments:
    """No text in a theme yet, those that say nothing marked as too short."""
    held = read_texts(encoded.partition, encoded.options)
    first, stop_words = find_distinct(held).first, tree.stop_words
    is_wordy = np.array([has_content(held.texts[row], stop_words) for row in first], dtype=bool)
    is_wordy &= read_stored_vectors(encoded.vectors).any(axis=1)
    return Assignments(
        keys=tree.keys,
        finest=np.full(len(first), -1, dtype=np.intp),
        strength=np.zeros(len(first)),
        reason=np.where(is_wordy, _OUTLIER, _TOO_SHORT).astype(np.int8),
    )


def _assign_to_new(
    encoded: EncodedPartition, tree: ThemeTree, before: ThemeTree, assigned: Assignments
) -> None:
    """Fill in what the drafts say that `before` lacks."""
    vectors = read_stored_vectors(encoded.vectors)
    place = {key: at for at, key in enumerate(tree.keys)}
    for key, node in tree.nodes.items():
        if key in before.nodes or not node.themes:
            continue
        places = np.array([*(place[theme.key] for theme in node.themes), -1])
        if key == REST:
            _assign_to_rest(node, vectors, places, assigned)
            continue
        # The first draft takes all that are not too short.
        rows = np.flatnonzero(assigned.find_inside(key or REST))
        put = node.assign(vectors, rows)
        is_in = put.theme >= 0
        assigned.finest[rows[is_in]] = places[put.theme[is_in]]
        if not key:
            assigned.strength[rows], assigned.reason[rows] = put.strength, _number_reasons(put)


def _assign_to_rest(
    node: ThemeNode, vectors: npt.NDArray[np.float16], places: Ids, assigned: Assignments
) -> None:
    """Put texts into the themes of the rest: outliers, and what is nearer to these than to its own.

    What was too rare for the first sample is an outlier in part and otherwise spread over themes.
    """
    rows = np.flatnonzero((assigned.reason == 0) | (assigned.reason == _OUTLIER))
    put = node.assign(vectors, rows)
    is_nearer = (put.theme >= 0) & (put.strength > assigned.strength[rows])
    is_outlier = assigned.reason[rows] == _OUTLIER
    assigned.reason[rows[is_outlier]] = _number_reasons(put)[is_outlier]
    taken = rows[is_nearer]
    assigned.finest[taken] = places[put.theme[is_nearer]]
    assigned.strength[taken], assigned.reason[taken] = put.strength[is_nearer], 0


def _number_reasons(put: NodeAssignment) -> npt.NDArray[np.int8]:
    return np.select(
        [put.reason == reason for reason in REASONS[1:]], list(range(1, len(REASONS))), 0
    ).astype(np.int8)


def _write(path: AnyPath, assigned: Assignments) -> None:
    stored = np.zeros(len(assigned.finest), dtype=_STORED)
    stored["finest"], stored["reason"] = assigned.finest, assigned.reason
    stored["strength"] = np.rint(assigned.strength * _UNITS)
    write_kept(path, lambda stream: np.save(stream, stored, allow_pickle=False))


def _count_rows(encoded: EncodedPartition, assigned: Assignments) -> Counter[str]:
    of_row = find_distinct(read_keys(encoded.partition, encoded.options)).of_row
    inside = np.bincount(assigned.finest[of_row] + 1, minlength=len(assigned.keys) + 1)
    counts = Counter({key: int(n) for key, n in zip(assigned.keys, inside[1:], strict=True) if n})
    counts[REST] = int(assigned.find_inside(REST)[of_row].sum())
    return counts
