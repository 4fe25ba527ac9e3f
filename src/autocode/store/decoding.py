"""The one way from stored values to objects, so that damage is one line and never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from ..core.errors import StudyError

_Built = TypeVar("_Built")

# What building an object of our own from altered bytes can raise: text that is no JSON or has
# another shape, a span that ends before it begins, a word that is none of the allowed ones.
_DAMAGE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class DamagedValue(StudyError):
    """A stored value that cannot be what this library wrote: its `table` and `row`."""

    def __init__(self, table: str, row: str, path: Path | None = None) -> None:
        where = f"{path}: " if path is not None else ""
        super().__init__(
            f"{where}is damaged: a value in {row} of its table '{table}' cannot be read. "
            "Go back to your last copy of it."
        )
        self.table, self.row = table, row


def decode_rows(
    table: str,
    rows: Iterable[Any],
    build: Callable[[Any], _Built],
) -> list[_Built]:
    """What `build` makes of each row of a table.

    Raises:
        DamagedValue: if it cannot be made of one; the message quotes nothing that is stored.
    """
    built = []
    for row in rows:
        try:
            built.append(build(row))
        except _DAMAGE:
            raise DamagedValue(table, _name_of(row)) from None
    return built


def decode_whole(table: str, build: Callable[[], _Built]) -> _Built:
    """What `build` makes of a table's rows together, such as a codebook of its codes."""
    try:
        return build()
    except _DAMAGE:
        raise DamagedValue(table, "some row") from None


def _name_of(row: Any) -> str:  # noqa: ANN401 - a SQLAlchemy Row
    """How a person finds the row: its number, or whatever else is the key of its table."""
    values = row._asdict() if hasattr(row, "_asdict") else {}  # the driver's are plain tuples
    for key in ("id", "suggestion_id", "number"):
        if isinstance(values.get(key), int):
            return f"row {values[key]}"
    keys = [str(values[key]) for key in ("transcript_id", "start") if key in values]
    return f"row {':'.join(keys)}" if keys else "some row"
