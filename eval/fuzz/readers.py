"""What a damaged file is put to: recognition, and every reader that could be asked to take it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autocode.core.codebook import Code, Codebook
from autocode.core.errors import AutocodeError
from autocode.core.transcript import Transcript
from autocode.io.recognise import recognise_kind
from autocode.io.source import SourceFile
from autocode.io.tables.cases import read_cases
from autocode.io.tables.codebook import read_codebook
from autocode.io.tables.codebook_document import read_codebook_document
from autocode.io.tables.codings import read_codings
from autocode.io.tables.decisions import read_decisions
from autocode.io.tables.qdc import read_qdc
from autocode.io.transcripts.read import read_document
from autocode.project.surveys import read_survey_file

_TALK = SourceFile(
    Path("talk.txt"),
    b"Interviewer: So how did you come?\nP01: We waited. Nobody rang us back.\n" * 3,
)
_KNOWN = Codebook((Code(id="cost", name="Cost"), Code(id="wait", name="Waiting")))
_PROSE = (".txt", ".md", ".docx", ".odt", ".rtf", ".pdf")
_TABLES = (".csv", ".tsv", ".xlsx", ".gz")
_LONGEST_MESSAGE = 700
"""Characters; a refusal is one line for a person to read."""

Reader = Callable[[SourceFile], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not happen: an exception that is not ours, or an output that is wrong."""

    reader: str
    what: str
    where: str = ""


def put_to_readers(name: str, raw: bytes) -> tuple[int, list[Fault]]:
    """How many readers took a file, and what went wrong in those that neither took nor refused."""
    n_taken = 0
    faults: list[Fault] = []
    for reader, read in _list_readers(name):
        source = SourceFile(Path(name), given=raw)
        try:
            taken = read(source)
        except AutocodeError as error:
            faults += [Fault(reader, fault) for fault in check_message(str(error))]
        except RecursionError as error:
            faults.append(Fault(reader, "RecursionError", where(error)))
        except Exception as error:
            faults.append(Fault(reader, f"{type(error).__name__}: {error}"[:300], where(error)))
        else:
            n_taken += read is not recognise_kind
            faults += [Fault(reader, fault) for fault in _check_taken(taken)]
    return n_taken, faults


def _list_readers(name: str) -> Iterator[tuple[str, Reader]]:
    yield "recognise_kind", recognise_kind
    suffix = Path(name).suffix.lower()
    if suffix in (".qdc", ".xml"):
        yield "read_qdc", read_qdc
    yield "read_document", read_document
    if suffix in _PROSE:
        yield "read_codebook_document", read_codebook_document
    if suffix in _TABLES:
        yield "read_codebook", read_codebook
        yield "read_codings", lambda source: read_codings(source, _read_talk(), _KNOWN)
        yield "sound codings", lambda s: read_codings(s, _read_talk(), _KNOWN, partial=True)
        yield "read_cases", lambda source: read_cases(source, {"talk": ["Interviewer", "P01"]})
        yield "read_survey_file", read_survey_file
        yield "read_decisions", read_decisions


@cache
def _read_talk() -> list[Transcript]:
    return [read_document(_TALK)[0]]


def check_message(message: str) -> Iterator[str]:
    if "\n" in message or any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in message):
        yield f"message with control characters: {message[:200]!r}"
    if len(message) > _LONGEST_MESSAGE:
        yield f"message of {len(message)} characters: {message[:100]!r}"


def _check_taken(taken: object) -> Iterator[str]:
    """What is wrong with what a reader gave; a transcript checks its own offsets."""
    if not isinstance(taken, tuple) or not hasattr(taken[0], "turns"):
        return
    transcript = taken[0]
    names = [speaker.name for speaker in transcript.speakers]
    for words in (transcript.text, transcript.name, *names, *transcript.warnings):
        if "\x00" in words:
            yield "NUL in words"
        try:
            words.encode()
        except UnicodeEncodeError:
            yield f"half a character in words: {words[:40]!r}"
    if any(turn.speaker is not None and turn.speaker not in names for turn in transcript.turns):
        yield "a turn's speaker is no speaker of the transcript"


def where(error: Exception) -> str:
    """The last line of ours that an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "autocode" in frame.filename] or list(frames)
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}"
