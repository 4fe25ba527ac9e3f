"""What an import says of a transcript: its turns, words and speakers."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.coding import Case
from ..core.counted import say_count
from ..core.transcript import Speaker, Transcript
from ..text.words import n_words

_SHOWN = 8


def describe_transcript(transcript: Transcript, case: Case | None) -> str:
    """The turns, words, encoding, case and speakers of a transcript in one line."""
    people = _describe_speakers(transcript.speakers)
    if case is not None:
        people = f"case {case.name}" + (f"; {people}" if people else "")
    n_said = round(sum(n_words(transcript.words_of(turn)) for turn in transcript.turns))
    account = f"{say_count(len(transcript.turns), 'turn')}, {say_count(n_said, 'word')}"
    encoding = transcript.source.encoding
    if encoding not in ("utf-8", "utf-8-sig"):
        account += f", read as {encoding}"
    return f"{account}; {people or 'no speakers named'}"


def _describe_speakers(speakers: Sequence[Speaker]) -> str:
    """The first speakers with their roles; a question mark stands where the guess is unsure."""
    described = [
        f"{s.name} ({s.role}?)"
        if s.basis == "guessed" and s.confidence < 0.9
        else f"{s.name} ({s.role})"
        for s in speakers[:_SHOWN]
    ]
    rest = len(speakers) - len(described)
    return ", ".join(described) + (f" and {rest} more" if rest > 0 else "")
