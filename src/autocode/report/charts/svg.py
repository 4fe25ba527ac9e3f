"""What every picture is drawn with: the page's colours, words that fit, and the SVG around them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from html import escape

# The page's own colours (style.css); a picture must also stand alone, where no stylesheet is.
INK = "#1f2933"
SOFT = "#52606d"
LINE = "#e4e7eb"
RULE = "#9aa5b1"
BLUE = "#1a4a7a"
RIM = "#2b6cb0"
PALE = "#dbe7f3"

# Told apart by readers of every kind of colour vision (Okabe and Ito 2008), darkened for white
# paper; the order sets the unlike beside each other.
HUES = (
    "#0072b2",
    "#d55e00",
    "#008f6b",
    "#b8588f",
    "#8a6d00",
    "#2f9fd8",
    "#5b4a9e",
    "#7a3b1d",
)

# Letters as shares of the size, of a wide face (DejaVu Sans): what fits there fits in any.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]/ -\N{NO-BREAK SPACE}"), frozenset("mwMWQO@%—…")
# On a projector there is room to be read from the last row.
_LARGER = 1.3
_HARD_SPACE = "\N{NO-BREAK SPACE}"
_SHARES = {"narrow": 0.40, "wide": 0.95, "upper": 0.74, "full": 1.05, "other": 0.63}


def width_of(words: str, size: float) -> float:
    """About how wide words are at a letter size, in pixels; rather too wide than too narrow."""
    return size * sum(_SHARES[_kind(letter)] for letter in words)


def _kind(letter: str) -> str:
    if letter in _NARROW:
        return "narrow"
    if letter in _WIDE:
        return "wide"
    if unicodedata.east_asian_width(letter) in "WF":
        return "full"
    return "upper" if letter.isupper() else "other"


def fitted(words: str, width: float, *, size: float) -> str:
    """Words cut to a width in pixels, with an ellipsis where something is missing."""
    if width_of(words, size) <= width:
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip(f' /{_HARD_SPACE}')}…"


def wrapped(words: str, width: float, *, size: float, most: int) -> tuple[str, ...]:
    """Words in at most `most` lines of a width in pixels; the last is cut where they do not fit.

    A slash stays with the word before it.
    """
    lines: list[str] = []
    rest = " ".join(words.split()).replace(" /", f"{_HARD_SPACE}/").split(" ")
    while rest and len(lines) < most - 1:
        n_taken = 1
        while n_taken < len(rest) and width_of(" ".join(rest[: n_taken + 1]), size) <= width:
            n_taken += 1
        lines.append(fitted(" ".join(rest[:n_taken]), width, size=size))
        rest = rest[n_taken:]
    if rest or not lines:
        lines.append(fitted(" ".join(rest), width, size=size))
    return tuple(lines)


def text(
    x: float, y: float, words: str, *, size: float = 12, style: str = "", square: str = ""
) -> str:
    """A line of words; `style` holds further attributes, already sound.

    `square` is the colour of a small square before the words; none where it is empty.
    """
    # A letter, not a shape: it stays beside the words in every face.
    mark = f'<tspan fill="{escape(square)}">\N{BLACK SQUARE}</tspan> ' if square else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{_spaced(style)}>'
        f"{mark}{escape(words)}</text>"
    )


def told(words: str) -> str:
    """What a reader sees who points at a shape."""
    return f"<title>{escape(words)}</title>"


def svg(width: float, height: float, drawn: Iterable[str], *, kind: str, about: str) -> str:
    """A picture with its parts in it, shown at most a third larger than its size in pixels."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'style="max-width:{_LARGER * width:.0f}px" aria-label="{escape(about)}" '
        'xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, \'DejaVu Sans\', sans-serif" font-size="12" fill="{INK}">'
        + "".join(drawn)
        + "</svg>"
    )


def _spaced(style: str) -> str:
    return f" {style}" if style else ""
