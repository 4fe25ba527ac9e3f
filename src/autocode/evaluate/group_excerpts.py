"""A way of grouping excerpts by their vectors: the interface of one, and the library's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..core.errors import InputError
from ..core.transcript import text_digest
from ..encode.protocol import Vectors
from ..text.terms import content_terms
from ..themes.deduplicate import is_long_enough
from ..themes.partition import Method, PartitionOptions, partition

Ids = npt.NDArray[np.intp]

UNASSIGNED = -1


class Grouper(Protocol):
    """Puts vectors into groups."""

    @property
    def name(self) -> str:
        """What the method is called in reports."""

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each excerpt, (n_excerpts,), `UNASSIGNED` for one that is in no group."""


@dataclass(frozen=True, slots=True)
class AutocodeGrouper:
    """The groups that draft themes are made of; what is too short for a draft is unassigned."""

    method: Method = "combined"

    @property
    def name(self) -> str:
        """What the method is called in reports."""
        return f"autocode ({self.method})"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        """The group of each excerpt, (n_excerpts,), `UNASSIGNED` for one that is in no group."""
        groups = np.full(len(vectors), UNASSIGNED, dtype=np.intp)
        eligible = np.array([is_long_enough(content_terms(text)) for text in excerpts], dtype=bool)
        eligible &= vectors.any(axis=1)
        # As draft themes do: in the order of their digests the first excerpts are a sample of all.
        by_digest = sorted(
            np.flatnonzero(eligible).tolist(), key=lambda at: text_digest(excerpts[at])
        )
        if by_digest:
            partitioned = partition(vectors[by_digest], PartitionOptions(self.method))
            groups[by_digest] = partitioned.group
        return groups


def group_excerpts(grouper: Grouper, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
    """Let a method group excerpts, and check what it returns; any negative group is `UNASSIGNED`.

    Raises:
        InputError: if it is not a whole number for each excerpt.
    """
    groups = np.asarray(grouper.groups(vectors, excerpts))
    if groups.shape != (len(excerpts),) or groups.dtype.kind not in "iu":
        raise InputError(
            f"Method '{grouper.name}' returned an array of shape {groups.shape} and type "
            f"{groups.dtype} from groups(vectors, excerpts). Return a whole number for each of the "
            f"{len(excerpts)} excerpts, {UNASSIGNED} for one in no group."
        )
    return np.maximum(groups.astype(np.intp), UNASSIGNED)
