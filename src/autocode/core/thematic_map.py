"""The thematic map: themes that people name over codes and draft themes, and how they relate.

Themes of the map are an analyst's (Braun and Clarke 2006, phases 3 to 5); what `autocode themes`
drafts from vectors are draft themes, which may be placed under one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .errors import InputError, NotFound
from .transcript import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSegment:
    """A segment that was put under a theme itself; `draft` names the draft theme it came from."""

    transcript: str
    span: Span
    draft: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTheme:
    """A theme of the map, over codes (ids) and segments; `parent` is the key of the theme above.

    `key` is unique in the map and stays when the name changes. `position` is where a person put the
    middle of its card in the picture of the map, in pixels; None where the picture lays it out.
    """

    key: str
    name: str
    definition: str = ""
    parent: str | None = None
    is_central: bool = False
    codes: tuple[str, ...] = ()
    segments: tuple[PlacedSegment, ...] = ()
    position: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InputError("A theme needs a name that holds at least one letter.")


@dataclass(frozen=True, slots=True)
class MapRelation:
    """How one theme (key) relates to another, in the analyst's words, such as "leads to"."""

    one: str
    other: str
    name: str = ""


@dataclass(frozen=True)
class ThematicMap:
    """Themes in their order, as a tree, and relations between them.

    Raises:
        InputError: on a repeated key or name, a parent that is not there, a circle of parents, a
            second central theme, or a relation of a theme to itself.
    """

    themes: tuple[MapTheme, ...] = ()
    relations: tuple[MapRelation, ...] = ()

    def __post_init__(self) -> None:
        self._refuse_repeated()
        for theme in self.themes:
            if theme.parent is not None and theme.parent not in self.by_key:
                raise InputError(
                    f"Theme '{theme.name}' stands under '{theme.parent}', which is not on the map. "
                    "Add that theme first."
                )
        for relation in self.relations:
            for key in (relation.one, relation.other):
                if key not in self.by_key:
                    raise NotFound.among("theme", key, self.by_key)
            if relation.one == relation.other:
                name = self.by_key[relation.one].name
                raise InputError(f"Theme '{name}' cannot relate to itself. Name two themes.")
        if len(list(self.walk())) < len(self.themes):
            reached = {theme.key for _, theme in self.walk()}
            names = [theme.name for theme in self.themes if theme.key not in reached]
            raise InputError(
                f"Themes {' and '.join(names)} stand under each other. Take one to the top."
            )

    def _refuse_repeated(self) -> None:
        names: dict[str, str] = {}
        for theme in self.themes:
            folded = theme.name.strip().casefold()
            if folded in names or list(self.by_key).count(theme.key) > 1:
                raise InputError(
                    f"There is a theme '{theme.name}' on the map already. Choose another name."
                )
            names[folded] = theme.key
        if len(self.by_key) < len(self.themes):
            raise InputError("Two themes of the map have one key.")
        central = [theme.name for theme in self.themes if theme.is_central]
        if len(central) > 1:
            raise InputError(
                f"The central theme is '{central[0]}', so '{central[1]}' cannot be. A map has one."
            )

    @cached_property
    def by_key(self) -> dict[str, MapTheme]:
        """The themes by key."""
        return {theme.key: theme for theme in self.themes}

    @property
    def central(self) -> MapTheme | None:
        """The theme in the middle of the map, where one was named."""
        return next((theme for theme in self.themes if theme.is_central), None)

    def __len__(self) -> int:
        return len(self.themes)

    def find(self, name: str) -> MapTheme:
        """The theme with this key or name, whatever its case; raises NotFound."""
        folded = name.strip().casefold()
        for theme in self.themes:
            if folded in (theme.key.casefold(), theme.name.strip().casefold()):
                return theme
        raise NotFound.among(
            "theme of the map", name, [text for t in self.themes for text in (t.key, t.name)]
        )

    def children(self, key: str | None) -> list[MapTheme]:
        """The themes directly under `key` (None: the top level), in order."""
        return [theme for theme in self.themes if theme.parent == key]

    def walk(self) -> Iterator[tuple[int, MapTheme]]:
        """Every theme with its depth, those above before those below."""
        stack = [(0, theme) for theme in reversed(self.children(None))]
        while stack:
            depth, theme = stack.pop()
            yield depth, theme
            stack.extend((depth + 1, child) for child in reversed(self.children(theme.key)))
