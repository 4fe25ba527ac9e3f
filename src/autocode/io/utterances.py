"""Utterances: what a reader found, before it is one fixed text with spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..transcript import Span, Turn


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words of one speaker as the source has them; times in seconds."""

    words: str
    speaker: str | None = None
    begin: float | None = None
    finish: float | None = None


def speaker_key(name: str) -> str:
    """What makes two spellings the same voice: case, blanks and a closing colon do not count."""
    return "".join(name.split()).rstrip(":").casefold()


def one_spelling(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Give each voice the spelling it has most often (the first of equals)."""
    counts: dict[str, dict[str, int]] = {}
    for utterance in utterances:
        if utterance.speaker:
            spellings = counts.setdefault(speaker_key(utterance.speaker), {})
            name = " ".join(utterance.speaker.split())
            spellings[name] = spellings.get(name, 0) + 1
    best = {key: max(found, key=lambda name: found[name]) for key, found in counts.items()}
    return [
        replace(u, speaker=best[speaker_key(u.speaker)]) if u.speaker else u for u in utterances
    ]


def join_same_speaker(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Put consecutive utterances of one named speaker together, with a blank between."""
    joined: list[Utterance] = []
    for utterance in utterances:
        last = joined[-1] if joined else None
        if last is None or last.speaker is None or last.speaker != utterance.speaker:
            joined.append(utterance)
            continue
        joined[-1] = replace(
            last, words=f"{last.words} {utterance.words}", finish=utterance.finish or last.finish
        )
    return joined


def compose(utterances: Iterable[Utterance], *, preamble: str = "") -> tuple[str, tuple[Turn, ...]]:
    """Lay utterances out as one text ("Name: words", a line each) with turns over the words."""
    pieces: list[str] = [f"{preamble}\n"] if preamble else []
    length = sum(map(len, pieces))
    turns: list[Turn] = []
    for utterance in utterances:
        head = f"{utterance.speaker}: " if utterance.speaker else ""
        start = length + len(head)
        end = start + len(utterance.words)
        turns.append(Turn(Span(start, end), utterance.speaker, utterance.begin, utterance.finish))
        pieces.append(f"{head}{utterance.words}\n")
        length = end + 1
    return "".join(pieces), tuple(turns)
