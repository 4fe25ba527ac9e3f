"""Texts in which nobody is named: timed passages, dashes, questions in bold, or paragraphs.

Questions that stand out (bold, or in the first column of a table) are read as an interviewer's and
the rest as a participant's; a note says so, since the file does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .blocks import Block, place, trim
from .clocks import BARE, WRAPPED, parse_time
from .folding import FoldedText

PARAGRAPHS = "paragraphs"
"""The layout of a text in which no turn is marked."""

_MOST = 0.6
"""Share of lines or paragraphs that must open alike to be read as turns."""
_FEWEST = 4
_TIMED = re.compile(
    rf"^[ \t]*+(?P<time>[{BARE}{WRAPPED}]+)(?:[ \t]*\n|[ \t]{{0,9}}[-–—|]?[ \t]{{1,9}}|$)",
    re.MULTILINE,
)
_DASHED = re.compile(r"^[ \t]*+[-–—][ \t]{0,9}(?=[^\s\d–—-])", re.MULTILINE)
_BOLD_LINE = re.compile(r"^[ \t]*\*\*(?P<words>[^\n*]+)\*\*[ \t]*$")
_QUESTION = re.compile(r"[?？؟;]\W*$")
_NEXT_LINE = re.compile(r"^[^\n]*\S[^\n]*$", re.MULTILINE)
_QUESTIONS_NOTE = (
    "nobody is named: {} are read as the interviewer's, the rest as a participant's; "
    "if that is wrong, name the speakers in the file"
)


def find_unnamed(folded: FoldedText, masked: str, text: str) -> tuple[list[Block], str, list[str]]:
    """Blocks of a text without names, what they are, and notes."""
    for find in (_timed_passages, _question_rows, _bold_questions, _dashed_turns):
        blocks, layout, notes = find(folded.text, masked)
        if blocks:
            return place(blocks, folded, text), layout, notes
    return list(paragraphs(text)), PARAGRAPHS, ["no speakers found; each paragraph is a turn"]


def paragraphs(text: str) -> Iterator[Block]:
    """Runs of lines between blank lines; every line where a text has no blank lines."""
    gap = r"\n[ \t]*\n" if re.search(r"\S[ \t]*\n[ \t]*\n+[ \t]*\S", text) else r"\n"
    at = 0
    for match in [*re.finditer(gap, text), None]:
        stop = match.start() if match else len(text)
        start, end = trim(text, at, stop)
        if end > start:
            yield Block(start=start, end=end, speaker=None, begin=None, opens=start)
        at = match.end() if match else stop


def _follow_marks(
    matches: Iterable[re.Match[str]], text: str
) -> Iterator[tuple[re.Match[str], int, int]]:
    """Marks, and the span of the words after each; none where they are too few for turns."""
    marks = list(matches)
    n_paragraphs = sum(1 for _ in paragraphs(text))
    if len(marks) < _FEWEST or len(marks) < _MOST * n_paragraphs:
        return
    stops = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, stop in zip(marks, stops, strict=True):
        start, end = trim(text, mark.end(), stop)
        if start < end:
            yield mark, start, end


def _timed_passages(text: str, masked: str) -> tuple[list[Block], str, list[str]]:
    blocks = []
    for mark, start, end in _follow_marks(_TIMED.finditer(masked), text):
        begin, finish = parse_time(text[mark.start("time") : mark.end("time")])
        blocks.append(
            Block(
                start=start,
                end=end,
                speaker=None,
                begin=begin,
                finish=finish,
                opens=mark.start(),
            )
        )
    return blocks, "timed passages", ["no speakers found; each timed passage is a turn"]


def _dashed_turns(text: str, masked: str) -> tuple[list[Block], str, list[str]]:
    blocks = [
        Block(start=start, end=end, speaker=None, opens=mark.start())
        for mark, start, end in _follow_marks(_DASHED.finditer(text), text)
    ]
    # A list has dashes too, but nobody asks in it.
    if sum(text[block.end - 1] in "?？؟" for block in blocks) < 0.1 * len(blocks):
        return [], "", []
    note = "no speakers found: dashes open the turns and do not say whose they are"
    return blocks, "dashes", [note]


def _bold_questions(text: str, masked: str) -> tuple[list[Block], str, list[str]]:
    lines = [match for match in _NEXT_LINE.finditer(text)]
    bold = [match for line in lines if (match := _BOLD_LINE.match(line[0]))]
    asked = sum(bool(_QUESTION.search(match["words"])) for match in bold)
    if not (asked >= 3 and asked >= _MOST * len(bold) and len(bold) <= 0.7 * len(lines)):
        return [], "", []
    blocks: list[Block] = []
    for line in lines:
        match = _BOLD_LINE.match(line[0])
        speaker = "Interviewer" if match else "Participant"
        start, end = (
            line.span()
            if match is None
            else (
                line.start() + match.start("words"),
                line.start() + match.end("words"),
            )
        )
        start, end = trim(text, start, end)
        if match is None and not any(block.speaker == "Interviewer" for block in blocks):
            continue
        blocks.append(Block(start=start, end=end, speaker=speaker, opens=line.start()))
    return blocks, "bold questions", [_QUESTIONS_NOTE.format("questions in bold")]


def _question_rows(text: str, masked: str) -> tuple[list[Block], str, list[str]]:
    """Rows of a table with a question in the first cell and its answer in the second."""
    lines = list(_NEXT_LINE.finditer(text))
    rows = [line for line in lines if line[0].strip("\t ").count("\t") == 1]
    asked = [row for row in rows if _QUESTION.search(row[0].strip("\t ").partition("\t")[0])]
    if len(asked) < 3 or len(asked) < _MOST * len(lines):
        return [], "", []
    blocks: list[Block] = []
    for row in asked if len(rows) == len(asked) else rows:
        tab = text.index("\t", trim(text, *row.span())[0])
        for span, speaker in (
            ((row.start(), tab), "Interviewer"),
            ((tab, row.end()), "Participant"),
        ):
            start, end = trim(text, *span)
            if start < end:
                blocks.append(Block(start=start, end=end, speaker=speaker, opens=row.start()))
    return blocks, "question rows", [_QUESTIONS_NOTE.format("questions in the first column")]
