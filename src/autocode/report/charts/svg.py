"""SVG elements: words that fit, shapes with tooltips, and the picture around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from math import isinf

from .. import palette

# Widths of letters as shares of the size, of a wide face (DejaVu Sans): what fits there fits in
# any other.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]/ -\N{NO-BREAK SPACE}"), frozenset("mwMWQO@%—…")
_SHARES = {"narrow": 0.40, "wide": 0.95, "upper": 0.74, "full": 1.05, "other": 0.63}
_HARD_SPACE = "\N{NO-BREAK SPACE}"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# On a projector a picture may grow, so that the last row of an audience can read it.
_LARGEST = 1.3


def measure_width(words: str, size: float) -> float:
    """An estimate of how wide words are at a letter size, in pixels; rather too wide."""
    return size * sum(_SHARES[_classify(letter)] for letter in words)


def _classify(letter: str) -> str:
    if letter in _NARROW:
        return "narrow"
    if letter in _WIDE:
        return "wide"
    if unicodedata.east_asian_width(letter) in "WF":
        return "full"
    return "upper" if letter.isupper() else "other"


def fit_text(words: str, width: float, *, size: float) -> str:
    """Words cut to a width in pixels, with an ellipsis where something is missing."""
    if measure_width(words, size) <= width:
        return words
    kept = words
    while kept and measure_width(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip(f' /{_HARD_SPACE}')}…"


def wrap_text(words: str, width: float, *, size: float, most: int) -> tuple[str, ...]:
    """Words in at most `most` lines of a width in pixels; the last is cut where they do not fit.

    A slash stays with the word before it.
    """
    lines: list[str] = []
    rest = " ".join(words.split()).replace(" /", f"{_HARD_SPACE}/").split(" ")
    while rest and len(lines) < most - 1:
        n_taken = 1
        while n_taken < len(rest) and measure_width(" ".join(rest[: n_taken + 1]), size) <= width:
            n_taken += 1
        lines.append(fit_text(" ".join(rest[:n_taken]), width, size=size))
        rest = rest[n_taken:]
    if rest or not lines:
        lines.append(fit_text(" ".join(rest), width, size=size))
    return tuple(lines)


def _escape(words: str) -> str:
    """Words as they can stand in XML, which knows no control characters: those become U+FFFD."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", escape(words))


def draw(tag: str, content: str = "", /, **attributes: str | float | None) -> str:
    """An element; `content` is SVG already, attributes are escaped and left out where None.

    An underscore in the name of an attribute becomes a hyphen; numbers keep two digits at most.
    """
    written = "".join(
        f' {name.replace("_", "-")}="{_escape(format_number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def format_number(value: str | float) -> str:
    """A number without needless digits; words as they are."""
    if isinstance(value, str):
        return value
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def draw_text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 12,
    anchor: str | None = None,
    square: str = "",
    tooltip: str = "",
    **style: str | float | None,
) -> str:
    """A line of words; `square` is the colour of a small square before them, none where empty.

    `anchor` says what stands at x: their "start" (the default), "middle" or "end".
    """
    # A letter, not a shape: it stays beside the words in every face.
    mark = draw("tspan", "\N{BLACK SQUARE}", fill=square) + " " if square else ""
    content = draw_tooltip(tooltip) + mark + _escape(words)
    return draw("text", content, x=x, y=y, font_size=size, text_anchor=anchor, **style)


def draw_line(x1: float, y1: float, x2: float, y2: float, **style: str | float | None) -> str:
    """A straight line, in the colour of grid lines unless `stroke` says otherwise."""
    return draw("line", x1=x1, y1=y1, x2=x2, y2=y2, **({"stroke": palette.LINE} | style))


def draw_tooltip(words: str) -> str:
    """What a reader sees who points at the shape that holds it; empty for no words."""
    return f"<title>{_escape(words)}</title>" if words else ""


def draw_svg(
    width: float,
    height: float,
    elements: Iterable[str],
    *,
    kind: str,
    label: str,
    max_width: float | None = None,
) -> str:
    """A picture; `kind` is its class on the page, `label` what it shows, for screen readers.

    It is shown at most `max_width` pixels wide, by default a third larger than its size; with an
    infinite one it has no style of its own, for pages whose policy allows none.
    """
    content, widest = "".join(elements), max_width or _LARGEST * width
    # Nobody is led into a picture; links that it holds are to be reached.
    role = "group" if "<a " in content else "img"
    style = "" if isinf(widest) else f'style="max-width:{widest:.0f}px" '
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:.0f} {height:.0f}" role="{role}" '
        f'{style}aria-label="{_escape(label)}" '
        'xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, \'DejaVu Sans\', sans-serif" font-size="12" '
        f'fill="{palette.INK}">{content}</svg>'
    )
