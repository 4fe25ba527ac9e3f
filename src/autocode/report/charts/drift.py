"""Agreement from transcript to transcript as SVG: one dot each, larger where more was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import floor, sqrt

from ...agreement.reporting.methods_text import format_count, format_value
from ...agreement.study.table import TranscriptAgreement
from .forest import cut

_LEFT, _TOP, _HEIGHT, _RIGHT = 44.0, 12.0, 190.0, 16.0
_NAMES = 96.0
_MOST_NAMES = 60
_WIDEST_NAME = 16
_SOFT = "#52606d"


def drift_plot(steps: Sequence[TranscriptAgreement], overall: float | None) -> str:
    """Kappa by transcript in the given order; empty where fewer than two have a value."""
    if sum(step.pooled_kappa.value is not None for step in steps) < 2:
        return ""
    step_width = min(max(940 / len(steps), 12.0), 90.0)
    width = _LEFT + step_width * len(steps) + _RIGHT
    named = len(steps) <= _MOST_NAMES
    height = _TOP + _HEIGHT + (_NAMES if named else 14)
    values = [s.pooled_kappa.value for s in steps if s.pooled_kappa.value is not None]
    low = max(floor(min([0.0, *values]) * 5) / 5, -1.0)
    drawn = [*_grid(low, width, overall)]
    most = max(step.n_units for step in steps)
    for at, step in enumerate(steps):
        drawn += _dot(step, _LEFT + step_width * (at + 0.5), low, most, named=named)
    return (
        f'<svg class="drift" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'style="max-width:{width:.0f}px" aria-label="Kappa by transcript" '
        'font-family="system-ui, sans-serif" font-size="12">' + "".join(drawn) + "</svg>"
    )


def _y(value: float, low: float) -> float:
    return _TOP + _HEIGHT * (1 - (max(value, low) - low) / (1 - low))


def _grid(low: float, width: float, overall: float | None) -> Iterator[str]:
    for step in range(round(low * 5), 6):
        y = _y(step / 5, low)
        text = f"{step / 5:.1f}".replace("-", "\N{MINUS SIGN}")
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{width - _RIGHT:.1f}" y2="{y:.1f}" '
            f'stroke="{"#9aa5b1" if step == 0 else "#e4e7eb"}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{_SOFT}">{text}</text>'
        )
    if overall is not None:
        y = _y(overall, low)
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{width - _RIGHT:.1f}" y2="{y:.1f}" '
            'stroke="#1a4a7a" stroke-dasharray="2 4"><title>all transcripts: '
            f"{format_value(overall)}</title></line>"
        )


def _dot(
    step: TranscriptAgreement, x: float, low: float, most: int, *, named: bool
) -> Iterator[str]:
    bottom = _TOP + _HEIGHT
    value = step.pooled_kappa.value
    told = f"{step.transcript}: {format_value(value)}, {format_count(step.n_units, 'unit')}"
    if value is None:
        yield (
            f'<text x="{x:.1f}" y="{bottom - 4:.1f}" text-anchor="middle" fill="#9aa5b1">'
            f"<title>{escape(told)}</title>?</text>"
        )
    else:
        radius = 3 + 4 * sqrt(step.n_units / most)
        yield (
            f'<circle cx="{x:.1f}" cy="{_y(value, low):.1f}" r="{radius:.1f}" fill="#1a4a7a" '
            f'fill-opacity="0.8"><title>{escape(told)}</title></circle>'
        )
    if named:
        yield (
            f'<text transform="translate({x + 4:.1f} {bottom + 12:.1f}) rotate(-50)" '
            f'text-anchor="end" fill="{_SOFT}" font-size="11"><title>{escape(told)}</title>'
            f"{escape(cut(step.transcript, _WIDEST_NAME))}</text>"
        )
