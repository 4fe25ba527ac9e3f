"""Stretches of a text put in other words, and where spans of the old text stand in the new one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from .errors import SpanError
from .transcript import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """The words of a span replaced by others; by nothing, where they are taken out."""

    span: Span
    words: str = ""


class EditedText:
    """A text after edits, in any order; raises SpanError where two of them overlap."""

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        self.old = text
        self._edits = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
        pieces, at = [], 0
        for edit in self._edits:
            if edit.span.start < at:
                raise SpanError(f"Two edits overlap at character {edit.span.start} of a text.")
            pieces += [text[at : edit.span.start], edit.words]
            at = edit.span.end
        self.text = "".join([*pieces, text[at:]])
        self._starts = [edit.span.start for edit in self._edits]
        grown = (len(edit.words) - len(edit.span) for edit in self._edits)
        self._grown = [0, *accumulate(grown)]

    def carry(self, span: Span) -> Span | None:
        """Where a span stands now, without blanks at its ends; None where nothing of it is left.

        A span that begins or ends in edited words takes in all of what stands in their place.
        """
        start, end = self._moved(span.start, is_end=False), self._moved(span.end, is_end=True)
        if start >= end:
            return None
        if span.of(self.old).strip() != span.of(self.old):
            return Span(start, end) if self.text[start:end].strip() else None
        while start < end and self.text[start].isspace():
            start += 1
        while start < end and self.text[end - 1].isspace():
            end -= 1
        return Span(start, end) if start < end else None

    def _moved(self, at: int, *, is_end: bool) -> int:
        before = bisect_right(self._starts, at - is_end)
        if before and at < self._edits[before - 1].span.end + is_end:
            # Inside edited words: their replacement is taken in whole.
            edit = self._edits[before - 1]
            start = edit.span.start + self._grown[before - 1]
            return start + len(edit.words) if is_end else start
        return at + self._grown[before]
