"""The thematic map: a card for each theme, its sub-themes and codes in it, relations between cards.

Cards that nobody moved stand in three columns round the central theme, so that the relations of
each to it run through the free space between the columns. What is below a theme is written inside
its card: forty nodes are as readable as five.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...analysis.map_counts import MapCount, ThematicMapView
from ...core.counted import say_count
from ...core.thematic_map import MapRelation
from .. import palette
from . import svg
from .layout import Box, Point

_WIDTH, _EDGE = 1040.0, 12.0
_CARD, _CENTRAL = 252.0, 280.0
_PAD, _GAP, _LEAST_GAP = 12.0, 56.0, 10.0
_TOLERANCE = 0.01
_NAME, _LINE, _SMALL = 14.0, 12.0, 11.0
_STEP, _NAME_STEP = 17.0, 19.0
_INDENT = 14.0
_MOST_LINES = 3
_N_COLUMNS = 3
_LABEL = 112.0
"""Widest words on a line: the space between two columns."""
_FARTHEST = 10
"""How far from its line words stand at most, in their heights and half widths."""
_ARROW = (
    '<defs><marker id="map-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
    f'markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" '
    f'fill="{palette.SOFT}"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class _Written:
    """One line of a card: its words, how far it is set in, and how it looks."""

    words: str
    indent: float
    size: float
    colour: str
    weight: str
    square: str
    step: float


@dataclass(frozen=True, slots=True)
class _Card:
    """A top theme as it is drawn, with its lines from top to bottom."""

    count: MapCount
    lines: tuple[_Written, ...]
    box: Box


def draw_thematic_map(
    view: ThematicMapView, code_colours: Mapping[str, str], *, max_width: float = 1.15 * _WIDTH
) -> str:
    """The map as SVG, empty without themes; `code_colours` gives the colour of a code by its id.

    `max_width` as in `svg.draw_svg`.
    """
    if not view.themes:
        return ""
    cards = _place([_make_card(view, count, code_colours) for count in _tops(view)])
    height = max(card.box.y + card.box.height / 2 for card in cards) + _EDGE
    lines = _route(view, {card.count.theme.key: card for card in cards})
    elements = [_ARROW, *map(_draw_line, lines)]
    elements += map(_draw_card, cards)
    taken = [card.box for card in cards]
    for line in lines:
        elements += _write_on_line(line, height, taken)
    n = len(view.themes)
    return svg.draw_svg(
        _WIDTH,
        height,
        elements,
        kind="thematic-map",
        label=f"Thematic map of {say_count(n, 'theme')}: "
        + "; ".join(
            f"{c.theme.name}, {say_count(len(c.participants), 'participant')}" for c in view.themes
        ),
        max_width=max_width,
    )


def _tops(view: ThematicMapView) -> list[MapCount]:
    return [count for count in view.themes if count.depth == 0]


def _find_homes(view: ThematicMapView) -> dict[str, str]:
    """The top theme in whose card each theme is written, by key."""
    homes: dict[str, str] = {}
    for count in view.themes:
        parent = count.theme.parent
        homes[count.theme.key] = count.theme.key if parent is None else homes[parent]
    return homes


def _make_card(view: ThematicMapView, top: MapCount, colours: Mapping[str, str]) -> _Card:
    width = _CENTRAL if top.theme.is_central else _CARD
    lines: list[_Written] = []
    start = next(at for at, count in enumerate(view.themes) if count.theme.key == top.theme.key)
    for count in view.themes[start:]:
        if count.depth <= top.depth and count is not top:
            break
        lines += _write_theme(count, width, colours)
    height = sum(line.step for line in lines) + 2 * _PAD
    return _Card(top, tuple(lines), Box(x=0, y=0, width=width, height=height))


def _write_theme(count: MapCount, width: float, colours: Mapping[str, str]) -> Iterator[_Written]:
    """A theme's name, its counts, and its codes."""
    indent = _INDENT * count.depth
    space = width - 2 * _PAD - indent
    size = _NAME if count.depth == 0 else _LINE
    for words in svg.wrap_text(count.theme.name, space, size=size * 1.06, most=_MOST_LINES):
        yield _Written(words, indent, size, palette.INK, "600", "", _NAME_STEP)
    yield _Written(_describe(count), indent, _SMALL, palette.SOFT, "400", "", _STEP)
    for code, name in zip(count.theme.codes, count.code_names, strict=True):
        words = svg.fit_text(name, space - _INDENT, size=_LINE)
        yield _Written(words, indent, _LINE, palette.INK, "400", colours.get(code, ""), _STEP)
    if count.theme.segments:
        n = len(count.theme.segments)
        words = say_count(n, "placed segment")
        yield _Written(words, indent, _SMALL, palette.SOFT, "400", "", _STEP)


def _describe(count: MapCount) -> str:
    n, people = count.n_segments, len(count.participants)
    return f"{say_count(n, 'segment')}, {say_count(people, 'participant')}"


