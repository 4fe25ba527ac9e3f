"""What every result can do: become plain data, a table, and a table in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS_SHOWN = 50


class Result(ABC):
    """A result that shows itself: `to_dict` for JSON, `to_frame` for pandas, HTML in a notebook.

    A class says what it is in `to_dict` (made with `to_payload`) and what its rows are in
    `to_rows`; the rest follows.
    """

    __slots__ = ()

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, as `--json` prints it; the shapes are in `docs/json.md`."""

    @abstractmethod
    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """Its main table, a row a mapping from column to a plain value; may be empty."""

    def to_frame(self) -> pd.DataFrame:
        """Its main table as a pandas frame, a column for each key of `to_rows`."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.to_rows()])

    def _repr_html_(self) -> str:
        return html_table(self.to_rows())


def html_table(rows: Sequence[Mapping[str, Any]], *, most: int = MOST_ROWS_SHOWN) -> str:
    """The first `most` rows as an HTML table, every word escaped; says how many are left out."""
    if not rows:
        return "<p>Nothing to show.</p>"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = "".join(f"<th>{escape(str(column))}</th>" for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(row.get(column))}</td>' for column in columns)}</tr>"
        for row in rows[:most]
    )
    rest = f"<p>… and {len(rows) - most} more rows.</p>" if len(rows) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return escape(f"{value:.3f}" if isinstance(value, float) else str(value))
