"""Files that hold a conversation or a document, as `Transcript`s with speakers, times and case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from ...core.coding import Case
from ...core.errors import FileRefused
from ...core.transcript import Source, Span, TimedSpan, Transcript, Turn
from ...text.speakers import guess_roles
from .formats import SUFFIXES, Read, read_file
from .utterances import Utterance, compose, join_same_speaker, one_spelling, timed_spans

__all__ = ["MANY_SPEAKERS", "SUFFIXES", "read_document", "read_transcript"]

MANY_SPEAKERS = 60
"""More voices than this in one conversation are worth a second look."""


def read_transcript(path: Path, *, join_turns: bool = False) -> Transcript:
    """Read one file into a transcript named after it, with speakers and their guessed roles.

    The text of .txt, .md, .docx, .odt and .rtf files is kept as it stands (line ends become LF), so
    that offsets other tools hold stay true. Other formats are laid out as "Name: words" lines. With
    `join_turns` consecutive turns of one named speaker become one, which lays out any format anew;
    the time of each is kept in `times`.

    Raises:
        FileRefused: if the file is empty, binary, broken, too large or holds no words.
    """
    return read_document(path, join_turns=join_turns)[0]


def read_document(path: Path, *, join_turns: bool = False) -> tuple[Transcript, Case | None]:
    """A transcript as `read_transcript` gives it, and the case that its head describes, if any.

    Raises:
        FileRefused: as `read_transcript`.
    """
    path = Path(path)
    read, origin = read_file(path)
    utterances = one_spelling(read.utterances)
    text, turns, times = _laid_out(read, utterances, join=join_turns)
    if not turns:
        raise FileRefused.because(path, "holds no words", remedy="Export it again.")
    case = None
    if read.head.values:
        case = Case(read.head.case or path.stem, dict(read.head.values))
    draft = Transcript(
        name=path.stem,
        text=text,
        turns=turns,
        source=Source(
            name=path.name, format=read.format, digest=origin.digest, encoding=origin.encoding
        ),
        times=times,
        case=None if case is None else case.name,
    )
    speakers = guess_roles(draft)
    warnings = read.warnings + _doubts(read, utterances, n_speakers=len(speakers))
    if not join_turns:
        warnings += _advice(utterances)
    return replace(draft, speakers=speakers, warnings=tuple(warnings)), case


def _laid_out(
    read: Read, utterances: list[Utterance], *, join: bool
) -> tuple[str, tuple[Turn, ...], tuple[TimedSpan, ...]]:
    if join and any(u.speaker for u in utterances):
        joined = join_same_speaker(utterances)
        text, turns = compose(joined, preamble=read.preamble)
        return text, turns, timed_spans(joined, turns)
    if not read.blocks:
        text, turns = compose(utterances, preamble=read.preamble)
        return text, turns, timed_spans(utterances, turns)
    turns = tuple(
        Turn(
            span=Span(block.start, block.end),
            speaker=utterance.speaker,
            begin=block.begin,
            finish=block.finish,
        )
        for block, utterance in zip(read.blocks, utterances, strict=True)
    )
    return read.text, turns, ()


def _doubts(read: Read, utterances: Sequence[Utterance], *, n_speakers: int) -> list[str]:
    doubts = []
    if n_speakers > MANY_SPEAKERS:
        doubts.append(
            f"{n_speakers} speakers are named, which is many for one conversation; look at them "
            "with autocode speakers"
        )
    timed = [(n, u.begin) for n, u in enumerate(utterances, start=1) if u.begin is not None]
    back = [(later, at) for (_, before), (later, at) in pairwise(timed) if at < before]
    if back and read.blocks:
        turn, at = back[0]
        doubts.append(
            f"times run backwards at {len(back)} turns, first at turn {turn} ({at:.0f} s); "
            "kept in the order of the file"
        )
    return doubts


def _advice(utterances: list[Utterance]) -> list[str]:
    joined = len(join_same_speaker(utterances))
    if any(u.speaker for u in utterances) and joined * 2 <= len(utterances):
        return [
            f"{len(utterances)} turns would be {joined} if consecutive ones of one speaker "
            "were joined (--join-turns)"
        ]
    return []
