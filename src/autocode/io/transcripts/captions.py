"""Caption files (WebVTT, SBV, SRT) as utterances; the only adapter to webvtt-py and pysubs2.

Cues of two people overlap in real meetings: they are put in order of their start and never
clipped. A cue time that cannot be read is refused with its line, since its words would be lost.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ...core.counted import say_count
from ...core.errors import FileRefused
from ..source import SourceFile
from .cue_labels import find_cue_labels
from .reader import ParsedTranscript, TranscriptReader
from .speaker_pattern import compile_patterns
from .utterances import Utterance

_SPEAKER_TAG = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]{1,9}([^>\n]{0,200})>")
_STYLING = re.compile(r"\{\\[^}]{0,300}\}")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>]*>|</?v>")
_CLOCK = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_CUE = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}")
# As programs write times into Word documents: one digit a field, fractions of any length.
_LOOSE_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?"
_LOOSE_CUE = re.compile(rf"[ \t]*({_LOOSE_CLOCK})[ \t]*-->[ \t]*({_LOOSE_CLOCK})[ \t]*")
_SBV_CUE = re.compile(r"\d+:\d{2}:\d{2}\.\d{3},\d+:\d{2}:\d{2}\.\d{3}\s*$")
# What was meant as a cue time: an arrow, or two clocks with a mark or two between them.
_MEANT = {
    "srt": re.compile(rf".*-->|\s*{_CLOCK}\s*[^\w\s]{{1,3}}\s*{_CLOCK}"),
    "sbv": re.compile(r"\d+:[^\s,]+,\d+:\S+\s*$"),
}
_COMMA_TIME = re.compile(r"(:\d{1,2}),(\d{1,3})")
_NO_CUE = ("NOTE", "STYLE", "REGION")
_DASH = re.compile(r"[ \t]*[-–—][ \t]*(?=[^\W\d_\s]|[¿¡\"'“‘(\[])")


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is shown from `begin` to `finish` (seconds), with its markup."""

    payload: str
    begin: float
    finish: float


def read_vtt(source: SourceFile) -> ParsedTranscript:
    """Read a WebVTT file.

    Raises:
        FileRefused: if it is not in that format, has a cue time that cannot be read, or no cue.
    """
    return _read_with_webvtt(source, "vtt")


def read_sbv(source: SourceFile) -> ParsedTranscript:
    """Read a file of YouTube's SBV captions; raises as `read_vtt`."""
    return _read_with_webvtt(source, "sbv")


def _read_with_webvtt(source: SourceFile, format: str) -> ParsedTranscript:
    import webvtt

    text, path = source.text, source.path

    _refuse_bad_times(text, path, format=format)
    notes: list[str] = []
    if format == "vtt":
        text, notes = _mend_vtt(_without_gaps(text))
    try:
        # webvtt looks for the first lines of a text that holds none.
        captions = (
            webvtt.from_buffer(io.StringIO(text), format=format).captions if text.strip() else []
        )
    except webvtt.errors.MalformedFileError:
        raise FileRefused.because(
            path,
            f"does not start like a {format.upper()} file",
            remedy="Export the captions again, or rename the file if it is something else.",
            place="line 1",
        ) from None
    cues = [
        _Cue("\n".join(caption.lines), _clock(caption.start), _clock(caption.end))
        for caption in captions
    ]
    utterances, warnings = _settle(cues, path, source.options.speaker_patterns)
    return ParsedTranscript(format=format, utterances=utterances, warnings=[*notes, *warnings])


def read_cue_lines(text: str, path: Path) -> tuple[list[Utterance], list[str]]:
    """Utterances and warnings of captions pasted into a text: a line of times, then the words.

    Raises:
        FileRefused: if no cue holds words.
    """
    cues: list[_Cue] = []
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for line in [*text.split("\n"), "0:0 --> 0:0"]:
        clocks = _LOOSE_CUE.fullmatch(line)
        if clocks is None:
            lines.append(line)
            continue
        if times is not None:
            cues.append(_Cue("\n".join(lines), *times))
        times, lines = (_clock(clocks[1]), _clock(clocks[2])), []
    return _settle(cues, path)


def read_srt(source: SourceFile) -> ParsedTranscript:
    """Read an SRT file.

    Raises:
        FileRefused: if a cue time cannot be read or there is no cue.
    """
    import pysubs2

    text, path = source.text, source.path
    _refuse_bad_times(text, path, format="srt")
    try:
        events = pysubs2.SSAFile.from_string(text, format_="srt")
    except (pysubs2.exceptions.Pysubs2Error, ValueError) as error:
        raise FileRefused.because(
            path, f"not an SRT file ({error})", remedy="Export the captions again."
        ) from None
    cues = [
        _Cue(
            _STYLING.sub("", event.text).replace("\\N", "\n"),
            event.start / 1000,
            event.end / 1000,
        )
        for event in events
    ]
    utterances, warnings = _settle(cues, path, source.options.speaker_patterns)
    return ParsedTranscript(format="srt", utterances=utterances, warnings=warnings)


