"""The codebook: codes, their meaning in words, and the tree they form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import sha256
from itertools import count

from .code_family import CodeFamily
from .errors import InputError, NotFound

PATH_MARKS = (">", "→", "\\", "::", "|", "/", ": ", " - ", ".")
"""What parts the names of a path where people write one; the first is how we write it."""
PATH_ROOTS = frozenset(
    ("codes", "nodes", "code system", "knoten", "kodes", "codesystem", "nœuds", "nodos", "nós")
)
"""What other programs put above all codes of a path."""

_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code. `id` is unique in the study; `name` is what people read; `parent` is an id.

    `colour` is "#rrggbb"; `domain` restricts the code to segments of that domain. A code that is
    not `codable` only heads others. `guid` is the identifier that another program gave it. `family`
    is the family of codes that are used in some transcripts only.
    `revision` counts the changes of its meaning in the study, from 1; an `archived` code keeps its
    codings and is not suggested. Two codes that differ in these alone are equal.
    """

    id: str
    name: str
    definition: str = ""
    inclusion: str = ""
    exclusion: str = ""
    examples: tuple[str, ...] = ()
    parent: str | None = None
    colour: str | None = None
    memo: str = ""
    domain: str | None = None
    codable: bool = True
    guid: str | None = None
    family: CodeFamily | None = None
    revision: int = field(default=1, compare=False)
    archived: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not self.id.strip() or not self.name.strip():
            raise InputError("A code needs an id and a name; both must hold at least one letter.")

    @property
    def digest(self) -> str:
        """Of all that the code says and where it stands: another one after any change of it."""
        words = repr([getattr(self, one.name) for one in fields(self) if one.name != "guid"])
        return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Codebook:
    """Codes in their order, as a tree.

    Raises:
        InputError: on a repeated id, a parent that does not exist, or a circle of parents.
    """

    codes: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for code in self.codes:
            if code.id in seen:
                raise InputError(
                    f"Code '{code.id}' is in the codebook twice. Give each code its own id."
                )
            seen.add(code.id)
        for code in self.codes:
            if code.parent is not None and code.parent not in seen:
                raise InputError(
                    f"Code '{code.id}' names the parent '{code.parent}', which is not in the "
                    "codebook. Add a row for it or leave the parent empty."
                )
        self.levels  # noqa: B018 - computing them refuses a circle

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """The codes by id."""
        return {code.id: code for code in self.codes}

    @cached_property
    def levels(self) -> dict[str, int]:
        """How deep each code stands in the tree, by id; codes at the top are at level 0."""
        levels: dict[str, int] = {}
        for code in self.codes:
            # Up to a code whose level is known, or the top; then down again.
            path: dict[str, None] = {}
            step: str | None = code.id
            while step is not None and step not in levels:
                if step in path:
                    raise InputError(
                        f"Codes {' > '.join([*path, step])} are each other's parents. "
                        "Take one parent out."
                    )
                path[step] = None
                step = self.by_id[step].parent
            above = -1 if step is None else levels[step]
            for level, code_id in enumerate(reversed(path), start=above + 1):
                levels[code_id] = level
        return levels

    @property
    def n_levels(self) -> int:
        """How many levels the tree has; 1 for a flat codebook, 0 without codes."""
        return max(self.levels.values(), default=-1) + 1

    @cached_property
    def _children(self) -> dict[str | None, list[Code]]:
        children: dict[str | None, list[Code]] = {}
        for code in self.codes:
            children.setdefault(code.parent, []).append(code)
        return children

    @cached_property
    def parents(self) -> frozenset[str]:
        """Ids of codes that have children."""
        return frozenset(code.parent for code in self.codes if code.parent is not None)

    @cached_property
    def families(self) -> dict[CodeFamily, tuple[Code, ...]]:
        """The codes of each family, in order."""
        members: dict[CodeFamily, list[Code]] = {}
        for code in self.codes:
            if code.family is not None:
                members.setdefault(code.family, []).append(code)
        return {family: tuple(codes) for family, codes in members.items()}

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, code_id: object) -> bool:
        return code_id in self.by_id

    @cached_property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """The names from the top of the tree down to each code, by id."""
        paths: dict[str, tuple[str, ...]] = {}
        for _, code in self.walk():
            above = paths[code.parent] if code.parent is not None else ()
            paths[code.id] = (*above, code.name)
        return paths

    @cached_property
    def _by_name(self) -> dict[str, list[Code]]:
        """Codes by their names and ids in lower case."""
        by_name: dict[str, list[Code]] = {}
        for code in self.codes:
            for name in {code.name.casefold(), code.id.casefold()}:
                by_name.setdefault(name, []).append(code)
        return by_name

    @cached_property
    def _by_path(self) -> dict[tuple[str, ...], list[Code]]:
        by_path: dict[tuple[str, ...], list[Code]] = {}
        for code_id, path in self.paths.items():
            by_path.setdefault(fold_path(path), []).append(self.by_id[code_id])
        return by_path

    def at_path(self, path: Iterable[str]) -> list[Code]:
        """The codes at the end of this path of names, upper and lower case alike."""
        return self._by_path.get(fold_path(path), [])

    def find(self, name: str) -> Code:
        """The code with this id, this name if only one has it, or this path ("Barriers > Cost").

        Raises:
            NotFound: if there is none, or several.
        """
        if name in self.by_id:
            return self.by_id[name]
        matches = self._by_name.get(name.strip().casefold(), [])
        for mark in PATH_MARKS:
            if not matches and mark in name:
                path = [part for part in name.split(mark) if part.strip()]
                rooted = bool(path) and path[0].strip().casefold() in PATH_ROOTS
                matches = self.at_path(path) or self.at_path(path[1:] if rooted else ())
        if len(matches) == 1:
            return matches[0]
        if len(matches) > 1:
            ids = ", ".join(code.id for code in matches[:_SHOWN])
            more = f" and {len(matches) - _SHOWN} more" if len(matches) > _SHOWN else ""
            raise NotFound(f"'{name}' is the name of several codes ({ids}{more}). Use the id.")
        known = [*self.by_id, *(code.name for code in self.codes)]
        shown = [
            code.name if len(self._by_name[code.name.strip().casefold()]) == 1 else code.id
            for code in self.codes
        ]
        raise NotFound.among("code", name, known, shown=shown)

    def children(self, parent: str | None) -> list[Code]:
        """The codes directly under `parent` (None: the top level), in order."""
        return list(self._children.get(parent, ()))

    def walk(self) -> Iterator[tuple[int, Code]]:
        """Every code with its depth, parents before children."""
        stack = [(0, code) for code in reversed(self.children(None))]
        while stack:
            depth, code = stack.pop()
            yield depth, code
            stack.extend((depth + 1, child) for child in reversed(self.children(code.id)))

    def candidates(self, applied: Iterable[str] = ()) -> list[Code]:
        """Codes that can be suggested: codable leaves, and what else people have applied.

        A code that only heads others is a heading, not something to apply; an archived one is out.
        """
        used = set(applied)
        return [
            c
            for c in self.codes
            if not c.archived and ((c.codable and c.id not in self.parents) or c.id in used)
        ]


def make_code_id(name: str, taken: Collection[str]) -> str:
    """A key for a code of this name: its words in lower case with hyphens, numbered where taken."""
    stem = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_") or "code"
    if stem not in taken:
        return stem
    return next(key for number in count(2) if (key := f"{stem}-{number}") not in taken)


def make_own_code_id(name: str, coder: str, taken: Collection[str]) -> str:
    """A key for a code that only its coder knows of: as `make_code_id`, with a digest of both.

    It is the same whatever codes others have, which a key numbered where taken would tell of.
    """
    folded = " ".join(name.split()).casefold()
    digest = sha256(f"{folded}\0{coder}".encode("utf-8", "surrogatepass")).hexdigest()
    return make_code_id(f"{name} {digest[:8]}", taken)


def fold_path(path: Iterable[str]) -> tuple[str, ...]:
    """A path as it is compared: in lower case, blanks folded."""
    return tuple(" ".join(name.split()).casefold() for name in path)
