"""Word documents (.docx) as lines of text, tables and all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ...core.errors import FileRefused
from ..archive import STARTS
from ..source import SourceFile
from ..xml import get_attribute
from .document import Document, finish
from .plain import parse_document
from .reader import ParsedTranscript, TranscriptReader
from .word_body import BodyWalk
from .word_parts import WordParts, read_parts


def read_docx(source: SourceFile) -> ParsedTranscript:
    """Read a .docx as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is encrypted, an old .doc, broken, a zip bomb, or holds no words.
    """
    document = read_word(source.content, source.path)
    if not document.text.strip():
        raise FileRefused.because(
            source.path,
            "holds no text (it may hold pictures of text)",
            remedy="Paste the words into the document's body.",
        )
    return parse_document(
        document, source.path, format="docx", patterns=source.options.speaker_patterns
    )


def read_word(raw: bytes, path: Path) -> Document:
    """The words of a .docx as Word shows them, with its comments and what was left out.

    Raises:
        FileRefused: as `read_docx`, but not for want of words.
    """
    parts = read_parts(raw, path)
    walk = BodyWalk(parts)
    walk.read_body(parts.body)
    if (loose := walk.take_loose_marks()) and walk.lines:
        walk.lines[-1] = replace(walk.lines[-1], words=walk.lines[-1].words + loose)
    left_out = dict(walk.left_out)
    if parts.has_headers:
        left_out["headers and footers"] = 1
    return finish(walk.lines, _read_comments(parts), left_out=left_out, n_changes=walk.n_changes)


def _read_comments(parts: WordParts) -> dict[str, tuple[str, str, str]]:
    """Author, words and date of each comment by its number."""
    notes = {}
    for number, comment in parts.comments.items():
        walk = BodyWalk(parts)
        walk.read_body(comment)
        words = "\n".join(line.words for line in walk.lines)
        author = get_attribute(comment, "author") or ""
        notes[number] = (author, words, get_attribute(comment, "date") or "")
    return notes


def _is_word(source: SourceFile) -> bool:
    return source.content.startswith(STARTS) or source.has_suffix(".docx", ".odt")


WORD = TranscriptReader(
    name="docx",
    label="Word",
    suffixes=(".docx",),
    sniff=_is_word,
    read=read_docx,
    takes_text=False,
)
