"""Units on which coders differ, as a consensus meeting reads them: who gave what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..agreement.study.table import Agreement, Disagreement

Place = tuple[str, int, int, str]
"""Transcript, start and end of a span, and coder: what a memo is kept by."""

Memos = Mapping[Place, str]


@dataclass(frozen=True, slots=True)
class Voice:
    """Coders who gave a unit the same codes; `codes` are (id, whether every reader gave it)."""

    coders: tuple[str, ...]
    codes: tuple[tuple[str, bool], ...]
    memos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One unit with the voices on it, the most common first, and who has not read it."""

    anchor: str
    excerpt: str
    start: int | None
    voices: tuple[Voice, ...]
    unread: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes somebody gave."""
        return tuple(dict.fromkeys(code for voice in self.voices for code, _ in voice.codes))


def differences(found: Agreement, memos: Memos) -> dict[str, list[Difference]]:
    """The disagreements by transcript.

    A memo is shown with a unit that its span overlaps, since people mark spans and units are cut
    by whoever compares.
    """
    kept: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for (transcript, start, end, coder), memo in memos.items():
        if memo.strip():
            kept.setdefault((transcript, coder), []).append((start, end, memo))
    by_transcript: dict[str, list[Difference]] = {}
    for number, d in enumerate(found.disagreements, start=1):
        voices = _voices(d, {coder: _memos(d, coder, kept) for coder in d.applied})
        unread = tuple(c for c in found.coders if c not in d.applied)
        start_of = d.unit.span.start if d.unit.span else None
        by_transcript.setdefault(d.transcript, []).append(
            Difference(
                anchor=f"difference-{number}",
                excerpt=d.excerpt,
                start=start_of,
                voices=voices,
                unread=unread,
            )
        )
    return by_transcript


def _voices(d: Disagreement, memos: Mapping[str, Iterable[str]]) -> tuple[Voice, ...]:
    everybody = frozenset.intersection(*(frozenset(codes) for codes in d.applied.values()))
    together: dict[tuple[str, ...], list[str]] = {}
    for coder, codes in d.applied.items():
        together.setdefault(codes, []).append(coder)
    return tuple(
        Voice(
            tuple(coders),
            tuple((code, code in everybody) for code in codes),
            tuple((coder, memo) for coder in coders for memo in memos[coder]),
        )
        for codes, coders in sorted(together.items(), key=lambda item: -len(item[1]))
    )


def _memos(
    d: Disagreement, coder: str, kept: Mapping[tuple[str, str], list[tuple[int, int, str]]]
) -> list[str]:
    span = d.unit.span
    if span is None:
        return []
    near = kept.get((d.transcript, coder), ())
    inside = [m for start, end, m in sorted(near) if start < span.end and span.start < end]
    return list(dict.fromkeys(inside))
