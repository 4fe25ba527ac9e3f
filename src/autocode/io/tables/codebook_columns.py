"""Which column of a table holds which part of a codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .codebook_headings import field_of, fold_heading, level_of

FIELDS = (
    "definition", "inclusion", "exclusion", "examples", "colour", "memo", "domain", "codable",
    "guid", "family",
)  # fmt: skip
_NUMBERS = frozenset(["no", "nr", "number", "nummer", "numéro", "número", "numero"])
_EXPLICIT_PARENT = ("parent", "übergeordnet", "padre", "pai", "genitore", "bovenliggend")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookColumns:
    """The columns of a codebook's parts.

    `levels` are columns above `name`, the broadest first; `parent` is the only one that is, where
    it names codes or categories. `names_parent` says that its heading speaks of a parent, not of a
    category. `number` holds numbers such as 1.1 that are no ids. `fields` gives the columns of each
    other part.
    """

    name: str | None
    id: str | None = None
    number: str | None = None
    parent: str | None = None
    names_parent: bool = False
    levels: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def stated(self) -> frozenset[str]:
        """The fields of a code for which there is a place in the table.

        Numbers may state parents ("2.1") and often do not: whoever read them knows.
        """
        tree = {"parent"} if self.parent or self.levels else set()
        return frozenset({"name", *tree, *self.fields} - {"guid"})


def choose_columns(columns: Sequence[str]) -> CodebookColumns:
    """The parts that headings name; `name` is None where no heading is one of codes or levels."""
    roles = {column: field_of(column) for column in columns if column}
    by_role: dict[str, list[str]] = {}
    for column, role in roles.items():
        by_role.setdefault(role or "", []).append(column)
    name, identifier = _choose_names(by_role)
    levels = _choose_levels([c for c in roles if c != identifier])
    is_level = name is None or name in levels
    if is_level and levels:
        *levels, name = levels  # the narrowest, which may stand below the codes
    parents = [column for column in by_role.get("parent", []) if column != name]
    explicit = [c for c in parents if any(word in fold_heading(c) for word in _EXPLICIT_PARENT)]
    above = explicit[:1] or (levels if len(levels) > 1 else levels or parents[:1])
    is_staircase = len(above) == 1 and not explicit and field_of(name or "") in (None, "parent")
    number = identifier if identifier and fold_heading(identifier) in _NUMBERS else None
    fields = _choose_fields(by_role, taken={name, identifier, *above})
    used = {name, identifier, *above, *(c for columns in fields.values() for c in columns)}
    return CodebookColumns(
        name=name,
        id=None if number else identifier,
        number=number,
        parent=above[0] if len(above) == 1 and not is_staircase else None,
        names_parent=bool(explicit),
        levels=tuple(above) if len(above) > 1 or is_staircase else (),
        fields=fields,
        unused=tuple(c for c in columns if c and c not in used),
    )


def _choose_names(by_role: Mapping[str, Sequence[str]]) -> tuple[str | None, str | None]:
    """The column of names and that of ids; a column of codes is an id beside one of names."""
    names, codes, ids = (by_role.get(role, []) for role in ("name", "code", "id"))
    if names and codes:
        return names[0], codes[0]
    name = next(iter([*names, *codes]), None)
    if name is None and not by_role.get("parent"):
        return next(iter(ids), None), None
    return name, next(iter(ids), None)


def _choose_levels(columns: Sequence[str]) -> list[str]:
    """Columns that name levels of a tree, codes among them, the broadest first."""
    ranked = [(level, column) for column in columns if (level := level_of(column)) is not None]
    return [column for _, column in sorted(ranked, key=lambda item: item[0])]


def _choose_fields(
    by_role: Mapping[str, Sequence[str]], *, taken: set[str | None]
) -> dict[str, tuple[str, ...]]:
    """The columns of each part besides names and levels; a comment may define a code."""
    fields = {part: tuple(c for c in by_role.get(part, ()) if c not in taken) for part in FIELDS}
    comments = tuple(by_role.get("comment", ()))
    into = "memo" if fields["definition"] else "definition"
    fields[into] += comments
    return {part: columns for part, columns in fields.items() if columns}
