"""Files that hold a conversation, as `Transcript`s: plain text, Markdown, Word and captions."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import FileRefused
from ..speakers import guess_roles
from ..transcript import Source, Span, Transcript, Turn
from .captions import read_srt, read_vtt
from .dialogue import Block, find_blocks
from .files import read_bytes, read_text
from .utterances import Utterance, compose, join_same_speaker, one_spelling
from .word import read_docx

SUFFIXES = frozenset({".txt", ".md", ".docx", ".vtt", ".srt", ".sbv"})
_SBV = re.compile(r"\A\s*\d+:\d{2}:\d{2}\.\d{3},\d+:\d{2}:\d{2}\.\d{3}\n")
_SRT = re.compile(r"\A\s*\d+\s*\n\s*\d{1,2}:\d{2}:\d{2},\d{1,3}\s*-->")


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reader hands over: the original text with blocks, or utterances to lay out."""

    format: str
    text: str
    blocks: list[Block]
    utterances: list[Utterance]
    warnings: list[str]


def read_transcript(path: Path, *, join_turns: bool = False) -> Transcript:
    """Read one file into a transcript named after it, with speakers and their guessed roles.

    The text of .txt and .md files is kept as it stands (line ends become LF), so that offsets
    other tools hold stay true. Captions are laid out as "Name: words" lines. With `join_turns`
    consecutive turns of one named speaker become one, which lays out any format anew.

    Raises:
        FileRefused: if the file is empty, binary, broken or holds no words.
    """
    path = Path(path)
    read, encoding, digest = _read(path)
    utterances = one_spelling(read.utterances)
    if join_turns and any(u.speaker for u in utterances):
        utterances = join_same_speaker(utterances)
        text, turns = compose(utterances, preamble=_preamble(read))
    elif read.blocks:
        text = read.text
        turns = tuple(
            Turn(Span(block.start, block.end), utterance.speaker, block.begin)
            for block, utterance in zip(read.blocks, utterances, strict=True)
        )
    else:
        text, turns = compose(utterances)
    if not turns:
        raise FileRefused.because(path, "holds no words", remedy="Export it again.")
    draft = Transcript(
        name=path.stem,
        text=text,
        turns=turns,
        source=Source(path.name, read.format, digest, encoding),
    )
    return Transcript(
        draft.name,
        draft.text,
        draft.turns,
        draft.source,
        guess_roles(draft),
        tuple(read.warnings + ([] if join_turns else _advice(utterances))),
    )


def _read(path: Path) -> tuple[_Read, str, str]:
    raw = read_bytes(path)
    digest = hashlib.sha256(raw).hexdigest()
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or path.suffix.lower() == ".docx":
        return _plain(read_docx(raw, path), "docx"), "utf-8", digest
    file = read_text(path)
    read = _read_text(file.text, path)
    if not file.encoding.startswith("utf"):
        read.warnings.append(f"the encoding was guessed as {file.encoding}; look at the accents")
    return read, file.encoding, file.digest


def _read_text(text: str, path: Path) -> _Read:
    suffix = path.suffix.lower()
    if text.startswith("WEBVTT") or suffix == ".vtt":
        utterances, warnings = read_vtt(text, path)
        return _Read("vtt", "", [], utterances, warnings)
    if _SBV.match(text) or suffix == ".sbv":
        utterances, warnings = read_vtt(text, path, format="sbv")
        return _Read("sbv", "", [], utterances, warnings)
    if _SRT.match(text) or suffix == ".srt":
        utterances, warnings = read_srt(text, path)
        return _Read("srt", "", [], utterances, warnings)
    return _plain(text, "md" if suffix == ".md" else "txt")


def _plain(text: str, format: str) -> _Read:
    blocks, shape = find_blocks(text)
    utterances = [
        Utterance(" ".join(text[b.start : b.end].split()), b.speaker, b.begin) for b in blocks
    ]
    warnings = []
    if shape == "paragraphs":
        warnings.append("no speakers found; each paragraph is a turn")
    elif blocks and (n_lines := sum(map(bool, text[: blocks[0].opens].split("\n")))):
        told = "line names" if n_lines == 1 else f"{n_lines} lines name"
        warnings.append(f"the first {told} no speaker; kept as context, not coded")
    return _Read(format, text, blocks, utterances, warnings)


def _preamble(read: _Read) -> str:
    if not read.blocks:
        return ""
    return read.text[: read.blocks[0].opens].strip()


def _advice(utterances: list[Utterance]) -> list[str]:
    joined = len(join_same_speaker(utterances))
    if any(u.speaker for u in utterances) and joined * 2 <= len(utterances):
        return [
            f"{len(utterances)} turns would be {joined} if consecutive ones of one speaker "
            "were joined (--join-turns)"
        ]
    return []
