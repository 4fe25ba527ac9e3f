"""Vectors kept in the study file, by encoder digest and text digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from . import schema as t
from .capture import driver_of
from .file import Connection, StudyFile

Vectors = npt.NDArray[np.float32]
_AT_ONCE = 500


class StudyVectorCache:
    """The study's own vector cache, little-endian float32.

    On a read-only study new vectors are used and forgotten.
    """

    def __init__(self, study: StudyFile) -> None:
        self._study = study

    def get(self, encoder_digest: str, text_digests: Iterable[str]) -> dict[str, Vectors]:
        """The vectors known for these texts, by text digest."""
        wanted = sorted(set(text_digests))
        vectors: dict[str, Vectors] = {}
        with self._study.reading() as connection:
            for at in range(0, len(wanted), _AT_ONCE):
                query = select(t.vectors.c.text_digest, t.vectors.c.vector).where(
                    t.vectors.c.encoder_digest == encoder_digest,
                    t.vectors.c.text_digest.in_(wanted[at : at + _AT_ONCE]),
                )
                for row in connection.execute(query):
                    vectors[row.text_digest] = np.frombuffer(row.vector, dtype="<f4")
        return vectors

    def put(self, encoder_digest: str, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by text digest."""
        if self._study.read_only or not vectors:
            return
        rows = [
            {
                "encoder_digest": encoder_digest,
                "text_digest": digest,
                "vector": np.asarray(vector, dtype="<f4").tobytes(),
            }
            for digest, vector in vectors.items()
        ]
        with self._study.keeping() as connection:
            connection.execute(insert(t.vectors).on_conflict_do_nothing(), rows)


def vectors_beside(connection: Connection, text_digest: str) -> tuple[list[str], Vectors]:
    """All vectors by the encoder that made most of those beside this text's: digests and rows.

    Nothing, and no rows, where no encoder has made one of this text.
    """
    driver = driver_of(connection)
    encoder = driver.execute(
        "SELECT encoder_digest FROM vectors WHERE encoder_digest IN"
        " (SELECT encoder_digest FROM vectors WHERE text_digest = ?)"
        " GROUP BY encoder_digest ORDER BY count(*) DESC, encoder_digest LIMIT 1",
        [text_digest],
    ).fetchone()
    if encoder is None:
        return [], np.zeros((0, 0), dtype=np.float32)
    rows = driver.execute(
        "SELECT text_digest, vector FROM vectors WHERE encoder_digest = ? ORDER BY text_digest",
        encoder,
    ).fetchall()
    flat = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f4")
    return [digest for digest, _ in rows], flat.reshape(len(rows), -1)
