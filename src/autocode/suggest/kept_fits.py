"""Fits that are kept: what was computed from the same words and codings is not computed again.

A fit is kept under the digest of exactly what it is made of: texts, vectors, codings, constants,
the source of this package, the versions of the libraries and the arithmetic of the machine. So what
is taken is what would be computed, to the last digit, and nothing has to be declared stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..cores import make_each
from ..linalg import describe_arithmetic

Arrays = Mapping[str, npt.NDArray[Any]]
"""The parts of a fit by name."""

_SOURCES = ("linalg.py", "suggest", "text", "themes")
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "hdbscan")


class FitCache(Protocol):
    """Where fits are kept between runs; what was put under a digest is what `get` returns."""

    def get(self, digest: str) -> Arrays | None:
        """The parts kept under a digest; None where there are none, or they are damaged."""

    def put(self, kind: str, digest: str, arrays: Arrays) -> None:
        """Keep the parts of a fit; `kind` says what is fitted."""


class NoFitCache:
    """Nothing is kept."""

    def get(self, digest: str) -> Arrays | None:
        """None."""

    def put(self, kind: str, digest: str, arrays: Arrays) -> None:
        """Keep nothing."""


class MemoryFitCache:
    """Fits kept in memory only; for notebooks and tests. `made` lists the kinds of those put."""

    def __init__(self) -> None:
        self._fits: dict[str, Arrays] = {}
        self.made: list[str] = []

    def get(self, digest: str) -> Arrays | None:
        """The parts kept under a digest."""
        return self._fits.get(digest)

    def put(self, kind: str, digest: str, arrays: Arrays) -> None:
        """Keep the parts of a fit."""
        self.made.append(kind)
        self._fits[digest] = dict(arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fit that is asked for.

    Attributes:
        kind: what is fitted.
        basis: all that the fit depends on, apart from source and libraries.
        make: computes its parts.
    """

    kind: str
    basis: tuple[object, ...]
    make: Callable[[], Arrays]


def take_or_make(
    cache: FitCache, kind: str, basis: Iterable[object], make: Callable[[], Arrays]
) -> Arrays:
    """The parts of one fit: those kept under the digest of its basis, else made now and kept."""
    (arrays,) = take_or_make_each(cache, [Fit(kind=kind, basis=tuple(basis), make=make)])
    return arrays


def take_or_make_each(
    cache: FitCache,
    fits: Sequence[Fit],
    *,
    at_once: int = 1,
    prepare: Callable[[], object] = lambda: None,
) -> list[Arrays]:
    """The parts of some fits, in their order.

    Args:
        cache: where fits are kept; used from the thread of the caller alone, as a connection to a
            study belongs to one.
        fits: what is asked for.
        at_once: how many are made at a time at most.
        prepare: called once before the first is made; computes what all of them read.
    """
    keeps = not isinstance(cache, NoFitCache)
    digests = [digest_fit(fit.kind, fit.basis) if keeps else "" for fit in fits]
    kept = [cache.get(digest) for digest in digests]
    missing = [fit.make for fit, known in zip(fits, kept, strict=True) if known is None]
    if missing:
        prepare()
    made = make_each(missing, at_once=at_once)
    arrays: list[Arrays] = []
    for fit, digest, known in zip(fits, digests, kept, strict=True):
        if known is None:
            arrays.append(_put_in_order(next(made)))
            cache.put(fit.kind, digest, arrays[-1])
        else:
            arrays.append(known)
    return arrays


def digest_fit(kind: str, basis: Iterable[object]) -> str:
    """What a fit is kept under: its kind, its basis, and what computes it."""
    return compute_digest((kind, _describe_makers(), *basis))


def _put_in_order(arrays: Arrays) -> Arrays:
    """Arrays without gaps: sums are added in the order in which values lie in memory."""
    return {
        name: array if array.flags.forc else array.copy(order="K") for name, array in arrays.items()
    }


def compute_digest(parts: Iterable[object]) -> str:
    """SHA-256 of values in order: arrays by type, shape and content, all others by their `repr`."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            head = f"{part.dtype.str}{part.shape}".encode()
            content: Any = np.ascontiguousarray(part).data
        else:
            head, content = b"", repr(part).encode("utf-8", "surrogatepass")
        # Lengths before contents, so that no two lists of parts read the same.
        size = content.nbytes if isinstance(content, memoryview) else len(content)
        digest.update(f"{len(head)} {size} ".encode() + head)
        digest.update(content)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _describe_makers() -> str:
    """What computes: digest of our source, versions of the libraries, arithmetic of the machine."""
    return f"{_digest_sources()} {[_version(name) for name in _LIBRARIES]} {describe_arithmetic()}"


def _digest_sources() -> str:
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in _list_sources(root):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _list_sources(root: Path) -> Sequence[Path]:
    places = (root / name for name in _SOURCES)
    return sorted(
        path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