def _place(cards: Sequence[_Card]) -> list[_Card]:
    """Cards where people put them, the others laid out in columns; none covers another.

    Of two that would, the lower one makes room, downwards; what nobody put anywhere goes last.
    """
    placed = [_put(card) for card in _lay_out(cards)]
    order = sorted(
        placed, key=lambda card: (card.count.theme.position is None, card.box.top, card.box.x)
    )
    if order[0].count.theme.position is None:
        return placed
    boxes: dict[str, Box] = {}
    for card in order:
        boxes[card.count.theme.key] = _lower(card.box, list(boxes.values()))
    return [replace(card, box=boxes[card.count.theme.key]) for card in placed]


def _put(card: _Card) -> _Card:
    """A card where a person put it, within the picture."""
    if card.count.theme.position is None:
        return card
    (x, y), box = card.count.theme.position, card.box
    inside = min(max(x, _EDGE + box.width / 2), _WIDTH - _EDGE - box.width / 2)
    return replace(card, box=replace(box, x=inside, y=max(y, _EDGE + box.height / 2)))


def _lower(box: Box, taken: Sequence[Box]) -> Box:
    """The box below whatever it would cover; each step goes down, so that this ends."""
    for other in sorted(taken, key=lambda one: one.top):
        across, down = box.measure_overlap(other, _LEAST_GAP)
        if min(across, down) > _TOLERANCE:
            return _lower(
                replace(box, y=other.y + (other.height + box.height) / 2 + _LEAST_GAP), taken
            )
    return box


def _lay_out(cards: Sequence[_Card]) -> list[_Card]:
    """Cards in three columns; the central theme in the middle one, with one above and one below.

    A card goes to the shorter of the outer columns, in order, so that the columns end alike.
    """
    central = next((card for card in cards if card.count.theme.is_central), None)
    columns: list[list[_Card]] = [[], [], []]
    if central is not None:
        others = [card for card in cards if card is not central]
        n_beside = len(others) - (2 if len(others) >= 6 else 1 if len(others) in (3, 5) else 0)
        for card in others[:n_beside]:
            columns[0 if _measure(columns[0]) <= _measure(columns[2]) else 2].append(card)
        columns[1] = [*others[n_beside : n_beside + 1], central, *others[n_beside + 1 :]]
    else:
        for card in cards:
            min(columns, key=_measure).append(card)
    tallest = max(map(_measure, columns))
    placed: dict[str, _Card] = {}
    for number, column in enumerate(columns):
        x = _WIDTH * (number + 0.5) / _N_COLUMNS
        if number != 1:
            edge = _EDGE + _CARD / 2
            x = edge if number == 0 else _WIDTH - edge
        y = _EDGE + (tallest - _measure(column)) / 2
        for card in column:
            box = replace(card.box, x=x, y=y + card.box.height / 2)
            placed[card.count.theme.key] = replace(card, box=box)
            y += card.box.height + _GAP
    return [placed[card.count.theme.key] for card in cards]


def _measure(column: Sequence[_Card]) -> float:
    """How tall cards are above each other, with the gaps between them."""
    return sum(card.box.height + _GAP for card in column) - (_GAP if column else 0.0)


def _draw_card(card: _Card) -> str:
    """A card as a group that says which theme it is and where its middle lies."""
    box = card.box
    return svg.draw(
        "g",
        "".join(_draw_parts(card)),
        data_theme=card.count.theme.key,
        data_x=round(box.x),
        data_y=round(box.y),
    )


