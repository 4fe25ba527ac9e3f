"""CHAT transcripts (.cha) of the CHILDES and TalkBank archives as utterances.

The format is described in MacWhinney (2000), The CHILDES Project: Tools for Analyzing Talk. Main
lines (`*MOT:`) are what was said; dependent tiers (`%mor:`) are not read. Marks of the transcriber
are taken out of the words, and the words themselves stay as transcribed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...core.errors import FileRefused
from ..source import SourceFile
from .reader import ParsedTranscript, TranscriptReader
from .utterances import Utterance

_TIMES = re.compile(r"\x15(\d{1,12})_(\d{1,12})\x15")
_MAIN = re.compile(r"\*([^\s:*]{1,20}):[ \t]?(.*)", re.DOTALL)
_TRACE = (
    # The order matters: what a bracket says of the words before it goes with the bracket.
    (re.compile(r"\[(?:=|\+|%|-|!|\^|#|>|<|/|\*|\"|x )[^\]\n]{0,300}\]|\[[?!/]{1,3}\]"), " "),
    (re.compile(r"\[: ([^\]\n]{1,100})\]|\[:: ([^\]\n]{1,100})\]"), " "),
    (re.compile(r"[<>]"), ""),
    (re.compile(r"\((\.{1,3}|\d{0,3}[.:]\d{0,3}\.?)\)"), " "),  # pauses
    (re.compile(r"(?<!\S)(?:0\w+|\+[<,+^\"]+|[‡„])(?!\S)"), " "),  # omitted words, linkers
    (re.compile(r"(?<!\S)&[=*]\S+"), " "),  # events and other speakers inside a line
    (re.compile(r"(?<!\S)&[-~+]?(?=\w)"), ""),  # fillers and fragments are words
    (re.compile(r"(?<=\w)@\w+(?::\w+)?(?:\$\w+)?"), ""),
    (re.compile(r"[()](?=\w)|(?<=\w)[()]"), ""),
    (re.compile(r"(?<=\w)[+_](?=\w)"), " "),
    (re.compile(r"(?<=\w)[:^]|[↑↓≠ˈˌ]"), ""),
    (re.compile(r"\+(?:\.\.\.|\.\.|/\.|//\.)"), "…"),
    (re.compile(r"\+(?:\.\.)?(?:/{0,2}|!|\"/?)([?!.])"), r"\1"),
    (re.compile(r"[ \t]+([.?!,;…])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A header, main line or tier with its continuation lines, and where it begins."""

    number: int
    text: str


def read_chat(source: SourceFile) -> ParsedTranscript:
    """Read a CHAT file; speakers are the codes that stand before the lines.

    Raises:
        FileRefused: if it holds no main line.
    """
    lines = list(_logical_lines(source.text))
    utterances: list[Utterance] = []
    silent = 0
    for line in lines:
        main = _MAIN.fullmatch(line.text)
        if main is None:
            continue
        words = strip_marks(main[2])
        if not re.search(r"\w", words):
            silent += 1
            continue
        times = _TIMES.search(main[2])
        begin = int(times[1]) / 1000 if times else None
        finish = int(times[2]) / 1000 if times else None
        utterances.append(Utterance(words=words, speaker=main[1], begin=begin, finish=finish))
    if not utterances:
        raise FileRefused.because(
            source.path,
            "holds no line of a speaker (*MOT: words)",
            remedy="Check that it is a CHAT transcript.",
        )
    warnings = _participants(lines)
    if silent:
        warnings.append(f"{silent} lines hold no words (gestures or events) and were left out")
    if not any(line.text.startswith("@End") for line in lines):
        warnings.append("the file ends without @End; it may be cut off")
    return ParsedTranscript(format="chat", utterances=utterances, warnings=warnings)


def strip_marks(line: str) -> str:
    """The words of a main line without the marks of the CHAT conventions."""
    words = _TIMES.sub(" ", line)
    words = " ".join(words.split())
    for pattern, instead in _TRACE:
        words = pattern.sub(instead, words)
    return " ".join(words.split())


def _logical_lines(text: str) -> Iterator[_Line]:
    """Lines with their continuations (which start with a tab) joined."""
    held: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("\t") and held:
            held.append(line.strip())
            continue
        if held:
            yield _Line(start, " ".join(held))
        held, start = ([line], number) if line.strip() else ([], number)
    if held:
        yield _Line(start, " ".join(held))


def _participants(lines: list[_Line]) -> list[str]:
    """Who the codes stand for, as the header tells: "MOT is Sue, Mother"."""
    people: list[str] = []
    for line in lines:
        if line.text.startswith("@Participants:"):
            for entry in line.text.partition(":")[2].split(","):
                code, *rest = [field.replace("_", " ") for field in entry.split()] or [""]
                people += [f"{code} is {', '.join(rest)}"] if rest else []
    return [f"by the header, {'; '.join(people[:12])}"] if people else []


_STARTS = re.compile(r"\A\s*@(?:UTF8|Font|Begin|PID|Window|ColorWords)\b")


def _is_chat(source: SourceFile) -> bool:
    return source.has_suffix(".cha") or _STARTS.match(source.text) is not None


CHAT = TranscriptReader(
    name="chat", label="CHAT", suffixes=(".cha",), sniff=_is_chat, read=read_chat
)
