"""Fits kept in the study file: arrays by the digest of what they were computed from.

Damaged entries are as good as none, as they are computed again; nothing of another program's making
is run, since an entry is a head in JSON and plain numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from ..core.errors import StudyError
from . import schema as t
from .file import Connection, StudyFile

Arrays = Mapping[str, npt.NDArray[Any]]

MOST_BYTES = 256 << 20
"""What the fits of one study may take; those used longest ago go first."""
MOST_OF_KIND = 24
_LARGEST = MOST_BYTES // 2
_TYPES = frozenset({"<f4", "<f8", "<i4", "<i8", "|u1", "|b1"})
_HEAD_BYTES = 8
_ALIGNED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFits:
    """How many fits of a kind are kept, and in how many bytes."""

    kind: str
    n_fits: int
    n_bytes: int


class StudyFitCache:
    """The fits of a study; on a read-only study new ones are used and forgotten."""

    def __init__(self, study: StudyFile) -> None:
        self._study = study
        self._taken: set[str] = set()

    def get(self, digest: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays kept under a digest; None where there are none, or they are damaged."""
        query = select(t.fits.c.content, t.fits.c.content_digest).where(t.fits.c.digest == digest)
        with self._study.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or hashlib.sha256(row.content).hexdigest() != row.content_digest:
            return None
        self._taken.add(digest)
        return unpack_arrays(row.content)

    def put(self, kind: str, digest: str, arrays: Arrays) -> None:
        """Keep arrays; the study is not changed by it, and what cannot be kept is left out."""
        content = pack_arrays(arrays)
        if self._study.read_only or len(content) > _LARGEST:
            return
        try:
            with self._study.keeping() as connection:
                self._store(connection, kind, digest, content)
        except StudyError:
            # Locked by another program, or the disk is full: it is computed again next time.
            return

    def _store(self, connection: Connection, kind: str, digest: str, content: bytes) -> None:
        used = connection.execute(select(func.coalesce(func.max(t.fits.c.used), 0))).scalar_one()
        row = {
            "digest": digest,
            "kind": kind,
            "content": content,
            "content_digest": hashlib.sha256(content).hexdigest(),
            "used": used + 1,
        }
        made = insert(t.fits).values(row)
        connection.execute(made.on_conflict_do_update(index_elements=["digest"], set_=row))
        for taken in self._taken:
            touched = t.fits.update().where(t.fits.c.digest == taken)
            connection.execute(touched.values(used=used + 1))
        self._taken.clear()
        for outdated in _list_outdated(connection):
            connection.execute(t.fits.delete().where(t.fits.c.digest == outdated))


def list_fits(connection: Connection) -> list[KeptFits]:
    """What is kept, by kind."""
    query = (
        select(t.fits.c.kind, func.count(), func.sum(func.length(t.fits.c.content)))
        .group_by(t.fits.c.kind)
        .order_by(t.fits.c.kind)
    )
    return [
        KeptFits(kind=kind, n_fits=n, n_bytes=n_bytes)
        for kind, n, n_bytes in connection.execute(query)
    ]


def drop_fits(connection: Connection) -> int:
    """Drop all fits; returns how many."""
    return int(connection.execute(t.fits.delete()).rowcount)


def pack_arrays(arrays: Arrays) -> bytes:
    """Named arrays as bytes: a head in JSON with type, shape and order of each, then the numbers.

    Raises:
        ValueError: for an array of another type than numbers and flags.
    """
    head, parts = [], []
    for name, array in arrays.items():
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if little.dtype.str not in _TYPES:
            raise ValueError(f"'{name}' is of type {array.dtype}")
        head.append([name, little.dtype.str, list(array.shape), order])
        parts.append(_pad(little.tobytes(order="F" if order == "F" else "C")))
    described = json.dumps(head).encode()
    described += b" " * (-(_HEAD_BYTES + len(described)) % _ALIGNED)
    return b"".join((len(described).to_bytes(_HEAD_BYTES, "little"), described, *parts))


def unpack_arrays(content: bytes) -> dict[str, npt.NDArray[Any]] | None:
    """The arrays that `pack_arrays` packed, read-only; None if these are no such bytes."""
    try:
        return dict(_unpack(content))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def _unpack(content: bytes) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    start = _HEAD_BYTES + int.from_bytes(content[:_HEAD_BYTES], "little")
    for name, kind, shape, order in json.loads(content[_HEAD_BYTES:start]):
        if kind not in _TYPES or any(not isinstance(n, int) or n < 0 for n in shape):
            raise ValueError(kind)
        n = int(np.prod(shape, dtype=object))
        flat = np.frombuffer(content, dtype=np.dtype(kind), count=n, offset=start)
        start += flat.nbytes + -flat.nbytes % _ALIGNED
        yield str(name), flat.reshape(shape, order="F" if order == "F" else "C")
    if start != len(content):
        raise ValueError("bytes are left over")


def _pad(content: bytes) -> bytes:
    """Zeros after it, so that the numbers of the next array begin where processors want them."""
    return content + bytes(-len(content) % _ALIGNED)


def _list_outdated(connection: Connection) -> list[str]:
    """The digests of fits that are too many or too much, the one used last not among them."""
    size = func.length(t.fits.c.content)
    query = select(t.fits.c.digest, t.fits.c.kind, size).order_by(t.fits.c.used.desc())
    of_kind: dict[str, int] = {}
    total, outdated = 0, []
    for digest, kind, n_bytes in connection.execute(query):
        of_kind[kind] = of_kind.get(kind, 0) + 1
        total += n_bytes
        if of_kind[kind] > MOST_OF_KIND or total > MOST_BYTES:
            outdated.append(digest)
    return outdated
