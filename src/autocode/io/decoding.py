"""Bytes to text: byte-order marks, UTF-8, files of two encodings, detection.

The only adapter to charset-normalizer.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import FileRefused
from .guess_encoding import Guess, guess_japanese, guess_latin, guess_other, guess_utf16

MIXED = "utf-8+cp1252"
"""The encoding named for a file that is UTF-8 in most lines and Windows-1252 in others."""

# Longest first: the mark of UTF-16 begins that of UTF-32.
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_AS_CP1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)
}
_SNIFFED = 65536
"""Bytes looked through for a NUL, which no text holds outside UTF-16 and UTF-32."""
_SAMPLE = 20_000
_MOST_CONTROLS = 0.01
"""Share of control characters in the first `_SAMPLE` characters from which a file is binary."""
_SOUND_PER_STRANGE = 0.3
"""UTF-8 characters for each stray byte that a mixed file must hold; below, it is neither."""
_SHOWN_LINES = 8


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text whose line ends are LF and whose byte-order mark is gone, and how it was decoded.

    `doubts` say what a person should look at, because the bytes left it open.
    """

    text: str
    encoding: str
    doubts: tuple[str, ...] = ()


def decode(raw: bytes, path: Path, *, encoding: str | None = None) -> DecodedText:
    """Decode bytes: as `encoding` where a person named it, byte-order mark, UTF-8, detection.

    Raises:
        FileRefused: for binary data, and for bytes that contradict their own byte-order mark or
            the encoding that was named.
    """
    if encoding is not None:
        return DecodedText(_decode_as_named(raw, encoding, path), encoding)
    for mark, marked in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            text = _refuse_controls(_tidy(_decode_strictly(raw, marked, path)), path)
            return DecodedText(text, marked)
    if b"\x00" in raw[:_SNIFFED]:
        return _decode_unmarked(raw, path)
    with contextlib.suppress(UnicodeDecodeError):
        return DecodedText(_refuse_controls(_tidy(raw.decode("utf-8")), path), "utf-8")
    guess = _decode_mixed(raw) or guess_latin(raw) or guess_other(raw)
    guess = guess or guess_japanese(raw) or _detect(raw)
    if guess is None:
        raise _binary(path)
    text = _refuse_controls(_tidy(guess.text), path)
    return DecodedText(text, guess.encoding, tuple(_doubts(raw, guess)))


def _decode_unmarked(raw: bytes, path: Path) -> DecodedText:
    """Decode UTF-16 without its mark; anything else with zero bytes is no text.

    Raises:
        FileRefused: for binary data.
    """
    guess = guess_utf16(raw)
    if guess is None:
        raise _binary(path)
    doubt = f"no byte-order mark; the encoding was guessed as {guess.encoding}"
    return DecodedText(_refuse_controls(_tidy(guess.text), path), guess.encoding, (doubt,))


def _detect(raw: bytes) -> Guess | None:
    """Text and encoding as detected, for scripts of more than a byte a letter."""
    from charset_normalizer import from_bytes

    best = from_bytes(raw).best()
    return None if best is None else Guess(str(best), best.encoding)


def _decode_mixed(raw: bytes) -> Guess | None:
    """Text that is UTF-8 in most places and Windows-1252 in others, as pasted files are."""
    text = raw.decode("utf-8", "surrogateescape")
    strange = sum("\udc80" <= char <= "\udcff" for char in text)
    sound = sum(char > "\x7f" for char in text) - strange
    # In another encoding, pairs of bytes happen to be UTF-8, but hardly ever those of a whole line.
    whole = any(_is_utf8(line) and not line.isascii() for line in raw.split(b"\n"))
    if not whole or sound < _SOUND_PER_STRANGE * strange:
        return None
    return Guess(text.translate(_AS_CP1252), MIXED)


def _doubts(raw: bytes, guess: Guess) -> list[str]:
    encoding = guess.encoding
    if encoding == MIXED:
        lines = [n for n, line in enumerate(raw.split(b"\n"), start=1) if not _is_utf8(line)]
        shown = ", ".join(map(str, lines[:_SHOWN_LINES]))
        shown += ", …" if len(lines) > _SHOWN_LINES else ""
        word = "line" if len(lines) == 1 else "lines"
        return [f"mixed encodings: {word} {shown} read as cp1252, the rest as utf-8; look at them"]
    if not encoding.startswith("utf"):
        rival = f" ({guess.rival} fits nearly as well)" if guess.rival else ""
        return [f"the encoding was guessed as {encoding}{rival}; look at the accents"]
    return []


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode_strictly(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused.because(
            path,
            f"starts as {encoding} but byte {error.start} does not fit it",
            remedy="Save it again as UTF-8.",
            place=f"byte {error.start}",
        ) from None


def _decode_as_named(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return _refuse_controls(_tidy(raw.decode(encoding)), path)
    except (UnicodeError, LookupError):
        raise FileRefused.because(
            path,
            f"cannot be read as {encoding}",
            remedy="Give another --encoding, or leave it out to have it found.",
        ) from None


def _tidy(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _refuse_controls(text: str, path: Path) -> str:
    sample = text[:_SAMPLE]
    odd = sum(1 for c in sample if (ord(c) < 32 and c not in "\n\t\f\x0b\x15\x1b") or c == "\x7f")
    if odd > _MOST_CONTROLS * len(sample) or "\x00" in text:
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
