"""Files that hold a conversation or a document, as `Transcript`s with speakers, times and case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ...core.coding import Case
from ...core.counted import say_count
from ...core.errors import FileRefused
from ...core.transcript import Source, Span, TimedSpan, Transcript, Turn
from ...text.initials import find_initials
from ...text.language import identify_language
from ...text.speakers import guess_roles
from ..source import SourceFile
from .formats import choose_reader
from .missed_labels import MissedLabel, describe_missed, find_missed_labels
from .plain import parse_text
from .reader import ParsedTranscript
from .readings import Reading, describe_close_call
from .utterances import (
    Utterance,
    collect_timed_spans,
    compose,
    join_same_speaker,
    unify_spelling,
)

# The other formats say themselves who speaks.
_FORMATS_OF_TEXT = frozenset("txt md docx odt rtf pdf vtt srt sbv".split())  # noqa: SIM905
MANY_SPEAKERS = 60
"""More speakers than this in one conversation are worth a second look."""
_MOST_INITIALS = 3
_LINE = re.compile(r"[^\n]*\S")


def read_transcript(file: SourceFile | Path, *, join_turns: bool = False) -> Transcript:
    """Read one file into a transcript named after it, with speakers and their guessed roles.

    The text of .txt, .md, .docx, .odt and .rtf files is kept as it stands (line ends become LF), so
    that offsets other tools hold stay true. Other formats are laid out as "Name: words" lines. With
    `join_turns` consecutive turns of one named speaker become one, which lays out any format anew;
    the time of each is kept in `times`.

    Raises:
        FileRefused: if the file is empty, binary, broken, too large or holds no words.
    """
    return read_document(file, join_turns=join_turns)[0]


def read_document(
    file: SourceFile | Path, *, join_turns: bool = False
) -> tuple[Transcript, Case | None]:
    """A transcript as `read_transcript` gives it, and the case that its head describes, if any.

    Raises:
        FileRefused: as `read_transcript`.
    """
    inspected = inspect_document(file, join_turns=join_turns)
    return inspected.transcript, inspected.case


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedDocument:
    """A transcript, its case, and how its turns were separated.

    `readings` are the layouts that find speakers, best first: none in formats that say themselves
    who speaks. `missed` are what may be names of speakers that were not taken for such.
    """

    transcript: Transcript
    case: Case | None
    readings: tuple[Reading, ...] = ()
    missed: tuple[MissedLabel, ...] = ()


def inspect_document(file: SourceFile | Path, *, join_turns: bool = False) -> InspectedDocument:
    """Read a file as `read_document`, and keep what else it could have been.

    Raises:
        FileRefused: as `read_transcript`.
    """
    source = SourceFile.of(file)
    reader = choose_reader(source)
    parsed = reader.read(source)
    encoding = source.decoded.encoding if reader.takes_text else "utf-8"
    doubts = list(source.decoded.doubts) if reader.takes_text else []
    utterances = unify_spelling(parsed.utterances)
    layout = _lay_out(parsed, utterances, join=join_turns)
    if not layout.turns:
        raise _refuse_silence(source, parsed)
    case = None
    if parsed.head.values:
        case = Case(parsed.head.case or source.stem, dict(parsed.head.values))
    draft = Transcript(
        name=source.stem,
        text=layout.text,
        turns=layout.turns,
        source=Source(
            name=source.name, format=parsed.format, digest=source.digest, encoding=encoding
        ),
        times=layout.times,
        case=None if case is None else case.name,
        language=identify_language("\n".join(turn.span.of(layout.text) for turn in layout.turns)),
    )
    speakers = tuple(
        replace(speaker, role=parsed.roles[speaker.name], basis="given", confidence=1.0)
        if speaker.name in parsed.roles
        else speaker
        for speaker in guess_roles(draft)
    )
    warnings = parsed.warnings + doubts + _doubts(parsed, utterances, n_speakers=len(speakers))
    missed, said = _find_missed(parsed, utterances)
    if not (join_turns or said):
        warnings += _advice(utterances)
    return InspectedDocument(
        transcript=replace(draft, speakers=speakers, warnings=(*warnings, *said)),
        case=case,
        readings=parsed.marks.readings if parsed.marks else (),
        missed=tuple(missed),
    )


def read_kept_words(text: str, source: Source, *, name: str) -> Transcript | None:
    """A transcript of words that stand in another program and must stay as they are, to a letter.

    Its turns are those that plain text would have, or its lines where none are marked. None
    where nobody says anything.
    """
    try:
        parsed = parse_text(text, Path(source.name), format="txt")
    except FileRefused:
        parsed = ParsedTranscript(format="txt", utterances=[])
    utterances = unify_spelling(parsed.utterances)
    if parsed.blocks and parsed.text == text:
        turns = _lay_out(parsed, utterances, join=False).turns
    else:
        turns = tuple(
            Turn(span=Span(line.start() + len(line[0]) - len(line[0].lstrip()), line.end()))
            for line in _LINE.finditer(text)
        )
    if not turns:
        return None
    draft = Transcript(
        name=name,
        text=text,
        turns=turns,
        source=source,
        language=identify_language("\n".join(turn.span.of(text) for turn in turns)),
    )
    return replace(draft, speakers=tuple(guess_roles(draft)))


@dataclass(frozen=True, slots=True)
class _Layout:
    """A transcript's text, the turns in it, and times finer than the turns' own."""

    text: str
    turns: tuple[Turn, ...]
    times: tuple[TimedSpan, ...] = ()


def _refuse_silence(source: SourceFile, parsed: ParsedTranscript) -> FileRefused:
    """The refusal of a file in which nobody says anything, though it may hold words."""
    words = (parsed.text or parsed.preamble).split()
    if not words:
        return FileRefused.because(source.path, "holds no words", remedy="Export it again.")
    lines = [" ".join(line.split()) for line in parsed.text.split("\n") if line.strip()]
    shown = ", ".join(f"'{line[:40]}'" for line in lines[:3])
    return FileRefused.because(
        source.path,
        f"holds {len(words)} words, but none that anybody says"
        + (f" (lines such as {shown})" if shown else ""),
        remedy="Write 'Name: words' if it is a conversation; forms and guides need no import.",
    )


def _lay_out(parsed: ParsedTranscript, utterances: list[Utterance], *, join: bool) -> _Layout:
    if join and any(u.speaker for u in utterances):
        joined = join_same_speaker(utterances)
        text, turns = compose(joined, preamble=parsed.preamble)
        return _Layout(text, turns, collect_timed_spans(joined, turns))
    if not parsed.blocks:
        text, turns = compose(utterances, preamble=parsed.preamble)
        return _Layout(text, turns, collect_timed_spans(utterances, turns))
    turns = tuple(
        Turn(
            span=Span(block.start, block.end),
            speaker=utterance.speaker,
            begin=block.begin,
            finish=block.finish,
        )
        for block, utterance in zip(parsed.blocks, utterances, strict=True)
    )
    return _Layout(parsed.text, turns)


def _doubts(
    parsed: ParsedTranscript, utterances: Sequence[Utterance], *, n_speakers: int
) -> list[str]:
    doubts = []
    if n_speakers > MANY_SPEAKERS:
        doubts.append(
            f"{n_speakers} speakers are named, which is many for one conversation; look at them "
            "with autocode speakers"
        )
    named = dict.fromkeys(u.speaker for u in utterances if u.speaker)
    for initials, name in find_initials(list(named))[:_MOST_INITIALS]:
        doubts.append(
            f"'{initials}' may be '{name}' by the initials; if so: "
            f'autocode speakers STUDY --merge "{initials}={name}"'
        )
    timed = [(n, u.begin) for n, u in enumerate(utterances, start=1) if u.begin is not None]
    back = [(later, at) for (_, before), (later, at) in pairwise(timed) if at < before]
    if back and parsed.blocks:
        turn, at = back[0]
        doubts.append(
            f"times run backwards at {say_count(len(back), 'turn')}, first at turn {turn} "
            f"({at:.0f} s); "
            "kept in the order of the file"
        )
    return doubts


def _find_missed(
    parsed: ParsedTranscript, utterances: Sequence[Utterance]
) -> tuple[list[MissedLabel], list[str]]:
    """Speakers that may have been missed; warnings of them and of a layout that fits as well."""
    if parsed.format not in _FORMATS_OF_TEXT:
        return [], []
    texts = [parsed.text[block.start : block.end] for block in parsed.blocks]
    names = {u.speaker for u in utterances if u.speaker}
    missed = find_missed_labels(
        texts or [u.words for u in utterances], names, n_turns=len(utterances)
    )
    said = describe_missed(missed, utterances)
    return missed, said + (describe_close_call(parsed.marks.readings) if parsed.marks else [])


def _advice(utterances: list[Utterance]) -> list[str]:
    joined = len(join_same_speaker(utterances))
    if any(u.speaker for u in utterances) and joined * 2 <= len(utterances):
        return [
            f"{len(utterances)} turns would be {joined} if consecutive ones of one speaker "
            "were joined (--join-turns)"
        ]
    return []
