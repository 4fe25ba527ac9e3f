"""Codings as people keep them brought to the numbers that coefficients take.

Labels become numbers, whatever stands for a missing coding becomes NaN, and a table with a row for
each unit (as R irr, irrCAC and pandas users keep it) is turned to a row for each coder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...core.errors import InputError
from ..arrays import Booleans, Floats

Rows = Literal["coders", "units"]

_FEWEST_TALL, _TALL = 20, 5
"""From this many rows, and this many for each column, a table is taken for units by coders."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrangedCodings:
    """Codings with a row for each coder, shape (n_coders, n_units), NaN where one is missing.

    Every coefficient that takes codings takes these. `labels` says what the numbers stand for, by
    position; it is empty where the codings were numbers.
    """

    values: Floats
    labels: tuple[str, ...] = ()

    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=True)


def arrange_codings(table: Any, *, rows: Rows) -> ArrangedCodings:  # noqa: ANN401 - an array, nested lists, or a frame of pandas or polars
    """Codings of any kind as the coefficients take them.

    Labels are numbered in order of the alphabet. None, NaN, `pandas.NA` and the code -1 of pandas
    categories (a table of int8 or int16) stand for a coding that is missing.

    Args:
        table: two-dimensional; numbers or labels. A data frame gives its columns in order.
        rows: what a row of the table is, a coder or a unit.

    Raises:
        InputError: if it is no table, or holds infinite numbers.
    """
    if rows not in ("coders", "units"):
        raise InputError(f"A row is of coders or units, not '{rows}'.")
    if hasattr(table, "columns"):
        # Column by column, so that each keeps its own type.
        table = [table[name] for name in table.columns]
        rows = "units" if rows == "coders" else "coders"
    numbers = read_numbers(table)
    labels: tuple[str, ...] = ()
    if numbers is None:
        numbers, labels = number_labels(table)
    if numbers.ndim != 2:
        raise InputError("Codings need two dimensions: coders and units.")
    values = np.ascontiguousarray(numbers.T if rows == "units" else numbers)
    return ArrangedCodings(values, labels)


def read_numbers(codings: Any) -> Floats | None:  # noqa: ANN401 - anything array-like
    """Codings that are numbers, NaN where one is missing; None where they are labels."""
    if isinstance(codings, ArrangedCodings):
        return codings.values
    try:
        if isinstance(codings, (list, tuple)):
            # Row by row, so that each keeps its own type.
            codings = [_unmask(row) if hasattr(row, "dtype") else row for row in codings]
        table = _unmask(codings)
        if table.dtype == object:
            missing = find_missing(table)
            table = np.where(missing, np.nan, table)
        numbers = table.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        return None
    if np.isinf(numbers).any():
        raise InputError("Codings must be finite numbers or labels; an infinite number is there.")
    return numbers


def number_labels(*codings: Any) -> tuple[Floats, tuple[str, ...]]:  # noqa: ANN401 - anything array-like
    """Labels as numbers in order of the alphabet, NaN where missing, and what each stands for.

    One array keeps its shape; several, of one coder each, become a row each.
    """
    try:
        stacked = np.asarray(codings[0] if len(codings) == 1 else codings, dtype=object)
    except ValueError:
        stacked = np.empty(0, dtype=object)
    if not stacked.size or any(isinstance(v, (list, tuple, np.ndarray)) for v in stacked.flat):
        raise InputError(
            "Codings must be a table of finite numbers or labels, with rows of one length."
        )
    missing = find_missing(stacked)
    words = np.array([describe_label(value) for value in stacked[~missing]], dtype=object)
    known = sorted(set(words.tolist()))
    number = {label: at for at, label in enumerate(known)}
    table = np.full(stacked.shape, np.nan)
    table[~missing] = [number[word] for word in words]
    return table, tuple(known)


def find_missing(values: npt.NDArray[Any]) -> Booleans:
    """Which entries of an object array stand for a missing coding, of the same shape."""
    flat = np.fromiter((is_missing(value) for value in values.flat), dtype=bool, count=values.size)
    return flat.reshape(values.shape)


def is_missing(value: object) -> bool:
    """Whether a value stands for no value: None, NaN, `pandas.NA`, `pandas.NaT`."""
    if value is None:
        return True
    try:
        return bool(value != value)  # Only NaN and its kin differ from themselves.
    except TypeError:
        return True  # pandas.NA answers neither yes nor no.


def read_codes(codes: object) -> frozenset[str] | None:
    """The codes of one coding, None where it is missing; a text is no set of letters."""
    if isinstance(codes, Iterable) and not isinstance(codes, (str, bytes)):
        return frozenset(codes)
    if is_missing(codes):
        return None
    raise InputError(
        f"A coding is a set of codes, as {{'work', 'money'}}, or None where there is none; got"
        f" {codes!r}."
    )


def describe_label(value: object) -> str:
    """A value as a label: a whole number without its decimals, as a column with gaps gets them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _unmask(values: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - anything array-like
    """An array, NaN where codes of pandas categories (int8 or int16) are -1, which is missing."""
    array = np.asarray(values)
    if array.dtype.kind == "i" and array.dtype.itemsize <= 2 and (array == -1).any():
        return np.where(array == -1, np.nan, array)
    return array


def check_alignment(*codings: Any) -> None:  # noqa: ANN401 - anything array-like
    """Refuse columns of pandas that name their units alike but hold them in different places.

    Values are compared by position, so that units sorted or left out in one column only would be
    set beside others. Columns that share no name (rows of one long frame) are taken as they stand.
    """
    named: list[Any] = [
        index for c in codings if hasattr(index := getattr(c, "index", None), "equals")
    ]
    for one, other in combinations(named, 2):
        if not one.equals(other) and len(one.intersection(other)):
            raise InputError(
                "The columns hold the same units in different places (their pandas indices differ),"
                " and values are compared by position. Bring them in one order, as"
                " b.reindex(a.index) does, or give a.to_numpy() where positions are meant."
            )


def check_orientation(table: Floats) -> None:
    """Refuse a table with far more rows than columns, which must have a row for each coder."""
    n_rows, n_columns = table.shape
    if n_rows >= _FEWEST_TALL and n_rows >= _TALL * n_columns > 0:
        raise InputError(
            f"{n_rows} rows and {n_columns} columns look like a row for each unit; codings need a"
            " row for each coder. Give arrange_codings(table, rows='units'), or rows='coders' if"
            f" these are {n_rows} coders."
        )


def as_columns(frame: Any, names: Sequence[str]) -> list[list[Any]]:  # noqa: ANN401 - a frame of pandas or polars, or a mapping
    """Columns of a data frame as lists, codes of pandas categories that are -1 as NaN.

    Raises:
        InputError: if one of them is not there, or they differ in length.
    """
    known = [str(name) for name in getattr(frame, "columns", frame)]
    columns = []
    for name in names:
        if name not in known:
            raise InputError(f"No column '{name}' in the frame. It has: {', '.join(known)}.")
        columns.append(_unmask(frame[name]).tolist())
    if len({len(column) for column in columns}) > 1:
        raise InputError("The columns of the frame differ in length.")
    return columns
