"""Sheets of a codebook as its themes: a workbook with one sheet for each, under equal headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .table import Table

# What spreadsheets call a new sheet, and what people call the one sheet or a version of it.
_GENERIC = re.compile(
    r"(?:sheet|tabelle|blatt|feuil(?:le)?|hoja|foglio|planilha|folha|blad|ark|arkusz|list|munka"
    r"|taulukko|sayfa|лист|аркуш|シート|工作表|시트|codes?|codebook|code ?system|kod(?:e|ier)\w*"
    r"|import|export|data|daten|table|draft|final|old|new|copy|version|v|wave|round)?"
    r"[\s_.-]*[(]?[\d.\s-]*[)]?",
    re.IGNORECASE,
)
_SHOWN = 6
Paths = list[tuple[str, ...]]


def put_under_sheets(table: Table, paths: Sequence[Sequence[str]]) -> tuple[Paths, str]:
    """The paths of a table's rows, each below its sheet, and how to say so.

    They stay as they are, and nothing is said, where the table has one sheet, a sheet has a name
    that says nothing ("Sheet1", "v2"), or most codes stand on several sheets, which then hold
    versions of one list.
    """
    own = [tuple(path) for path in paths]
    sheets = list(dict.fromkeys(row.sheet for row in table.rows))
    if len(sheets) < 2 or any(_GENERIC.fullmatch(name.strip()) for name in sheets):
        return own, ""
    on_sheets = {(path, row.sheet) for path, row in zip(own, table.rows, strict=True)}
    n_codes = len({path for path, _ in on_sheets})
    if len(on_sheets) - n_codes > 0.5 * n_codes:
        return own, ""
    under = [
        path if path[0].casefold() == row.sheet.strip().casefold() else (row.sheet.strip(), *path)
        for path, row in zip(own, table.rows, strict=True)
    ]
    shown = ", ".join(f"'{name}'" for name in sheets[:_SHOWN])
    more = f" and {len(sheets) - _SHOWN} more" if len(sheets) > _SHOWN else ""
    return under, f"sheets {shown}{more} read as parents"
