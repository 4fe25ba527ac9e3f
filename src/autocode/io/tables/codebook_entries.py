"""Entries of a codebook file as a tree of codes: ids, parents that are only named, repeats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from ...core.code_family import CodeFamily
from ...core.codebook import PATH_MARKS, Code, Codebook
from ...core.codebook_merge import CodebookFile
from ...core.counted import say_count
from ...core.errors import FileRefused, InputError, one_line
from .codebook_levels import MOST_LEVELS

_SHOWN = 6
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b.*\)", re.IGNORECASE)
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_NO = frozenset(("no", "false", "0", "n", "nein", "non", "não", "nee", "nej", "faux", "falso"))


@dataclass(slots=True, kw_only=True)
class Entry:
    """A code as a file has it; `parent` is the place of its parent's entry in the list.

    `line` is None where the code is only named as a parent; `given_id` is an id of the file's own.
    """

    name: str
    parent: int | None = None
    line: int | None = None
    given_id: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


class EntryTree:
    """Entries that are added by their paths; parents that are only named are made."""

    def __init__(self, path: Path) -> None:
        self.entries: list[Entry] = []
        self.n_repeated = 0
        self._file = path
        self._at: dict[tuple[int | None, str], int] = {}

    def add(self, path: Sequence[str], entry: Entry) -> None:
        """Add an entry at a path of names, the last of which is its own.

        Raises:
            FileRefused: if another entry stands there with another definition.
        """
        if len(path) > MOST_LEVELS:
            raise _refuse_depth(self._file, len(path))
        above: int | None = None
        for name in path[:-1]:
            above = (
                self._at.get((above, name))
                if (above, name) in self._at
                else self._append(Entry(name=name, parent=above))
            )
        at = self._at.get((above, path[-1]))
        if at is None:
            self._append(replace(entry, name=path[-1], parent=above))
        else:
            self.n_repeated += self.entries[at].line is not None
            self.entries[at] = unite_entries(self.entries[at], entry, self._file, path)

    def _append(self, entry: Entry) -> int:
        self.entries.append(entry)
        self._at[entry.parent, entry.name] = len(self.entries) - 1
        return len(self.entries) - 1


def unite_entries(first: Entry, second: Entry, file: Path, path: Sequence[str]) -> Entry:
    """One entry of two for one code, each part from whichever has it.

    Raises:
        FileRefused: if both have a part and differ in it.
    """
    parts = dict(first.parts)
    for name, value in second.parts.items():
        if parts.setdefault(name, value) != value:
            raise FileRefused.because(
                file,
                f"code '{f' {PATH_MARKS[0]} '.join(path)}' is already on line {first.line} with "
                f"another {name}",
                remedy="Keep one of the rows, or give them different names; nothing of this file "
                "was imported.",
                place=f"line {second.line}",
            )
    line = second.line if first.line is None else first.line
    return replace(first, line=line, parts=parts, given_id=first.given_id or second.given_id)


def build_codebook(
    entries: Sequence[Entry],
    file: Path,
    *,
    stated: Collection[str],
    has_ids: bool,
    reading: str = "",
    notes: Sequence[str] = (),
) -> CodebookFile:
    """The codes of entries; `reading` says what their tree was read from.

    Raises:
        FileRefused: on a repeated id, a circle of parents, or too many levels.
    """
    depths = _measure_depths(entries, file)
    ids = _assign_ids(entries, depths, file)
    unread = _Unread()
    codes = [
        _make_code(entry, ids[at], None if entry.parent is None else ids[entry.parent], unread)
        for at, entry in enumerate(entries)
    ]
    codebook = check_codebook(codes, file)
    made = [at for at, entry in enumerate(entries) if entry.line is None]
    more = list(notes)
    if unread.colours:
        more.append(f"colours not read: {', '.join(unread.colours[:3])} (write them as #rrggbb)")
    if unread.families:
        more.append(
            f"families not read: {', '.join(unread.families[:3])} (write structural, retired or "
            "wave: NAME)"
        )
    return CodebookFile(
        codebook=codebook,
        # A column of groups that are no families says nothing of a code's family.
        stated=stated if codebook.families else frozenset(stated) - {"family"},
        has_ids=has_ids,
        made=frozenset(ids[at] for at in made),
        account=_describe(codebook, [entries[at].name for at in made], reading),
        notes=(*more, *_doubt_names(entries)),
    )


def check_codebook(codes: Sequence[Code], path: Path) -> Codebook:
    """The codebook of these codes, if they form a tree that is not nested too deeply.

    Raises:
        FileRefused: on a repeated id, an unknown parent, a circle, or more than `MOST_LEVELS`.
    """
    try:
        codebook = Codebook(tuple(codes))
    except InputError as error:
        raise FileRefused.because(
            path, str(error), remedy="Nothing of this file was imported."
        ) from None
    if codebook.n_levels > MOST_LEVELS:
        raise _refuse_depth(path, codebook.n_levels)
    return codebook


def _refuse_depth(path: Path, n_levels: int) -> FileRefused:
    return FileRefused.because(
        path,
        f"nests codes {n_levels} levels deep, more than the limit of {MOST_LEVELS}",
        remedy="Take out levels, or check the parents; nothing of this file was imported.",
    )


def _measure_depths(entries: Sequence[Entry], file: Path) -> list[int]:
    """The level of each entry, 0 at the top; refuses a circle and too many levels."""
    depths: list[int] = [-1] * len(entries)
    for at in range(len(entries)):
        way: list[int] = []
        on_way: set[int] = set()
        step: int | None = at
        while step is not None and depths[step] < 0:
            if step in on_way:
                names = " > ".join(entries[n].name for n in [*way[way.index(step) :], step][:8])
                raise FileRefused.because(
                    file,
                    f"codes {names} are each other's parents",
                    remedy="Take one parent out; nothing of this file was imported.",
                    place=f"line {entries[step].line}",
                )
            way.append(step)
            on_way.add(step)
            step = entries[step].parent
        above = -1 if step is None else depths[step]
        for depth, place in enumerate(reversed(way), start=above + 1):
            depths[place] = depth
    if (deepest := max(depths, default=0) + 1) > MOST_LEVELS:
        raise _refuse_depth(file, deepest)
    return depths


def _assign_ids(entries: Sequence[Entry], depths: Sequence[int], file: Path) -> list[str]:
    """The ids of the file, else names, else paths where names repeat."""
    given: dict[str, int] = {}
    for entry in entries:
        if entry.given_id:
            if entry.given_id in given:
                raise FileRefused.because(
                    file,
                    f"code '{entry.given_id}' is already on line {given[entry.given_id]}",
                    remedy="Give each code its own id; nothing of this file was imported.",
                    place=f"line {entry.line}",
                )
            given[entry.given_id] = entry.line or 0
    counts = Counter(entry.name for entry in entries if not entry.given_id)
    ids: list[str] = [""] * len(entries)
    taken = set(given)
    paths: dict[int, str] = {}
    for at in sorted(range(len(entries)), key=lambda at: depths[at]):
        entry = entries[at]
        above = paths.get(entry.parent) if entry.parent is not None else None
        path = entry.name if above is None else f"{above} {PATH_MARKS[0]} {entry.name}"
        paths[at] = path
        wanted = entry.given_id or (entry.name if counts[entry.name] == 1 else path)
        if not entry.given_id:
            wanted = path if wanted in taken else wanted
            stem, number = wanted, 2
            while wanted in taken:
                wanted, number = f"{stem} ({number})", number + 1
            taken.add(wanted)
        ids[at] = wanted
    return ids


@dataclass(frozen=True, slots=True)
class _Unread:
    """Values that a code could not take."""

    colours: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)


def _make_code(entry: Entry, code_id: str, parent: str | None, unread: _Unread) -> Code:
    parts = entry.parts
    colour = read_colour(parts.get("colour", ""))
    if colour is None and parts.get("colour"):
        unread.colours.append(f"'{one_line(parts['colour'], 30)}'")
    return Code(
        id=code_id,
        name=entry.name,
        definition=parts.get("definition", ""),
        inclusion=parts.get("inclusion", ""),
        exclusion=parts.get("exclusion", ""),
        examples=tuple(e.strip() for e in parts.get("examples", "").split("\n") if e.strip()),
        parent=parent,
        colour=colour,
        memo=parts.get("memo", ""),
        domain=parts.get("domain") or None,
        codable=entry.line is not None and parts.get("codable", "").casefold() not in _NO,
        guid=parts.get("guid") or None,
        family=_read_family(parts.get("family", ""), unread),
    )


def _read_family(words: str, unread: _Unread) -> CodeFamily | None:
    if not words:
        return None
    try:
        return CodeFamily.parse(words)
    except InputError:
        unread.families.append(f"'{one_line(words, 30)}'")
        return None


def read_colour(text: str) -> str | None:
    """A colour as "#rrggbb" or "#rgb", also from "rgb(255, 0, 0)"; None if it is none."""
    if match := _HEX.fullmatch(text):
        return f"#{match[1]}"
    if match := _RGB.fullmatch(text):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in match.groups())
    return None


def _describe(codebook: Codebook, made: Sequence[str], reading: str) -> str:
    """What the codebook holds and what its tree was read from, in one line."""
    n_parents = len(codebook.parents)
    account = f"{say_count(len(codebook), 'code')}, {n_parents} of them parents"
    if reading and n_parents:
        n_under = sum(code.parent is not None for code in codebook)
        account += (
            f"; {reading}: {say_count(n_under, 'code')} under {say_count(n_parents, 'parent')}"
        )
    if made:
        shown = ", ".join(one_line(name, 40) for name in made[:_SHOWN])
        more = f" and {len(made) - _SHOWN} more" if len(made) > _SHOWN else ""
        account += f", {say_count(len(made), 'parent')} made that cannot be applied: {shown}{more}"
    return account


def _doubt_names(entries: Sequence[Entry]) -> list[str]:
    """Notes of names that may be one name written in two ways."""
    notes = []
    by_name: dict[tuple[int | None, str], str] = {}
    for entry in entries:
        key = (entry.parent, entry.name.casefold())
        other = by_name.get(key)
        by_name[key] = entry.name
        if other == entry.name:
            notes.append(f"two codes under one parent are called '{other}'")
        elif other is not None:
            notes.append(f"'{other}' and '{entry.name}' differ in capitals only; both are codes")
    tops = [entry.name for entry in entries if entry.parent is None]
    for entry in entries:
        if entry.line is None and entry.parent is None and len(tops) <= 200:
            others = [name for name in tops if name != entry.name]
            if near := get_close_matches(entry.name, others, n=1, cutoff=0.85):
                notes.append(f"the parent '{entry.name}' is only named and is like '{near[0]}'")
    return notes[:_SHOWN]
