"""What the history calls codes and themes that an act names by their keys: by their names."""

from __future__ import annotations

from ..core.codebook import Codebook
from ..core.errors import NotFound
from ..store.codebook import codebook
from ..store.file import StudyFile


def name_code(study: StudyFile, code: str, seen: Codebook | None = None) -> str:
    """The name of the code of this id, name or path, as the codebook writes it.

    A blind coder's acts say it as the codebook that they see has it (`seen`).
    """
    if seen is not None:
        return _find(seen, code)
    with study.reading() as connection:
        query = "SELECT name FROM codes WHERE code = ?"
        row = connection.exec_driver_sql(query, (code,)).one_or_none()
        # Who types a code by its name types it in letters of their own.
        return row[0] if row else _find(codebook(connection), code)


def _find(known: Codebook, code: str) -> str:
    try:
        return known.find(code).name
    except NotFound:  # which the act itself says
        return code
