"""Utterances: what a reader hands over, before it is laid out as a fixed text with spans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from ...core.transcript import Span, TimedSpan, Turn

_CONTINUED = re.compile(r"\((?:cont(?:inued|['’]?d|\.)?)\)\s*:?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Words of one speaker as the source has them; times in seconds.

    `cues` are the passages it was joined from, or its words where the source times each, as
    offsets into `words`.
    """

    words: str
    speaker: str | None = None
    begin: float | None = None
    finish: float | None = None
    cues: tuple[TimedSpan, ...] = ()


@lru_cache(maxsize=10_000)
def speaker_key(name: str) -> str:
    """What makes two spellings the same speaker: case, blanks and closing marks do not count.

    "Interviewee 1 :" and "interviewee1" are one; "P1" and "Participant 1" are not made one.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(_CONTINUED.sub("", folded).split()).strip("*_")
    return bare.rstrip(":.;,-–") or bare


def unify_spelling(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Give each speaker the spelling it has most often (the first of equals)."""
    counts: dict[str, dict[str, int]] = {}
    for utterance in utterances:
        if utterance.speaker:
            spellings = counts.setdefault(speaker_key(utterance.speaker), {})
            name = " ".join(utterance.speaker.split())
            spellings[name] = spellings.get(name, 0) + 1
    best = {
        key: max(spellings, key=lambda name: spellings[name]) for key, spellings in counts.items()
    }
    return [_spelled(utterance, best) for utterance in utterances]


def join_same_speaker(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Put consecutive utterances of one named speaker together, with a blank between.

    The time of each is kept as a cue.
    """
    joined: list[Utterance] = []
    for (speaker, _), run in groupby(enumerate(utterances), key=_turn_key):
        parts = [utterance for _, utterance in run]
        if len(parts) == 1:
            joined += parts
            continue
        finishes = [part.finish for part in parts if part.finish is not None]
        joined.append(
            Utterance(
                words=" ".join(part.words for part in parts),
                speaker=speaker,
                begin=parts[0].begin,
                finish=max(finishes, default=None),
                cues=tuple(_cues(parts)),
            )
        )
    return joined


def collect_timed_spans(
    utterances: Iterable[Utterance], turns: Iterable[Turn]
) -> tuple[TimedSpan, ...]:
    """The cues and timed words of utterances as spans of the whole text."""
    return tuple(
        TimedSpan(
            Span(turn.span.start + cue.span.start, turn.span.start + cue.span.end),
            cue.begin,
            cue.finish,
        )
        for utterance, turn in zip(utterances, turns, strict=True)
        for cue in utterance.cues
    )


def _spelled(utterance: Utterance, best: dict[str, str]) -> Utterance:
    name = utterance.speaker and best[speaker_key(utterance.speaker)]
    return utterance if name == utterance.speaker else replace(utterance, speaker=name)


def _turn_key(item: tuple[int, Utterance]) -> tuple[str | None, int]:
    """What consecutive utterances share if they are one turn; nobody's words stay apart."""
    number, utterance = item
    return utterance.speaker, -1 if utterance.speaker else number


def _cues(parts: Iterable[Utterance]) -> Iterator[TimedSpan]:
    at = 0
    for part in parts:
        if part.cues:
            for cue in part.cues:
                yield replace(cue, span=Span(at + cue.span.start, at + cue.span.end))
        elif part.begin is not None:
            yield TimedSpan(Span(at, at + len(part.words)), part.begin, part.finish)
        at += len(part.words) + 1


def compose(utterances: Iterable[Utterance], *, preamble: str = "") -> tuple[str, tuple[Turn, ...]]:
    """Lay utterances out as one text ("Name: words", a line each) with turns over the words."""
    pieces: list[str] = [f"{preamble}\n"] if preamble else []
    length = sum(map(len, pieces))
    turns: list[Turn] = []
    for utterance in utterances:
        head = f"{utterance.speaker}: " if utterance.speaker else ""
        start = length + len(head)
        end = start + len(utterance.words)
        turns.append(
            Turn(
                span=Span(start, end),
                speaker=utterance.speaker,
                begin=utterance.begin,
                finish=utterance.finish,
            )
        )
        pieces.append(f"{head}{utterance.words}\n")
        length = end + 1
    return "".join(pieces), tuple(turns)
