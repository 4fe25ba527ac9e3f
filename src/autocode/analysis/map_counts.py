"""How much stands behind each theme of the thematic map, each segment and person counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..core.alignment import align
from ..core.codebook import Codebook
from ..core.coding import Coder, Coding
from ..core.thematic_map import MapTheme, ThematicMap
from ..core.transcript import Segment
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from .code_counts import list_codes_below
from .people import keep_people, list_participants


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCount:
    """A theme with its depth in the tree, and what stands behind it and the themes below it.

    A segment belongs to a theme when people gave it one of the theme's codes, or a code below one
    of those, or when it was placed under the theme itself. `code_names` are those of its own codes.
    """

    theme: MapTheme
    depth: int
    code_names: tuple[str, ...]
    n_segments: int
    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThematicMapView(Result):
    """A thematic map with its counts; `themes` in tree order."""

    map: ThematicMap
    themes: tuple[MapCount, ...]

    def to_dict(self) -> dict[str, Any]:
        """The map as plain data."""
        return to_payload(
            "thematic_map",
            {"themes": self.to_rows(), "relations": to_plain(self.map.relations)},
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a theme."""
        return [
            {
                "theme": count.theme.key,
                "name": count.theme.name,
                "definition": count.theme.definition,
                "parent": count.theme.parent,
                "depth": count.depth,
                "is_central": count.theme.is_central,
                "codes": list(count.theme.codes),
                "code_names": list(count.code_names),
                "n_placed_segments": len(count.theme.segments),
                "n_segments": count.n_segments,
                "n_participants": len(count.participants),
                "position": count.theme.position and list(count.theme.position),
            }
            for count in self.themes
        ]


def count_map(
    thematic_map: ThematicMap,
    *,
    codebook: Codebook,
    segments: Sequence[Segment],
    codings: Sequence[Coding],
    coders: Sequence[Coder] = (),
) -> ThematicMapView:
    """Every theme of the map with its counts; only codings of people count."""
    aligned = align(segments, keep_people(codings, (), coders).codings, ())
    rows: dict[str, set[int]] = {}
    for row in range(len(segments)):
        for code in aligned.codes(row):
            rows.setdefault(code, set()).add(row)
    below = list_codes_below(codebook)
    placed = _find_placed(thematic_map, segments)
    held: dict[str, set[int]] = {}
    # From the deepest theme up, so that each finds what the themes below it hold.
    for _, theme in sorted(thematic_map.walk(), key=lambda item: -item[0]):
        of_theme = placed.get(theme.key, set())
        for code in theme.codes:
            for key in (code, *below.get(code, ())):
                of_theme |= rows.get(key, set())
        for child in thematic_map.children(theme.key):
            of_theme |= held[child.key]
        held[theme.key] = of_theme
    return ThematicMapView(
        thematic_map,
        tuple(
            MapCount(
                theme=theme,
                depth=depth,
                code_names=tuple(codebook.by_id[code].name for code in theme.codes),
                n_segments=len(held[theme.key]),
                participants=list_participants(segments[row] for row in held[theme.key]),
            )
            for depth, theme in thematic_map.walk()
        ),
    )


def _find_placed(thematic_map: ThematicMap, segments: Sequence[Segment]) -> dict[str, set[int]]:
    """By theme, rows of the segments that its own segments are, however they are cut today."""
    marks = [
        Coding(transcript=placed.transcript, span=placed.span, code=theme.key, coder="")
        for _, theme in thematic_map.walk()
        for placed in theme.segments
    ]
    rows: dict[str, set[int]] = {}
    if marks:
        aligned = align(segments, marks, ())
        for row in range(len(segments)):
            for key in aligned.codes(row):
                rows.setdefault(key, set()).add(row)
    return rows
