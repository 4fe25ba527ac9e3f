"""The thematic map as SVG: themes, their sub-themes, the codes near them, what is said together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot, sqrt

from ...analysis.cooccurrence import Relation, relations
from ...core.codebook import Codebook
from ...core.theme import Theme
from ...themes.wording import describe_additions, describe_cautions
from . import ring, svg
from .layout import Spot, laid

_WIDTH, _EDGE = 1000.0, 10.0
_CLOSE = 0.25
_FEW = 12
_WIDEST_FROM = 8
_BESIDE, _BELOW = 14.0, 16.0
_THREAD = "#7c93ad"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How much is written on a map: with few themes there is room for more."""

    radii: tuple[float, float]
    name_size: float
    name_width: float
    name_lines: int
    foot_size: float
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
    name_lines=3,
    foot_size=11.5,
    most_parts=6,
    slack=1.5,
)
_DENSE = _Style(
    radii=(19, 31),
    name_size=12,
    name_width=128,
    name_lines=3,
    foot_size=10.5,
    most_parts=0,
    slack=1.1,
)


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
        return self.radius + (ring.ROOM if self.theme.parts else 1.0)

    @property
    def size(self) -> tuple[float, float]:
        """How far the card reaches above and below the middle of its circle."""
        written = self.style.line * len(self.name) + self.style.foot * len(self.feet)
        return self.outer, self.outer + 4 + written + _BELOW


def thematic_map(themes: Sequence[Theme], codebook: Codebook, palette: dict[str, str]) -> str:
    """An SVG svg, empty when there are no themes; themes that are alike lie close together.

    `palette` gives the colour of a code by its id.
    """
    if not themes:
        return ""
    cards = _cards(themes, codebook, palette)
    style = cards[0].style
    spots, height = laid(
        [theme.position for theme in themes],
        [card.size for card in cards],
        cell=style.name_width + _BESIDE,
        width=_WIDTH,
        slack=style.slack,
    )
    spots = [Spot(spot.x, spot.y + _EDGE) for spot in spots]
    rims = {c.theme.key: (s.x, s.y, c.outer) for c, s in zip(cards, spots, strict=True)}
    drawn = [*_threads(relations(themes), rims)]
    for card, spot in zip(cards, spots, strict=True):
        drawn += _drawn(card, spot)
    about = "Thematic map of the draft themes"
    return svg.svg(_WIDTH, height + _EDGE, drawn, kind="themes", about=about)


def _cards(themes: Sequence[Theme], codebook: Codebook, palette: dict[str, str]) -> list[_Card]:
    style = _ROOMY if len(themes) <= _FEW else _DENSE
    largest = max(theme.n_segments for theme in themes) or 1
    least, most = style.radii
    return [
        _Card(
            theme=theme,
            radius=least + (most - least) * sqrt(theme.n_segments / largest),
            name=svg.wrapped(
                theme.name.replace("_", "-"),
                style.name_width,
                size=style.name_size,
                most=style.name_lines,
            ),
            feet=tuple(_feet(theme, style, codebook, palette)),
            style=style,
        )
        for theme in themes
    ]


def _feet(
    theme: Theme, style: _Style, codebook: Codebook, palette: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """The smaller lines: the code a theme is near, then its sub-themes where there is room."""
    width, size = style.name_width, style.foot_size
    if theme.near and theme.near[0][1] >= _CLOSE and theme.near[0][0] in codebook:
        code = theme.near[0][0]
        name = svg.fitted(codebook.by_id[code].name, width - 14, size=size)
        yield name, palette.get(code, svg.SOFT)
    times = Counter(member.part for member in theme.members)
    for part in theme.parts[: style.most_parts]:
        told = f"{part.key.rsplit('.', 1)[-1]}. {part.name}"
        count = f" ({times[part.key]})"
        room = width + 26 - svg.width_of(count, size)
        yield svg.fitted(told, room, size=size) + count, ""
    left = len(theme.parts) - style.most_parts
    if style.most_parts and left > 0:
        yield f"and {left} more", ""


def _threads(
    found: Sequence[Relation], rims: dict[str, tuple[float, float, float]]
) -> Iterator[str]:
    """Lines between themes that are said next to each other, bent so as to pass others by."""
    # Two or three times are a thin line even where nothing is more frequent.
    most = max([_WIDEST_FROM, *(relation.n for relation in found)])
    for relation in found:
        (x, y, r), (to_x, to_y, to_r) = rims[relation.one], rims[relation.other]
        dx, dy = to_x - x, to_y - y
        far = hypot(dx, dy) or 1.0
        bend = min(0.16 * far, 46.0)
        by_x, by_y = (x + to_x) / 2 - bend * dy / far, (y + to_y) / 2 + bend * dx / far
        words = (
            f"{relation.one} and {relation.other}: next to each other {relation.n} times, "
            f"{relation.expected:.1f} expected"
        )
        yield (
            f'<path d="M{_rim(x, y, r, by_x, by_y)}Q{by_x:.1f} {by_y:.1f} '
            f'{_rim(to_x, to_y, to_r, by_x, by_y)}" fill="none" stroke="{_THREAD}" '
            f'stroke-opacity="0.55" stroke-width="{1 + 4 * relation.n / most:.1f}">'
            f"{svg.told(words)}</path>"
        )


def _rim(x: float, y: float, radius: float, to_x: float, to_y: float) -> str:
    """The point of a circle that faces another point."""
    far = hypot(to_x - x, to_y - y) or 1.0
    return f"{x + radius * (to_x - x) / far:.1f} {y + radius * (to_y - y) / far:.1f}"


def _drawn(card: _Card, spot: Spot) -> Iterator[str]:
    theme, style = card.theme, card.style
    x, y = spot.x, spot.y
    dash = ' stroke-dasharray="4 3"' if theme.cautions else ""
    yield f'<a href="#{escape(theme.key)}">{svg.told(_whole(theme))}'
    yield (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{card.radius:.1f}" fill="{svg.PALE}" '
        f'stroke="{svg.RIM}" stroke-width="1.5"{dash}/>'
    )
    yield from ring.ring(theme, (x, y), card.radius)
    yield from _inside(card, x, y)
    at = y + card.outer + 4
    for line in card.name:
        at += style.line
        yield svg.text(x, at - 3, line, size=style.name_size, style=f'{_HALO} font-weight="600"')
    for words, colour in card.feet:
        at += style.foot
        soft = f'{_HALO} fill="{svg.SOFT}"'
        yield svg.text(x, at - 3, words, size=style.foot_size, style=soft, square=colour)
    yield "</a>"


_MIDDLE = 'text-anchor="middle"'
# Words stay readable where a line runs beneath them.
_HALO = f'{_MIDDLE} paint-order="stroke" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"'


def _inside(card: _Card, x: float, y: float) -> Iterator[str]:
    """The key, and how many segments and participants."""
    theme = card.theme
    small = 10.5 if card.style is _ROOMY else 9.5
    style = f'{_MIDDLE} fill="{svg.BLUE}"'
    count = f"{theme.n_segments}/{len(theme.participants)}"
    yield svg.text(x, y - 1, theme.key, size=12, style=f'{style} font-weight="600"')
    yield svg.text(x, y + small + 1, count, size=small, style=style)


def _whole(theme: Theme) -> str:
    """Everything about a theme that a map has no room for."""
    found = [
        f"{theme.key} {theme.name}",
        f"{theme.n_segments} segments, {len(theme.participants)} participants",
        *(f"{part.key} {part.name}" for part in theme.parts),
        *describe_cautions(theme),
        *([additions] if (additions := describe_additions(theme)) else []),
    ]
    return "\n".join(found)