def _unroll(cues: list[_Cue]) -> list[_Cue]:
    """Rolling captions show each line twice, the second time above the next one: once each.

    Left as they are unless they roll through most of the file: people do repeat themselves.
    """
    shown = [[_plain(line) for line in cue.payload.split("\n")] for cue in cues]
    shown = [[line for line in lines if line] for lines in shown]
    rolls = sum(
        len(lines) > 1 and bool(before) and lines[0] == before[-1]
        for before, lines in pairwise(shown)
    )
    if rolls < 3 or rolls < 0.3 * len(cues):
        return cues
    kept: list[_Cue] = []
    last: str | None = None
    for cue, lines in zip(cues, shown, strict=True):
        fresh = lines[1:] if lines and lines[0] == last else lines
        last = lines[-1] if lines else last
        if fresh:
            kept.append(replace(cue, payload="\n".join(map(html.escape, fresh))))
    return kept


def _split_by_speaker(payload: str) -> list[tuple[str | None, str]]:
    """Speaker and words of each part of a cue.

    A cue may hold two `<v Name>` spans, or the lines of two people that begin with a dash.
    """
    marks = list(_SPEAKER_TAG.finditer(payload))
    if not marks:
        return [(None, _plain(part)) for part in _split_at_dashes(payload)]
    parts: list[tuple[str | None, str]] = []
    lead = _plain(payload[: marks[0].start()])
    if lead:
        parts.append((None, lead))
    stops = [mark.start() for mark in marks[1:]] + [len(payload)]
    for mark, stop in zip(marks, stops, strict=True):
        name = " ".join(html.unescape(mark[1]).split()) or None
        parts.append((name, _plain(payload[mark.end() : stop])))
    return parts


def _split_at_dashes(payload: str) -> list[str]:
    lines = payload.strip().split("\n")
    if sum(bool(_DASH.match(line)) for line in lines) < 2:
        return [payload]
    parts: list[str] = []
    for line in lines:
        if _DASH.match(line) or not parts:
            parts.append(_DASH.sub("", line))
        else:
            parts[-1] += f"\n{line}"
    return parts


