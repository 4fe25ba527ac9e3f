"""Which format a file is in, told from its content before its name, and its reader."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from ...core.errors import FileRefused
from ..archive import DAMAGE
from ..files import MOST_TEXT, read_bytes, read_text
from .captions import read_cue_lines, read_srt, read_vtt
from .chat import read_chat
from .elan import read_elan
from .front_matter import FrontMatter, front_matter
from .odt import read_odt
from .pdf import read_pdf
from .plain import Block, find_blocks
from .praat import read_textgrid
from .reflow import reflowed
from .rtf import read_rtf
from .utterances import Utterance
from .whisper import looks_like_whisper, read_whisper
from .word import read_docx

SUFFIXES = frozenset(
    """.txt .md .docx .odt .rtf .pdf .vtt .srt .sbv .json .cha .eaf .textgrid""".split()  # noqa: SIM905
)
_SBV = re.compile(r"\A\s*\d+:\d{2}:\d{2}\.\d{3},\d+:\d{2}:\d{2}\.\d{3}\n")
_SRT = re.compile(r"\A\s*\d+\s*\n\s*\d{1,2}:\d{2}:\d{2},\d{1,3}\s*-->")
_CUE_LINE = re.compile(
    r"^[ \t]*+\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?[ \t]{0,9}-->[ \t]{0,9}\d", re.MULTILINE
)
_CHAT = re.compile(r"\A\s*@(?:UTF8|Font|Begin|PID|Window|ColorWords)\b")
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a reader hands over.

    `utterances` always; `blocks` into `text` where the file's own text is kept. `head` is what the
    file says above its text, `preamble` what stands before the first named turn.
    """

    format: str
    utterances: list[Utterance]
    warnings: list[str] = field(default_factory=list)
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    preamble: str = ""
    head: FrontMatter = field(default_factory=FrontMatter)


@dataclass(frozen=True, slots=True)
class Origin:
    """The encoding a file was read in, and the SHA-256 of its bytes."""

    encoding: str
    digest: str


def read_file(path: Path) -> tuple[Read, Origin]:
    """Read a conversation or document in whichever format it is.

    Raises:
        FileRefused: if the file is empty, binary, broken, too large or holds no words.
    """
    raw = read_bytes(path)
    read = _read_document(raw, path)
    if read is not None:
        return read, Origin("utf-8", hashlib.sha256(raw).hexdigest())
    if len(raw) > MOST_TEXT:
        raise FileRefused.because(
            path,
            f"holds {len(raw) / 1e6:.0f} MB of text, more than the {MOST_TEXT // 2**20} MB limit",
            remedy="Split the file.",
        )
    file = read_text(path)
    read = _read_text(file.text, path)
    read.warnings.extend(file.doubts)
    return read, Origin(file.encoding, file.digest)


def _read_document(raw: bytes, path: Path) -> Read | None:
    """Formats that are not plain text; None if it is none of them."""
    suffix = path.suffix.lower()
    if b"%PDF-" in raw[:1024] or suffix == ".pdf":
        return _read_pdf(raw, path)
    if raw.lstrip()[:5] == b"{\\rtf" or suffix == ".rtf":
        return _plain(read_rtf(_rich(raw, path), path), "rtf", path)
    if raw.startswith((b"PK\x03\x04", _OLE)) or suffix in (".docx", ".odt"):
        if _is_open_document(raw, path):
            return _plain(read_odt(raw, path), "odt", path)
        return _plain(read_docx(raw, path), "docx", path)
    if suffix == ".eaf" or b"<ANNOTATION_DOCUMENT" in raw[:4096]:
        return _timed("eaf", read_elan(raw, path))
    return None


def _timed(format: str, read: tuple[list[Utterance], list[str]]) -> Read:
    utterances, warnings = read
    return Read(format=format, utterances=utterances, warnings=warnings)


