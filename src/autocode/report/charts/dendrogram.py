"""The dendrogram of draft themes: how they merge, the most alike first, as a tree on its side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from ...core.theme import Theme
from ...themes.wording import describe_cautions
from .. import palette
from . import svg
from .axes import LinearScale, draw_label, format_tick

_WIDTH, _TREE_LEFT, _TREE_RIGHT, _NAME, _BAR, _BAR_WIDTH = 1000.0, 22.0, 440.0, 452.0, 820.0, 110.0
_TOP, _ROW, _FOOT = 34.0, 24.0, 14.0
_SIZE, _SMALL = 12.5, 11.0

Merge = tuple[str | int, str | int, float]
"""Two things that merge and their distance: theme keys, or numbers of earlier merges from 0."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A theme (no branches) or a merge of two; `rank` is that of its first theme."""

    height: float
    rank: int
    branches: tuple[_Node, ...] = ()

    def iterate_ranks(self) -> Iterator[int]:
        """Ranks of the themes from top to bottom."""
        if not self.branches:
            yield self.rank
        for branch in self.branches:
            yield from branch.iterate_ranks()


@dataclass(frozen=True, slots=True)
class _Axes:
    """Distances across, from right to left; `rows` gives each theme's row by its rank."""

    x: LinearScale
    rows: dict[int, int] = field(default_factory=dict)

    def y(self, node: _Node) -> float:
        if not node.branches:
            return _TOP + _ROW * (self.rows[node.rank] + 0.5)
        return sum(self.y(branch) for branch in node.branches) / len(node.branches)


def draw_dendrogram(themes: Sequence[Theme], merges: Sequence[Merge]) -> str:
    """The tree with every theme's name and size; empty where no two of the themes merge.

    A theme that no merge names, because a person made it, stands alone below the tree; a merge
    that names a theme that is gone is skipped.
    """
    roots = _grow_trees({theme.key: rank for rank, theme in enumerate(themes)}, merges)
    tallest = max((root.height for root in roots), default=0.0)
    if tallest <= 0:
        return ""
    step = 0.1 if tallest <= 0.8 else 0.2 if tallest <= 1.6 else ceil(tallest) / 5
    order = [rank for root in roots for rank in root.iterate_ranks()]
    high = step * ceil(round(tallest / step, 6))
    axes = _Axes(
        LinearScale(low=0, high=high, start=_TREE_RIGHT, end=_TREE_LEFT),
        {rank: row for row, rank in enumerate(order)},
    )
    height = _TOP + _ROW * len(order) + _FOOT
    elements = [*_draw_axis(axes.x, step, height)]
    for root in roots:
        elements += _draw_merges(root, axes, themes)
    largest = max(theme.n_segments for theme in themes) or 1
    for rank, row in axes.rows.items():
        elements.append(_draw_theme(themes[rank], _TOP + _ROW * (row + 0.5), largest))
    label = "How the draft themes merge"
    return svg.draw_svg(_WIDTH, height, elements, kind="dendrogram", label=label)


def _grow_trees(ranks: dict[str, int], merges: Sequence[Merge]) -> list[_Node]:
    """What is left when every merge is done: trees in order of rank, then themes on their own."""
    nodes: dict[str | int, _Node] = {key: _Node(0.0, rank) for key, rank in ranks.items()}
    for number, (first, second, height) in enumerate(merges):
        merged = [node for node in (nodes.pop(first, None), nodes.pop(second, None)) if node]
        if len(merged) == 2:
            merged.sort(key=lambda node: node.rank)
            # A merge never lies below what it merges, whatever a file says.
            tallest = max([height, *(node.height for node in merged)])
            nodes[number] = _Node(tallest, merged[0].rank, tuple(merged))
        elif merged:
            nodes[number] = merged[0]
    return sorted(nodes.values(), key=lambda node: (not node.branches, node.rank))


def _draw_axis(x: LinearScale, step: float, height: float) -> Iterator[str]:
    yield draw_label(_TREE_LEFT, 11, "distance (1 − cosine)", anchor="start", size=_SMALL)
    yield draw_label(_BAR, 11, "segments (participants)", anchor="start", size=_SMALL)
    for tick in x.list_ticks(step):
        yield svg.draw_line(x(tick), _TOP - 4, x(tick), height - 12)
        yield draw_label(x(tick), _TOP - 8, format_tick(tick), size=_SMALL)


def _draw_merges(node: _Node, axes: _Axes, themes: Sequence[Theme]) -> Iterator[str]:
    if not node.branches:
        return
    first, second = node.branches
    x = axes.x(node.height)
    keys = [
        ", ".join(themes[rank].key for rank in branch.iterate_ranks()) for branch in node.branches
    ]
    path = (
        f"M{axes.x(first.height):.1f} {axes.y(first):.1f}H{x:.1f}"
        f"V{axes.y(second):.1f}H{axes.x(second.height):.1f}"
    )
    yield svg.draw(
        "path",
        svg.draw_tooltip(f"{keys[0]} and {keys[1]} merge at {node.height:.2f}"),
        d=path,
        fill="none",
        stroke=palette.RIM,
        stroke_width=1.6,
    )
    for branch in node.branches:
        yield from _draw_merges(branch, axes, themes)


def _draw_theme(theme: Theme, y: float, largest: int) -> str:
    """The key and name of a theme, linked to its section, and a bar for its size."""
    cautions = describe_cautions(theme)
    length = max(_BAR_WIDTH * theme.n_segments / largest, 2.0)
    name = svg.fit_text(theme.name.replace("_", "-"), _BAR - _NAME - 52, size=_SIZE)
    count = f"{theme.n_segments} ({len(theme.participants)})"
    parts = [
        svg.draw_tooltip("\n".join([f"{theme.key} {theme.name}", *cautions])),
        svg.draw_text(_NAME, y + 4, theme.key, size=_SIZE, font_weight=600, fill=palette.BLUE),
        svg.draw_text(_NAME + 40, y + 4, name, size=_SIZE),
        svg.draw(
            "rect",
            x=_BAR,
            y=y - 6,
            width=length,
            height=12,
            rx=2,
            fill=palette.PALE,
            stroke=palette.RIM,
            stroke_dasharray="3 2" if cautions else None,
        ),
        draw_label(_BAR + length + 7, y + 4, count, anchor="start", size=_SMALL),
    ]
    return svg.draw("a", "".join(parts), href=f"#{theme.key}")
