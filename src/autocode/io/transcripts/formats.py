"""Every transcript format we read, recognised by the content of a file before its name.

To add a format, write its reader in a module of its own and put it into `READERS`.
"""

from __future__ import annotations

from ...core.errors import FileRefused
from .. import limits
from ..source import SourceFile
from .captions import SBV, SRT, VTT
from .chat import CHAT
from .elan import ELAN
from .odt import ODT
from .pdf import PDF
from .plain import PLAIN
from .praat import TEXTGRID
from .reader import TranscriptReader
from .rtf import RTF
from .speech_table import SPEECH_TABLE
from .whisper import WHISPER
from .word import WORD

READERS: tuple[TranscriptReader, ...] = (
    SPEECH_TABLE, PDF, RTF, ODT, WORD, ELAN,
    VTT, SBV, SRT, TEXTGRID, CHAT, WHISPER, PLAIN,
)  # fmt: skip
"""In the order in which they are asked; the last one takes any text."""

SUFFIXES = frozenset(suffix for reader in READERS for suffix in reader.suffixes)


def choose_reader(source: SourceFile) -> TranscriptReader:
    """The first reader that takes the file for one of its own.

    Raises:
        FileRefused: if the file is empty, binary, or larger than a text can be.
    """
    for reader in READERS:
        if reader.takes_text:
            _refuse_too_much_text(source)
        if reader.sniff(source):
            return reader
    raise FileRefused.because(
        source.path, "is in no known format", remedy=f"Save it as one of {describe_formats()}."
    )


def describe_formats() -> str:
    """The formats in one line, as help texts show them: "WebVTT .vtt, SRT .srt, …"."""
    return ", ".join(f"{reader.label} {' '.join(reader.suffixes)}" for reader in READERS)


def _refuse_too_much_text(source: SourceFile) -> None:
    if len(source.content) > limits.MOST_TEXT:
        raise FileRefused.because(
            source.path,
            f"holds {len(source.content) / 1e6:.0f} MB of text, more than the "
            f"{limits.MOST_TEXT // 2**20} MB limit",
            remedy="Split the file.",
        )
