"""The thematic map as its section of a report shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..analysis.map_counts import ThematicMapView
from .charts.thematic_map import draw_thematic_map


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """A theme of the map in its table; `depth` in the tree."""

    name: str
    depth: int
    is_central: bool
    definition: str
    codes: str
    n_segments: int
    n_participants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSection:
    """The picture as HTML, the themes in tree order, and relations as sentences."""

    picture: str
    rows: tuple[MapRow, ...]
    relations: tuple[str, ...]


def view_map(view: ThematicMapView, code_colours: Mapping[str, str]) -> MapSection | None:
    """What the report shows of the map; None where it has no themes."""
    if not view.themes:
        return None
    names = {theme.key: theme.name for theme in view.map.themes}
    return MapSection(
        picture=draw_thematic_map(view, code_colours),
        rows=tuple(
            MapRow(
                name=count.theme.name,
                depth=count.depth,
                is_central=count.theme.is_central,
                definition=count.theme.definition,
                codes=", ".join(count.code_names),
                n_segments=count.n_segments,
                n_participants=len(count.participants),
            )
            for count in view.themes
        ),
        relations=tuple(
            f"{names[r.one]} {r.name or 'relates to'} {names[r.other]}" for r in view.map.relations
        ),
    )
