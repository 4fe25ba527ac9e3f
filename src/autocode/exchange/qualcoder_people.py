"""Cases, attributes and their values in a QualCoder project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ..untrusted_sqlite import UntrustedDatabase
from .case_members import CaseMembers, Member
from .losses import LossLedger
from .project import Selection, ToolCase, Value, Variable
from .stored_text import StoredText
from .tool_database import Identities


def read_variables(database: UntrustedDatabase, ids: Identities) -> tuple[Variable, ...]:
    """The attributes of cases and files; QualCoder knows numbers and characters."""
    return tuple(
        Variable(
            guid=ids.guid("attribute_type", row.text("name")),
            name=row.text("name"),
            kind="Float" if row.text("valuetype") == "numeric" else "Text",
            description=row.text("memo"),
        )
        for row in database.rows("attribute_type", "name", "valuetype", "memo")
    )


def read_values(
    database: UntrustedDatabase, ids: Identities, ledger: LossLedger, of: str
) -> Mapping[int, tuple[Value, ...]]:
    """The values of "case" or "file" by its number; an empty one is None, as everything has one."""
    known = {row.text("name") for row in database.rows("attribute_type", "name")}
    values: dict[int, list[Value]] = defaultdict(list)
    for row in database.rows("attribute", "name", "attr_type", "value", "id"):
        if row.text("attr_type") != of:
            continue
        if row.text("name") in known:
            variable = ids.guid("attribute_type", row.text("name"))
            values[row.integer("id")].append(
                Value(variable=variable, value=row.text("value") or None)
            )
        else:
            ledger.lose("values", "their attribute is not there", row.place)
    return {number: tuple(held) for number, held in values.items()}


def read_cases(
    database: UntrustedDatabase,
    ids: Identities,
    ledger: LossLedger,
    texts: Mapping[int, StoredText],
    names: Mapping[int, str],
) -> tuple[tuple[ToolCase, ...], list[Selection]]:
    """The cases, and the spans of text that belong to one and are no whole file."""
    values = read_values(database, ids, ledger, "case")
    for row in database.rows("attribute", "attr_type", "value"):
        if row.text("attr_type") not in ("case", "file") and row.text("value"):
            ledger.lose("values", "only cases and files have attributes", row.place)
    members = CaseMembers(values=values)
    columns = ("id", "caseid", "fid", "pos0", "pos1", "owner", "date", "memo")
    for row in database.rows("case_text", *columns):
        source = row.integer("fid")
        if source not in names:
            ledger.lose("files of cases", "the file is not there", row.place)
            continue
        member = Member(
            guid=ids.guid("case_text", row.integer("id")),
            source=ids.guid("source", source),
            name=names[source],
            stored=texts.get(source),
            start=row.find_integer("pos0") or 0,
            end=row.find_integer("pos1") or 0,
        )
        members.add_row(ledger, ids, row, row.integer("caseid"), member)
    for row in database.rows("cases", "caseid", "name", "memo"):
        number = row.integer("caseid")
        guid = ids.guid("cases", number)
        members.make_case(number, guid, row.text("name"), row.text("memo"))
    return members.close(ledger)
