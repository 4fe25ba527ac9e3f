"""Which codes coders take for each other: a heat map as SVG, and the pairs in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ...agreement.study.table import NOTHING
from .forest import cut

MOST_CODES = 40
"""A heat map of more codes cannot be read."""

OTHERS = "(other codes)"

_LEFT, _TOP = 260.0, 165.0
_WIDEST_NAME = 32
_WIDEST_TOP = 26
_SOFT = "#52606d"

Counts = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two codes given to the same unit by two coders, neither of which the other gave; how often.

    `n` counts (unit, pair of coders); where a coder gave several such codes they share the unit.
    """

    one: str
    other: str
    n: float


def confused_pairs(confusion: Counts) -> list[Mixed]:
    """Pairs of different codes, and codes missed (`NOTHING`), most often confused first."""
    found: Counter[tuple[str, str]] = Counter()
    for (one, other), n in confusion.items():
        if NOTHING in (one, other):
            code = other if one == NOTHING else one
            found[code, NOTHING] += n  # type: ignore[assignment]
        elif one != other:
            # Both ways round are in the table, each with its own share of the unit.
            found[min(one, other), max(one, other)] += n / 2  # type: ignore[assignment]
    pairs = [Mixed(one, other, n) for (one, other), n in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.n, pair.one, pair.other))


def most_confused(confusion: Counts, order: Sequence[str], n_codes: int = MOST_CODES) -> list[str]:
    """The codes most often taken for another, then most often missed, in the given order."""
    taken: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for (one, other), n in confusion.items():
        if other == NOTHING:
            missed[one] += n  # type: ignore[assignment]
        elif one != other:
            taken[one] += n  # type: ignore[assignment]
            taken[other] += n  # type: ignore[assignment]
    codes = {code for pair in confusion for code in pair if code != NOTHING}
    place = {code: at for at, code in enumerate(order)}
    last = len(place)
    ranked = sorted(codes, key=lambda c: (-taken[c], -missed[c], place.get(c, last), c))
    return sorted(ranked[:n_codes], key=lambda c: (place.get(c, last), c))


def heat_map(confusion: Counts, codes: Sequence[str], names: Mapping[str, str]) -> str:
    """Rows: a code one coder gave; columns: what the other gave there. Shaded by share of the row.

    Args:
        confusion: of codes, as in an agreement.
        codes: to show, in their order; the rest goes into one column.
        names: of the codes.
    """
    if not codes:
        return ""
    columns = _columns(confusion, codes)
    side = 34.0 if len(columns) <= 16 else 20.0
    width = _LEFT + side * len(columns) + 14 + 60
    height = _TOP + side * len(codes) + 6
    drawn = [_column_name(c, at, side, names) for at, c in enumerate(columns)]
    drawn.append(
        f'<text x="{width - 4:.1f}" y="{_TOP - 8:.1f}" text-anchor="end" '
        f'fill="{_SOFT}">given</text>'
    )
    for at, code in enumerate(codes):
        drawn.append(_line(confusion, code, columns, (_TOP + side * at, side, width), names))
    return (
        f'<svg class="heatmap" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'style="max-width:{width:.0f}px" aria-label="Codes of one coder by codes of the other" '
        'font-family="system-ui, sans-serif" font-size="12">' + "".join(drawn) + "</svg>"
    )


def _columns(confusion: Counts, codes: Sequence[str]) -> list[str]:
    shown = set(codes)
    met = {other for one, other in confusion if one in shown}
    columns = [*codes]
    if met - shown - {NOTHING}:
        columns.append(OTHERS)
    if NOTHING in met:
        columns.append(NOTHING)
    return columns


def _line(
    confusion: Counts,
    code: str,
    columns: Sequence[str],
    place: tuple[float, float, float],
    names: Mapping[str, str],
) -> str:
    """One row: the code's name, its cells, and how often it was given."""
    y, side, width = place
    cells = Counter[str]()
    for (one, other), n in confusion.items():
        if one == code:
            cells[other if other in columns else OTHERS] += n  # type: ignore[assignment]
    given = sum(cells.values())
    parts = [
        f'<text x="{_LEFT - 8:.1f}" y="{y + side / 2 + 4:.1f}" text-anchor="end" fill="#1f2933">'
        f"<title>{escape(_name(code, names))}</title>"
        f"{escape(cut(_name(code, names), _WIDEST_NAME))}</text>",
        f'<text x="{width - 4:.1f}" y="{y + side / 2 + 4:.1f}" text-anchor="end" '
        f'fill="{_SOFT}">{given:.0f}</text>',
    ]
    for at, column in enumerate(columns):
        told = f"{_name(code, names)} met by {_name(column, names)}: {told_count(cells[column])}"
        parts.append(
            _cell(
                (_x(at, column, side), y, side),
                cells[column],
                given,
                same=column == code,
                told=f"{told} of {given:.0f}",
            )
        )
    return "".join(parts)


def _cell(
    place: tuple[float, float, float], n: float, given: float, *, same: bool, told: str
) -> str:
    x, y, side = place
    share = n / given if given else 0.0
    hue = "26,74,122" if same else "178,84,12"
    fill = f"rgba({hue},{0.06 + 0.86 * share:.2f})" if n else "#f7f8fa"
    ink = "#fff" if share > 0.5 else "#1f2933"
    size = 12 if side > 30 else 9.5
    text = told_count(n)
    if size < 10 and len(text) > 2 and "." in text:
        text = f"{n:.0f}"
    words = (
        f'<text x="{x + side / 2:.1f}" y="{y + side / 2 + size * 0.36:.1f}" fill="{ink}" '
        f'text-anchor="middle" font-size="{size}">{text}</text>'
        if n
        else ""
    )
    return (
        f'<g><title>{escape(told)}</title><rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" '
        f'width="{side - 1:.1f}" height="{side - 1:.1f}" fill="{fill}"/>{words}</g>'
    )


def _column_name(column: str, at: int, side: float, names: Mapping[str, str]) -> str:
    x, y = _x(at, column, side) + side / 2 + 4, _TOP - 6
    return (
        f'<text transform="translate({x:.1f} {y:.1f}) rotate(-62)" fill="#1f2933">'
        f"<title>{escape(_name(column, names))}</title>"
        f"{escape(cut(_name(column, names), _WIDEST_TOP))}</text>"
    )


def _x(at: int, column: str, side: float) -> float:
    """Columns that are no code stand a little apart."""
    return _LEFT + side * at + (10 if column in (OTHERS, NOTHING) else 0)


def _name(code: str, names: Mapping[str, str]) -> str:
    return names.get(code, code)


def told_count(n: float) -> str:
    """A count of units, whole where it is; several codes may share one."""
    return f"{n:.0f}" if abs(n - round(n)) < 0.05 else f"{n:.1f}"
