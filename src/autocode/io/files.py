"""Bytes and text from files a user names: encodings, sizes and digests; nothing about meaning."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..core.errors import FileRefused

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes; pictures and fonts in documents count."""

MOST_TEXT = 32 * 1024 * 1024
"""Bytes of text in one file; a transcript of a million words is about 6 MB."""

MIXED = "utf-8+cp1252"
_AS_CP1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A decoded file: line ends are LF, a byte-order mark is gone; `digest` is of the bytes.

    `doubts` say what a person should look at, because the bytes left it open.
    """

    path: Path
    text: str
    encoding: str
    digest: str
    doubts: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; raises FileRefused if it is missing, empty, unreadable or too large."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise FileRefused.because(
                path,
                f"{size / 1e6:.0f} MB is more than the {LARGEST_FILE // 2**20} MB limit",
                remedy="Split the file.",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise FileRefused.because(
            path, _reason(error), remedy="Check the path and its permissions."
        ) from None
    if not raw.strip():
        raise FileRefused.because(path, "the file is empty", remedy="Export it again.")
    return raw


def read_text(path: Path) -> TextFile:
    """Decode a text file: byte-order mark, then UTF-8, then detection, and say which was used.

    Raises:
        FileRefused: if the file is missing, empty, binary, or in no known encoding.
    """
    raw = read_bytes(path)
    digest = hashlib.sha256(raw).hexdigest()
    if path.suffix == ".gz":
        raw = _gunzip(path, raw)
    text, encoding = decode(raw, path)
    return TextFile(
        path=path, text=text, encoding=encoding, digest=digest, doubts=tuple(_doubts(raw, encoding))
    )


def decode(raw: bytes, path: Path) -> tuple[str, str]:
    """The text of some bytes and the encoding used; raises FileRefused for binary data."""
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            return _tidy(_strictly(raw, encoding, path)), encoding
    if b"\x00" in raw[:65536]:
        raise _binary(path)
    with contextlib.suppress(UnicodeDecodeError):
        return _refuse_controls(_tidy(raw.decode("utf-8")), path), "utf-8"
    found = _mixed(raw) or _detected(raw)
    if found is None:
        raise _binary(path)
    return _refuse_controls(_tidy(found[0]), path), found[1]


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Write a text file completely or not at all: a temporary neighbour takes its place at the end.

    Raises:
        FileRefused: if the folder cannot be written or the disk is full.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as stream:
            yield stream
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise FileRefused.because(
            path,
            f"cannot be written ({_reason(error)})",
            remedy="Free some space or choose another folder; nothing was changed.",
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _detected(raw: bytes) -> tuple[str, str] | None:
    """Text and encoding as detected; among those that read as well, the commonest one (cp1252).

    Short texts in Western languages are easily taken for Baltic or Central European ones.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    western = from_bytes(raw, cp_isolation=["cp1252"]).best()
    if western is not None and (best is None or western.coherence >= best.coherence):
        return str(western), western.encoding
    return None if best is None else (str(best), best.encoding)


def _mixed(raw: bytes) -> tuple[str, str] | None:
    """Text that is UTF-8 in most places and Windows-1252 in others, as pasted files are."""
    text = raw.decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= c <= "\udcff" for c in text)
    sound = sum(c > "\x7f" for c in text) - strange
    # In another encoding, pairs of bytes happen to be UTF-8, but hardly ever those of a whole line.
    whole = any(_is_utf8(line) and not line.isascii() for line in raw.split(b"\n"))
    if not whole or sound < 0.3 * strange:
        return None
    return text.translate(_AS_CP1252), MIXED


def _doubts(raw: bytes, encoding: str) -> list[str]:
    if encoding == MIXED:
        lines = [n for n, line in enumerate(raw.split(b"\n"), start=1) if not _is_utf8(line)]
        shown = ", ".join(map(str, lines[:8])) + (", …" if len(lines) > 8 else "")
        word = "line" if len(lines) == 1 else "lines"
        return [f"mixed encodings: {word} {shown} read as cp1252, the rest as utf-8; look at them"]
    if not encoding.startswith("utf"):
        return [f"the encoding was guessed as {encoding}; look at the accents"]
    return []


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _gunzip(path: Path, raw: bytes) -> bytes:
    try:
        with gzip.open(path) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused.because(
            path, f"not a whole gzip file ({error})", remedy="Copy or export it again."
        ) from None
    if len(data) > LARGEST_FILE:
        raise FileRefused.because(path, "unpacks to more than the limit", remedy="Split the file.")
    return data


def _strictly(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused.because(
            path,
            f"starts as {encoding} but byte {error.start} does not fit it",
            remedy="Save it again as UTF-8.",
            place=f"byte {error.start}",
        ) from None


def _tidy(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _refuse_controls(text: str, path: Path) -> str:
    sample = text[:20000]
    odd = sum(1 for c in sample if (ord(c) < 32 and c not in "\n\t\f\x0b\x15\x1b") or c == "\x7f")
    if odd > 0.01 * len(sample):
        raise _binary(path)
    return text


def _binary(path: Path) -> FileRefused:
    is_table = path.name.lower().endswith((".csv", ".tsv", ".csv.gz"))
    remedy = (
        "Save the table again as .csv (UTF-8) or .xlsx."
        if is_table
        else "Export it again: a transcript as .txt, .docx, .vtt or .srt, a table as .csv or .xlsx."
    )
    return FileRefused.because(path, "this is binary data, not text", remedy=remedy)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
