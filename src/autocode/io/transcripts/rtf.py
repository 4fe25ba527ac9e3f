"""Rich Text (.rtf) as lines of text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ...core.errors import FileRefused
from ..source import SourceFile
from .document import Document, finish
from .plain import parse_document
from .reader import ParsedTranscript, TranscriptReader
from .rtf_body import RichWalk

MOST_RICH_TEXT = 16 * 1024 * 1024
"""Characters of an .rtf without its pictures; read one by one, so more would take minutes."""

# Pictures and embedded files are written out in hexadecimal digits.
_BLOB = re.compile(r"[0-9a-fA-F\r\n]{400,}+")


def read_rtf(source: SourceFile) -> ParsedTranscript:
    """Read an .rtf as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it does not start like Rich Text, is too large, or holds no words.
    """
    if not _starts_like_rtf(source):
        raise FileRefused.because(
            source.path, "does not start like Rich Text", remedy="Save it again as .rtf or .docx."
        )
    document, is_whole = _read_rich_text(source.content, source.path)
    if not document.text.strip():
        raise FileRefused.because(
            source.path,
            "holds no text (it may hold pictures of text)",
            remedy="Paste the words into the document.",
        )
    parsed = parse_document(
        document, source.path, format="rtf", patterns=source.options.speaker_patterns
    )
    if is_whole:
        return parsed
    cut_off = "the file is cut off: its last group is not closed; look at the end of the text"
    return replace(parsed, warnings=[*parsed.warnings, cut_off])


def _read_rich_text(raw: bytes, path: Path) -> tuple[Document, bool]:
    """The words of an .rtf, and whether the file is whole."""
    rich = _BLOB.sub("", raw.decode("latin-1"))
    if len(rich) > MOST_RICH_TEXT:
        raise FileRefused.because(
            path,
            f"holds {len(rich) / 1e6:.0f} MB of text, more than a transcript needs",
            remedy="Save it as .docx or .txt, or split it.",
        )
    walk = RichWalk()
    walk.read(rich)
    document = finish(walk.body.lines, walk.notes, left_out=walk.left_out, n_changes=walk.n_changes)
    return document, walk.is_whole


def _starts_like_rtf(source: SourceFile) -> bool:
    return source.content.lstrip()[:5] == b"{\\rtf"


def _is_rtf(source: SourceFile) -> bool:
    return _starts_like_rtf(source) or source.has_suffix(".rtf")


RTF = TranscriptReader(
    name="rtf",
    label="Rich Text",
    suffixes=(".rtf",),
    sniff=_is_rtf,
    read=read_rtf,
    takes_text=False,
)
