"""Colours: those of the pages and charts, and one for every code of a codebook."""

from __future__ import annotations

import functools

from ..core.codebook import Codebook

# The page's own colours (`:root` in style.css); a chart must also stand alone, without stylesheet.
INK = "#1f2933"
SOFT = "#52606d"
FAINT = "#9aa5b1"
LINE = "#e4e7eb"
WASH = "#f7f8fa"
PAPER = "#fff"
BLUE = "#1a4a7a"

RIM = "#2b6cb0"
"""Outlines and intervals: a lighter blue beside `BLUE`."""
PALE = "#dbe7f3"
"""Blue that words can stand on."""
LIGHT_BLUE = "#7fa8d6"
THREAD = "#7c93ad"
ORANGE = "#b2540c"
GREEN = "#2f7d4f"
PURPLE = "#7b3f98"
UNASSIGNED = "#8894a1"
"""Segments in no theme."""

TENTATIVE = "#fdf3d8"
"""Behind values from .667 to .800, Krippendorff's limit for tentative conclusions."""
RELIABLE = "#e3f1e6"
"""Behind values from .800 on."""

LINES = (BLUE, ORANGE, GREEN)
"""Lines of one plot, in this order."""

# Readers with any kind of colour vision can distinguish these (Okabe and Ito 2008); darkened for
# white paper, in an order that sets unlike hues beside each other.
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

CODE_COLOURS = (
    "#2b6cb0", "#b7791f", "#2f855a", "#805ad5", "#c53030", "#0f766e", "#9d174d", "#4d7c0f",
    "#0369a1", "#7c2d12",
)  # fmt: skip
"""For codes that have no colour of their own."""


def assign_code_colours(codebook: Codebook) -> dict[str, str]:
    """A colour for each code id: the code's own, its parent's, or the next of `CODE_COLOURS`."""
    colours: dict[str, str] = {}
    n_used = 0
    for _, code in codebook.walk():
        if code.colour:
            colours[code.id] = code.colour
        elif code.parent in colours:
            colours[code.id] = colours[code.parent]
        else:
            colours[code.id] = CODE_COLOURS[n_used % len(CODE_COLOURS)]
            n_used += 1
    return colours


@functools.lru_cache(maxsize=1024)
def choose_letter_colour(background: str) -> str:
    """White or black, whichever reads better: at least 4.5 to 1 on any colour."""
    luminance = _luminance(background)
    if luminance is None:
        return INK
    return PAPER if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000"


def _luminance(colour: str) -> float | None:
    """Relative luminance of WCAG 2, from 0 to 1; None if it is no "#rrggbb" or "#rgb"."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return None
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
