"""A reliability diagram as SVG: what probabilities promise against what turned out right."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from ...evaluate.metrics.calibration import CalibrationBin

_SIDE, _LEFT, _TOP = 280.0, 46.0, 12.0
_SOFT, _BLUE = "#52606d", "#1a4a7a"


def reliability(bins: Sequence[CalibrationBin]) -> str:
    """One dot a bin, larger where it holds more; on the dashed line promises are kept."""
    if not bins:
        return ""
    width, height = _LEFT + _SIDE + 16, _TOP + _SIDE + 44
    most = max(some.n for some in bins)
    drawn = _frame() + "".join(_dot(some, most) for some in bins)
    return (
        f'<svg class="reliability" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        'aria-label="Share right by probability" font-family="system-ui, sans-serif" '
        f'font-size="12">{drawn}</svg>'
    )


def _frame() -> str:
    right, bottom = _LEFT + _SIDE, _TOP + _SIDE
    parts = [
        f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{_TOP}" stroke="#9aa5b1" '
        'stroke-dasharray="5 4"/>',
        f'<text x="{_LEFT + _SIDE / 2}" y="{bottom + 36}" text-anchor="middle" fill="{_SOFT}">'
        "probability given</text>",
        f'<text transform="translate(12 {_TOP + _SIDE / 2}) rotate(-90)" text-anchor="middle" '
        f'fill="{_SOFT}">share right</text>',
    ]
    for step in range(6):
        x, y = _LEFT + _SIDE * step / 5, bottom - _SIDE * step / 5
        parts.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e4e7eb"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{_SOFT}">'
            f'{step / 5:.1f}</text><text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle" '
            f'fill="{_SOFT}">{step / 5:.1f}</text>'
        )
    return "".join(parts)


def _dot(some: CalibrationBin, most: int) -> str:
    x, y = _LEFT + _SIDE * some.probability, _TOP + _SIDE * (1 - some.share_right)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 4 * sqrt(some.n / most):.1f}" fill="{_BLUE}" '
        f'fill-opacity="0.75"><title>{some.n} suggestions at {some.probability:.2f}: '
        f"{some.share_right:.2f} right</title></circle>"
    )
