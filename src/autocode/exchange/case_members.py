"""What belongs to the cases of a tool's project, gathered by number before the cases are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..untrusted_sqlite import ForeignRow
from .anchoring import anchor_noted
from .losses import LossLedger
from .project import Selection, ToolCase, Value
from .stored_text import StoredText
from .tool_database import Identities, lose_orphans, read_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Words of a source as a tool puts them into a case: `start` and `end` as it counts.

    0..0 is the whole source, as is one without words (`stored` None). `guid` is that of the span.
    """

    guid: str
    source: str
    name: str
    stored: StoredText | None
    start: int = 0
    end: int = 0


@dataclass(slots=True, kw_only=True)
class CaseMembers:
    """Values, whole sources (guids) and spans of sources, by the numbers of cases."""

    values: Mapping[int, tuple[Value, ...]]
    sources: dict[int, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    spans: dict[int, list[Selection]] = field(default_factory=lambda: defaultdict(list))
    _cases: dict[int, ToolCase] = field(default_factory=dict)

    def add_row(
        self, ledger: LossLedger, ids: Identities, row: ForeignRow, case: int, member: Member
    ) -> None:
        """A row that puts a whole source or words of it into a case.

        It may hold who made it (owner, date) and a memo, which only a span of words can carry.
        """
        stored, start, end = member.stored, member.start, member.end
        if stored is None or (start == 0 and (end == 0 or end >= stored.n_stored - 1)):
            self.sources[case][member.source] = None
            if row.text("memo"):
                ledger.lose("memos on files of cases", "a whole file of a case has none", row.place)
            return
        place = anchor_noted(
            ledger,
            "spans of cases",
            member.name,
            stored.text,
            stored.find(start),
            stored.find(end),
        )
        if place is not None:
            self.spans[case].append(
                Selection(
                    guid=member.guid,
                    source=member.source,
                    start=place.start,
                    end=place.end,
                    description=row.text("memo"),
                    coder=ids.coder(row.text("owner")),
                    made_at=read_time(row.text("date")),
                )
            )

    def make_case(self, number: int, guid: str, name: str, description: str) -> None:
        """A case with what belongs to it."""
        self._cases[number] = ToolCase(
            guid=guid,
            name=name,
            description=description,
            values=self.values.get(number, ()),
            sources=tuple(self.sources.get(number, ())),
            selections=tuple(span.guid for span in self.spans.get(number, ())),
        )

    def close(self, ledger: LossLedger) -> tuple[tuple[ToolCase, ...], list[Selection]]:
        """The cases and the spans of them; what belongs to a case that is not there is lost."""
        for what, held in (
            ("values", self.values),
            ("files of cases", self.sources),
            ("spans of cases", self.spans),
        ):
            lose_orphans(ledger, what, "their case is not there", held, self._cases)
        spans = [span for n, held in self.spans.items() if n in self._cases for span in held]
        return tuple(self._cases.values()), spans
