"""A code as every act found it and left it, from the history."""

from __future__ import annotations

from sqlalchemy import Connection

from ..core.acts import Change
from ..core.code_change import CodeVersion
from ..core.codebook import Code
from .acts import acts, acts_on_row, changes_of
from .codebook import code_numbers, codes_of_rows


def code_versions(connection: Connection, code: str) -> list[CodeVersion]:
    """What acts made of a code (its id), oldest first; those before it was a code of this study.

    Acts that moved it in the order alone are left out.
    """
    row = (code_numbers(connection)[code],)
    numbers = sorted(set(acts_on_row(connection, "codes", row)))
    if not numbers:
        return []
    wanted, by_act = set(numbers), changes_of(connection, numbers)
    versions = []
    for act in acts(connection):
        if act.number not in wanted:
            continue
        for change in by_act[act.number]:
            if change is not None and change.table == "codes" and change.row == row:
                before, after = _code(change, change.before), _code(change, change.after)
                if before is None or after is None or _says(before) != _says(after):
                    versions.append(CodeVersion(act=act, before=before, after=after))
    return versions


def _code(change: Change, values: tuple[object, ...] | None) -> Code | None:
    if values is None:
        return None
    row = dict(zip(change.columns, values, strict=True))
    # A code written by an older version lacks what came later.
    known = {"revision": 1, "archived": 0, "family": None, "guid": None, "codable": 1} | row
    return codes_of_rows([known])[0]


def _says(code: Code) -> tuple[object, ...]:
    return code, code.revision, code.archived
