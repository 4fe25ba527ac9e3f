"""PDF files as lines of text; the only adapter to pypdf."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from .. import limits
from ..source import SourceFile
from .front_matter import find_front_matter
from .plain import describe_preamble, parse_text, refuse_pattern
from .reader import ParsedTranscript, TranscriptReader
from .reflow import join_pages, reflow
from .speaker_pattern import compile_patterns
from .turn_marks import PARAGRAPHS, find_turns
from .utterances import Utterance

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 2000
_WHAT = "PDF"


def read_pdf(source: SourceFile) -> ParsedTranscript:
    """Read a PDF: its lines flow again, and turns are found as in plain text.

    Raises:
        FileRefused: if it has a password, is broken, is a scan without text, or is too long.
    """
    path = source.path
    lines, warnings = read_lines(source.content, path)
    text = "\n".join(lines)
    head = find_front_matter(text)
    body = text[head.ends :]
    patterns = source.options.speaker_patterns
    marks = find_turns(body, layouts=compile_patterns(patterns))
    if patterns and not marks.readings:
        raise refuse_pattern(path, patterns)
    blocks = marks.blocks
    if marks.layout == PARAGRAPHS:
        flowing = parse_text(text[: head.ends] + reflow(body.split("\n")), path, format="pdf")
        return ParsedTranscript(
            format="pdf",
            utterances=flowing.utterances,
            warnings=warnings + flowing.warnings,
            preamble=text[: head.ends].strip(),
            head=head,
            roles=flowing.roles,
        )
    above = (text[: head.ends] + body[: blocks[0].opens]).strip()
    return ParsedTranscript(
        format="pdf",
        utterances=[
            Utterance(
                words=reflow(body[block.start : block.end].split("\n")),
                speaker=block.speaker,
                begin=block.begin,
                finish=block.finish,
            )
            for block in blocks
        ],
        warnings=warnings + describe_preamble(above) + marks.notes,
        preamble=above,
        head=head,
        marks=marks,
    )


def read_lines(raw: bytes, path: Path) -> tuple[list[str], list[str]]:
    """The lines of a PDF without its furniture, and warnings.

    Columns and tables are read in the order in which the file holds them.

    Raises:
        FileRefused: if it has a password, is broken, is a scan without text, or is too long.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        with _quiet_log():
            reader = PdfReader(io.BytesIO(raw))
            if reader.is_encrypted and not reader.decrypt(""):
                raise _protected(path)
            pages = _pages(reader, path)
    except DependencyError:
        raise _protected(path) from None
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        if isinstance(error, FileRefused):
            raise
        raise _broken(path, error) from None
    except (RecursionError, OverflowError, NotImplementedError, AssertionError) as error:
        raise _broken(path, error) from None
    return _checked(pages, path)


@contextmanager
def _quiet_log() -> Iterator[None]:
    """Keep pypdf, which logs every oddity of a file, quiet while we read; then restore its log."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(level)


def _pages(reader: PdfReader, path: Path) -> list[list[str]]:
    n_pages = len(reader.pages)
    if n_pages > MOST_PAGES:
        raise FileRefused.because(
            path,
            f"has {n_pages} pages, more than the limit of {MOST_PAGES}",
            remedy="Split the file.",
        )
    pages: list[list[str]] = []
    size = 0
    for page in reader.pages:
        text = page.extract_text().replace("\x00", "")
        size += len(text)
        if size > limits.MOST_TEXT:
            raise FileRefused.because(
                path, "holds more text than a transcript needs", remedy="Split the file."
            )
        pages.append(_spaced(text).split("\n"))
    return pages


def _spaced(text: str) -> str:
    """Some programs write a tab between all words; elsewhere a tab parts name and words."""
    return text.replace("\t", " ") if text.count("\t") > text.count(" ") else text


def _checked(pages: list[list[str]], path: Path) -> tuple[list[str], list[str]]:
    empty = [
        number
        for number, page in enumerate(pages, start=1)
        if not any(char.isalpha() for line in page for char in line)
    ]
    lines = join_pages(pages)
    if not any(line.strip() for line in lines) or len(empty) == len(pages) > 1:
        raise FileRefused.because(
            path,
            f"holds no text on its {len(pages)} pages (a scan?)",
            remedy="Run text recognition (OCR) on it, or import the text as .docx or .txt.",
        )
    if not empty or len(pages) == 1:
        return lines, []
    shown = ", ".join(map(str, empty[:8])) + (", …" if len(empty) > 8 else "")
    word = "page" if len(empty) == 1 else "pages"
    return lines, [f"{word} {shown} of {len(pages)} hold no text; if scanned, run OCR on the file"]


def _protected(path: Path) -> FileRefused:
    return FileRefused.because(
        path, "is protected by a password", remedy="Save a copy without a password."
    )


def _broken(path: Path, error: BaseException) -> FileRefused:
    fault = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return FileRefused.because(
        path, f"is not a whole {_WHAT} ({fault})", remedy="Export it again, or save it as .docx."
    )


def _is_pdf(source: SourceFile) -> bool:
    return b"%PDF-" in source.content[:1024] or source.has_suffix(".pdf")


PDF = TranscriptReader(
    name="pdf",
    label="PDF",
    suffixes=(".pdf",),
    sniff=_is_pdf,
    read=read_pdf,
    takes_text=False,
)
