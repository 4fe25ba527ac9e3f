"""The passes of a study as people see them: who codes what, and how much of it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.alignment import align
from ..core.coding_pass import CodingPass
from ..core.errors import NotFound
from ..core.transcript import CODABLE_ROLES, Segment
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..text.words import n_words
from .reader import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class PassView:
    """A pass with its progress: segments of participants that are there, read, and coded by it.

    `n_words` counts the words of the transcript, `unread` are segments that the coder has not read.
    """

    of: CodingPass
    n_words: int
    n_segments: int
    n_codings: int
    unread: tuple[Segment, ...] = ()

    @property
    def n_read(self) -> int:
        """How many segments the coder has read."""
        return self.n_segments - len(self.unread)

    def to_row(self) -> dict[str, Any]:
        """The pass and its counts as plain data."""
        counts = {
            "n_segments": self.n_segments,
            "n_read": self.n_read,
            "n_codings": self.n_codings,
            "n_words": self.n_words,
        }
        row: dict[str, Any] = to_plain(self.of) | counts
        return row


@dataclass(frozen=True, slots=True)
class PassList(Result):
    """Passes in order of transcript and kind, each with its progress."""

    passes: tuple[PassView, ...]

    def to_dict(self) -> dict[str, Any]:
        """The passes as plain data."""
        return to_payload("passes", {"passes": self.to_rows()})

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a pass."""
        return [view.to_row() for view in self.passes]


def list_passes(
    study: Snapshot, *, coder: str | None = None, transcript: str | None = None
) -> PassList:
    """All passes, or those of a coder or transcript; raises NotFound."""
    if coder is not None and coder not in (known := {c.name for c in study.coders()}):
        raise NotFound.among("coder", coder, known)
    if transcript is not None:
        study.transcript(transcript)
    wanted = [
        one
        for one in study.coding_passes()
        if coder in (None, one.coder) and transcript in (None, one.transcript)
    ]
    return PassList(view_passes(study, wanted))


def view_passes(study: Snapshot, passes: Iterable[CodingPass]) -> tuple[PassView, ...]:
    """Passes with their progress."""
    words = count_words(study)
    segments: dict[str, list[Segment]] = {}
    for segment in study.segments():
        if segment.given or segment.role in CODABLE_ROLES:
            segments.setdefault(segment.transcript, []).append(segment)
    return tuple(
        _view(study, one, segments.get(one.transcript, []), words[one.transcript]) for one in passes
    )


def count_words(study: Snapshot) -> dict[str, int]:
    """The words of each transcript, in order of name."""
    return {t.name: round(n_words(t.text)) for t in study.transcripts()}


def _view(study: Snapshot, one: CodingPass, segments: Sequence[Segment], n: int) -> PassView:
    key = (one.transcript, one.coder)
    codings = [c for c in study.codings() if (c.transcript, c.coder) == key]
    readings = [r for r in study.readings() if (r.transcript, r.coder) == key]
    aligned = align(segments, codings, readings)
    unread = tuple(s for row, s in enumerate(segments) if not aligned.is_read(row))
    return PassView(
        of=one, n_words=n, n_segments=len(segments), n_codings=len(codings), unread=unread
    )