def _draw_parts(card: _Card) -> Iterator[str]:
    box, theme = card.box, card.count.theme
    left, top = box.x - box.width / 2, box.top
    yield svg.draw(
        "rect",
        svg.draw_tooltip(theme.definition),
        x=left,
        y=top,
        width=box.width,
        height=box.height,
        rx=10,
        fill=palette.PALE if theme.is_central else palette.PAPER,
        stroke=palette.BLUE if theme.is_central else palette.RIM,
        stroke_width=2.5 if theme.is_central else 1.5,
    )
    y = top + _PAD
    for line in card.lines:
        y += line.step
        yield svg.draw_text(
            left + _PAD + line.indent,
            y - 5,
            line.words,
            size=line.size,
            square=line.square,
            fill=line.colour,
            font_weight=line.weight,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A relation as it is drawn: from `start` to `end`, with its words."""

    start: Point
    end: Point
    words: str
    tooltip: str
    is_to_central: bool


def _route(view: ThematicMapView, cards: Mapping[str, _Card]) -> list[_Line]:
    """A line for each relation; between parts of one card, none is drawn."""
    homes = _find_homes(view)
    names = {count.theme.key: count.theme.name for count in view.themes}
    pairs = [
        (relation, cards[homes[relation.one]], cards[homes[relation.other]])
        for relation in view.map.relations
        if homes[relation.one] != homes[relation.other]
    ]
    ends = _spread_ends([(one, other) for _, one, other in pairs])
    return [
        _Line(
            start=ends[number][0],
            end=ends[number][1],
            words=_words(relation, one, other, names),
            tooltip=f"{names[relation.one]} {relation.name or 'relates to'} "
            f"{names[relation.other]}",
            is_to_central=one.count.theme.is_central or other.count.theme.is_central,
        )
        for number, (relation, one, other) in enumerate(pairs)
    ]


def _spread_ends(pairs: Sequence[tuple[_Card, _Card]]) -> list[tuple[Point, Point]]:
    """Where each line begins and ends: on one side of a card, in the order of the cards opposite.

    Lines between cards that stand above each other leave above and below, others at the sides.
    """
    sides: dict[tuple[str, str], list[tuple[float, int, int]]] = {}
    boxes: dict[str, Box] = {}
    for number, pair in enumerate(pairs):
        for at, (card, other) in enumerate((pair, pair[::-1])):
            key = card.count.theme.key
            boxes[key] = card.box
            across, down = other.box.x - card.box.x, other.box.y - card.box.y
            if abs(across) < (card.box.width + other.box.width) / 2:
                side, order = ("bottom" if down > 0 else "top"), other.box.x
            else:
                side, order = ("right" if across > 0 else "left"), other.box.y
            sides.setdefault((key, side), []).append((order, number, at))
    ends: list[list[Point]] = [[(0.0, 0.0), (0.0, 0.0)] for _ in pairs]
    for (key, side), lines in sides.items():
        box = boxes[key]
        for rank, (_, number, at) in enumerate(sorted(lines), start=1):
            part = rank / (len(lines) + 1) - 0.5
            if side in ("top", "bottom"):
                down = box.height / 2 * (1 if side == "bottom" else -1)
                ends[number][at] = (box.x + part * box.width, box.y + down)
            else:
                across = box.width / 2 * (1 if side == "right" else -1)
                ends[number][at] = (box.x + across, box.y + part * box.height)
    return [(start, end) for start, end in ends]


def _draw_line(line: _Line) -> str:
    return svg.draw(
        "line",
        svg.draw_tooltip(line.tooltip),
        x1=line.start[0],
        y1=line.start[1],
        x2=line.end[0],
        y2=line.end[1],
        stroke=palette.SOFT,
        stroke_width=1.6,
        # What passes behind the central theme on its way is told from what ends there.
        stroke_dasharray=None if line.is_to_central else "5 4",
        marker_end="url(#map-arrow)",
    )


def _words(relation: MapRelation, one: _Card, other: _Card, names: Mapping[str, str]) -> str:
    """What stands on the line; sub-themes are named, since their card is another theme's."""
    words = relation.name
    if relation.one != one.count.theme.key:
        words = f"{names[relation.one]}: {words}" if words else names[relation.one]
    if relation.other != other.count.theme.key:
        words = f"{words} → {names[relation.other]}" if words else names[relation.other]
    return words


def _write_on_line(line: _Line, bottom: float, taken: list[Box]) -> Iterator[str]:
    """The words on white, as near the middle of the line as nothing else stands there."""
    if not line.words:
        return
    is_upright = abs(line.end[0] - line.start[0]) < _LABEL / 2
    space = 2 * _LABEL if is_upright else _LABEL
    shown = svg.wrap_text(line.words, space, size=_SMALL, most=3)
    width = max(svg.measure_width(words, _SMALL) for words in shown) + 8
    height = len(shown) * (_SMALL + 3) + 4
    box = _find_free(list(_list_places(line, width, height, bottom)), taken)
    taken.append(box)
    yield svg.draw(
        "rect", x=box.x - width / 2, y=box.top, width=width, height=height, rx=3, fill=palette.PAPER
    )
    for number, words in enumerate(shown, start=1):
        y = box.top + number * (_SMALL + 3)
        yield svg.draw_text(box.x, y, words, size=_SMALL, anchor="middle", fill=palette.SOFT)


def _find_free(places: Sequence[Box], taken: Sequence[Box]) -> Box:
    """The first place that nothing covers, else the first that is covered least."""
    free = (box for box in places if not _measure_covered(box, taken))
    return next(free, None) or min(places, key=lambda box: _measure_covered(box, taken))


def _list_places(line: _Line, width: float, height: float, bottom: float) -> Iterator[Box]:
    """Where words of this size may stand: along the line, a little beside it, then farther.

    Cards that stand close leave no room between them; the words then stand next to the gap.
    """
    parts = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
    shifts = [(part, 0.0, down * height) for down in (0, -1, 1, -3, 3, -5, 5) for part in parts]
    steps = range(-_FARTHEST, _FARTHEST + 1)
    far = [(0.5, across * width / 2, down * height) for across in steps for down in steps]
    shifts += sorted(far, key=lambda shift: math.hypot(*shift[1:]))
    for part, across, down in shifts:
        x, y = (a + (b - a) * part for a, b in zip(line.start, line.end, strict=True))
        x = min(max(x + across, width / 2), _WIDTH - width / 2)
        y = min(max(y + down, height / 2), bottom - height / 2)
        yield Box(x=x, y=y, width=width, height=height)


def _measure_covered(box: Box, others: Sequence[Box]) -> float:
    """How much of a box others cover, in square pixels."""
    overlaps = (box.measure_overlap(other, 0) for other in others)
    return sum(across * down for across, down in overlaps if across > 0 and down > 0)
