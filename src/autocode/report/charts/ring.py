"""The ring around a theme's circle: an arc for each sub-theme, as long as its share of segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import cos, pi, sin

from ...core.theme import Theme
from . import svg

ROOM = 7.0
"""Pixels between the circle's rim and the outer edge of its ring."""

_THICK, _OFF = 4.0, 4.5
_SPACE = 2.5
_TONES = (svg.BLUE, "#7fa8d6")


def ring(theme: Theme, middle: tuple[float, float], radius: float) -> Iterator[str]:
    """Arcs from the top clockwise, in the order of the sub-themes; the rest of the ring is empty.

    Dark and light take turns, so that arcs can be told apart in grey as well.
    """
    times = Counter(member.part for member in theme.members)
    known = [(part, times[part.key]) for part in theme.parts if times[part.key]]
    if not known:
        return
    out = radius + _OFF
    gap = _SPACE / out
    begin = 0.0
    for at, (part, n) in enumerate(known):
        end = begin + 2 * pi * n / theme.n_segments
        # An arc of a whole turn has no direction in SVG; it stops short of itself.
        path = _arc(middle, out, begin + gap / 2, max(min(end, 2 * pi) - gap / 2, begin + gap))
        yield (
            f'<path d="{path}" fill="none" stroke="{_TONES[at % 2]}" stroke-width="{_THICK:g}">'
            f"{svg.told(f'{part.key} {part.name}: {n} segments')}</path>"
        )
        begin = end


def _arc(middle: tuple[float, float], radius: float, begin: float, end: float) -> str:
    (x, y), far = middle, int(end - begin > pi)
    return (
        f"M{x + radius * sin(begin):.1f} {y - radius * cos(begin):.1f}"
        f"A{radius:.1f} {radius:.1f} 0 {far} 1 "
        f"{x + radius * sin(end):.1f} {y - radius * cos(end):.1f}"
    )
