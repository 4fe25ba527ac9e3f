"""PDF files as lines of text; the only door to pypdf."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

from ...core.errors import FileRefused
from ..files import MOST_TEXT
from .reflow import flowing_lines

MOST_PAGES = 2000
_WHAT = "PDF"


def read_pdf(raw: bytes, path: Path) -> tuple[list[str], list[str]]:
    """The lines of a PDF without its furniture, and warnings.

    Columns and tables are read in the order in which the file holds them.

    Raises:
        FileRefused: if it has a password, is broken, is a scan without text, or is too long.
    """
    # pypdf tells every oddity of a file to the log; we tell what matters ourselves.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
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


def _pages(reader: Any, path: Path) -> list[list[str]]:  # noqa: ANN401 - a PdfReader
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
        if size > MOST_TEXT:
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
    lines = flowing_lines(pages)
    if not any(line.strip() for line in lines) or len(empty) == len(pages) > 1:
        raise FileRefused.because(
            path,
            f"holds no text on its {len(pages)} pages, only pictures (a scan?)",
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