def _plain(payload: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", payload)).split())


def _settle(
    cues: list[_Cue], path: Path, patterns: tuple[str, ...] = ()
) -> tuple[list[Utterance], list[str]]:
    utterances = [
        Utterance(words=words, speaker=speaker, begin=cue.begin, finish=cue.finish)
        for cue in _unroll(cues)
        for speaker, words in _split_by_speaker(cue.payload)
        if words
    ]
    if not utterances:
        raise FileRefused.because(
            path,
            "holds no cue with words" + (f", and {len(cues)} without" if cues else ""),
            remedy="Export the captions again, or rename the file if it is something else.",
        )
    warnings = _time_warnings(utterances)
    ordered = sorted(utterances, key=lambda u: u.begin if u.begin is not None else 0.0)
    if any(u.speaker for u in ordered):
        ordered = _without_repeated_names(ordered)
    else:
        ordered = _names_in_words(ordered, patterns)
        if patterns and not any(u.speaker for u in ordered):
            warnings.append(f"no cue is like {' or '.join(map(repr, patterns))}")
    return ordered, warnings


def _names_in_words(utterances: list[Utterance], patterns: tuple[str, ...]) -> list[Utterance]:
    """Take "Name: words" apart where names recur; an unnamed cue goes on with the last speaker."""
    heads = find_cue_labels(
        [utterance.words for utterance in utterances], layouts=compile_patterns(patterns)
    )
    if not any(name for name, _ in heads):
        return utterances
    speaker: str | None = None
    named: list[Utterance] = []
    for utterance, (name, words) in zip(utterances, heads, strict=True):
        speaker = name or speaker
        if words.strip():
            named.append(replace(utterance, words=words.strip(), speaker=speaker))
    return named


def _without_repeated_names(utterances: list[Utterance]) -> list[Utterance]:
    """Drop a name or time that the words repeat from the cue: "<v S00>S00: [00:01] How".

    Left as they are unless most named cues do so.
    """
    bare = []
    for utterance in utterances:
        name = re.escape(utterance.speaker or "")
        said = re.compile(rf"\s*(?:{name}[ ]?:)?\s*(?:\[(?:\d+:)?\d+:\d+(?:\.\d+)?\])?\s*", re.I)
        lead = said.match(utterance.words) if name else None
        rest = utterance.words[lead.end() :] if lead and lead[0].strip() else utterance.words
        bare.append(replace(utterance, words=rest))
    n_named = sum(u.speaker is not None for u in utterances)
    n_repeated = sum(a.words != b.words for a, b in zip(utterances, bare, strict=True))
    return [u for u in bare if u.words] if n_repeated > 0.5 * n_named else utterances


def _time_warnings(utterances: list[Utterance]) -> list[str]:
    backwards = sum(
        1 for u in utterances if u.begin is not None and u.finish is not None and u.finish < u.begin
    )
    overlaps = sum(
        1
        for a, b in pairwise(utterances)
        if a.finish is not None
        and b.begin is not None
        and b.begin < a.finish - 0.001
        and (b.finish is None or a.begin is None or b.finish >= a.begin)
        # Two people in one cue are one cue.
        and (a.begin, a.finish) != (b.begin, b.finish)
    )
    warnings = []
    if backwards:
        warnings.append(f"{backwards} cues end before they begin; their times are kept as written")
    if overlaps:
        warnings.append(f"{overlaps} cues overlap the one before; kept whole, in order of start")
    disorder = [
        b
        for a, b in pairwise(utterances)
        if max(b.begin or 0.0, b.finish or 0.0) < (a.begin or 0.0)
    ]
    if disorder:
        at = _format_clock(disorder[0].begin or 0.0)
        warnings.append(
            f"times run backwards at {say_count(len(disorder), 'cue')}, first at the one of {at}; "
            "put in order of start"
        )
    return warnings


def _format_clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _refuse_bad_times(text: str, path: Path, *, format: str) -> None:
    right = _SBV_CUE if format == "sbv" else _CUE
    meant = _MEANT["sbv" if format == "sbv" else "srt"]
    for number, line in enumerate(text.split("\n"), start=1):
        if meant.match(line) and not right.match(line):
            raise FileRefused.because(
                path,
                f"cannot read the cue time '{line.strip()[:60]}'",
                remedy="Write it as 00:01:02.000 --> 00:01:05.000; nothing of this file was "
                "imported.",
                place=f"line {number}",
            )


def _mend_vtt(text: str) -> tuple[str, list[str]]:
    """Captions with the times of SRT, or without their first line, as WebVTT writes them."""
    lines = text.split("\n")
    cues = [at for at, line in enumerate(lines) if _CUE.match(line)]
    with_commas = [at for at in cues if "," in lines[at]]
    for at in with_commas:
        lines[at] = _COMMA_TIME.sub(r"\1.\2", lines[at])
    notes = []
    if with_commas:
        notes.append(f"times of {len(with_commas)} cues have a comma, as in SRT; read all the same")
    if cues and not text.lstrip().startswith("WEBVTT"):
        lines.insert(0, "WEBVTT\n")
        notes.append("does not begin with WEBVTT, as captions of this format do; read all the same")
    return "\n".join(lines), notes


def _without_gaps(text: str) -> str:
    """Close blank lines inside a cue: by the format they end it, and the words after are lost."""
    blocks = re.split(r"\n[ \t]*\n\s*", text)
    joined = blocks[:1]
    for block in blocks[1:]:
        is_rest = "-->" not in block and not block.startswith(_NO_CUE) and "-->" in joined[-1]
        if is_rest and block.strip():
            joined[-1] += f"\n{block}"
        else:
            joined.append(block)
    return "\n\n".join(joined)


def _clock(stamp: object) -> float:
    total = 0.0
    for part in str(stamp).replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


_STARTS_SBV = re.compile(r"\A\s*\d+:\d{2}:\d{2}\.\d{3},\d+:\d{2}:\d{2}\.\d{3}\n")
_STARTS_SRT = re.compile(r"\A\s*\d+\s*\n\s*\d{1,2}:\d{2}:\d{2},\d{1,3}\s*-->")


def _is_vtt(source: SourceFile) -> bool:
    return source.text.startswith("WEBVTT") or source.has_suffix(".vtt")


def _is_sbv(source: SourceFile) -> bool:
    return _STARTS_SBV.match(source.text) is not None or source.has_suffix(".sbv")


def _is_srt(source: SourceFile) -> bool:
    return _STARTS_SRT.match(source.text) is not None or source.has_suffix(".srt")


VTT = TranscriptReader(name="vtt", label="WebVTT", suffixes=(".vtt",), sniff=_is_vtt, read=read_vtt)
SBV = TranscriptReader(
    name="sbv", label="YouTube SBV", suffixes=(".sbv",), sniff=_is_sbv, read=read_sbv
)
SRT = TranscriptReader(name="srt", label="SRT", suffixes=(".srt",), sniff=_is_srt, read=read_srt)
