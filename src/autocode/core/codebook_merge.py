"""A codebook from a file beside the study's own: which codes are the same, new, or changed.

A code keeps its identity by the identifier another program gave it, by an id the file states, or
by its path of names. What a file says nothing of stays as it is in the study.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .codebook import PATH_MARKS, Code, Codebook, fold_path
from .errors import InputError, one_line

FIELDS = (
    "name", "definition", "inclusion", "exclusion", "examples", "parent", "colour", "memo",
    "domain", "codable", "family",
)  # fmt: skip
"""What can be stated of a code besides its identity."""

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookFile:
    """The codebook of a file, and what the file says of itself.

    `stated` are the `FIELDS` it has a place for. `has_ids` says whether the ids are the file's own
    or made from names. `made` are ids of codes that have no entry of their own. `as_held` gives a
    code as the file's format would hold it. `account` says what the file was taken for, `notes`
    what else a person should know.
    """

    codebook: Codebook
    stated: Collection[str] = FIELDS
    has_ids: bool = True
    made: Collection[str] = ()
    account: str = ""
    notes: tuple[str, ...] = ()
    as_held: Callable[[Code], Code] = field(default=lambda code: code)


@dataclass(frozen=True, slots=True)
class EarlierCode:
    """A code as it was called until an act: its id today is `now`, None where it was taken out."""

    code: Code
    now: str | None
    act: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookChange:
    """What reading a file into a study comes to, were it all taken.

    `new` are codes to add and `revised` those of the study that the file says otherwise of, as the
    file has them; `removed` are codes that were taken out of the study before. `before` holds the
    study's codes by id, `ids` its id for each id of the file, but for what was removed.
    `notes` say what else a person should know, `left_out` which codes the file does not have.
    """

    new: tuple[Code, ...]
    revised: tuple[Code, ...]
    removed: tuple[Code, ...]
    before: Mapping[str, Code]
    ids: Mapping[str, str]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes that are new or revised."""
        return (*self.new, *self.revised)

    @property
    def n_differ(self) -> int:
        """Codes of the study that the file says otherwise of."""
        return sum(bool(_differing(self.before[code.id], code)) for code in self.revised)

    def without_revisions(self) -> tuple[Code, ...]:
        """The new codes, and known ones with nothing but the identifier that the file has."""
        named = (
            replace(self.before[code.id], guid=code.guid)
            for code in self.revised
            if code.guid != self.before[code.id].guid
        )
        return (*self.new, *named)

    def describe(self, *, taken: bool) -> tuple[str, ...]:
        """Lines for a person: old and new of what differs, taken or not, and what is left out."""
        lines = [
            line
            for code in self.revised
            for line in _describe_change(self.before[code.id], code, taken=taken)
        ]
        if len(lines) > _SHOWN:
            what = "changes to codes of the study" if taken else "differences"
            lines[_SHOWN:] = [f"and {len(lines) - _SHOWN} more {what}"]
        return (*self.notes, *lines, *self.left_out)


def merge_codebook(
    known: Codebook,
    read: CodebookFile,
    guid_of: Callable[[Code], str],
    earlier: Sequence[EarlierCode] = (),
    *,
    revive: bool = False,
) -> CodebookChange:
    """What reading `read` into a study with the codebook `known` changes.

    Codes are known by what they were called before too, by `earlier`. Those that were taken out of
    the study are new with `revive` only.

    Raises:
        InputError: if the codes of both together do not form a tree.
    """
    matcher = _Matcher(known, read)
    matcher.match(guid_of, earlier, revive=revive)
    ids, notes = matcher.ids, matcher.notes
    after = known.by_id.copy()
    new: list[str] = []
    changed: list[str] = []
    for code in read.codebook:
        if code.id in matcher.removed:
            continue
        code_id = ids[code.id]
        placed = replace(code, id=code_id, parent=matcher.parent_of(code))
        before = known.by_id.get(code_id)
        if before is None:
            new.append(code_id)
        else:
            made = code.id in read.made
            placed = _revise(before, placed, read, made=made, guid_of=guid_of)
            if placed == before:
                continue
            changed.append(code_id)
        after[code_id] = placed
    Codebook(tuple(after.values()))  # refuses a circle through codes of the study
    return CodebookChange(
        new=tuple(after[code_id] for code_id in new),
        revised=tuple(after[code_id] for code_id in changed),
        removed=tuple(code for code in read.codebook if code.id in matcher.removed),
        before=known.by_id,
        ids=ids,
        notes=tuple(notes),
        left_out=tuple(_name_absent(known, ids)),
    )


