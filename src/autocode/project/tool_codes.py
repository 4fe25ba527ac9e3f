"""The codes of another tool's project beside the study's own: which are the same, new, or differ.

As with a second codebook the study keeps what it says of its codes; what the project says
otherwise is shown, and taken where that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.codebook import Code, Codebook
from ..core.codebook_merge import CodebookChange, CodebookFile, merge_codebook
from ..core.errors import FileRefused, InputError, one_line
from ..exchange.losses import LossLedger
from ..exchange.project import ToolProject
from ..io.tables.qdc import STATED, as_qdc_holds, guid_of, make_code
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.earlier_codes import earlier_codes
from ..store.file import Connection
from .tool_reading import order_codes

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenCodes:
    """The study's id of each code of a project by guid, and lines on what the two say otherwise.

    `n_stored` codes are new to the study or changed in it.
    """

    ids: Mapping[str, str]
    differences: tuple[str, ...] = ()
    n_stored: int = 0


def take_codes(
    connection: Connection,
    project: ToolProject,
    path: Path,
    ledger: LossLedger,
    *,
    is_updating: bool,
) -> TakenCodes:
    """Store the codes that are new to the study, and with `is_updating` what differs as well.

    Raises:
        FileRefused: if the codes of both together do not form a tree.
    """
    made: dict[str, Code] = {}
    ids: dict[str, str] = {}
    for code in order_codes(project):
        own = make_code(
            code.name,
            code.description,
            parent=ids.get(code.parent or ""),
            taken=made,
            colour=code.colour,
            codable=code.codable,
            guid=code.guid,
        )
        made[own.id] = own
        ids[code.guid] = own.id
    if not made:
        return TakenCodes(ids={})
    file = CodebookFile(
        codebook=Codebook(tuple(made.values())), stated=STATED, has_ids=False, as_held=as_qdc_holds
    )
    known = read_codebook(connection)
    try:
        change = merge_codebook(known, file, guid_of, earlier_codes(connection), revive=True)
    except FileRefused:
        raise
    except InputError as error:
        raise FileRefused.because(
            path, str(error), remedy="Nothing of this project was imported."
        ) from None
    n_stored = put_codes(connection, change.codes if is_updating else change.without_revisions())
    ledger.keep("codes", len(ids))
    if change.n_differ and not is_updating:
        reason = (
            "say otherwise than the study, which keeps its own; to take theirs, import the project "
            "again with --update-codes"
        )
        ledger.change("codes", reason, "", change.n_differ)
    return TakenCodes(
        ids={guid: change.ids.get(code_id, code_id) for guid, code_id in ids.items()},
        differences=_describe(change, made, is_updating=is_updating),
        n_stored=n_stored,
    )


def _describe(
    change: CodebookChange, made: Mapping[str, Code], *, is_updating: bool
) -> tuple[str, ...]:
    """Which codes of the study were found by their names, and what the project says otherwise."""
    lines = replace(change, left_out=()).describe(taken=is_updating)
    names = [
        one_line(before.name, 40)
        for code in made.values()
        if (before := change.before.get(change.ids.get(code.id, "")))
        and (before.guid or "").upper() != (code.guid or "").upper()
    ]
    if not names:
        return lines
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    if len(names) == 1:
        same = f"1 code is taken for the one of this name in the study: {shown}; if it means"
        remedy = "something else, take the import back and rename it first"
    else:
        same = f"{len(names)} codes are taken for those of these names in the study: {shown}{more}"
        same, remedy = f"{same}; if they mean", "other things, take the import back and rename them"
    return (f"{same} {remedy}", *lines)
