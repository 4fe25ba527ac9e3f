"""Plain text and Markdown, and the words of documents: the text is kept and turns found in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...core.errors import FileRefused
from ..source import SourceFile
from .captions import read_cue_lines
from .document import Document, DocumentLine
from .front_matter import FrontMatter, find_front_matter
from .paper import ROLES, find_paper_blocks, is_talk
from .reader import ParsedTranscript, TranscriptReader
from .speaker_pattern import compile_patterns
from .turn_marks import PARAGRAPHS, Block, find_turns
from .utterances import Utterance

_CUE_LINE = re.compile(
    r"^[ \t]*+\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?[ \t]{0,9}-->[ \t]{0,9}\d", re.MULTILINE
)
_CUE_SHARE = 0.15
"""Share of lines that are cue times from which a text is captions pasted into a document."""


def read_plain(source: SourceFile) -> ParsedTranscript:
    """Read a text file whose own words are kept.

    Raises:
        FileRefused: if it is captions without words.
    """
    return parse_text(
        source.text,
        source.path,
        format="md" if source.suffix == ".md" else "txt",
        patterns=source.options.speaker_patterns,
    )


def parse_text(
    text: str,
    path: Path,
    *,
    format: str,
    lines: Sequence[DocumentLine] = (),
    patterns: tuple[str, ...] = (),
) -> ParsedTranscript:
    """Find the turns of a text and keep its words; captions pasted into one are laid out anew.

    `lines` say where a document's headings and bold words are, `patterns` how a person says that
    turns are marked.

    Raises:
        FileRefused: if no line is like a pattern.
    """
    head = find_front_matter(text)
    below = [
        replace(line, start=line.start - head.ends, end=line.end - head.ends)
        for line in lines
        if line.start >= head.ends
    ]
    layouts = compile_patterns(patterns)
    marks = find_turns(text[head.ends :], below, layouts=layouts)
    if layouts and not marks.readings:
        raise refuse_pattern(path, patterns)
    if not layouts and head.is_paper and not is_talk(marks.blocks, text[head.ends :]):
        return _parse_paper(text, head, lines, format=format)
    n_cues = 0 if layouts else len(_CUE_LINE.findall(text))
    n_lines = text.count("\n") + 1
    if marks.layout != "time over name" and n_cues >= 2 and n_cues >= _CUE_SHARE * n_lines:
        utterances, warnings = read_cue_lines(text, path)
        return ParsedTranscript(format=format, utterances=utterances, warnings=warnings)
    blocks = [block.moved(head.ends) for block in marks.blocks] if head.ends else marks.blocks
    if marks.layout == PARAGRAPHS:
        warnings = [] if head.values else list(marks.notes)
        above = text[: head.ends]
    else:
        above = text[: blocks[0].opens] if blocks else ""
        warnings = describe_preamble(above[head.ends :]) + marks.notes
    return ParsedTranscript(
        format=format,
        utterances=[_utterance(text, block) for block in blocks],
        warnings=warnings,
        text=text,
        blocks=blocks,
        preamble=above.strip(),
        head=head,
        marks=marks,
    )


def _parse_paper(
    text: str, head: FrontMatter, lines: Sequence[DocumentLine], *, format: str
) -> ParsedTranscript:
    blocks, notes = find_paper_blocks(text, head.ends, lines)
    named = {block.speaker for block in blocks}
    return ParsedTranscript(
        format=format,
        utterances=[_utterance(text, block) for block in blocks],
        warnings=notes,
        text=text,
        blocks=blocks,
        preamble=text[: head.ends].strip(),
        head=head,
        roles={speaker: role for speaker, role in ROLES.items() if speaker in named},
    )


def refuse_pattern(path: Path, patterns: tuple[str, ...]) -> FileRefused:
    """The refusal of a file in which no line is like what a person says marks its turns."""
    return FileRefused.because(
        path,
        f"no line is like {' or '.join(map(repr, patterns))}",
        remedy="See what it looks like with autocode speakers --preview FILE.",
    )


def parse_document(
    document: Document, path: Path, *, format: str, patterns: tuple[str, ...] = ()
) -> ParsedTranscript:
    """Find the turns of a document's text, and say what of the document is not in it."""
    parsed = parse_text(document.text, path, format=format, lines=document.lines, patterns=patterns)
    return replace(
        parsed,
        warnings=[*parsed.warnings, *document.describe_left_out()],
        comments=document.comments if parsed.blocks else (),
    )


def describe_preamble(preamble: str) -> list[str]:
    """A warning of the lines before the first named turn, if there are any."""
    n_lines = sum(any(map(str.isalnum, line)) for line in preamble.split("\n"))
    if not n_lines:
        return []
    subject = "line names" if n_lines == 1 else f"{n_lines} lines name"
    return [f"the first {subject} no speaker; kept as context, not coded"]


def _utterance(text: str, block: Block) -> Utterance:
    return Utterance(
        words=" ".join(text[block.start : block.end].split()),
        speaker=block.speaker,
        begin=block.begin,
        finish=block.finish,
    )


PLAIN = TranscriptReader(
    name="txt",
    label="plain text",
    suffixes=(".txt", ".md"),
    sniff=lambda _: True,
    read=read_plain,
)
