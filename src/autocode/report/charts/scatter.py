"""Every segment as a dot where its meaning lies: in which theme, or in none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from ...core.theme import Theme, ThemeDraft
from ...core.transcript import Segment
from . import svg
from .layout import Box, apart
from .legend import OUT, Entry, height_of, legend

_WIDTH, _HEIGHT, _EDGE = 1000.0, 620.0, 16.0
_FEW = 12
_ROOM_FOR_WORDS = 450_000

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A segment at a place in [0, 1]², in a theme (its key) or in none; from the first or later."""

    place: Place
    segment: Segment
    theme: str | None = None
    is_exemplar: bool = False
    is_later: bool = False


def dots_of(draft: ThemeDraft) -> list[Dot]:
    """The dots of a draft; none for one that was made before places were kept."""
    found = [
        Dot(
            place=place,
            segment=member.segment,
            theme=theme.key,
            is_exemplar=member.exemplar is not None,
            is_later=member.later,
        )
        for theme in draft.themes
        for member in theme.members
        if (place := member.position) is not None
    ]
    left = [
        Dot(place=place, segment=one.segment, is_later=one.later)
        for one in draft.unassigned
        if (place := one.position) is not None
    ]
    return left + found


def excerpt_map(themes: Sequence[Theme], dots: Sequence[Dot]) -> str:
    """An SVG svg, empty where there are no dots; a reader who points at one sees its words.

    Excerpts are cut the shorter the more there are, so that 5,000 stay below a megabyte.
    """
    if not dots:
        return ""
    inside = {theme.key: [d for d in dots if d.theme == theme.key] for theme in themes}
    middles = {key: _middle(_settled(held)) for key, held in inside.items() if held}
    hues = hues_apart(middles)
    outside = [dot for dot in dots if dot.theme not in middles]
    most = min(max(_ROOM_FOR_WORDS // len(dots), 60), 240)
    radius = 5.0 if len(dots) <= 250 else 4.0 if len(dots) <= 1200 else 2.8
    drawn = [
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1:.0f}" height="{_HEIGHT - 1:.0f}" rx="8" '
        f'fill="#fff" stroke="{svg.LINE}"/>',
        *_crosses(outside, radius, most),
    ]
    for key, held in inside.items():
        drawn += _circles(held, hues.get(key, OUT), radius, most)
    drawn += _names([theme for theme in themes if theme.key in middles], middles, hues)
    entries = [
        Entry(key=theme.key, name=theme.name, hue=hues[theme.key], n=len(inside[theme.key]))
        for theme in themes
        if theme.key in hues
    ]
    entries.append(Entry(key="", name="in no theme", hue=OUT, n=len(outside), mark="cross"))
    n_later = sum(dot.is_later for dot in dots)
    if n_later:
        entries.append(
            Entry(key="", name="ringed: came later", hue=svg.SOFT, n=n_later, mark="ring")
        )
    drawn += legend(entries, _WIDTH, _HEIGHT)
    height = _HEIGHT + height_of(len(entries))
    about = "Every segment by what it is about"
    return svg.svg(_WIDTH, height, drawn, kind="excerpts", about=about)


def hues_apart(middles: Mapping[str, Place]) -> dict[str, str]:
    """A hue for each theme; a hue is used again only as far away as can be."""
    found: dict[str, str] = {}
    for key, (x, y) in middles.items():
        nearest = dict.fromkeys(svg.HUES, inf)
        for other, hue in found.items():
            away = (middles[other][0] - x) ** 2 + (middles[other][1] - y) ** 2
            nearest[hue] = min(nearest[hue], away)
        found[key] = max(svg.HUES, key=lambda hue: nearest[hue])
    return found


def _settled(held: Sequence[Dot]) -> Sequence[Dot]:
    """Those from the first, where there are such: names and hues do not move with what comes."""
    return [dot for dot in held if not dot.is_later] or held


def _middle(held: Sequence[Dot]) -> Place:
    return median(dot.place[0] for dot in held), median(dot.place[1] for dot in held)


def _at(place: Place) -> Place:
    """Pixels of a place."""
    return (
        _EDGE + min(max(place[0], 0.0), 1.0) * (_WIDTH - 2 * _EDGE),
        _EDGE + min(max(place[1], 0.0), 1.0) * (_HEIGHT - 2 * _EDGE),
    )


def _said(dot: Dot, most: int) -> str:
    segment = dot.segment
    words = " ".join(segment.excerpt.split())
    if len(words) > most:
        words = f"{words[: most - 1].rstrip()}…"
    where = f"{dot.theme or 'no theme'}{', came later' if dot.is_later else ''}"
    return svg.told(f"{where}, {segment.participant}: {words}")


def _circles(held: Sequence[Dot], hue: str, radius: float, most: int) -> Iterator[str]:
    yield f'<g fill="{hue}" fill-opacity="0.85" stroke="#fff" stroke-width="0.7">'
    for dot in sorted(held, key=lambda dot: dot.is_exemplar):
        x, y = _at(dot.place)
        size, rim = radius, ""
        if dot.is_exemplar:
            size, rim = radius + 1, f' stroke="{svg.INK}" stroke-width="1.4"'
        if dot.is_later:
            # Hollow, in its theme's colour.
            size, rim = radius - 0.4, f' fill="#fff" stroke="{hue}" stroke-width="1.8"'
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{size:g}"{rim}>{_said(dot, most)}</circle>'
    yield "</g>"


def _crosses(held: Sequence[Dot], radius: float, most: int) -> Iterator[str]:
    arm = 1.4 * radius
    yield f'<g fill="none" stroke="{OUT}" stroke-width="1.2">'
    for dot in held:
        x, y = _at(dot.place)
        cross = f"M{x - arm / 2:.0f} {y - arm / 2:.0f}l{arm:g} {arm:g}m0-{arm:g}l-{arm:g} {arm:g}"
        yield f'<path d="{cross}{_around(arm) if dot.is_later else ""}">{_said(dot, most)}</path>'
    yield "</g>"


def _around(arm: float) -> str:
    """A ring about a cross whose last stroke has ended at its lower left."""
    reach = 0.95 * arm
    return (
        f"m{arm / 2 - reach:g}-{arm / 2:g}a{reach:g} {reach:g} 0 1 0 {2 * reach:g} 0"
        f"a{reach:g} {reach:g} 0 1 0-{2 * reach:g} 0"
    )


def _names(
    themes: Sequence[Theme], middles: Mapping[str, Place], hues: Mapping[str, str]
) -> Iterator[str]:
    """A plate at each theme's middle: its key, and its name where there is room for names."""
    size = 11.5
    words = [
        svg.fitted(f"{t.key} {t.name}", 170, size=size) if len(themes) <= _FEW else t.key
        for t in themes
    ]
    wanted = [
        Box(x=x, y=y, width=1.05 * svg.width_of(line, size) + 13, height=18.0)
        for (x, y), line in zip((_at(middles[t.key]) for t in themes), words, strict=True)
    ]
    boxes = apart(wanted, _WIDTH - 4, gap=3)
    low = max([0.0, *(box.y + 12 - _HEIGHT for box in boxes)])
    for theme, line, box in zip(themes, words, boxes, strict=True):
        left, top = box.x - box.width / 2 + 2, max(box.top - low, 3.0)
        # The dots beneath must still answer a reader who points at them.
        yield (
            f'<g pointer-events="none"><rect x="{left:.1f}" y="{top:.1f}" '
            f'width="{box.width:.1f}" height="18" rx="9" fill="#fff" fill-opacity="0.85" '
            f'stroke="{hues[theme.key]}" stroke-width="1.6"/>'
        )
        yield svg.text(
            left + box.width / 2,
            top + 13,
            line,
            size=size,
            style=f'text-anchor="middle" font-weight="600" fill="{svg.INK}"',
        )
        yield "</g>"
