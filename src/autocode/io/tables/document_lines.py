"""The lines of a document with their headings, cells, and blanks in front."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ..source import SourceFile
from ..transcripts.formats import choose_reader
from ..transcripts.word import WORD, read_word

_RULE = re.compile(r"[\s|:+=_-]+")
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_PIPES = re.compile(r"\s*\|.*\|\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A line with words: its number, words with blanks in front, level as a heading, and cells."""

    number: int
    words: str
    heading: int = 0
    cells: tuple[str, ...] = ()

    @property
    def indent(self) -> int:
        """The width of the blanks in front; a tab reaches to the next multiple of four."""
        front = self.words[: len(self.words) - len(self.words.lstrip())]
        return len(front.expandtabs(4))


def read_lines(source: SourceFile, *, most: int | None = None) -> list[DocumentLine]:
    """The lines of a Word document or of a text that hold words, the first `most` of them.

    Raises:
        FileRefused: if it cannot be read.
    """
    if not WORD.sniff(source):
        reader = choose_reader(source)
        text = source.text if reader.takes_text else reader.read(source).text
        return list(islice(_split_text(text), most))
    document = read_word(source.content, source.path)
    words = ((line, document.text[line.start : line.end]) for line in document.lines[:most])
    return [
        DocumentLine(
            number=number,
            words=text,
            heading=line.heading,
            cells=(_cells(text) or (text.strip(),)) if line.cells else (),
        )
        for number, (line, text) in enumerate(words, start=1)
        if text.strip()
    ]


def _split_text(text: str) -> Iterator[DocumentLine]:
    for number, line in enumerate(_iterate_lines(text), start=1):
        if _RULE.fullmatch(line) or not line:
            continue
        if marks := _HEADING.match(line):
            words = line[marks.end() :].strip(" #")
            yield DocumentLine(number=number, words=words, heading=len(marks[1]))
        elif _PIPES.fullmatch(line):
            cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            yield DocumentLine(number=number, words=line, cells=cells)
        else:
            yield DocumentLine(number=number, words=line.rstrip(), cells=_cells(line))


def _cells(words: str) -> tuple[str, ...]:
    """What stands between tabs, where some do; tabs in front are an indent."""
    return tuple(cell.strip() for cell in words.split("\t")) if "\t" in words.strip() else ()


def _iterate_lines(text: str) -> Iterator[str]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1
