"""Changes of a thematic map: each takes a map and gives the changed one, or says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .errors import InputError, NotFound
from .thematic_map import MapRelation, MapTheme, PlacedSegment, ThematicMap

LARGEST = 20_000
"""How far right or down a card can be put, in pixels."""


def add_theme(
    thematic_map: ThematicMap,
    name: str,
    *,
    definition: str = "",
    parent: str | None = None,
    is_central: bool = False,
) -> ThematicMap:
    """The map with one theme more, under the theme named `parent` or at the top.

    Raises:
        InputError: for an empty or taken name, or a second central theme.
        NotFound: if there is no such parent.
    """
    theme = MapTheme(
        key=_next_key(thematic_map),
        name=name.strip(),
        definition=definition.strip(),
        parent=None if parent is None else thematic_map.find(parent).key,
        is_central=is_central,
    )
    return replace(thematic_map, themes=(*thematic_map.themes, theme))


def change_theme(
    thematic_map: ThematicMap,
    theme: str,
    *,
    name: str | None = None,
    definition: str | None = None,
    parent: str | None = None,
    is_central: bool | None = None,
) -> ThematicMap:
    """The map with a theme changed; None leaves as it is, an empty `parent` takes it to the top.

    Raises:
        InputError: for an empty or taken name, a circle of parents, or a second central theme.
        NotFound: if there is no such theme or parent.
    """
    known = thematic_map.find(theme)
    changed = replace(
        known,
        name=known.name if name is None else name.strip(),
        definition=known.definition if definition is None else definition.strip(),
        is_central=known.is_central if is_central is None else is_central,
    )
    if parent is not None:
        above = thematic_map.find(parent).key if parent.strip() else None
        if above == known.key:
            raise InputError(f"Theme '{known.name}' cannot stand under itself.")
        changed = replace(changed, parent=above)
    return _put(thematic_map, changed)


def make_central(thematic_map: ThematicMap, theme: str) -> ThematicMap:
    """The map with this theme in the middle, instead of whichever was; raises NotFound."""
    known = thematic_map.find(theme)
    return replace(
        thematic_map,
        themes=tuple(replace(t, is_central=t.key == known.key) for t in thematic_map.themes),
    )


def move_card(
    thematic_map: ThematicMap, theme: str, position: tuple[int, int] | None
) -> ThematicMap:
    """The map with a theme's card at a position in the picture; None: laid out by the picture.

    Raises:
        InputError: for a position that no picture holds.
        NotFound: if there is no such theme.
    """
    if position is not None and not all(0 <= part <= LARGEST for part in position):
        raise InputError(f"A position has two numbers from 0 to {LARGEST}.")
    return _put(thematic_map, replace(thematic_map.find(theme), position=position))


def remove_theme(thematic_map: ThematicMap, theme: str) -> ThematicMap:
    """The map without a theme; those below it move up, and its relations go.

    Raises:
        NotFound: if there is no such theme.
    """
    known = thematic_map.find(theme)
    return ThematicMap(
        tuple(
            replace(other, parent=known.parent) if other.parent == known.key else other
            for other in thematic_map.themes
            if other.key != known.key
        ),
        tuple(r for r in thematic_map.relations if known.key not in (r.one, r.other)),
    )


def place_codes(thematic_map: ThematicMap, theme: str, codes: Iterable[str]) -> ThematicMap:
    """The map with these codes (ids) under a theme as well; raises NotFound for the theme."""
    known = thematic_map.find(theme)
    return _put(thematic_map, replace(known, codes=tuple(dict.fromkeys([*known.codes, *codes]))))


def place_segments(
    thematic_map: ThematicMap, theme: str, segments: Iterable[PlacedSegment]
) -> ThematicMap:
    """The map with these segments under a theme as well; one that is there stays as it is.

    Raises:
        NotFound: if there is no such theme.
    """
    known = thematic_map.find(theme)
    there = {(placed.transcript, placed.span) for placed in known.segments}
    new = tuple(p for p in segments if (p.transcript, p.span) not in there)
    return _put(thematic_map, replace(known, segments=(*known.segments, *new)))


def take_out_codes(thematic_map: ThematicMap, theme: str, codes: Iterable[str]) -> ThematicMap:
    """The map without these codes (ids) under a theme.

    Raises:
        NotFound: if there is no such theme, or one of the codes does not stand under it.
    """
    known, gone = thematic_map.find(theme), set(codes)
    for code in sorted(gone - set(known.codes)):
        raise NotFound.among(f"code under the theme '{known.name}'", code, known.codes)
    return _put(thematic_map, replace(known, codes=tuple(c for c in known.codes if c not in gone)))


def take_out_drafts(thematic_map: ThematicMap, theme: str, drafts: Iterable[str]) -> ThematicMap:
    """The map without the segments that a theme has from these draft themes.

    Raises:
        NotFound: if there is no such theme, or it has no segment from one of them.
    """
    known, gone = thematic_map.find(theme), set(drafts)
    there = {placed.draft for placed in known.segments}
    for draft in sorted(gone - there):
        raise NotFound.among(f"draft theme under '{known.name}'", draft, there - {""})
    return _put(
        thematic_map,
        replace(known, segments=tuple(p for p in known.segments if p.draft not in gone)),
    )


def relate_themes(thematic_map: ThematicMap, one: str, other: str, name: str = "") -> ThematicMap:
    """The map with a relation from one theme to another; a known one takes the new name.

    Raises:
        InputError: for a relation of a theme to itself.
        NotFound: if there is no such theme.
    """
    first, second = thematic_map.find(one).key, thematic_map.find(other).key
    kept = tuple(r for r in thematic_map.relations if (r.one, r.other) != (first, second))
    return replace(thematic_map, relations=(*kept, MapRelation(first, second, name.strip())))


def reverse_relation(thematic_map: ThematicMap, one: str, other: str) -> ThematicMap:
    """The map with the relation from one theme to another turned round; its words stay.

    Raises:
        InputError: if the other theme relates to the first as well.
        NotFound: if there is no such theme, or no relation from the first to the second.
    """
    first, second = thematic_map.find(one), thematic_map.find(other)
    ends = (first.key, second.key)
    known = {(r.one, r.other) for r in thematic_map.relations}
    if ends not in known:
        raise NotFound(
            f"There is no relation from '{first.name}' to '{second.name}'. "
            "See what there is with: autocode map show STUDY"
        )
    if ends[::-1] in known:
        raise InputError(
            f"'{second.name}' relates to '{first.name}' as well. Remove one of the two relations."
        )
    turned = tuple(
        MapRelation(r.other, r.one, r.name) if (r.one, r.other) == ends else r
        for r in thematic_map.relations
    )
    return replace(thematic_map, relations=turned)


def unrelate_themes(thematic_map: ThematicMap, one: str, other: str) -> ThematicMap:
    """The map without the relation between two themes, in whichever direction.

    Raises:
        NotFound: if there is no such theme, or no relation between the two.
    """
    first, second = thematic_map.find(one), thematic_map.find(other)
    kept = tuple(r for r in thematic_map.relations if {r.one, r.other} != {first.key, second.key})
    if len(kept) == len(thematic_map.relations):
        raise NotFound(
            f"There is no relation between '{first.name}' and '{second.name}'. "
            "See what there is with: autocode map show STUDY"
        )
    return replace(thematic_map, relations=kept)


def _next_key(thematic_map: ThematicMap) -> str:
    numbers = [int(key[1:]) for key in thematic_map.by_key if key[1:].isdecimal()]
    return f"M{max(numbers, default=0) + 1}"


def _put(thematic_map: ThematicMap, changed: MapTheme) -> ThematicMap:
    return replace(
        thematic_map,
        themes=tuple(changed if t.key == changed.key else t for t in thematic_map.themes),
    )
