"""The excerpt map: every segment as a mark where its meaning lies, in its theme or in none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from statistics import median
from typing import Literal

from ...core.theme import Theme, ThemeDraft
from ...core.transcript import Segment
from .. import palette
from . import svg
from .layout import Box, Point, separate_boxes

MANY = len(palette.HUES)
"""With more themes than this, hues are used again."""

_WIDTH, _HEIGHT, _EDGE = 1000.0, 620.0, 16.0
_FEW_PLATES = 12
_PLATE_SIZE, _PLATE_HEIGHT, _PLATE_WIDTH = 11.5, 18.0, 170.0
_KEY_SIZE, _KEY_ROW, _KEY_ABOVE, _FEW_KEYS = 11.5, 20.0, 26.0, 8
# Letters of excerpts that a page carries at most: 5,000 segments stay below a megabyte.
_MOST_LETTERS = 450_000
_SHORTEST, _LONGEST = 60, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A segment at a position in [0, 1]², in a theme (its key) or in none."""

    position: Point
    segment: Segment
    theme: str | None = None
    is_exemplar: bool = False
    is_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _KeyEntry:
    """A line of the key: a mark, its words, and how many are drawn; `theme` is what it links to."""

    words: str
    hue: str
    n: int
    theme: str = ""
    mark: Literal["dot", "cross", "ring"] = "dot"


def list_dots(draft: ThemeDraft) -> list[Dot]:
    """The dots of a draft; none for a draft made before positions were stored."""
    inside = [
        Dot(
            position=member.position,
            segment=member.segment,
            theme=theme.key,
            is_exemplar=member.exemplar is not None,
            is_later=member.later,
        )
        for theme in draft.themes
        for member in theme.members
        if member.position is not None
    ]
    outside = [
        Dot(position=left.position, segment=left.segment, is_later=left.later)
        for left in draft.unassigned
        if left.position is not None
    ]
    return outside + inside


