"""Coders' spans over one text as run lengths: one boundary grid for all coders.

Between two neighbouring boundaries no coder begins or ends anything, so a run stands for all its
characters at once and nothing is ever kept per character.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Ints

GAP = -1
"""Stands in a row of codes where a coder marked nothing."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spans:
    """What `n_coders` coders marked on one text of `length` characters, one row per span.

    `coder`, `start`, `end`, `code` have shape (n_spans,); offsets are half-open characters; coders
    and codes are numbered from 0. A coder who read the text and marked nothing has no row but
    counts in `n_coders`.
    """

    coder: Ints
    start: Ints
    end: Ints
    code: Ints
    n_coders: int
    n_codes: int
    length: int

    def __post_init__(self) -> None:
        sizes = {self.coder.size, self.start.size, self.end.size, self.code.size}
        if len(sizes) > 1:
            raise InputError(f"Spans need columns of one length, not {sorted(sizes)}.")
        _check_offsets(self.start, self.end, self.length)
        _check_numbers("coder", self.coder, self.n_coders)
        _check_numbers("code", self.code, self.n_codes)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Spans on one grid: `edges` (n_runs + 1,), `codes` (n_coders, n_runs) with `GAP` for none."""

    edges: Ints
    codes: Ints

    @property
    def lengths(self) -> Ints:
        """Characters in each run, shape (n_runs,)."""
        return np.diff(self.edges)


def spans_from_rows(
    rows: npt.ArrayLike, length: int, *, n_coders: int, n_codes: int | None = None
) -> Spans:
    """Spans from rows of (coder, start, end, code), shape (n_spans, 4)."""
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    coder, start, end, code = np.ascontiguousarray(table.T)
    n_codes = int(code.max(initial=-1)) + 1 if n_codes is None else n_codes
    return Spans(
        coder=coder,
        start=start,
        end=end,
        code=code,
        n_coders=n_coders,
        n_codes=n_codes,
        length=length,
    )


def select_code(spans: Spans, code: int) -> Spans:
    """The spans of one code alone, numbered 0, as if the codebook held nothing else."""
    keep = spans.code == code
    number = np.zeros(int(keep.sum()), dtype=np.int64)
    return Spans(
        coder=spans.coder[keep],
        start=spans.start[keep],
        end=spans.end[keep],
        code=number,
        n_coders=spans.n_coders,
        n_codes=1,
        length=spans.length,
    )


def merge_spans(spans: Spans) -> Spans:
    """Spans in which overlapping marks of one code by one coder are one; touching ones stay two."""
    order = np.lexsort((spans.end, spans.start, spans.code, spans.coder))
    coder, code = spans.coder[order], spans.code[order]
    # Each (coder, code) is moved to an interval of its own, so that one running maximum serves all.
    shift = (coder * max(spans.n_codes, 1) + code) * (spans.length + 1)
    start, end = spans.start[order] + shift, spans.end[order] + shift
    reach = np.maximum.accumulate(end)
    first = np.ones(start.size, dtype=bool)
    first[1:] = start[1:] >= reach[:-1]
    (heads,) = np.nonzero(first)
    end = np.maximum.reduceat(end, heads) if heads.size else end
    shift = shift[heads]
    return Spans(
        coder=coder[heads],
        start=start[heads] - shift,
        end=end - shift,
        code=code[heads],
        n_coders=spans.n_coders,
        n_codes=spans.n_codes,
        length=spans.length,
    )


def find_edges(spans: Spans) -> Ints:
    """Every offset where any coder's span begins or ends, with both ends of the text, sorted."""
    return np.unique(np.concatenate([spans.start, spans.end, [0, spans.length]]))


def find_covered(spans: Spans) -> tuple[Ints, Booleans]:
    """The grid's edges (n_runs + 1,) and, per coder and code, the runs marked with it.

    Shape (n_coders, n_codes, n_runs); codes may overlap one another.
    """
    edges = find_edges(spans)
    # +1 where a span begins and -1 where it ends: the running sum is how many spans cover a run.
    change = np.zeros((spans.n_coders, spans.n_codes, edges.size), dtype=np.int32)
    np.add.at(change, (spans.coder, spans.code, np.searchsorted(edges, spans.start)), 1)
    np.add.at(change, (spans.coder, spans.code, np.searchsorted(edges, spans.end)), -1)
    return edges, change.cumsum(axis=2)[:, :, :-1] > 0


def find_overlaps(spans: Spans) -> Booleans:
    """Which runs of the grid a coder gave more than one code, shape (n_coders, n_runs)."""
    tidy = merge_spans(spans)
    return _sum_heights(tidy, find_edges(spans), np.ones(tidy.code.size, dtype=np.int64)) > 1


def build_exclusive_runs(spans: Spans) -> Runs:
    """The runs of coders whose codes exclude each other: at most one code in any place.

    Raises:
        InputError: when a coder gave one place two codes.
    """
    edges = find_edges(spans)
    tidy = merge_spans(spans)
    doubled = find_overlaps(tidy)
    if doubled.any():
        coder, run = np.argwhere(doubled)[0]
        raise InputError(
            f"Coder {coder} gave characters {edges[run]}-{edges[run + 1]} more than one code;"
            " this coefficient needs codes that exclude each other. Compare one code at a time."
        )
    return Runs(edges, _sum_heights(tidy, edges, tidy.code + 1) - 1)


def _sum_heights(spans: Spans, edges: Ints, height: Ints) -> Ints:
    """Sum of the heights of the spans over each run, shape (n_coders, n_runs)."""
    change = np.zeros((spans.n_coders, edges.size), dtype=np.int64)
    np.add.at(change, (spans.coder, np.searchsorted(edges, spans.start)), height)
    np.add.at(change, (spans.coder, np.searchsorted(edges, spans.end)), -height)
    return change.cumsum(axis=1)[:, :-1]


def _check_offsets(start: Ints, end: Ints, length: int) -> None:
    wrong = (start < 0) | (end <= start) | (end > length)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            f"Span {row} runs from {start[row]} to {end[row]}, which is empty or outside the"
            f" text's {length} characters."
        )


def _check_numbers(kind: str, numbers: Ints, n_known: int) -> None:
    wrong = (numbers < 0) | (numbers >= n_known)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(f"Span {row} has {kind} {numbers[row]}; there are {n_known}, from 0.")
