"""What stands above a text about it: the characteristics of a study, as "Key: value" lines.

For a synthesis of published studies, each file holds one paper's results section, and its head says
who was studied where. Two forms are read: lines between two `---`, and a run of lines at the top
whose keys are those by which papers are described.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LINE = re.compile(r"(?P<key>[^\W\d_][^:\n]{0,40}?)[ \t]{0,9}:[ \t]{1,20}(?P<value>\S.*)")
_RULE = re.compile(r"-{3,}[ \t]*")
_MOST_LINES = 60
_STUDY = frozenset(
    """title author authors year doi journal citation reference country setting sample participants
    population design method methods methodology aim aims quality publication study pmid
    analysis""".split()  # noqa: SIM905 - as a list it would be a screen of quotes
)
_CERTAIN = frozenset(
    "title author authors year doi journal citation reference pmid publication".split()  # noqa: SIM905
)
_NAMES = ("case", "study", "citation", "reference", "id")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The characteristics above a text, and where the text itself begins (an offset)."""

    values: Mapping[str, str] = field(default_factory=dict)
    ends: int = 0

    @property
    def case(self) -> str | None:
        """The name the head gives its case: the study's, else author and year."""
        for key in _NAMES:
            if key in self.values:
                return self.values[key]
        authors = self.values.get("authors") or self.values.get("author")
        if authors is None:
            return None
        return " ".join(part for part in (authors, self.values.get("year", "")) if part)


def find_front_matter(text: str) -> FrontMatter:
    """The head of a text, or an empty one that ends at 0; keys come in lower case."""
    lines = text[:20_000].split("\n")[: _MOST_LINES + 2]
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if _RULE.fullmatch(lines[start]):
        return _fenced(lines, start)
    end = start
    values: dict[str, str] = {}
    while end < len(lines) and (match := _LINE.fullmatch(lines[end].rstrip())):
        values.setdefault(match["key"].strip().casefold(), match["value"].strip())
        end += 1
    known = values.keys() & _STUDY
    is_head = len(known) >= 2 and known & _CERTAIN and len(known) > 0.5 * (end - start)
    if not is_head or (end < len(lines) and lines[end].strip()):
        return FrontMatter()
    return FrontMatter(values, _offset(lines, end))


def _fenced(lines: list[str], start: int) -> FrontMatter:
    values: dict[str, str] = {}
    for number in range(start + 1, len(lines)):
        line = lines[number].rstrip()
        if _RULE.fullmatch(line):
            return FrontMatter(values, _offset(lines, number + 1)) if values else FrontMatter()
        match = _LINE.fullmatch(line)
        if match is None:
            break
        values.setdefault(match["key"].strip().casefold(), match["value"].strip(" \t\"'"))
    return FrontMatter()


def _offset(lines: list[str], number: int) -> int:
    return sum(len(line) + 1 for line in lines[:number])
