"""The thematic map: themes, their sub-themes, the codes near them, and themes that co-occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from ...analysis.cooccurrence import Relation
from ...core.codebook import Codebook
from ...core.counted import say_count
from ...core.theme import Theme
from ...themes.wording import describe_additions, describe_cautions
from .. import palette
from . import svg
from .layout import Point, lay_out_cards

NEAR = 0.25
"""A code is shown with a theme from this cosine on."""

FEW = 12
"""With more themes than this, sub-themes have no room for their names."""

_WIDTH, _EDGE = 1000.0, 10.0
_BESIDE, _BELOW = 14.0, 16.0
# Two or three times are a thin line even where nothing is more frequent.
_WIDEST_FROM = 8
_BEND, _LARGEST_BEND = 0.16, 46.0

# Between the rim of a circle and its ring, in pixels; arcs of a ring stand apart by the gap.
_RING_OFFSET, _RING_WIDTH, _RING_OUTER, _RING_GAP = 4.5, 4.0, 7.0, 2.5
_RING_COLOURS = (palette.BLUE, palette.LIGHT_BLUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How much is written on a map: with few themes there is room for more."""

    radii: tuple[float, float]
    name_size: float
    name_width: float
    foot_size: float
    count_size: float
    most_parts: int
    slack: float

    @property
    def line(self) -> float:
        return self.name_size + 3

    @property
    def foot(self) -> float:
        return self.foot_size + 4


_ROOMY = _Style(
    radii=(24, 48),
    name_size=13,
    name_width=172,
    foot_size=11.5,
    count_size=10.5,
    most_parts=6,
    slack=1.5,
)
_DENSE = _Style(
    radii=(19, 31),
    name_size=12,
    name_width=128,
    foot_size=10.5,
    count_size=9.5,
    most_parts=0,
    slack=1.1,
)
_NAME_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """A theme as it is drawn: a circle with a ring, its name under it, and smaller lines below.

    `feet` are (words, colour of the square before them or "") from top to bottom.
    """

    theme: Theme
    radius: float
    name: tuple[str, ...]
    feet: tuple[tuple[str, str], ...]
    style: _Style

    @property
    def outer(self) -> float:
        """The radius with the ring, where there is one."""
        return self.radius + (_RING_OUTER if self.theme.parts else 1.0)

    @property
    def extent(self) -> Point:
        """How far the card reaches above and below the centre of its circle."""
        written = self.style.line * len(self.name) + self.style.foot * len(self.feet)
        return self.outer, self.outer + 4 + written + _BELOW


@dataclass(frozen=True, slots=True)
class _Rim:
    """The circle at which lines to a theme end."""

    x: float
    y: float
    radius: float

    def point_towards(self, x: float, y: float) -> str:
        """The point of the circle that faces another point, as in a path."""
        far = hypot(x - self.x, y - self.y) or 1.0
        return (
            f"{self.x + self.radius * (x - self.x) / far:.1f} "
            f"{self.y + self.radius * (y - self.y) / far:.1f}"
        )


def draw_theme_map(
    themes: Sequence[Theme],
    relations: Sequence[Relation],
    codebook: Codebook,
    code_colours: Mapping[str, str],
) -> str:
    """The map, empty for no themes; themes that are alike lie close together.

    `relations` are the themes that co-occur; `code_colours` gives the colour of a code by its id.
    """
    if not themes:
        return ""
    style = _ROOMY if len(themes) <= FEW else _DENSE
    largest = max(theme.n_segments for theme in themes) or 1
    cards = [_make_card(theme, style, largest, codebook, code_colours) for theme in themes]
    layout = lay_out_cards(
        [theme.position for theme in themes],
        [card.extent for card in cards],
        cell=style.name_width + _BESIDE,
        width=_WIDTH,
        slack=style.slack,
    )
    centres = [(x, y + _EDGE) for x, y in layout.points]
    rims = {
        card.theme.key: _Rim(x, y, card.outer) for card, (x, y) in zip(cards, centres, strict=True)
    }
    elements = [*_draw_relations(relations, rims)]
    elements += [_draw_card(card, x, y) for card, (x, y) in zip(cards, centres, strict=True)]
    label = "Thematic map of the draft themes"
    return svg.draw_svg(_WIDTH, layout.height + _EDGE, elements, kind="themes", label=label)


def _make_card(
    theme: Theme,
    style: _Style,
    largest: int,
    codebook: Codebook,
    code_colours: Mapping[str, str],
) -> _Card:
    least, most = style.radii
    name = theme.name.replace("_", "-")
    return _Card(
        theme=theme,
        # The area of a circle, not its radius, grows with the segments.
        radius=least + (most - least) * sqrt(theme.n_segments / largest),
        name=svg.wrap_text(name, style.name_width, size=style.name_size, most=_NAME_LINES),
        feet=tuple(_list_feet(theme, style, codebook, code_colours)),
        style=style,
    )


