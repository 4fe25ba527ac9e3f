"""Talk that says nothing: who speaks when is all that counts."""

from __future__ import annotations

from autocode.core.transcript import Segment, Span


def talk(speakers: str, transcript: str = "t") -> list[Segment]:
    """A segment for each letter, said by the speaker of that name."""
    return [
        Segment(transcript=transcript, span=Span(i * 10, i * 10 + 5), excerpt="words", speaker=who)
        for i, who in enumerate(speakers)
    ]
