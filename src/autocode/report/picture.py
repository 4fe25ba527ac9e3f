"""The thematic map as SVG: draft themes, sized by their segments, with the codes they are near."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from math import sqrt

from ..codebook import Codebook
from ..draft import Theme

_GAP = 10.0
_LETTER = 6.4
_LINE = 15.0
_WIDEST_NAME = 22
_CLOSE = 0.25
_MOST_LINES = 3
_FEW = 12
_N_STEPS = 400


@dataclass(frozen=True, slots=True)
class _Node:
    """A box with its middle at (x, y); themes have a radius, codes none."""

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    note: str = ""
    dash: str = ""


def thematic_map(themes: Sequence[Theme], codebook: Codebook, palette: dict[str, str]) -> str:
    """An SVG drawing, empty when there are no themes; themes that are alike lie close together."""
    if not themes:
        return ""
    nodes = _theme_nodes(themes)
    links = [
        (theme.key, theme.near[0][0], theme.near[0][1])
        for theme in themes
        if theme.near and theme.near[0][1] >= _CLOSE and theme.near[0][0] in codebook
    ]
    nodes += _code_nodes(nodes, links, codebook)
    nodes = _apart(nodes)
    left = min(n.x - n.width / 2 for n in nodes) - 20
    top = min(n.y - n.height / 2 for n in nodes) - 20
    width = max(n.x + n.width / 2 for n in nodes) + 20 - left
    height = max(n.y + n.height / 2 for n in nodes) + 20 - top
    place = {node.key: node for node in nodes}
    drawn = [_link(place[a], place[f"code:{b}"], cosine) for a, b, cosine in links]
    drawn += [_theme(n) if n.radius else _code(n, palette) for n in nodes]
    return (
        f'<svg viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" role="img" '
        f'style="max-width:{max(width, 480):.0f}px" '
        'aria-label="Thematic map of the draft themes" xmlns="http://www.w3.org/2000/svg" '
        'font-family="system-ui, sans-serif" font-size="12">' + "".join(drawn) + "</svg>"
    )


def _theme_nodes(themes: Sequence[Theme]) -> list[_Node]:
    spread = min(240 * sqrt(len(themes)), 110 * sqrt(len(themes)) + 290)
    across, down = (_evened([theme.place[axis] for theme in themes]) for axis in (0, 1))
    largest = max(theme.n_segments for theme in themes)
    nodes = []
    for theme, x, y in zip(themes, across, down, strict=True):
        radius = 16 + 30 * sqrt(theme.n_segments / largest)
        lines = _wrapped(theme.name)
        width = max(2 * radius, _LETTER * max(map(len, lines)))
        voices = len(theme.participants)
        nodes.append(
            _Node(
                theme.key,
                lines,
                x * spread * 1.5,
                y * spread * 0.8,
                width,
                2 * radius + _LINE * len(lines) + 4,
                radius,
                f"{theme.n_segments}/{voices}",
                ' stroke-dasharray="4 3"' if theme.remarks else "",
            )
        )
    return nodes


def _evened(values: Sequence[float]) -> list[float]:
    """Places on one axis half way to even spacing, when they are many: gaps cost letter size."""
    if len(values) <= _FEW:
        return list(values)
    order = sorted(range(len(values)), key=lambda at: (values[at], at))
    rank = {at: number / (len(values) - 1) for number, at in enumerate(order)}
    return [(value + rank[at]) / 2 for at, value in enumerate(values)]


def _code_nodes(
    themes: Sequence[_Node], links: Sequence[tuple[str, str, float]], codebook: Codebook
) -> list[_Node]:
    """Codes beside the themes that are near them."""
    place = {node.key: node for node in themes}
    by_code: dict[str, list[_Node]] = {}
    for theme, code, _ in links:
        by_code.setdefault(code, []).append(place[theme])
    nodes = []
    for code, around in by_code.items():
        lines = _wrapped(codebook.by_id[code].name)
        x = sum(n.x for n in around) / len(around)
        y = sum(n.y for n in around) / len(around) + 80
        width = _LETTER * max(map(len, lines)) + 18
        nodes.append(_Node(f"code:{code}", lines, x, y, width, _LINE * len(lines) + 10))
    return nodes


def _apart(nodes: list[_Node]) -> list[_Node]:
    """Push boxes that overlap apart, a little at a time, until none does."""
    boxes = list(nodes)
    for _ in range(_N_STEPS):
        moved = False
        for a in range(len(boxes)):
            for b in range(a + 1, len(boxes)):
                one, two = boxes[a], boxes[b]
                dx, dy = two.x - one.x, two.y - one.y
                over_x = (one.width + two.width) / 2 + _GAP - abs(dx)
                over_y = (one.height + two.height) / 2 + _GAP - abs(dy)
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                # The shorter way out; boxes in one place part by their order.
                if over_x < over_y:
                    step = over_x / 2 * (1 if dx >= 0 else -1)
                    boxes[a], boxes[b] = replace(one, x=one.x - step), replace(two, x=two.x + step)
                else:
                    step = over_y / 2 * (1 if dy >= 0 else -1)
                    boxes[a], boxes[b] = replace(one, y=one.y - step), replace(two, y=two.y + step)
        if not moved:
            break
    return boxes


def _theme(node: _Node) -> str:
    middle = node.y - node.height / 2 + node.radius
    lines = "".join(
        f'<text x="{node.x:.1f}" y="{middle + node.radius + _LINE * (at + 1):.1f}" '
        f'text-anchor="middle" fill="#1f2933">{escape(line)}</text>'
        for at, line in enumerate(node.lines)
    )
    return (
        f'<a href="#{escape(node.key)}"><circle cx="{node.x:.1f}" cy="{middle:.1f}" '
        f'r="{node.radius:.1f}" fill="#dbe7f3" stroke="#2b6cb0" stroke-width="1.5"{node.dash}/>'
        f'<text x="{node.x:.1f}" y="{middle - 2:.1f}" text-anchor="middle" font-weight="600" '
        f'fill="#1a4a7a">{escape(node.key)}</text>'
        f'<text x="{node.x:.1f}" y="{middle + 12:.1f}" text-anchor="middle" font-size="11" '
        f'fill="#1a4a7a">{escape(node.note)}</text>{lines}</a>'
    )


def _code(node: _Node, palette: dict[str, str]) -> str:
    colour = escape(palette.get(node.key.removeprefix("code:"), "#52606d"))
    left, top = node.x - node.width / 2, node.y - node.height / 2
    lines = "".join(
        f'<text x="{node.x:.1f}" y="{top + 4 + _LINE * (at + 0.75):.1f}" text-anchor="middle" '
        f'font-size="11" fill="#3e4c59">{escape(line)}</text>'
        for at, line in enumerate(node.lines)
    )
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{node.width:.1f}" height="{node.height:.1f}" '
        f'rx="6" fill="#fff" stroke="{colour}" stroke-width="1.5"/>{lines}'
    )


def _link(theme: _Node, code: _Node, cosine: float) -> str:
    y = theme.y - theme.height / 2 + theme.radius
    return (
        f'<line x1="{theme.x:.1f}" y1="{y:.1f}" x2="{code.x:.1f}" y2="{code.y:.1f}" '
        f'stroke="#9aa5b1" stroke-dasharray="3 3" stroke-width="{1 + 3 * (cosine - _CLOSE):.1f}"/>'
    )


def _wrapped(name: str) -> tuple[str, ...]:
    """A name in at most three short lines; what does not fit is marked with an ellipsis."""
    lines = textwrap.wrap(name.replace("_", "-"), _WIDEST_NAME) or [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: _WIDEST_NAME - 1]}…"]
    return tuple(lines)
