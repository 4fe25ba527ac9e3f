"""Turns as spans of a text: from one opening to the next, without what nobody said.

Between turns stand times on lines of their own, notices of a messenger, lines of the transcription
service and, at the end, comments of a word processor. They are no words of a speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .clocks import BARE, WRAPPED, parse_clock, parse_time
from .folding import FoldedText
from .readings import Opening

_FURNITURE = re.compile(
    r"(?i)transcribed by\b.*\botter\.ai|.{1,60} (?:started|stopped) transcription\.?"
    r"|transcription ended after\b.{0,40}|(?:this|the) editable transcript was computer generated.*"
    r"|people can also change the text after it was created\.?"
)
# f4 and MAXQDA write the time at which a paragraph ends: #00:01:22-5#.
_ENDS_AT = re.compile(r"[ \t]{0,9}#(\d{1,2}:\d{2}:\d{2})[-.](\d)#?$")
_TIMED_LINE = re.compile(
    rf"^[ \t]*+(?P<time>[{BARE}{WRAPPED}]+)(?:[ \t]*$|[ \t]{{0,9}}[-–—]?[ \t]{{1,9}}(?=\S))",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"\n[ \t]*\d{1,5}[.)]?[ \t]")
_COMMENT = re.compile(r"\n[ \t]*\[([a-z]{1,2})\](?=[^\n]*\S)")
_UNSEEN = frozenset(
    "\xad\u061c\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The words of one turn or paragraph as offsets; `opens` is where the line naming it starts."""

    start: int
    end: int
    speaker: str | None
    begin: float | None = None
    opens: int = 0
    finish: float | None = None

    def moved(self, by: int) -> Block:
        """The same block `by` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by, opens=self.opens + by)


def cut_blocks(
    folded: FoldedText, masked: str, openings: Sequence[Opening]
) -> tuple[list[Block], list[str]]:
    """The blocks of openings in the folded text, and notes of what was left out."""
    text = folded.text
    ends, notes = _find_comments(text, openings)
    blocks: list[Block] = []
    n_notices = 0
    time: float | None = None
    stops = [opening.start for opening in openings[1:]] + [ends]
    for opening, stop in zip(openings, stops, strict=True):
        begin = opening.begin if opening.begin is not None else time
        time = None
        parts = list(_part_at_times(text, masked, opening, stop))
        for n, (start, end, said_at) in enumerate(parts):
            if said_at is not None and opening.of_day and start < end:
                n_notices += 1
                continue
            start, end = trim(text, start, end)
            end = _without_furniture(text, start, end)
            end, finish = _without_end_time(text, start, end)
            if end <= start:
                # A time on a line of its own, before the next name, is when that one begins.
                time = said_at if n and n == len(parts) - 1 else time
                continue
            at = begin if said_at is None else said_at
            finish = opening.finish if finish is None and n == 0 else finish
            blocks.append(
                Block(
                    start=start,
                    end=end,
                    speaker=opening.speaker,
                    begin=at,
                    opens=opening.start if n == 0 else start,
                    finish=finish,
                )
            )
    if n_notices:
        many = "line has" if n_notices == 1 else "lines have"
        notes.append(f"{n_notices} {many} a time and no name (notices) and were left out")
    return blocks, notes


def place(blocks: Sequence[Block], folded: FoldedText, text: str) -> list[Block]:
    """Blocks of the folded text as blocks of the text itself."""
    placed = []
    for block in blocks:
        start, end = trim(text, folded.find_start(block.start), folded.find_end(block.end))
        if start < end:
            opens = min(start, folded.find_start(block.opens))
            placed.append(replace(block, start=start, end=end, opens=opens))
    return placed


def describe_line_numbers(text: str, blocks: Sequence[Block]) -> list[str]:
    """A note of numbers before lines that go on with a turn: the text is kept as it stands."""
    n = sum(len(_NUMBERED.findall(text, block.start, block.end)) for block in blocks)
    return [f"{n} line numbers inside turns stay in the words"] if n else []


def without_last_bar(text: str, block: Block) -> Block:
    """A row of a table without the bar that closes it."""
    is_closed = text[block.end - 1] == "|"
    end = trim(text, block.start, block.end - 1)[1] if is_closed else block.end
    return replace(block, end=max(end, block.start + 1))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without blanks and unseen characters at its ends; it ends with the text."""
    end = min(end, len(text))
    while start < end and (text[start].isspace() or text[start] in _UNSEEN):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _UNSEEN):
        end -= 1
    return start, end


def _part_at_times(
    text: str, masked: str, opening: Opening, stop: int
) -> Iterator[tuple[int, int, float | None]]:
    """The words of a turn in parts (start, end, time), parted at lines that begin with a time."""
    start, said_at = opening.words_start, None
    first_line = masked.find("\n", start, stop)
    if first_line >= 0:
        for line in _TIMED_LINE.finditer(masked, first_line, stop):
            is_alone = text[line.end() : line.end() + 1] in ("", "\n")
            # "10:30 we left" is talk; "[10:30] we left" is not, nor is a notice of a messenger.
            if not (is_alone or masked[line.start("time")] == WRAPPED or opening.of_day):
                continue
            yield start, line.start(), said_at
            start, said_at = line.end(), parse_time(text[line.start("time") : line.end("time")])[0]
    yield start, stop, said_at


def _find_comments(text: str, openings: Sequence[Opening]) -> tuple[int, list[str]]:
    """Where the talk ends before the comments that Google Docs writes below a document."""
    last = openings[-1].words_start if openings else 0
    marks = list(_COMMENT.finditer(text, last))
    first = next((n for n, mark in enumerate(marks) if mark[1] == "a"), None)
    if first is None or f"[{marks[first][1]}]" not in text[: marks[first].start()]:
        return len(text), []
    n = len(marks) - first
    many = "comment" if n == 1 else "comments"
    return marks[first].start(), [
        f"{n} {many} below the text ([a] …) left out; the marks stay in the words"
    ]


def _without_end_time(text: str, start: int, end: int) -> tuple[int, float | None]:
    """Where the words end before a time that closes them, and that time."""
    clock = _ENDS_AT.search(text, max(start, end - 40), end)
    if clock is None:
        return end, None
    return trim(text, start, clock.start())[1], parse_clock(f"{clock[1]}.{clock[2]}")


def _without_furniture(text: str, start: int, end: int) -> int:
    """Drop last lines that the transcription service wrote, not the speaker."""
    last = text.rfind("\n", start, end)
    while last > 0 and _FURNITURE.match(text[last:end].strip()):
        end = trim(text, start, last)[1]
        last = text.rfind("\n", start, end)
    return end
