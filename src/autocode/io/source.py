"""One file, opened and decoded once: what recognition and all readers take.

What a file is worth depends on its bytes, so both recognition and reading look at them; they share
one `SourceFile`, which reads and decodes when first asked and then remembers.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..core.errors import FileRefused
from ..serialise.plain import readable_name
from . import limits
from .decoding import DecodedText, decode
from .file_options import AS_SHOWN, FileOptions
from .tables.csv_rows import read_csv_rows
from .tables.sheets import RawSheet
from .tables.xlsx import read_sheets


@dataclass(frozen=True, eq=False)
class SourceFile:
    """A file that a user named; its bytes, digest, text and rows are made once, when asked for.

    `given` are its bytes where they are in memory already; `options` what a person said of it.
    """

    path: Path
    given: bytes | None = field(default=None, repr=False)
    options: FileOptions = AS_SHOWN

    @classmethod
    def of(cls, file: SourceFile | Path | str) -> SourceFile:
        """`file` itself if it is a source already, else the source at this path."""
        return file if isinstance(file, SourceFile) else cls(Path(file))

    @property
    def name(self) -> str:
        """The file's name as it is stored and shown: valid Unicode, see `readable_name`."""
        return readable_name(self.path.name)

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return readable_name(self.path.stem)

    @property
    def suffix(self) -> str:
        """The last suffix in lower case, with its dot."""
        return self.path.suffix.lower()

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file.

        Raises:
            FileRefused: if it is missing, empty, unreadable or too large.
        """
        return _read_bytes(self.path) if self.given is None else self.given

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def decoded(self) -> DecodedText:
        """The file as text, unpacked first if it is a .gz.

        Raises:
            FileRefused: if it is binary, in no known encoding, or not a whole .gz.
        """
        raw = self.content
        raw = _gunzip(self.path, raw) if self.path.suffix == ".gz" else raw
        return decode(raw, self.path, encoding=self.options.encoding)

    @property
    def text(self) -> str:
        """The decoded text; raises as `decoded`."""
        return self.decoded.text

    @cached_property
    def sheets(self) -> tuple[RawSheet, ...]:
        """The sheets of a table that hold rows: the one of a CSV file, those of a workbook.

        Raises:
            FileRefused: if it is no table.
        """
        if self.suffix == ".xlsx":
            return tuple(read_sheets(self.content, self.path))
        return (RawSheet(tuple(read_csv_rows(self.text, self.path))),)

    @property
    def n_bytes_held(self) -> int:
        """How many bytes are in memory because somebody asked for them."""
        return len(self.content) if "content" in self.__dict__ else 0

    def reopen(self) -> SourceFile:
        """The same file with nothing in memory."""
        return SourceFile(self.path, self.given, self.options)

    def has_suffix(self, *suffixes: str) -> bool:
        """Whether the name ends in one of these (lower case, with the dot)."""
        return self.suffix in suffixes


def explain_os_error(error: OSError) -> str:
    """The reason the operating system gives, as the end of a sentence."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def _read_bytes(path: Path) -> bytes:
    try:
        before = path.stat()
        size = before.st_size
        if size > limits.LARGEST_FILE:
            raise FileRefused.because(
                path,
                f"{size / 1e6:.0f} MB is more than the {limits.LARGEST_FILE // 2**20} MB limit",
                remedy="Split the file.",
            )
        raw = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise FileRefused.because(
            path, explain_os_error(error), remedy="Check the path and its permissions."
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise FileRefused.because(
            path,
            "changed while it was read",
            remedy="Import it again when the program that writes it is done.",
        )
    if not raw.strip():
        raise FileRefused.because(path, "the file is empty", remedy="Export it again.")
    return raw


def _gunzip(path: Path, raw: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as stream:
            data = stream.read(limits.LARGEST_FILE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused.because(
            path, f"not a whole gzip file ({error})", remedy="Copy or export it again."
        ) from None
    if len(data) > limits.LARGEST_FILE:
        raise FileRefused.because(path, "unpacks to more than the limit", remedy="Split the file.")
    return data
