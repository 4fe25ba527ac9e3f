"""Rows of numbers, the same on every machine: unit length, main directions, the largest of a row.

Whoever rounds to `DECIMALS` before comparing gets the same order whatever the order of summation
was: products differ in their last bits between machines and numbers of threads.
"""

from __future__ import annotations

import platform
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.intp]

DECIMALS = 6
"""Decimals to which cosines and coordinates are rounded before they are compared."""


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest values of each row: columns and rounded values (n, k), largest first."""

    columns: Ids
    values: Floats


def one_thread() -> AbstractContextManager[Any]:
    """While it lasts linear algebra runs on one thread: sums are then added in one order."""
    limit: AbstractContextManager[Any] = _list_thread_pools(len(sys.modules)).limit(limits=1)
    return limit


@lru_cache(maxsize=1)
def describe_arithmetic() -> str:
    """The processor's kind and the linear algebra that NumPy runs on it: what rounding rests on."""
    pools = _list_thread_pools(len(sys.modules)).info()
    blas = sorted(
        f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}"
        for pool in pools
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]
    )
    return f"{platform.system()} {platform.machine()} {'; '.join(blas)}"


@lru_cache(maxsize=1)
def _list_thread_pools(n_modules: int) -> ThreadpoolController:
    """The thread pools of the libraries loaded, looked up anew when there are more modules.

    A look-up takes longer than what one decision of a coder moves.
    """
    return ThreadpoolController()


def unit_rows(rows: npt.NDArray[np.floating[Any]], *, smallest: float = 1e-9) -> Floats:
    """Rows (n, d) brought to length 1; rows shorter than `smallest` become 0."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    is_short = norms < smallest
    return np.asarray(np.where(is_short, 0.0, rows / np.where(is_short, 1.0, norms)))


def main_directions(rows: Floats, n_directions: int, *, by_smaller: bool = False) -> Floats:
    """Directions (d, k) of greatest spread of rows (n, d), by eigenvectors of their products (PCA).

    Their signs are arbitrary; see `fix_signs`. `by_smaller` works on the products of rows where
    there are fewer rows than columns, which has the same directions; those along which nothing
    spreads are then near 0 rather than of unit length.
    """
    centred = rows - rows.mean(axis=0)
    if by_smaller and len(rows) <= rows.shape[1]:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        kept = vectors[:, ::-1][:, :n_directions]
        spread = np.maximum(values[::-1][:n_directions], 1e-12)
        return np.asarray(centred.T @ (kept / np.sqrt(spread)))
    _, directions = np.linalg.eigh(centred.T @ centred)
    return np.asarray(directions[:, ::-1][:, :n_directions])


def fix_signs(directions: Floats, *, by: Floats | None = None) -> Floats:
    """Directions (d, k) turned so that the entry of greatest magnitude is positive in each column.

    The entry is one of the directions themselves, or of `by` (n, k), such as their coordinates.
    """
    by = directions if by is None else by
    signs = np.sign(by[np.abs(by).argmax(axis=0), np.arange(by.shape[1])])
    return np.asarray(directions * np.where(signs == 0, 1, signs))


def top_k(values: npt.NDArray[np.floating[Any]], k: int) -> Largest:
    """The k largest values of each row (n, m), rounded; of equals the one in the earlier column.

    Only values near the k-th largest and above are rounded and sorted.
    """
    n_rows, n_columns = values.shape
    kth = np.partition(values, n_columns - k, axis=1)[:, n_columns - k]
    row, column = np.nonzero(values >= (kth - 2 / 10**DECIMALS)[:, None])
    # Whole numbers, so that what is equal once rounded is equal.
    whole = np.rint(values[row, column].astype(np.float64) * 10**DECIMALS).astype(np.int64)
    order = np.lexsort((column, -whole, row))
    first = np.searchsorted(row, np.arange(n_rows))
    picked = order[first[:, None] + np.arange(k)]
    return Largest(column[picked].astype(np.intp), whole[picked] / 10**DECIMALS)
