"""Drift: agreement from transcript to transcript, one dot each, larger where more was read."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from ...agreement.reporting.methods_text import format_count, format_value
from ...agreement.study.table import TranscriptAgreement
from .. import palette
from . import svg
from .axes import LinearScale, draw_grid, make_coefficient_scale

_LEFT, _TOP, _HEIGHT, _RIGHT = 44.0, 12.0, 190.0, 16.0
_BOTTOM = _TOP + _HEIGHT
_NAMES = 96.0
_MOST_NAMES = 60
_NAME_WIDTH = 112.0


def draw_drift(steps: Sequence[TranscriptAgreement], overall: float | None) -> str:
    """Kappa by transcript in the given order; empty where fewer than two have a value."""
    kappas = [step.pooled_kappa.value for step in steps if step.pooled_kappa.value is not None]
    if len(kappas) < 2:
        return ""
    step_width = min(max(940 / len(steps), 12.0), 90.0)
    width = _LEFT + step_width * len(steps) + _RIGHT
    has_names = len(steps) <= _MOST_NAMES
    scale = make_coefficient_scale(kappas, start=_BOTTOM, end=_TOP)
    elements = [*draw_grid(scale, 0.2, left=_LEFT, right=width - _RIGHT)]
    if overall is not None:
        y = scale(overall)
        elements.append(
            svg.draw(
                "line",
                svg.draw_tooltip(f"all transcripts: {format_value(overall)}"),
                x1=_LEFT,
                y1=y,
                x2=width - _RIGHT,
                y2=y,
                stroke=palette.BLUE,
                stroke_dasharray="2 4",
            )
        )
    most = max(step.n_units for step in steps)
    for at, step in enumerate(steps):
        x = _LEFT + step_width * (at + 0.5)
        elements.append(_draw_dot(step, x, scale, most))
        if has_names:
            elements.append(_draw_name(step, x))
    height = _BOTTOM + (_NAMES if has_names else 14)
    label = "Kappa by transcript"
    return svg.draw_svg(width, height, elements, kind="drift", label=label, max_width=width)


def _draw_dot(step: TranscriptAgreement, x: float, scale: LinearScale, most: int) -> str:
    kappa, tooltip = step.pooled_kappa.value, _describe_step(step)
    if kappa is None:
        return svg.draw_text(
            x, _BOTTOM - 4, "?", anchor="middle", fill=palette.FAINT, tooltip=tooltip
        )
    return svg.draw(
        "circle",
        svg.draw_tooltip(tooltip),
        cx=x,
        cy=scale(kappa),
        r=3 + 4 * sqrt(step.n_units / most),
        fill=palette.BLUE,
        fill_opacity=0.8,
    )


def _draw_name(step: TranscriptAgreement, x: float) -> str:
    name = svg.fit_text(step.transcript, _NAME_WIDTH, size=11)
    return svg.draw_text(
        0,
        0,
        name,
        size=11,
        anchor="end",
        tooltip=_describe_step(step),
        fill=palette.SOFT,
        transform=f"translate({x + 4:.1f} {_BOTTOM + 12:.1f}) rotate(-50)",
    )


def _describe_step(step: TranscriptAgreement) -> str:
    return (
        f"{step.transcript}: {format_value(step.pooled_kappa.value)}, "
        f"{format_count(step.n_units, 'unit')}"
    )
