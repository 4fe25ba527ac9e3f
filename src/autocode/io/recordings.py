"""Files with sound: known by their ending and their first bytes, opened without following links."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import FileRefused

MEDIA_TYPES: Mapping[str, str] = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".flac": "audio/flac",
    ".webm": "audio/webm",
}
"""What a file is by its ending: nothing else is ever played."""
_BLOCK = 1 << 20
_FIRST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """What a file with sound holds: SHA-256 and number of its bytes, and its media type."""

    digest: str
    n_bytes: int
    media_type: str


def read_sound_file(path: Path) -> SoundFile:
    """Look through a file with sound; raises FileRefused if it is none that browsers play."""
    media_type = MEDIA_TYPES.get(path.suffix.casefold())
    if media_type is None:
        known = ", ".join(sorted(ending.removeprefix(".") for ending in MEDIA_TYPES))
        raise FileRefused.because(
            path, "is no recording that a browser plays", remedy=f"Convert it to one of: {known}."
        )
    with open_plain_file(path) as descriptor:
        first = os.read(descriptor, _FIRST)
        if not _begins_as(media_type, first):
            raise FileRefused.because(
                path,
                f"does not begin as {media_type} does" if first else "is empty",
                remedy="Check that this is the recording, and that its name ends as what it is.",
            )
        return SoundFile(
            digest=digest_file(descriptor),
            n_bytes=os.fstat(descriptor).st_size,
            media_type=media_type,
        )


@contextmanager
def open_plain_file(path: Path) -> Iterator[int]:
    """A file to read from, as `open_descriptor` gives it, closed at the end."""
    descriptor = open_descriptor(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_descriptor(path: Path) -> int:
    """Open a file to read from; the caller closes it.

    Raises:
        FileRefused: if it is not there, is a link, or is no plain file.
    """
    # O_NONBLOCK: a pipe of that name must not keep us waiting.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise FileRefused.because(
            path, "is not there", remedy="Put the recording back, or name it again."
        ) from None
    except OSError as error:
        fault = "is a link" if path.is_symlink() else (error.strerror or "cannot be read").lower()
        raise FileRefused.because(path, fault, remedy="Name the recording itself.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileRefused.because(path, "is no file", remedy="Name the recording itself.")
    return descriptor


def digest_file(descriptor: int) -> str:
    """SHA-256 of an open file, which is then at its beginning again."""
    digest = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while block := os.read(descriptor, _BLOCK):
        digest.update(block)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return digest.hexdigest()


def _begins_as(media_type: str, first: bytes) -> bool:
    if media_type == "audio/wav":
        return first[:4] in (b"RIFF", b"RF64") and first[8:12] == b"WAVE"
    if media_type == "audio/mpeg":
        # A tag, or the eleven set bits that every frame begins with.
        return first[:3] == b"ID3" or (first[:1] == b"\xff" and first[1:2] >= b"\xe0")
    if media_type == "audio/mp4":
        return first[4:8] == b"ftyp"
    marks = {"audio/ogg": b"OggS", "audio/flac": b"fLaC", "audio/webm": b"\x1a\x45\xdf\xa3"}
    return first.startswith(marks[media_type])