def _list_feet(
    theme: Theme, style: _Style, codebook: Codebook, code_colours: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """The smaller lines: the code a theme is near, then its sub-themes where there is room."""
    width, size = style.name_width, style.foot_size
    if theme.near and theme.near[0][1] >= NEAR and theme.near[0][0] in codebook:
        code = theme.near[0][0]
        name = svg.fit_text(codebook.by_id[code].name, width - 14, size=size)
        yield name, code_colours.get(code, palette.SOFT)
    counts = Counter(member.part for member in theme.members)
    for part in theme.parts[: style.most_parts]:
        words = f"{part.key.rsplit('.', 1)[-1]}. {part.name}"
        count = f" ({counts[part.key]})"
        available = width + 26 - svg.measure_width(count, size)
        yield svg.fit_text(words, available, size=size) + count, ""
    n_left = len(theme.parts) - style.most_parts
    if style.most_parts and n_left > 0:
        yield f"and {n_left} more", ""


def _draw_relations(relations: Sequence[Relation], rims: Mapping[str, _Rim]) -> Iterator[str]:
    """Lines between themes that co-occur, bent so as to pass others by."""
    most = max([_WIDEST_FROM, *(relation.n for relation in relations)])
    for relation in relations:
        start, end = rims[relation.one], rims[relation.other]
        dx, dy = end.x - start.x, end.y - start.y
        far = hypot(dx, dy) or 1.0
        bend = min(_BEND * far, _LARGEST_BEND)
        by_x = (start.x + end.x) / 2 - bend * dy / far
        by_y = (start.y + end.y) / 2 + bend * dx / far
        words = (
            f"{relation.one} and {relation.other}: next to each other {relation.n} times, "
            f"{relation.expected:.1f} expected"
        )
        yield svg.draw(
            "path",
            svg.draw_tooltip(words),
            d=f"M{start.point_towards(by_x, by_y)}Q{by_x:.1f} {by_y:.1f} "
            f"{end.point_towards(by_x, by_y)}",
            fill="none",
            stroke=palette.THREAD,
            stroke_opacity=0.55,
            stroke_width=1 + 4 * relation.n / most,
        )


def _draw_card(card: _Card, x: float, y: float) -> str:
    theme, style = card.theme, card.style
    parts = [
        svg.draw_tooltip(_describe_theme(theme)),
        svg.draw(
            "circle",
            cx=x,
            cy=y,
            r=card.radius,
            fill=palette.PALE,
            stroke=palette.RIM,
            stroke_width=1.5,
            stroke_dasharray="4 3" if theme.cautions else None,
        ),
        *_draw_ring(theme, x, y, card.radius),
    ]
    count = f"{theme.n_segments}/{len(theme.participants)}"
    for words, size, offset, weight in (
        (theme.key, 12.0, -1.0, 600),
        (count, style.count_size, style.count_size + 1, None),
    ):
        parts.append(
            svg.draw_text(
                x, y + offset, words, size=size, anchor="middle", fill=palette.BLUE,
                font_weight=weight,
            )
        )  # fmt: skip
    base = y + card.outer + 4
    for line in card.name:
        base += style.line
        parts.append(_draw_words(x, base - 3, line, style.name_size, font_weight=600))
    for words, colour in card.feet:
        base += style.foot
        parts.append(_draw_words(x, base - 3, words, style.foot_size, square=colour))
    return svg.draw("a", "".join(parts), href=f"#{theme.key}")


def _draw_words(
    x: float, y: float, words: str, size: float, *, square: str = "", font_weight: int | None = None
) -> str:
    """Words with a white edge, so that they stay readable where a line runs beneath them."""
    return svg.draw_text(
        x,
        y,
        words,
        size=size,
        anchor="middle",
        square=square,
        fill=palette.INK if font_weight else palette.SOFT,
        font_weight=font_weight,
        paint_order="stroke",
        stroke=palette.PAPER,
        stroke_width=3.5,
        stroke_linejoin="round",
    )


def _draw_ring(theme: Theme, x: float, y: float, radius: float) -> Iterator[str]:
    """An arc for each sub-theme, from the top clockwise, as long as its share of the segments.

    Dark and light take turns, so that arcs can be distinguished in grey as well.
    """
    counts = Counter(member.part for member in theme.members)
    outer = radius + _RING_OFFSET
    gap = _RING_GAP / outer
    begin = 0.0
    for at, part in enumerate(part for part in theme.parts if counts[part.key]):
        n = counts[part.key]
        end = begin + 2 * pi * n / theme.n_segments
        # An arc of a whole turn has no direction in SVG; it stops short of itself.
        stop = max(min(end, 2 * pi) - gap / 2, begin + gap)
        yield svg.draw(
            "path",
            svg.draw_tooltip(f"{part.key} {part.name}: {say_count(n, 'segment')}"),
            d=_trace_arc((x, y), outer, begin + gap / 2, stop),
            fill="none",
            stroke=_RING_COLOURS[at % 2],
            stroke_width=_RING_WIDTH,
        )
        begin = end


def _trace_arc(centre: Point, radius: float, begin: float, end: float) -> str:
    """A path clockwise between two angles from the top, in radians."""
    (x, y), is_large = centre, int(end - begin > pi)
    return (
        f"M{x + radius * sin(begin):.1f} {y - radius * cos(begin):.1f}"
        f"A{radius:.1f} {radius:.1f} 0 {is_large} 1 "
        f"{x + radius * sin(end):.1f} {y - radius * cos(end):.1f}"
    )


def _describe_theme(theme: Theme) -> str:
    """Everything about a theme that a map has no room for."""
    additions = describe_additions(theme)
    lines = [
        f"{theme.key} {theme.name}",
        f"{say_count(theme.n_segments, 'segment')}, "
        f"{say_count(len(theme.participants), 'participant')}",
        *(f"{part.key} {part.name}" for part in theme.parts),
        *describe_cautions(theme),
        *([additions] if additions else []),
    ]
    return "\n".join(lines)
