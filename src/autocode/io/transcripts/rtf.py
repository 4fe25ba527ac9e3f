"""Rich Text (.rtf) as lines of text; the only adapter to striprtf."""

from __future__ import annotations

import re
from pathlib import Path

from ...core.errors import FileRefused
from ..source import SourceFile
from .plain import parse_text
from .reader import ParsedTranscript, TranscriptReader

MOST_RICH_TEXT = 16 * 1024 * 1024
"""Characters of an .rtf without its pictures; read one by one, so more would take minutes."""

# The table of fonts is read in quadratic time.
_MOST_FONTS = 10_000
_WHAT = "Rich Text document"
# Pictures and embedded files are written out in hexadecimal digits.
_BLOB = re.compile(r"[0-9a-fA-F\r\n]{400,}+")
_CELL = re.compile(r"\|[ \t]*$")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


def read_rtf(source: SourceFile) -> ParsedTranscript:
    """Read an .rtf as text: a line per paragraph and per table row (cells parted by tabs).

    Raises:
        FileRefused: if it is broken, too large, or holds no words.
    """
    if not _starts_like_rtf(source):
        raise FileRefused.because(
            source.path, "does not start like Rich Text", remedy="Save it again as .rtf or .docx."
        )
    return parse_text(_plain_text(source.content, source.path), source.path, format="rtf")


def _plain_text(raw: bytes, path: Path) -> str:
    from striprtf.striprtf import rtf_to_text

    rich = _BLOB.sub("", raw.decode("latin-1"))
    if len(rich) > MOST_RICH_TEXT:
        raise FileRefused.because(
            path,
            f"holds {len(rich) / 1e6:.0f} MB of text, more than a transcript needs",
            remedy="Save it as .docx or .txt, or split it.",
        )
    if rich.count("{\\f") > _MOST_FONTS:
        raise FileRefused.because(
            path,
            f"names more than {_MOST_FONTS} fonts, which no {_WHAT} does",
            remedy="Save it again as .rtf or .docx.",
        )
    try:
        text = rtf_to_text(rich, encoding="cp1252", errors="replace")
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, LookupError) as error:
        raise FileRefused.because(
            path, f"is not a whole {_WHAT} ({error})", remedy="Save it again as .rtf or .docx."
        ) from None
    text = _LONE.sub("\ufffd", _PAIR.sub(_join_pair, text))
    lines = (_row(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    text = "\n".join(lines).strip("\x00")
    if not text.strip():
        raise FileRefused.because(
            path, "holds no text (pictures only)", remedy="Paste the words into the document."
        )
    return text


def _row(line: str) -> str:
    """A table row: striprtf ends each cell with a bar."""
    if not _CELL.search(line):
        return line
    cells = _CELL.sub("", line).split("|")
    return "\t".join(" ".join(cell.split()) for cell in cells)


def _join_pair(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


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
