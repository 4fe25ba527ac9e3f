"""What the readers of tools' databases share: guids that stay the same, coders by name, colours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sized
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..untrusted_sqlite import UntrustedDatabase
from .losses import LossLedger
from .project import ToolCode, ToolCoder, make_guid

_DAY_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
_CTIME = "%a %b %d %H:%M:%S %Y"
_HEX_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?\Z")


@dataclass(slots=True)
class Identities:
    """Guids for rows that have numbers only; `project` tells this one from others of the format.

    The same row of the same project always has the same guid, so that reading a newer state of it
    updates what was read before.
    """

    format: str
    project: str
    _coders: dict[str, ToolCoder] = field(default_factory=dict)

    def guid(self, table: str, *keys: object) -> str:
        """The guid of a row."""
        return make_guid(self.format, self.project, table, *map(str, keys))

    def coder(self, name: str) -> str | None:
        """The guid of a coder, who is made when first named; None without a name."""
        if not name.strip():
            return None
        if name not in self._coders:
            self._coders[name] = ToolCoder(guid=self.guid("coder", name), name=name)
        return self._coders[name].guid

    @property
    def coders(self) -> tuple[ToolCoder, ...]:
        """All who were named, in that order."""
        return tuple(self._coders.values())


def read_colour(ledger: LossLedger, colour: str, place: str) -> str:
    """A colour as "#rrggbb"; one in another form is noted as lost."""
    if _HEX_COLOUR.match(colour):
        return colour[:7]
    if colour.strip():
        ledger.lose("colours", "not in the form #rrggbb", f"{place}: {colour}")
    return ""


def read_time(written: str) -> str:
    """A time as ISO 8601, from "2026-01-15 10:20:30" or C's "Thu Apr 30 18:54:26 2015".

    Anything else is kept as it is written.
    """
    if stamp := _DAY_AND_TIME.match(written):
        return f"{stamp[1]}T{stamp[2]}{written[stamp.end() :]}"
    try:
        return datetime.strptime(" ".join(written.split()), _CTIME).isoformat()
    except ValueError:
        return written


def settle_codes(ledger: LossLedger, codes: Iterable[ToolCode]) -> tuple[ToolCode, ...]:
    """The codes, each guid once, below codes that are there, and none below itself."""
    by_guid: dict[str, ToolCode] = {}
    for code in codes:
        if by_guid.setdefault(code.guid, code) is not code:
            ledger.lose("codes", "the number of another code", code.name)

    def put_at_the_top(guid: str, reason: str) -> None:
        ledger.change("codes", f"{reason}: put at the top", by_guid[guid].name)
        by_guid[guid] = replace(by_guid[guid], parent=None)

    settled: set[str] = set()  # each is walked over once, however long a chain is
    for guid in list(by_guid):
        passed: set[str] = set()
        at: str | None = guid
        while at is not None and at not in settled and at not in passed:
            passed.add(at)
            above = by_guid[at].parent
            if above is not None and above not in by_guid:
                put_at_the_top(at, "what they are below is not there")
                above = None
            at = above
        if at is not None and at in passed:
            put_at_the_top(at, "below itself")
        settled |= passed
    return tuple(by_guid.values())


def lose_tables(
    database: UntrustedDatabase, ledger: LossLedger, tables: Iterable[tuple[str, str, str]]
) -> None:
    """Note the rows of tables that have no place in a project: (table, what they are, reason)."""
    for table, what, reason in tables:
        columns = database.columns.get(table, ())
        n_rows = sum(1 for _ in database.rows(table, *columns[:1]))
        ledger.lose(what, reason, count=n_rows)


def lose_orphans(
    ledger: LossLedger, what: str, reason: str, held: Mapping[int, Sized], known: Collection[int]
) -> None:
    """Note as lost what rows say of things that are not there.

    `held` is by the number of the thing that has it, `known` are the numbers there are.
    """
    for number, things in held.items():
        if number not in known:
            ledger.lose(what, reason, f"number {number}", len(things))


def note_oddities(
    database: UntrustedDatabase, ledger: LossLedger, *, expected: Collection[str] = ()
) -> None:
    """Say of a file that was read what was not run in it, and what was in no valid UTF-8.

    `expected` are the views that the tool itself makes.
    """
    rules = [name for name in database.rules if name not in expected]
    if rules:
        ledger.note(
            f"holds {len(rules)} triggers, views or virtual tables, which were not run "
            f"({', '.join(rules[:3])})"
        )
    if database.misread:
        ledger.change(
            "texts",
            "bytes that are no valid UTF-8 became replacement characters",
            count=database.misread,
        )
