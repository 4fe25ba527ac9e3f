"""A sample by content: the excerpts with the smallest keys, the same in any order of the input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..linalg import Ids
from .partitions import Keys

_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """Sampled excerpts, smallest key first.

    `entries` (k, 5) hold same key, text key, group key, partition and number of the text. Of
    excerpts with the same words one is held, so that what many copied counts once.
    """

    entries: npt.NDArray[np.uint64]

    @classmethod
    def empty(cls) -> Sample:
        """A sample of nothing."""
        return cls(np.zeros((0, _COLUMNS), dtype=np.uint64))

    @property
    def partitions(self) -> Ids:
        """The partition of each excerpt (k,)."""
        return self.entries[:, 3].astype(np.intp)

    @property
    def texts(self) -> Ids:
        """The number of each excerpt among the distinct texts of its partition (k,)."""
        return self.entries[:, 4].astype(np.intp)

    @classmethod
    def of(cls, partition: int, keys: Keys, numbers: Ids, *, size: int) -> Sample:
        """A sample of excerpts of one partition, of at most `size`.

        `keys` (m, 3) are same key, text key and group key; `numbers` (m,) count the distinct texts.
        """
        number = np.full(len(keys), partition, np.uint64)
        entries = np.column_stack([keys, number, numbers.astype(np.uint64)])
        return cls.empty().join(cls(entries[keys[:, 0] != 0]), size=size)

    def join(self, other: Sample, *, size: int) -> Sample:
        """A sample of what both hold, of at most `size`."""
        joined = np.concatenate([self.entries, other.entries])
        joined = joined[np.lexsort(joined.T[::-1])]
        is_first = np.ones(len(joined), dtype=bool)
        is_first[1:] = joined[1:, 0] != joined[:-1, 0]
        return Sample(joined[is_first][:size])
