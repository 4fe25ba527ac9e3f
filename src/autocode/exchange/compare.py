"""Two projects beside each other, field by field: what a journey through another shape changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..core.errors import one_line
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .parts import UNREADABLE
from .project import Part, ToolProject

_OF_THE_FILE = frozenset(("origin", "format"))
"""What names the program that wrote the file, not the work in it."""
_CHUNK = 1 << 20

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one thing: as it `was` and as it `is`; a thing that came or went has no field.

    `what` is the kind, plural; `guid` and `name` say which.
    """

    what: str
    guid: str
    name: str = ""
    field: str = ""
    was: str = ""
    now: str = ""

    def describe(self) -> str:
        """The difference in a line."""
        which = f"{self.what} '{one_line(self.name or self.guid, 40)}'"
        if not self.field:
            return f"{which}: {'only before' if self.was else 'only after'}"
        return f"{which}: {self.field} was {one_line(self.was, 60)}, is {one_line(self.now, 60)}"


@dataclass(frozen=True, slots=True)
class ProjectDifferences(Result):
    """What differs between two projects, the first `MOST_SHOWN`; `count` says how many do."""

    differences: tuple[Difference, ...] = ()
    count: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The differences as plain data."""
        return to_payload(
            "project_differences", {"count": self.count, "differences": self.differences}
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each difference."""
        names = ("what", "guid", "name", "field", "was", "now")
        return [{name: getattr(item, name) for name in names} for item in self.differences]


def compare_projects(one: ToolProject, other: ToolProject) -> ProjectDifferences:
    """What differs between two projects; things are matched by kind and guid, in any order.

    The program that wrote each is left out; files are compared by their bytes.
    """
    differences: list[Difference] = []
    for field in fields(ToolProject):
        if field.name in _OF_THE_FILE:
            continue
        before, after = getattr(one, field.name), getattr(other, field.name)
        if field.name == "parts":
            differences += _compare_parts(before, after)
        elif isinstance(before, tuple) and field.name != "notes_on_it":
            differences += _compare_things(field.name, before, after)
        elif before != after:
            differences.append(
                Difference(
                    what="project",
                    guid="",
                    name=one.name,
                    field=field.name,
                    was=str(before),
                    now=str(after),
                )
            )
    return ProjectDifferences(tuple(differences[:MOST_SHOWN]), len(differences))


def _compare_things(what: str, before: Sequence[Any], after: Sequence[Any]) -> Iterable[Difference]:
    old, new = _by_key(before), _by_key(after)
    for key, thing in old.items():
        name = getattr(thing, "name", "")
        if key not in new:
            yield Difference(what=what, guid=thing.guid, name=name, was="there")
            continue
        for field in fields(thing):
            was, now = getattr(thing, field.name), getattr(new[key], field.name)
            if field.name == "original":
                was, now = _describe_part(was), _describe_part(now)
            if was != now:
                yield Difference(
                    what=what, guid=thing.guid, name=name, field=field.name,
                    was=str(was), now=str(now),
                )  # fmt: skip
    for key, thing in new.items():
        if key not in old:
            name = getattr(thing, "name", "")
            yield Difference(what=what, guid=thing.guid, name=name, now="there")


def _by_key(things: Sequence[Any]) -> dict[tuple[str, str], Any]:
    """By guid; an area of a PDF and its words may share one."""
    return {(thing.guid, getattr(thing, "kind", "")): thing for thing in things}


def _compare_parts(before: Sequence[Part], after: Sequence[Part]) -> Iterable[Difference]:
    old = {part.name: _describe_part(part) for part in before}
    new = {part.name: _describe_part(part) for part in after}
    for name in old.keys() | new.keys():
        was, now = old.get(name, ""), new.get(name, "")
        if was != now:
            field = "bytes" if was and now else ""
            yield Difference(what="parts", guid="", name=name, field=field, was=was, now=now)


def _describe_part(part: Part | None) -> str:
    """The size and digest of a carried file, or "damaged"; its place is no part of it."""
    if part is None:
        return ""
    digest = hashlib.sha256()
    try:
        with part.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except UNREADABLE:
        return "damaged"
    return f"{part.size} bytes, SHA-256 {digest.hexdigest()}"
