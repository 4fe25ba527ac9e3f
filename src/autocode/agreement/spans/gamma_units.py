"""Units of many texts as columns: what gamma aligns, observed or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..arrays import Floats, Ints
from .runs import Spans


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Units:
    """Units of many texts, observed or drawn; arrays of shape (n_units,)."""

    text: Ints
    coder: Ints
    start: Floats
    end: Floats
    code: Ints
    n_coders: int
    n_texts: int

    @property
    def per_text(self) -> Ints:
        """Units of each text, shape (n_texts,)."""
        return np.bincount(self.text, minlength=self.n_texts)

    @classmethod
    def of(cls, spans: Spans) -> Units:
        """What coders marked on one text."""
        text = np.zeros(spans.coder.size, dtype=np.int64)
        start, end = spans.start.astype(np.float64), spans.end.astype(np.float64)
        return cls(
            text=text,
            coder=spans.coder,
            start=start,
            end=end,
            code=spans.code,
            n_coders=spans.n_coders,
            n_texts=1,
        )

    @classmethod
    def joined(cls, parts: Sequence[Units]) -> Units:
        """Units of several lists of texts as one list."""
        n_texts = np.array([part.n_texts for part in parts])
        shift = n_texts.cumsum() - n_texts
        return cls(
            text=np.concatenate([part.text + by for part, by in zip(parts, shift, strict=True)]),
            coder=np.concatenate([part.coder for part in parts]),
            start=np.concatenate([part.start for part in parts]),
            end=np.concatenate([part.end for part in parts]),
            code=np.concatenate([part.code for part in parts]),
            n_coders=parts[0].n_coders,
            n_texts=int(n_texts.sum()),
        )


def expand_ranges(first: npt.NDArray[np.intp], stop: npt.NDArray[np.intp]) -> tuple[Ints, Ints]:
    """All (row, number) with first[row] <= number < stop[row]."""
    size = np.maximum(stop - first, 0)
    row = np.repeat(np.arange(size.size), size)
    within = np.arange(row.size) - np.repeat(size.cumsum() - size, size)
    return row, first[row] + within
