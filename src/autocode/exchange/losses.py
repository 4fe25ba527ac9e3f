"""What became of a project on its way from one shape to another: kept, changed, or lost.

Nothing is dropped without an item here. A reader begins a `LossLedger`, notes each thing as it
meets it, and closes it into a `LossReport`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..core.counted import say_plural
from ..core.errors import one_line
from ..serialise.plain import to_payload
from ..serialise.result import Result

if TYPE_CHECKING:
    from .project import ToolProject

Outcome = Literal["kept", "changed", "lost"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

MOST_PLACES = 20
"""How many places of one item are named; all are counted."""


UNSEEN = ", kept unseen"
"""How the name of things ends that a study keeps for export and does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossItem:
    """`count` things of one kind (`what`, plural: "codings") that had one outcome, and why.

    `places` name the first `MOST_PLACES` of them; `reason` is empty for what was kept.
    """

    outcome: Outcome
    what: str
    count: int
    reason: str = ""
    places: tuple[str, ...] = ()

    def describe(self) -> str:
        """The item in a line: "lost 2 pictures: a study holds words only (a.png, b.png)"."""
        reason = f": {self.reason}" if self.reason else ""
        shown = ", ".join(one_line(place, 60) for place in self.places[:3])
        # Where one place stands for several things, nobody knows how many more of them there are.
        is_each_named = len(self.places) == min(self.count, MOST_PLACES)
        more = f" and {self.count - 3} more" if is_each_named else " and others"
        more = more if len(self.places) > 3 else ""
        where = f" ({shown}{more})" if shown else ""
        return f"{self.outcome:<8}{say_plural(self.count, self.what)}{reason}{where}"


@dataclass(frozen=True, slots=True)
class LossReport(Result):
    """The items of one import or export; `notes` are facts, such as how offsets count."""

    items: tuple[LossItem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_lossless(self) -> bool:
        """Whether everything was kept as it was."""
        return all(item.outcome == "kept" for item in self.items)

    def count(self, outcome: Outcome, what: str | None = None) -> int:
        """How many things had an outcome, of one kind or of all."""
        return sum(
            item.count
            for item in self.items
            if item.outcome == outcome and what in (None, item.what)
        )

    def to_lines(self) -> list[str]:
        """A line for what was kept, one for what is kept unseen, and one for each other item."""
        kept: list[str] = []
        unseen: list[str] = []
        for item in self.items:
            if item.outcome == "kept":
                what = item.what.removesuffix(UNSEEN)
                (kept if what == item.what else unseen).append(say_plural(item.count, what))
        lines = [f"{'kept':<8}{', '.join(kept)}"] if kept else []
        lines += [f"{'unseen':<8}{'; '.join(unseen)} (kept for export)"] if unseen else []
        lines += [item.describe() for item in self.items if item.outcome != "kept"]
        return lines + [f"{'note':<8}{one_line(note, 300)}" for note in self.notes]

    def to_dict(self) -> dict[str, Any]:
        """The items and notes as plain data."""
        return to_payload("losses", {"items": self.items, "notes": self.notes})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each item."""
        return [
            {
                "outcome": item.outcome,
                "what": item.what,
                "count": item.count,
                "reason": item.reason,
                "places": "; ".join(item.places),
            }
            for item in self.items
        ]


@dataclass(slots=True)
class LossLedger:
    """What is counted while a project is read or written; `searched` are characters of texts."""

    searched: int = 0
    _counts: dict[tuple[Outcome, str, str], int] = field(default_factory=dict)
    _places: dict[tuple[Outcome, str, str], list[str]] = field(default_factory=dict)
    _notes: dict[str, None] = field(default_factory=dict)

    def keep(self, what: str, count: int = 1) -> None:
        """Count things that came through as they were."""
        self._add("kept", what, "", "", count)

    def change(self, what: str, reason: str, place: str = "", count: int = 1) -> None:
        """Count things that came through otherwise than they were."""
        self._add("changed", what, reason, place, count)

    def lose(self, what: str, reason: str, place: str = "", count: int = 1) -> None:
        """Count things that did not come through."""
        self._add("lost", what, reason, place, count)

    def keep_all(self, project: ToolProject) -> None:
        """Count everything that a project holds, but its carried files."""
        for what, things in (
            ("coders", project.coders),
            ("codes", project.codes),
            ("variables", project.variables),
            ("cases", project.cases),
            ("sources", project.sources),
            ("selections", project.selections),
            ("notes", project.notes),
            ("links", project.links),
            ("sets", project.collections),
            ("graphs", project.graphs),
        ):
            self.keep(what, len(things))
        self.keep("codings", sum(1 for _ in project.walk_codings()))

    def note(self, note: str) -> None:
        """Keep a fact of the whole; said twice, it stands once."""
        self._notes[note] = None

    def _add(self, outcome: Outcome, what: str, reason: str, place: str, count: int) -> None:
        if not count:
            return
        key = (outcome, what, reason)
        self._counts[key] = self._counts.get(key, 0) + count
        places = self._places.setdefault(key, [])
        if place and len(places) < MOST_PLACES and place not in places:
            places.append(place)

    def close(self) -> LossReport:
        """The report: kept, changed, lost, each in the order in which they were met."""
        items = [
            LossItem(
                outcome=outcome,
                what=what,
                count=count,
                reason=reason,
                places=tuple(self._places[outcome, what, reason]),
            )
            for (outcome, what, reason), count in self._counts.items()
        ]
        items.sort(key=lambda item: OUTCOMES.index(item.outcome))
        return LossReport(tuple(items), tuple(self._notes))
