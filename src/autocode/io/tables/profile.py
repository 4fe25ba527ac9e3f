"""What the cells of one column look like: numbers, clock times, a few values, or free text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .table import Table

_SAMPLE = 2_000
"""Rows looked at; more would say the same."""
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,15})?")
_CLOCK = re.compile(
    r"[\[(]?\d{1,3}[:.]\d{2}(?:[:.]\d{2})?(?:[.,;]\d{1,6})?[\])]?(?:\s?[ap]\.?m\.?)?", re.IGNORECASE
)
_LONG = 8
_WORDS_OF_TEXT = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """Counts over the filled cells of a column; `mean_words` and `most_words` are per cell."""

    n_rows: int
    n_filled: int
    n_distinct: int
    mean_words: float
    most_words: int
    n_numbers: int
    n_clocks: int

    @property
    def is_numeric(self) -> bool:
        """Nearly all cells are numbers."""
        return self.n_filled > 0 and self.n_numbers >= 0.9 * self.n_filled

    @property
    def is_time(self) -> bool:
        """Nearly all cells are numbers or clock times."""
        return self.n_filled > 0 and self.n_numbers + self.n_clocks >= 0.9 * self.n_filled

    @property
    def is_clock(self) -> bool:
        """Most cells are clock times."""
        return self.n_filled > 0 and self.n_clocks >= 0.7 * self.n_filled

    @property
    def repeats(self) -> bool:
        """A few values come again and again."""
        return self.n_distinct <= max(2, 0.5 * self.n_filled)

    @property
    def is_free_text(self) -> bool:
        """Several words a cell, hardly ever the same words twice."""
        return (
            self.n_filled > 0
            and self.n_distinct >= 0.6 * self.n_filled
            and self.most_words >= _LONG
            and self.mean_words >= _WORDS_OF_TEXT
        )

    @property
    def is_wordy(self) -> bool:
        """Words rather than numbers, more often than not several, and not a few values."""
        return (
            self.n_filled > 0
            and self.n_numbers + self.n_clocks < 0.2 * self.n_filled
            and self.mean_words >= 1.3
            and not (self.repeats and self.n_filled >= 20 and self.n_distinct < 8)
        )


def profile_column(table: Table, column: str) -> ColumnProfile:
    """The profile of a column over the first rows of its table."""
    rows = table.rows[:_SAMPLE]
    cells = [" ".join(cell.split()) for row in rows if (cell := row.cells.get(column, "").strip())]
    # A long text in a script without blanks is several words, as far as this goes.
    lengths = [max(len(cell.split()), _count_unspaced(cell)) for cell in cells]
    return ColumnProfile(
        n_rows=len(rows),
        n_filled=len(cells),
        n_distinct=len(set(cells)),
        mean_words=sum(lengths) / len(lengths) if lengths else 0.0,
        most_words=max(lengths, default=0),
        n_numbers=sum(_NUMBER.fullmatch(cell) is not None for cell in cells),
        n_clocks=sum(_CLOCK.fullmatch(cell) is not None for cell in cells),
    )


def _count_unspaced(cell: str) -> int:
    """Words of Chinese, Japanese, Thai and the like, at two letters a word."""
    return sum("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" for c in cell[:400]) // 2