def _rich(raw: bytes, path: Path) -> bytes:
    if raw.lstrip()[:5] != b"{\\rtf":
        raise FileRefused.because(
            path, "does not start like Rich Text", remedy="Save it again as .rtf or .docx."
        )
    return raw


def _is_open_document(raw: bytes, path: Path) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except DAMAGE:
        return path.suffix.lower() == ".odt"
    if "[Content_Types].xml" in names:
        return False
    return "META-INF/manifest.xml" in names or path.suffix.lower() == ".odt"


def _read_pdf(raw: bytes, path: Path) -> Read:
    lines, warnings = read_pdf(raw, path)
    text = "\n".join(lines)
    head = front_matter(text)
    blocks, shape = find_blocks(text[head.ends :])
    if shape == "paragraphs":
        flowing = _plain(text[: head.ends] + reflowed(lines_of(text[head.ends :])), "pdf", path)
        return Read(
            format="pdf",
            utterances=flowing.utterances,
            warnings=warnings + flowing.warnings,
            preamble=text[: head.ends].strip(),
            head=head,
        )
    body = text[head.ends :]
    utterances = [
        Utterance(
            words=reflowed(lines_of(body[b.start : b.end])),
            speaker=b.speaker,
            begin=b.begin,
            finish=b.finish,
        )
        for b in blocks
    ]
    above = (text[: head.ends] + body[: blocks[0].opens]).strip()
    return Read(
        format="pdf",
        utterances=utterances,
        warnings=warnings + _above(above),
        preamble=above,
        head=head,
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text."""
    return text.split("\n")


def _read_text(text: str, path: Path) -> Read:
    suffix = path.suffix.lower()
    if text.startswith("WEBVTT") or suffix == ".vtt":
        return _timed("vtt", read_vtt(text, path))
    if _SBV.match(text) or suffix == ".sbv":
        return _timed("sbv", read_vtt(text, path, format="sbv"))
    if _SRT.match(text) or suffix == ".srt":
        return _timed("srt", read_srt(text, path))
    if suffix == ".textgrid" or ('"TextGrid"' in text[:200] and "ooTextFile" in text[:200]):
        return _timed("textgrid", read_textgrid(text, path))
    if suffix == ".cha" or _CHAT.match(text):
        return _timed("chat", read_chat(text, path))
    if suffix == ".json" or looks_like_whisper(text):
        return _timed("json", read_whisper(text, path))
    return _plain(text, "md" if suffix == ".md" else "txt", path)


def _plain(text: str, format: str, path: Path) -> Read:
    """A text whose own words are kept; captions pasted into one are laid out anew."""
    head = front_matter(text)
    found, shape = find_blocks(text[head.ends :])
    n_cues = len(_CUE_LINE.findall(text))
    if shape != "cue and name" and n_cues >= 2 and n_cues >= 0.15 * (text.count("\n") + 1):
        return _timed(format, read_cue_lines(text, path))
    blocks = [block.moved(head.ends) for block in found] if head.ends else found
    utterances = [
        Utterance(
            words=" ".join(text[b.start : b.end].split()),
            speaker=b.speaker,
            begin=b.begin,
            finish=b.finish,
        )
        for b in blocks
    ]
    if shape == "paragraphs":
        warnings = [] if head.values else ["no speakers found; each paragraph is a turn"]
        above = text[: head.ends]
    else:
        above = text[: blocks[0].opens] if blocks else ""
        warnings = _above(above[head.ends :])
    return Read(
        format=format,
        utterances=utterances,
        warnings=warnings,
        text=text,
        blocks=blocks,
        preamble=above.strip(),
        head=head,
    )


def _above(preamble: str) -> list[str]:
    n_lines = sum(bool(line.strip()) for line in preamble.split("\n"))
    if not n_lines:
        return []
    told = "line names" if n_lines == 1 else f"{n_lines} lines name"
    return [f"the first {told} no speaker; kept as context, not coded"]