class _Matcher:
    """Finds the study's code for each code of a file, by one rule after another."""

    def __init__(self, known: Codebook, read: CodebookFile) -> None:
        self._known, self._read = known, read
        self.ids: dict[str, str] = {}
        self.removed: set[str] = set()
        self.notes: list[str] = []
        self._taken: set[str] = set()
        self._paths = {fold_path(path) for path in read.codebook.paths.values()}
        self._named: dict[str, list[Code]] = {}
        for code in known:
            (name,) = fold_path([code.name])
            self._named.setdefault(name, []).append(code)

    def match(
        self, guid_of: Callable[[Code], str], earlier: Sequence[EarlierCode], *, revive: bool
    ) -> None:
        """Settle every code; raises InputError where a name alone does not tell which is meant."""
        by_guid = {guid_of(code).upper(): code for code in self._known}
        self._settle(
            lambda code: [by_guid[guid]] if (guid := (code.guid or "").upper()) in by_guid else []
        )
        if self._read.has_ids:
            by_id = self._known.by_id
            self._settle(lambda code: [by_id[code.id]] if code.id in by_id else [])
        else:
            paths = self._read.codebook.paths
            self._settle(lambda code: self._known.at_path(paths[code.id]))
            self._settle(self._find_moved)
        self._match_earlier(guid_of, earlier, revive=revive)
        for code in self._read.codebook:
            if code.id not in self.ids and code.id not in self.removed:
                self._add(code)

    def parent_of(self, code: Code) -> str | None:
        """The study's id of the nearest code above that is not removed."""
        above = code.parent
        while above is not None and above in self.removed:
            above = self._read.codebook.by_id[above].parent
        return None if above is None else self.ids[above]

    def _match_earlier(
        self, guid_of: Callable[[Code], str], earlier: Sequence[EarlierCode], *, revive: bool
    ) -> None:
        """Settle codes of the file that the study knew by other names, or had and took out."""
        has_ids = self._read.has_ids
        known: dict[str, EarlierCode] = {}
        for was in earlier:
            known.setdefault(guid_of(was.code).upper(), was)
            (name,) = [was.code.id] if has_ids else fold_path([was.code.name])
            known.setdefault(name, was)
        for code in self._read.codebook:
            if code.id in self.ids:
                continue
            (name,) = [code.id] if has_ids else fold_path([code.name])
            same = known.get((code.guid or "").upper()) or known.get(name)
            if same is None or same.now in self._taken:
                continue
            if same.now is not None:
                self.ids[code.id] = same.now
                self._taken.add(same.now)
                today = self._known.by_id[same.now].name
                self.notes.append(f"'{code.name}' is taken for '{today}', which was called so")
            elif not revive:
                self.removed.add(code.id)
                self.notes.append(
                    f"'{code.name}' was taken out of the study (act {same.act}); not added"
                )

    def _settle(self, rule: Callable[[Code], Sequence[Code]]) -> None:
        for code in self._read.codebook:
            if code.id in self.ids:
                continue
            same = [other for other in rule(code) if other.id not in self._taken]
            if len(same) == 1:
                self.ids[code.id] = same[0].id
                self._taken.add(same[0].id)

    def _find_moved(self, code: Code) -> list[Code]:
        """The code of this name that stands elsewhere in the study and was moved in the file.

        It was moved where the file knows its old parent and no longer has it there. Otherwise two
        parents have a child of one name.
        """
        (name,) = fold_path([code.name])
        others = [
            other
            for other in self._named.get(name, ())
            if other.id not in self._taken
            and fold_path(self._known.paths[other.id]) not in self._paths
        ]
        if "parent" not in self._read.stated:
            if len(others) > 1:
                places = ", ".join(f"'{' > '.join(self._known.paths[o.id])}'" for o in others[:4])
                raise InputError(
                    f"'{code.name}' may be any of several codes of the study ({places}). Write the "
                    "whole path as its name."
                )
            return others
        moved = [other for other in others if self._is_parent_in_file(other)]
        if others and len(moved) != 1:
            here, there = (
                " > ".join(path)
                for path in (self._read.codebook.paths[code.id], self._known.paths[others[0].id])
            )
            self.notes.append(f"'{here}' is taken for another code than '{there}' of the study")
        return moved

    def _is_parent_in_file(self, code: Code) -> bool:
        above = fold_path(self._known.paths[code.id])[:-1]
        return not above or above in self._paths

    def _add(self, code: Code) -> None:
        path = self._read.codebook.paths[code.id]
        code_id = code.id
        if code_id in self._known or code_id in self._taken:
            code_id = f" {PATH_MARKS[0]} ".join(path)
        stem, number = code_id, 2
        while code_id in self._known or code_id in self._taken:
            code_id, number = f"{stem} ({number})", number + 1
        self.ids[code.id] = code_id
        self._taken.add(code_id)
        if self._read.has_ids and (same := self._known.at_path(path)):
            self.notes.append(
                f"'{code_id}' has the name of '{same[0].id}' of the study, '{code.name}'; both stay"
            )


def _revise(
    before: Code, read: Code, file: CodebookFile, *, made: bool, guid_of: Callable[[Code], str]
) -> Code:
    """A code of the study with what the file states of it."""
    stated = ("parent",) if made else file.stated
    held = file.as_held(before)
    values: dict[str, Any] = {
        name: getattr(read, name)
        for name in FIELDS
        if name in stated and getattr(held, name) != getattr(read, name)
    }
    if (
        before.guid is None
        and read.guid is not None
        and read.guid.upper() != guid_of(before).upper()
    ):
        values["guid"] = read.guid
    return replace(before, **values) if values else before


def _differing(before: Code, after: Code) -> list[str]:
    return [name for name in FIELDS if getattr(before, name) != getattr(after, name)]


def _describe_change(before: Code, after: Code, *, taken: bool) -> Iterator[str]:
    for name in _differing(before, after):
        old, new = _show(getattr(before, name)), _show(getattr(after, name))
        if taken:
            yield f"'{before.name}': {name} {old} is now {new}"
        else:
            yield f"'{before.name}': {name} {old} in the study, {new} in the file"


def _show(value: object) -> str:
    if isinstance(value, tuple):
        value = "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{one_line(str(value), 60)}'" if value else "empty"


def _name_absent(known: Codebook, ids: Mapping[str, str]) -> list[str]:
    """Codes of the study that a file leaves out which has some of them; not archived ones."""
    in_file = set(ids.values())
    absent = [code for code in known if code.id not in in_file and not code.archived]
    if not absent or in_file.isdisjoint(known.by_id):
        return []
    shown = ", ".join(one_line(code.name, 40) for code in absent[:_SHOWN])
    more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    subject = "1 code" if len(absent) == 1 else f"{len(absent)} codes"
    return [f"{subject} of the study, not in this file, unchanged: {shown}{more}"]
