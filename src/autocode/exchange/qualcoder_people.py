"""Cases, attributes and their values in a QualCoder project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ..untrusted_sqlite import UntrustedDatabase
from .anchoring import anchor_noted
from .losses import LossLedger
from .project import Selection, ToolCase, Value, Variable
from .stored_text import StoredText
from .tool_database import Identities, read_time


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
        elif row.text("value"):
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
    sources: dict[int, list[str]] = defaultdict(list)
    parts: dict[int, list[Selection]] = defaultdict(list)
    columns = ("id", "caseid", "fid", "pos0", "pos1", "owner", "date", "memo")
    for row in database.rows("case_text", *columns):
        case, source = row.integer("caseid"), row.integer("fid")
        start, end = row.find_integer("pos0") or 0, row.find_integer("pos1") or 0
        stored = texts.get(source)
        if source not in names:
            ledger.lose("files of cases", "the file is not there", row.place)
        elif stored is None or (start == 0 and (end == 0 or end >= stored.n_stored - 1)):
            sources[case].append(ids.guid("source", source))
        else:
            place = anchor_noted(
                ledger,
                "spans of cases",
                names[source],
                stored.text,
                stored.find(start),
                stored.find(end),
            )
            if place is not None:
                parts[case].append(
                    Selection(
                        guid=ids.guid("case_text", row.integer("id")),
                        source=ids.guid("source", source),
                        start=place.start,
                        end=place.end,
                        description=row.text("memo"),
                        coder=ids.coder(row.text("owner")),
                        made_at=read_time(row.text("date")),
                    )
                )
    cases = []
    for row in database.rows("cases", "caseid", "name", "memo"):
        number = row.integer("caseid")
        cases.append(
            ToolCase(
                guid=ids.guid("cases", number),
                name=row.text("name"),
                description=row.text("memo"),
                values=values.get(number, ()),
                sources=tuple(dict.fromkeys(sources.get(number, ()))),
                selections=tuple(part.guid for part in parts.get(number, ())),
            )
        )
    return tuple(cases), [part for case in parts.values() for part in case]
