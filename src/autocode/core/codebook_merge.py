"""A codebook from a file beside the study's own: which codes are the same, new, or changed.

A code keeps its identity by the identifier another program gave it, by an id the file states, or
by its path of names. What a file says nothing of stays as it is in the study.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .codebook import PATH_MARKS, Code, Codebook, fold_path
from .errors import InputError, one_line

FIELDS = (
    "name", "definition", "inclusion", "exclusion", "examples", "parent", "colour", "memo",
    "domain", "codable",
)  # fmt: skip
"""What can be stated of a code besides its identity."""

_SHOWN = 5


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookChange:
    """The codes of the study after a file was read into it: those that are new or changed.

    `ids` gives the study's id for each id of the file.
    """

    codes: tuple[Code, ...]
    ids: Mapping[str, str]
    n_new: int
    n_changed: int
    notes: tuple[str, ...]


def merge_codebook(
    known: Codebook, read: CodebookFile, guid_of: Callable[[Code], str]
) -> CodebookChange:
    """What reading `read` into a study with the codebook `known` changes.

    Raises:
        InputError: if the codes of both together do not form a tree.
    """
    matcher = _Matcher(known, read)
    matcher.match(guid_of)
    ids, notes = matcher.ids, matcher.notes
    after = known.by_id.copy()
    new: list[str] = []
    changed: list[str] = []
    changes: list[str] = []
    for code in read.codebook:
        code_id = ids[code.id]
        placed = replace(code, id=code_id, parent=None if code.parent is None else ids[code.parent])
        before = known.by_id.get(code_id)
        if before is None:
            new.append(code_id)
        else:
            made = code.id in read.made
            placed = _revise(before, placed, read, made=made, guid_of=guid_of)
            if placed == before:
                continue
            changed.append(code_id)
            changes += _describe_change(before, placed)
        after[code_id] = placed
    Codebook(tuple(after.values()))  # refuses a circle through codes of the study
    notes += changes[:_SHOWN]
    if len(changes) > _SHOWN:
        notes.append(f"and {len(changes) - _SHOWN} more changes to codes of the study")
    notes += _name_absent(known, ids)
    return CodebookChange(
        codes=tuple(after[code_id] for code_id in (*new, *changed)),
        ids=ids,
        n_new=len(new),
        n_changed=len(changed),
        notes=tuple(notes),
    )


class _Matcher:
    """Finds the study's code for each code of a file, by one rule after another."""

    def __init__(self, known: Codebook, read: CodebookFile) -> None:
        self._known, self._read = known, read
        self.ids: dict[str, str] = {}
        self.notes: list[str] = []
        self._taken: set[str] = set()
        self._paths = {fold_path(path) for path in read.codebook.paths.values()}
        self._named: dict[str, list[Code]] = {}
        for code in known:
            (name,) = fold_path([code.name])
            self._named.setdefault(name, []).append(code)

    def match(self, guid_of: Callable[[Code], str]) -> None:
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
        for code in self._read.codebook:
            if code.id not in self.ids:
                self._add(code)

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


def _describe_change(before: Code, after: Code) -> list[str]:
    return [
        f"'{before.name}': {name} {_show(getattr(before, name))} is now "
        f"{_show(getattr(after, name))}"
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    ]


def _show(value: object) -> str:
    if isinstance(value, tuple):
        value = "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{one_line(str(value), 60)}'" if value else "empty"


def _name_absent(known: Codebook, ids: Mapping[str, str]) -> list[str]:
    """Codes of the study that a file which holds most of the others leaves out."""
    in_file = set(ids.values())
    absent = [code for code in known if code.id not in in_file]
    if not absent or len(absent) * 2 > len(known):
        return []
    shown = ", ".join(one_line(code.name, 40) for code in absent[:_SHOWN])
    more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
    subject = "1 code" if len(absent) == 1 else f"{len(absent)} codes"
    return [f"{subject} of the study, not in this file, unchanged: {shown}{more}"]
