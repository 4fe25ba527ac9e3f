"""Which question each segment answers: context that "Yes, twice." cannot do without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.transcript import Segment
from .speakers import asks


def questions(segments: Sequence[Segment]) -> list[int | None]:
    """For each segment the row of the segment that asks what it answers, or None.

    The question is the last one that another speaker asked before it in the transcript, whatever
    "mm-hm" comes between. Where somebody interviews, only their questions last; anybody else's is
    answered in the very next turn, if at all. An interviewer answers nothing but a question in
    the turn before. Segments without a speaker, and notes, neither ask nor answer. Segments may
    come in any order.
    """
    asked_in: list[int | None] = [None] * len(segments)
    for rows in _by_transcript(segments).values():
        talk = _Talk(guided=any(segments[row].role == "interviewer" for row in rows))
        for row in rows:
            segment = segments[row]
            if segment.speaker is not None and segment.role != "note":
                asked_in[row] = talk.answered(segment)
                if asks(segment.excerpt):
                    talk.asked(segment, row)
    return asked_in


@dataclass(slots=True, kw_only=True)
class _Talk:
    """Questions so far; `guided` where somebody interviews."""

    guided: bool
    speaker: str | None = None
    before: int | None = None
    """The question in the turn before the present one; `now`: in the present one."""
    now: int | None = None
    lasting: dict[str, int] = field(default_factory=dict)
    """By speaker, the last one asked standing last."""

    def answered(self, segment: Segment) -> int | None:
        if segment.speaker != self.speaker:
            self.speaker, self.before, self.now = segment.speaker, self.now, None
        if self.before is not None or segment.role == "interviewer":
            return self.before
        others = (row for name, row in reversed(self.lasting.items()) if name != self.speaker)
        return next(others, None)

    def asked(self, segment: Segment, row: int) -> None:
        self.now = row
        if segment.role == "interviewer" or not self.guided:
            self.lasting.pop(segment.speaker or "", None)
            self.lasting[segment.speaker or ""] = row


def _by_transcript(segments: Sequence[Segment]) -> dict[str, list[int]]:
    rows_of: dict[str, list[int]] = {}
    for row, segment in enumerate(segments):
        rows_of.setdefault(segment.transcript, []).append(row)
    for rows in rows_of.values():
        rows.sort(key=lambda row: segments[row].span)
    return rows_of
