"""Whisper and WhisperX JSON (and whisper.cpp's) as utterances, with or without speakers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...core.counted import say_count
from ...core.errors import FileRefused
from ...core.transcript import Span, TimedSpan
from ..source import SourceFile
from .reader import ParsedTranscript, TranscriptReader
from .utterances import Utterance

_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LISTS = ("segments", "transcription")
_ASTRAY = 40
"""Characters within which the next word is looked for, so that one that is not there loses few."""


def read_whisper(source: SourceFile) -> ParsedTranscript:
    """Read a Whisper-like JSON file; times are in seconds.

    A segment whose words belong to several speakers is parted where the speaker changes; a word
    without a speaker (numbers often have none) goes with the word before it.

    Raises:
        FileRefused: if it is not JSON, holds no list of segments, or no words.
    """
    path = source.path
    segments = _segments(_parse(source.text, path), path)
    utterances = [u for segment in segments for u in _utterances(segment)]
    utterances = [u for u in utterances if u.words]
    if not utterances:
        raise FileRefused.because(
            path, "holds no segment with words", remedy="Run the transcription again."
        )
    warnings = []
    if untimed := sum(u.begin is None for u in utterances):
        warnings.append(f"{say_count(untimed, 'segment')} without a time")
    unnamed = sum(u.speaker is None for u in utterances)
    if 0 < unnamed < len(utterances):
        warnings.append(f"{unnamed} of {say_count(len(utterances), 'segment')} without a speaker")
    return ParsedTranscript(format="json", utterances=utterances, warnings=warnings)


def looks_like_whisper(text: str) -> bool:
    """Whether the beginning of a text is JSON with a list of timed segments."""
    head = text[:4000].lstrip()
    return head[:1] in ("{", "[") and (
        any(f'"{name}"' in head for name in _LISTS)
        or (head.startswith("[") and '"start"' in head and '"text"' in head)
    )


def _parse(text: str, path: Path) -> Any:  # noqa: ANN401 - any JSON value
    try:
        # A zero stands for nothing; behind an escaped backslash it is text about one.
        data = json.loads(_ESCAPED_ZERO.sub(r"\1", text))
        if _ESCAPED_SURROGATE.search(text):
            # JSON may hold half a character, which no text can: a mark stands for it.
            whole = _LONE_SURROGATE.sub("\ufffd", json.dumps(data, ensure_ascii=False))
            return json.loads(whole)
    except json.JSONDecodeError as error:
        raise FileRefused.because(
            path,
            f"is not whole JSON ({error.msg})",
            remedy="Export it again.",
            place=f"line {error.lineno}",
        ) from None
    except (RecursionError, ValueError):
        raise FileRefused.because(
            path,
            "is JSON nested too deeply or with numbers too long for a transcript",
            remedy="Export it again.",
        ) from None
    return data


def _segments(data: Any, path: Path) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - JSON
    segments = data
    if isinstance(data, dict):
        segments = next((data[name] for name in _LISTS if isinstance(data.get(name), list)), None)
    if not isinstance(segments, list) or not all(isinstance(segment, dict) for segment in segments):
        raise FileRefused.because(
            path,
            "is JSON without a list of segments",
            remedy="Export Whisper or WhisperX output, or save the words as .txt.",
        )
    return segments


def _utterances(segment: Mapping[str, Any]) -> Iterator[Utterance]:
    begin, finish = _times(segment)
    speaker = _name(segment.get("speaker"))
    parts = list(_parts(segment.get("words"), speaker))
    if len({speaker for speaker, _ in parts}) > 1:
        for speaker, words in parts:
            times = [t for word in words for t in _times(word) if t is not None]
            said = _join_words(words)
            yield Utterance(
                words=said,
                speaker=speaker,
                begin=min(times, default=begin),
                finish=max(times, default=finish),
                cues=_word_times(said, words),
            )
        return
    speaker, words = parts[0] if parts else (speaker, [])
    said = _said(segment)
    yield Utterance(
        words=said, speaker=speaker, begin=begin, finish=finish, cues=_word_times(said, words)
    )


def _word_times(said: str, words: Sequence[Mapping[str, Any]]) -> tuple[TimedSpan, ...]:
    """The words that have times, where they stand in what was said; numbers often have none."""
    times: list[TimedSpan] = []
    at = 0
    for word in words:
        text = " ".join(str(word.get("word", "")).split())
        start = said.find(text, at, at + len(text) + _ASTRAY) if text else -1
        if start < 0:
            continue
        at = start + len(text)
        begin, finish = _times(word)
        if begin is not None and finish is not None:
            times.append(TimedSpan(Span(start, at), begin, finish))
    return tuple(times)


def _said(segment: Mapping[str, Any]) -> str:
    text = segment.get("text")
    if isinstance(text, str) and text.strip():
        return " ".join(text.split())
    return _join_words([word for word in segment.get("words") or [] if isinstance(word, dict)])


def _parts(
    words: object, speaker: str | None
) -> Iterator[tuple[str | None, list[Mapping[str, Any]]]]:
    """Runs of words of one speaker; `speaker` is the segment's own."""
    if not isinstance(words, list):
        return
    current = speaker
    run: list[Mapping[str, Any]] = []
    for word in words:
        if not isinstance(word, dict) or not isinstance(word.get("word"), str):
            continue
        own = _name(word.get("speaker")) or (current if run else _first_speaker(words) or speaker)
        if run and own != current:
            yield current, run
            run = []
        current = own
        run.append(word)
    if run:
        yield current, run


def _first_speaker(words: Sequence[Any]) -> str | None:
    named = (_name(word.get("speaker")) for word in words if isinstance(word, dict))
    return next((name for name in named if name), None)


def _join_words(words: Sequence[Mapping[str, Any]]) -> str:
    pieces = [str(word.get("word", "")) for word in words]
    # Whisper's words bring their blanks along, WhisperX's do not.
    glue = "" if any(piece.startswith(" ") for piece in pieces) else " "
    return " ".join(glue.join(pieces).split())


def _times(item: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Begin and end in seconds; whisper.cpp states milliseconds as offsets."""
    offsets = item.get("offsets")
    if isinstance(offsets, dict):
        begin, finish = _number(offsets.get("from")), _number(offsets.get("to"))
        return (
            None if begin is None else begin / 1000,
            None if finish is None else finish / 1000,
        )
    return _number(item.get("start")), _number(item.get("end"))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = float(value)
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _name(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _is_whisper(source: SourceFile) -> bool:
    return source.has_suffix(".json") or looks_like_whisper(source.text)


WHISPER = TranscriptReader(
    name="json",
    label="Whisper",
    suffixes=(".json",),
    sniff=_is_whisper,
    read=read_whisper,
)
