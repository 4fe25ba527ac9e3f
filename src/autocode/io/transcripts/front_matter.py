"""What stands above a text about it: the characteristics of a study, as "Key: value" lines.

For a synthesis of published studies, each file holds one paper's results section, and its head says
who was studied where. Three forms are read: YAML or lines between two `---`; lines that one rule
ends; and a run of lines at the top. The last two need keys by which papers are described.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...core.coding import PAPER_ATTRIBUTES, describes_paper

_LINE = re.compile(
    r"[*_]{0,3}(?P<key>[^\W\d_][^:\n]{0,40}?)[ \t]{0,9}:[*_]{0,3}[ \t]{1,20}(?P<value>\S.*)"
)
_RULE = re.compile(r"-{3,}")
_CLOSING = re.compile(r"-{3,}|\.{3}")
_ANY_RULE = re.compile(r"[-=_*–—]{3,}|(?:[-*_] ){2,}[-*_]")
_MOST_LINES = 60
_STUDY = frozenset(
    """title author authors year doi journal citation reference country setting sample participants
    population design method methods methodology aim aims quality publication study pmid
    analysis""".split()  # noqa: SIM905 - as a list it would be a screen of quotes
)
_TRANSLATED = {
    word: key
    for key, words in {
        "title": "titel titre título titolo",
        "authors": "autoren auteurs autores autori författare",
        "author": "autor auteur autore",
        "year": "jahr année año ano anno jaar år",
        "country": "land pays país paese",
        "journal": "zeitschrift revue revista rivista tijdschrift tidskrift",
    }.items()
    for word in words.split()
}
_NAMES = ("case", "study", "citation", "reference", "id")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The characteristics above a text, and where the text itself begins (an offset)."""

    values: Mapping[str, str] = field(default_factory=dict)
    ends: int = 0

    @property
    def is_paper(self) -> bool:
        """Whether the head is one of a published study."""
        return describes_paper(self.values)

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


_MOST_BRACKETS = 500
"""Lists in the head of a paper; of many nested ones the parser takes seconds."""


def find_front_matter(text: str) -> FrontMatter:
    """The head of a text, or an empty one that ends at 0; keys come in lower case."""
    lines = text[:20_000].split("\n")[: _MOST_LINES + 2]
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if _RULE.fullmatch(lines[start].rstrip()):
        return _read_fenced(lines, start)
    values, end = _read_lines(lines, start)
    rule = next((n for n in range(end, len(lines)) if lines[n].strip()), None)
    is_ruled = rule is not None and _ANY_RULE.fullmatch(lines[rule].strip()) is not None
    known = values.keys() & _STUDY
    n_lines = sum(bool(line.strip()) for line in lines[start:end])
    is_head = len(known) >= 2 and bool(known & PAPER_ATTRIBUTES)
    if rule is not None and is_ruled and is_head:
        return FrontMatter(values, _offset(lines, rule + 1))
    is_apart = end >= len(lines) or not lines[end].strip()
    if is_head and is_apart and len(known) > 0.5 * n_lines:
        return FrontMatter(values, _offset(lines, end))
    return FrontMatter()


def _read_lines(lines: list[str], start: int) -> tuple[dict[str, str], int]:
    """Values of the "Key: value" lines from `start` on, and the line after the last of them.

    Blank lines between them are passed over where a rule ends the head; a line that is indented
    goes on with the value above it.
    """
    values: dict[str, str] = {}
    end = at = start
    has_rule = any(_ANY_RULE.fullmatch(line.strip()) for line in lines[start:])
    key = ""
    while at < len(lines):
        line = lines[at].rstrip()
        if match := _LINE.fullmatch(line):
            key = fold_key(match["key"])
            values.setdefault(key, match["value"].strip(" \t\"'"))
        elif key and line.strip() and line[:1] in " \t":
            values[key] = f"{values[key]} {line.strip()}"
        elif line.strip() or not has_rule:
            break
        at += 1
        end = at if line.strip() else end
    return values, end


def _read_fenced(lines: list[str], start: int) -> FrontMatter:
    """The values between two rules: YAML, or lines that need not be."""
    for number in range(start + 1, len(lines)):
        if not _CLOSING.fullmatch(lines[number].rstrip()):
            continue
        values = _read_yaml("\n".join(lines[start + 1 : number]))
        if values is None:
            values, end = _read_lines(lines[:number], start + 1)
            if any(line.strip() for line in lines[end:number]):
                return FrontMatter()
        return FrontMatter(values, _offset(lines, number + 1)) if values else FrontMatter()
    return FrontMatter()


def _read_yaml(text: str) -> dict[str, str] | None:
    """The values of a YAML mapping as text, lists joined by "; "; None if it is no such mapping."""
    import yaml

    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        return None
    try:
        # Names for parts of a document (aliases) could repeat them without end.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            return None
        content = yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(content, dict):
        return None
    values = {fold_key(str(key)): _flatten(value) for key, value in content.items()}
    return {key: value for key, value in values.items() if key and value}


def _flatten(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flatten(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "; ".join(_flatten(part) for part in value)
    return " ".join(str(value).split())


def fold_key(key: str) -> str:
    """A key as it is stored: lower case, single blanks, known keys in English."""
    folded = " ".join(key.split()).casefold().strip("*_# ")
    return _TRANSLATED.get(folded, folded)


def _offset(lines: list[str], number: int) -> int:
    return sum(len(line) + 1 for line in lines[:number])
