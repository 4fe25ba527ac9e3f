"""How a file's turns would be separated, before it is imported: speakers, first turns, doubts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.transcript import Role
from ..io.file_options import FileOptions
from ..io.source import SourceFile
from ..io.transcripts.read import InspectedDocument, inspect_document
from ..io.transcripts.readings import Reading
from ..serialise.plain import readable_text, to_payload, to_plain
from ..serialise.result import Result
from ..text.words import n_words

_FIRST = 6
_ALTERNATIVES = 4
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedSpeaker:
    """A speaker that would be read, with its turns, words, and guessed role."""

    speaker: str
    role: Role
    confidence: float
    n_turns: int
    n_words: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedTurn:
    """A turn that would be read: who, when (seconds, or None), and its first words."""

    speaker: str | None
    begin: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedLayout:
    """A way to read how turns are marked: its form, its score, and the speakers it finds.

    The score is comparable within one file only.
    """

    form: str
    score: float
    n_turns: int
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerPreview(Result):
    """What would be read of a file. `layouts` come best first; the first is the one taken.

    `layouts` are empty in formats that say themselves who speaks, and where nobody is named.
    `missed` are names that may begin lines inside turns, with the number of lines.
    """

    path: str
    format: str
    n_turns: int
    speakers: tuple[PreviewedSpeaker, ...]
    first: tuple[PreviewedTurn, ...]
    layouts: tuple[PreviewedLayout, ...]
    missed: Mapping[str, int]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The preview as plain data."""
        fields = ("path", "format", "n_turns", "speakers", "first", "layouts", "missed", "warnings")
        return to_payload("speaker_preview", {name: getattr(self, name) for name in fields})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a speaker."""
        rows: list[dict[str, Any]] = to_plain(self.speakers)
        return rows


def preview_speakers(path: Path, *, patterns: tuple[str, ...] = ()) -> SpeakerPreview:
    """What an import would read of a transcript; nothing is written.

    `patterns` say how turns are marked, as in "[{time}] {speaker} - {words}".

    Raises:
        InputError: for a pattern that cannot work.
        FileRefused: if the file cannot be read as a transcript, or no line is like a pattern.
    """
    source = SourceFile(path, options=FileOptions(speaker_patterns=patterns))
    inspected = inspect_document(source)
    transcript = inspected.transcript
    return SpeakerPreview(
        path=readable_text(str(path)),
        format=transcript.source.format,
        n_turns=len(transcript.turns),
        speakers=_count_speakers(inspected),
        first=tuple(
            PreviewedTurn(
                speaker=turn.speaker, begin=turn.begin, words=_shorten(transcript.words_of(turn))
            )
            for turn in transcript.turns[:_FIRST]
        ),
        layouts=tuple(map(_describe_layout, inspected.readings[:_ALTERNATIVES])),
        missed={label.name: label.n_lines for label in inspected.missed},
        warnings=transcript.warnings,
    )


def _count_speakers(inspected: InspectedDocument) -> tuple[PreviewedSpeaker, ...]:
    transcript = inspected.transcript
    turns: Counter[str | None] = Counter()
    words: dict[str | None, float] = {}
    for turn in transcript.turns:
        turns[turn.speaker] += 1
        words[turn.speaker] = words.get(turn.speaker, 0.0) + n_words(transcript.words_of(turn))
    return tuple(
        PreviewedSpeaker(
            speaker=speaker.name,
            role=speaker.role,
            confidence=speaker.confidence,
            n_turns=turns[speaker.name],
            n_words=round(words.get(speaker.name, 0.0)),
        )
        for speaker in transcript.speakers
    )


def _describe_layout(reading: Reading) -> PreviewedLayout:
    return PreviewedLayout(
        form=reading.layout.form,
        score=reading.score,
        n_turns=len(reading.openings),
        speakers=tuple(reading.counts),
    )


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
