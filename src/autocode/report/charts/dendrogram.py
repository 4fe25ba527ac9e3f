"""How draft themes join, from the most alike to all of them, as a tree lying on its side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil

from ...core.theme import Theme
from ...themes.wording import describe_cautions
from . import svg

_WIDTH, _TREE_LEFT, _TREE_RIGHT, _NAME, _BAR, _BAR_ROOM = 1000.0, 22.0, 440.0, 452.0, 820.0, 110.0
_TOP, _ROW = 34.0, 24.0
_SIZE = 12.5

Merge = tuple[str | int, str | int, float]
"""Two things that join and how unlike they are: theme keys, or numbers of earlier merges from 0."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A theme (no branches) or a join of two; `rank` is the place of its first theme."""

    height: float
    rank: int
    branches: tuple[_Node, ...] = ()

    def leaves(self) -> Iterator[int]:
        """Ranks of the themes from top to bottom."""
        if not self.branches:
            yield self.rank
        for branch in self.branches:
            yield from branch.leaves()


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where heights and rows lie; `rows` gives each theme's row by its rank."""

    most: float
    rows: dict[int, int] = field(default_factory=dict)

    def x(self, height: float) -> float:
        return _TREE_RIGHT - (_TREE_RIGHT - _TREE_LEFT) * min(height / self.most, 1.0)

    def y(self, node: _Node) -> float:
        if not node.branches:
            return _TOP + _ROW * (self.rows[node.rank] + 0.5)
        return sum(self.y(branch) for branch in node.branches) / len(node.branches)


def dendrogram(themes: Sequence[Theme], merges: Sequence[Merge]) -> str:
    """The tree with every theme's name and size; empty where no two of the themes join.

    A theme that no merge names, because a person made it, stands alone below the tree; a merge
    that names a theme that is gone joins nothing.
    """
    roots = _roots({theme.key: rank for rank, theme in enumerate(themes)}, merges)
    tallest = max((root.height for root in roots), default=0.0)
    if tallest <= 0:
        return ""
    step = 0.1 if tallest <= 0.8 else 0.2 if tallest <= 1.6 else ceil(tallest) / 5
    order = [rank for root in roots for rank in root.leaves()]
    scale = _Scale(step * ceil(round(tallest / step, 6)), {r: at for at, r in enumerate(order)})
    height = _TOP + _ROW * len(order) + 14
    drawn = [*_axis(scale, step, height)]
    for root in roots:
        drawn += _joins(root, scale, themes)
    largest = max(theme.n_segments for theme in themes) or 1
    for rank, row in scale.rows.items():
        drawn += _leaf(themes[rank], _TOP + _ROW * (row + 0.5), largest)
    return svg.svg(_WIDTH, height, drawn, kind="dendrogram", about="How the draft themes join")


def _roots(ranks: dict[str, int], merges: Sequence[Merge]) -> list[_Node]:
    """What is left when every merge is done: trees first, largest rank last, then lone themes."""
    known: dict[str | int, _Node] = {key: _Node(0.0, rank) for key, rank in ranks.items()}
    for number, (one, other, height) in enumerate(merges):
        found = [node for node in (known.pop(one, None), known.pop(other, None)) if node]
        if len(found) == 2:
            found.sort(key=lambda node: node.rank)
            # A join never lies below what it joins, whatever a file says.
            tall = max([height, *(node.height for node in found)])
            known[number] = _Node(tall, found[0].rank, tuple(found))
        elif found:
            known[number] = found[0]
    return sorted(known.values(), key=lambda node: (not node.branches, node.rank))


def _axis(scale: _Scale, step: float, height: float) -> Iterator[str]:
    yield svg.text(_TREE_LEFT, 11, "unlike (1 − cosine)", size=11, style=f'fill="{svg.SOFT}"')
    yield svg.text(_BAR, 11, "segments (participants)", size=11, style=f'fill="{svg.SOFT}"')
    for at in range(round(scale.most / step) + 1):
        x = scale.x(at * step)
        yield (
            f'<line x1="{x:.1f}" y1="{_TOP - 4:.1f}" x2="{x:.1f}" y2="{height - 12:.1f}" '
            f'stroke="{svg.LINE}"/>'
        )
        yield svg.text(
            x,
            _TOP - 8,
            f"{at * step:.1f}",
            size=11,
            style=f'text-anchor="middle" fill="{svg.SOFT}"',
        )


def _joins(node: _Node, scale: _Scale, themes: Sequence[Theme]) -> Iterator[str]:
    if not node.branches:
        return
    x = scale.x(node.height)
    (y, to_x), (to_y, also_x) = ((scale.y(b), scale.x(b.height)) for b in node.branches)
    keys = [", ".join(themes[rank].key for rank in b.leaves()) for b in node.branches]
    words = f"{keys[0]} and {keys[1]} join at {node.height:.2f}"
    yield (
        f'<path d="M{to_x:.1f} {y:.1f}H{x:.1f}V{to_y:.1f}H{also_x:.1f}" fill="none" '
        f'stroke="{svg.RIM}" stroke-width="1.6">{svg.told(words)}</path>'
    )
    for branch in node.branches:
        yield from _joins(branch, scale, themes)


def _leaf(theme: Theme, y: float, largest: int) -> Iterator[str]:
    room = _BAR - _NAME - 52
    name = svg.fitted(theme.name.replace("_", "-"), room, size=_SIZE)
    dash = ' stroke-dasharray="3 2"' if theme.cautions else ""
    length = max(_BAR_ROOM * theme.n_segments / largest, 2.0)
    count = f"{theme.n_segments} ({len(theme.participants)})"
    words = "\n".join([f"{theme.key} {theme.name}", *describe_cautions(theme)])
    yield f'<a href="#{escape(theme.key)}">{svg.told(words)}'
    yield svg.text(
        _NAME, y + 4, theme.key, size=_SIZE, style=f'font-weight="600" fill="{svg.BLUE}"'
    )
    yield svg.text(_NAME + 40, y + 4, name, size=_SIZE)
    yield (
        f'<rect x="{_BAR:.1f}" y="{y - 6:.1f}" width="{length:.1f}" height="12" rx="2" '
        f'fill="{svg.PALE}" stroke="{svg.RIM}" stroke-width="1"{dash}/>'
    )
    yield svg.text(_BAR + length + 7, y + 4, count, size=11, style=f'fill="{svg.SOFT}"')
    yield "</a>"