def draw_excerpt_map(themes: Sequence[Theme], dots: Sequence[Dot]) -> str:
    """The map, empty for no dots; a reader who points at a mark sees the segment's words.

    The more dots, the shorter the excerpts, so that 5,000 segments stay below a megabyte.
    """
    if not dots:
        return ""
    by_theme = {theme.key: [dot for dot in dots if dot.theme == theme.key] for theme in themes}
    medians = {key: _find_median(held) for key, held in by_theme.items() if held}
    hues = assign_hues(medians)
    outside = [dot for dot in dots if dot.theme not in medians]
    most = min(max(_MOST_LETTERS // len(dots), _SHORTEST), _LONGEST)
    radius = 5.0 if len(dots) <= 250 else 4.0 if len(dots) <= 1200 else 2.8
    frame = svg.draw(
        "rect",
        x=0.5,
        y=0.5,
        width=_WIDTH - 1,
        height=_HEIGHT - 1,
        rx=8,
        fill=palette.PAPER,
        stroke=palette.LINE,
    )
    elements = [frame, *_draw_crosses(outside, radius, most)]
    for key, held in by_theme.items():
        elements += _draw_circles(held, hues.get(key, palette.UNASSIGNED), radius, most)
    elements += _draw_plates([t for t in themes if t.key in medians], medians, hues)
    n_in = {key: len(held) for key, held in by_theme.items()}
    entries = _list_key(themes, hues, n_in, outside=len(outside), later=_count_later(dots))
    elements += _draw_key(entries)
    height = _HEIGHT + _KEY_ABOVE + _KEY_ROW * _count_key_rows(entries)
    label = "Every segment by its meaning"
    return svg.draw_svg(_WIDTH, height, elements, kind="excerpts", label=label)


def assign_hues(medians: Mapping[str, Point]) -> dict[str, str]:
    """A hue for each theme by its key; a hue is used again only as far away as can be."""
    hues: dict[str, str] = {}
    for key, (x, y) in medians.items():
        nearest = dict.fromkeys(palette.HUES, inf)
        for other, hue in hues.items():
            distance = (medians[other][0] - x) ** 2 + (medians[other][1] - y) ** 2
            nearest[hue] = min(nearest[hue], distance)
        hues[key] = max(palette.HUES, key=lambda hue: nearest[hue])
    return hues


def _find_median(held: Sequence[Dot]) -> Point:
    """Where a theme's name stands: by the first dots only, so that additions do not move it."""
    first = [dot for dot in held if not dot.is_later] or held
    return median(dot.position[0] for dot in first), median(dot.position[1] for dot in first)


def _count_later(dots: Sequence[Dot]) -> int:
    return sum(dot.is_later for dot in dots)


def _to_pixels(position: Point) -> Point:
    x, y = (min(max(part, 0.0), 1.0) for part in position)
    return _EDGE + x * (_WIDTH - 2 * _EDGE), _EDGE + y * (_HEIGHT - 2 * _EDGE)


def _describe_dot(dot: Dot, most: int) -> str:
    words = " ".join(dot.segment.excerpt.split())
    if len(words) > most:
        words = f"{words[: most - 1].rstrip()}…"
    theme = f"{dot.theme or 'unassigned'}{', added later' if dot.is_later else ''}"
    return svg.draw_tooltip(f"{theme}, {dot.segment.participant}: {words}")


def _draw_circles(held: Sequence[Dot], hue: str, radius: float, most: int) -> Iterator[str]:
    circles = []
    for dot in sorted(held, key=lambda dot: dot.is_exemplar):
        x, y = _to_pixels(dot.position)
        style: dict[str, str | float] = {"r": radius}
        if dot.is_exemplar:
            style = {"r": radius + 1, "stroke": palette.INK, "stroke_width": 1.4}
        if dot.is_later:
            # Hollow, in the hue of its theme.
            style = {
                "r": radius - 0.4,
                "fill": palette.PAPER,
                "stroke": hue,
                "stroke_width": 1.8,
            }
        tooltip = _describe_dot(dot, most)
        circles.append(svg.draw("circle", tooltip, cx=round(x), cy=round(y), **style))
    yield svg.draw(
        "g",
        "".join(circles),
        fill=hue,
        fill_opacity=0.85,
        stroke=palette.PAPER,
        stroke_width=0.7,
    )


def _draw_crosses(held: Sequence[Dot], radius: float, most: int) -> Iterator[str]:
    arm = 1.4 * radius
    crosses = []
    for dot in held:
        x, y = _to_pixels(dot.position)
        path = f"M{x - arm / 2:.0f} {y - arm / 2:.0f}l{arm:g} {arm:g}m0-{arm:g}l-{arm:g} {arm:g}"
        path += _trace_ring(arm) if dot.is_later else ""
        crosses.append(svg.draw("path", _describe_dot(dot, most), d=path))
    yield svg.draw("g", "".join(crosses), fill="none", stroke=palette.UNASSIGNED, stroke_width=1.2)


def _trace_ring(arm: float) -> str:
    """A ring about a cross, whose last stroke has ended at its lower left."""
    reach = 0.95 * arm
    return (
        f"m{arm / 2 - reach:g}-{arm / 2:g}a{reach:g} {reach:g} 0 1 0 {2 * reach:g} 0"
        f"a{reach:g} {reach:g} 0 1 0-{2 * reach:g} 0"
    )


def _draw_plates(
    themes: Sequence[Theme], medians: Mapping[str, Point], hues: Mapping[str, str]
) -> Iterator[str]:
    """A plate at each theme's median: its key, and its name where there is room for names."""
    names = [
        svg.fit_text(f"{theme.key} {theme.name}", _PLATE_WIDTH, size=_PLATE_SIZE)
        if len(themes) <= _FEW_PLATES
        else theme.key
        for theme in themes
    ]
    wanted = []
    for theme, name in zip(themes, names, strict=True):
        x, y = _to_pixels(medians[theme.key])
        width = 1.05 * svg.measure_width(name, _PLATE_SIZE) + 13
        wanted.append(Box(x=x, y=y, width=width, height=_PLATE_HEIGHT))
    boxes = separate_boxes(wanted, _WIDTH - 4, gap=3)
    too_low = max([0.0, *(box.y + 12 - _HEIGHT for box in boxes)])
    for theme, name, box in zip(themes, names, boxes, strict=True):
        left, top = box.x - box.width / 2 + 2, max(box.top - too_low, 3.0)
        plate = svg.draw(
            "rect",
            x=left,
            y=top,
            width=box.width,
            height=_PLATE_HEIGHT,
            rx=9,
            fill=palette.PAPER,
            fill_opacity=0.85,
            stroke=hues[theme.key],
            stroke_width=1.6,
        )
        words = svg.draw_text(
            left + box.width / 2, top + 13, name, size=_PLATE_SIZE, anchor="middle", font_weight=600
        )
        # The dots beneath must still answer a reader who points at them.
        yield svg.draw("g", plate + words, pointer_events="none")


def _list_key(
    themes: Sequence[Theme],
    hues: Mapping[str, str],
    n_in: Mapping[str, int],
    *,
    outside: int,
    later: int,
) -> list[_KeyEntry]:
    """Every theme in its order, then what is in none and what came later."""
    entries = [
        _KeyEntry(
            words=f"{theme.key} {theme.name}",
            hue=hues[theme.key],
            n=n_in[theme.key],
            theme=theme.key,
        )
        for theme in themes
        if theme.key in hues
    ]
    entries.append(_KeyEntry(words="unassigned", hue=palette.UNASSIGNED, n=outside, mark="cross"))
    if later:
        entries.append(
            _KeyEntry(words="ringed: added later", hue=palette.SOFT, n=later, mark="ring")
        )
    return entries


def _draw_key(entries: Sequence[_KeyEntry]) -> Iterator[str]:
    """The entries below the map, in columns."""
    n_rows = _count_key_rows(entries)
    column = _WIDTH / _count_key_columns(entries)
    for at, entry in enumerate(entries):
        x = column * (at // n_rows) + 8
        y = _HEIGHT + _KEY_ABOVE + _KEY_ROW * (at % n_rows)
        count = f" ({entry.n:,})"
        available = column - 30 - svg.measure_width(count, _KEY_SIZE)
        words = svg.fit_text(entry.words, available, size=_KEY_SIZE) + count
        line = _draw_key_mark(entry, x, y - 4) + svg.draw_text(x + 11, y, words, size=_KEY_SIZE)
        yield svg.draw("a", line, href=f"#{entry.theme}") if entry.theme else line


def _draw_key_mark(entry: _KeyEntry, x: float, y: float) -> str:
    if entry.mark == "cross":
        path = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0-8l-8 8"
        return svg.draw("path", d=path, stroke=entry.hue, stroke_width=1.4)
    if entry.mark == "ring":
        return svg.draw(
            "circle", cx=x, cy=y, r=4, fill=palette.PAPER, stroke=entry.hue, stroke_width=1.8
        )
    return svg.draw("circle", cx=x, cy=y, r=5, fill=entry.hue)


def _count_key_columns(entries: Sequence[_KeyEntry]) -> int:
    return 2 if len(entries) <= _FEW_KEYS else 3


def _count_key_rows(entries: Sequence[_KeyEntry]) -> int:
    return ceil(len(entries) / _count_key_columns(entries))
