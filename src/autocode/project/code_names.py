"""What the history calls codes and themes that an act names by their keys: by their names."""

from __future__ import annotations

from ..core.codebook import Codebook
from ..store.file import StudyFile


def name_code(study: StudyFile, code: str, seen: Codebook | None = None) -> str:
    """The name of the code of this id; what is no id is a name already.

    A blind coder's acts say it as the codebook that they see has it (`seen`).
    """
    if seen is not None:
        return seen.by_id[code].name if code in seen else code
    with study.reading() as connection:
        query = "SELECT name FROM codes WHERE code = ?"
        row = connection.exec_driver_sql(query, (code,)).one_or_none()
    return row[0] if row else code
