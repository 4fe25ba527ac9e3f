"""What coders noted where they disagree, and what was settled there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.coding import Coding, Resolution
from .decisions import Unit
from .table import Agreement, Disagreement


def attach_memos(agreement: Agreement, codings: Sequence[Coding]) -> Agreement:
    """The same agreement, its disagreements with what coders noted on codings that overlap them."""
    noted: dict[str, list[Coding]] = {}
    for coding in codings:
        if coding.memo.strip() and coding.coder in agreement.coders:
            noted.setdefault(coding.transcript, []).append(coding)
    return replace(
        agreement,
        disagreements=tuple(
            replace(d, memos=_find_memos(d.unit, noted.get(d.transcript, ())))
            for d in agreement.disagreements
        ),
    )


def attach_resolutions(agreement: Agreement, resolutions: Sequence[Resolution]) -> Agreement:
    """The same agreement, its disagreements with what was settled on words of theirs."""
    return replace(
        agreement,
        disagreements=tuple(
            replace(
                d,
                resolutions=tuple(
                    made
                    for made in resolutions
                    if d.unit.span is not None
                    and made.transcript == d.transcript
                    and made.span.overlap(d.unit.span)
                    and made.code in _list_differing(d)
                ),
            )
            for d in agreement.disagreements
        ),
    )


def _list_differing(unit: Disagreement) -> frozenset[str]:
    given = [frozenset(codes) for codes in unit.applied.values()]
    return frozenset.union(*given) - frozenset.intersection(*given)


def _find_memos(unit: Unit, codings: Sequence[Coding]) -> dict[str, tuple[str, ...]]:
    memos: dict[str, tuple[str, ...]] = {}
    for coding in codings:
        if unit.span is not None and coding.span.overlap(unit.span):
            memos[coding.coder] = (*memos.get(coding.coder, ()), coding.memo)
    return memos
