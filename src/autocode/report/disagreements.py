"""Units on which coders differ, as a consensus meeting reads them: who gave what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..agreement.study.table import Agreement, Disagreement
from ..core.coding import Resolution
from ..core.transcript import Transcript

Memos = Mapping[tuple[str, int, int, str], str]
"""What coders noted, by transcript, start and end of a span, and coder."""


@dataclass(frozen=True, slots=True)
class SharedCode:
    """A code of a group of coders; `is_unanimous`: everybody who read the unit gave it."""

    code: str
    is_unanimous: bool


@dataclass(frozen=True, slots=True)
class CoderGroup:
    """Coders who gave a unit the same codes; `memos` are (coder, words)."""

    coders: tuple[str, ...]
    codes: tuple[SharedCode, ...]
    memos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementView:
    """One unit with its groups of coders, the largest first, who has not read it, what was settled.

    `position` says where it is ("Kofi, turn 12"), empty where that is not known.
    """

    anchor: str
    excerpt: str
    position: str
    groups: tuple[CoderGroup, ...]
    unread: tuple[str, ...]
    resolutions: tuple[Resolution, ...] = ()
    language: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes that somebody gave."""
        return tuple(dict.fromkeys(shared.code for group in self.groups for shared in group.codes))


def view_disagreements(
    agreement: Agreement, memos: Memos, transcripts: Iterable[Transcript] = ()
) -> dict[str, list[DisagreementView]]:
    """The disagreements by transcript; the `transcripts` say who speaks there, in which turn.

    A memo is shown with every unit that its span overlaps: people mark spans as they like, and
    units are cut for the comparison.
    """
    by_coder: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for (transcript, start, end, coder), memo in memos.items():
        if memo.strip():
            by_coder.setdefault((transcript, coder), []).append((start, end, memo))
    known = {transcript.name: transcript for transcript in transcripts}
    views: dict[str, list[DisagreementView]] = {}
    for number, disagreement in enumerate(agreement.disagreements, start=1):
        applied = disagreement.applied
        near = {coder: _find_memos(disagreement, coder, by_coder) for coder in applied}
        views.setdefault(disagreement.transcript, []).append(
            DisagreementView(
                anchor=f"disagreement-{number}",
                excerpt=disagreement.excerpt,
                position=locate_disagreement(disagreement, known),
                groups=_group_coders(applied, near),
                unread=tuple(coder for coder in agreement.coders if coder not in applied),
                resolutions=disagreement.resolutions,
                language=find_language(disagreement, known),
            )
        )
    return views


def locate_disagreement(disagreement: Disagreement, transcripts: Mapping[str, Transcript]) -> str:
    """Where coders differ, such as "Kofi, turn 12"; empty where that is not known."""
    transcript, span = transcripts.get(disagreement.transcript), disagreement.unit.span
    return transcript.locate(span) if transcript is not None and span is not None else ""


def find_language(disagreement: Disagreement, transcripts: Mapping[str, Transcript]) -> str | None:
    """The language of the transcript in which coders differ, where it is known."""
    transcript = transcripts.get(disagreement.transcript)
    return None if transcript is None else transcript.language


def _group_coders(
    applied: Mapping[str, tuple[str, ...]], memos: Mapping[str, Iterable[str]]
) -> tuple[CoderGroup, ...]:
    unanimous = frozenset.intersection(*(frozenset(codes) for codes in applied.values()))
    coders_of: dict[tuple[str, ...], list[str]] = {}
    for coder, codes in applied.items():
        coders_of.setdefault(codes, []).append(coder)
    return tuple(
        CoderGroup(
            tuple(coders),
            tuple(SharedCode(code, code in unanimous) for code in codes),
            tuple((coder, memo) for coder in coders for memo in memos[coder]),
        )
        for codes, coders in sorted(coders_of.items(), key=lambda item: -len(item[1]))
    )


def _find_memos(
    disagreement: Disagreement,
    coder: str,
    by_coder: Mapping[tuple[str, str], list[tuple[int, int, str]]],
) -> list[str]:
    """The coder's memos on spans that overlap the unit, each once."""
    span = disagreement.unit.span
    if span is None:
        return []
    memos = sorted(by_coder.get((disagreement.transcript, coder), ()))
    return list(
        dict.fromkeys(m for start, end, m in memos if start < span.end and span.start < end)
    )
