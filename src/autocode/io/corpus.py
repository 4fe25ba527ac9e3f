"""Corpus folders: coded segments as tables (`segments`, `codings`, `codebook`, optional `docs`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..core.codebook import Codebook
from ..core.errors import FileRefused
from ..core.transcript import Role, Source, Span, Speaker, Transcript, Turn
from ..text.language import identify_language
from ..text.speakers import role_of_label
from .recognise import find_corpus_file
from .source import SourceFile
from .tables.codebook import read_codebook
from .tables.table import Row, Table, read_table
from .transcripts.utterances import Utterance, compose

_CODABLE_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSegment:
    """A segment of a corpus: its identifier there and its span in the transcript."""

    name: str
    span: Span
    speaker: str | None
    domain: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusFolder:
    """A corpus folder, read whole and checked.

    `segments` by transcript name; `codings` are (segment id, coder, code or None for "seen,
    nothing applied"); `attributes` by transcript name.
    """

    codebook: Codebook
    transcripts: tuple[Transcript, ...]
    segments: Mapping[str, tuple[GivenSegment, ...]]
    codings: tuple[tuple[str, str, str | None], ...]
    attributes: Mapping[str, Mapping[str, str]]


def read_corpus(folder: Path) -> CorpusFolder:
    """Read a corpus folder; nothing of it is used unless all of it is sound.

    Raises:
        FileRefused: on a missing column, a repeated segment id, an empty segment, or a coding
            that names a segment or a code that does not exist.
    """
    codebook = read_codebook(_file(folder, "codebook"))
    source = SourceFile(_file(folder, "segments"))
    segments = read_table(source)
    rows = _segment_rows(segments)
    codings = _codings(folder, rows, codebook)
    roles = _roles(rows, codings)
    by_document: dict[str, list[Row]] = {}
    for row in rows.values():
        by_document.setdefault(row.get("doc_id"), []).append(row)
    transcripts, given = [], {}
    for name, document in by_document.items():
        transcript = _transcript(name, document, roles, source.digest)
        transcripts.append(transcript)
        given[name] = tuple(
            GivenSegment(
                name=row.get("segment_id"),
                span=turn.span,
                speaker=turn.speaker,
                domain=row.get("domain") or None,
            )
            for row, turn in zip(document, transcript.turns, strict=True)
        )
    return CorpusFolder(
        codebook=codebook,
        transcripts=tuple(transcripts),
        segments=given,
        codings=codings,
        attributes=_attributes(folder),
    )


def _file(folder: Path, stem: str) -> Path:
    path = find_corpus_file(folder, stem)
    if path is None:
        raise FileRefused.because(
            folder,
            f"is a folder without {stem}.csv",
            remedy="Name a study file, or a corpus folder with segments and codebook.",
        )
    return path


def _segment_rows(table: Table) -> dict[str, Row]:
    table.need(("doc_id",), ("segment_id",), ("text",))
    rows: dict[str, Row] = {}
    for row in table.rows:
        name = row.get("segment_id")
        if not name or not row.get("doc_id"):
            raise table.refuse(row, "no doc_id or segment_id", "Fill in both.")
        if not row.get("text"):
            raise table.refuse(
                row, f"segment '{name}' has no text", "Fill it in or leave the row out."
            )
        if name in rows:
            raise table.refuse(
                row,
                f"segment_id '{name}' is already on line {rows[name].line}",
                "Give each segment its own id; nothing of this file was imported.",
            )
        rows[name] = row
    if not rows:
        raise FileRefused.because(table.path, "holds no segments", remedy="Add rows to it.")
    return rows


def _codings(
    folder: Path, rows: Mapping[str, Row], codebook: Codebook
) -> tuple[tuple[str, str, str | None], ...]:
    path = find_corpus_file(folder, "codings")
    if path is None:
        return ()
    table = read_table(path)
    table.need(("segment_id",), ("coder",), ("code",))
    codings = []
    for row in table.rows:
        name, coder, code = row.get("segment_id"), row.get("coder"), row.get("code")
        if name not in rows:
            raise table.refuse(
                row,
                f"segment '{name}' is not in the segments",
                "Correct the id or add the segment; nothing of this file was imported.",
            )
        if not coder:
            raise table.refuse(row, "no coder", "Name the coder.")
        if code and code not in codebook:
            raise table.refuse(
                row,
                f"code '{code}' is not in the codebook ({len(codebook)} codes)",
                "Add it to codebook.csv or correct it; nothing of this file was imported.",
            )
        codings.append((name, coder, code or None))
    return tuple(codings)


def _roles(
    rows: Mapping[str, Row], codings: tuple[tuple[str, str, str | None], ...]
) -> dict[str, Role]:
    """The role of each speaker: what the label says, unless people coded what they say."""
    seen = {name for name, _, _ in codings}
    coded = {name for name, _, code in codings if code}
    by_role: dict[Role, list[str]] = {}
    role_by_speaker: dict[str, Role] = {}
    for name, row in rows.items():
        speaker = row.get("speaker")
        role = role_by_speaker.setdefault(speaker, role_of_label(speaker) or "participant")
        if name in seen:
            by_role.setdefault(role, []).append(name)
    for role, names in by_role.items():
        if sum(name in coded for name in names) > _CODABLE_SHARE * len(names):
            role_by_speaker |= {s: "participant" for s, r in role_by_speaker.items() if r == role}
    return role_by_speaker


def _transcript(name: str, rows: list[Row], roles: Mapping[str, Role], digest: str) -> Transcript:
    text, turns = compose(
        [
            Utterance(
                words=row.cells.get("text", "").replace("\r\n", "\n").replace("\r", "\n"),
                speaker=row.get("speaker") or None,
            )
            for row in rows
        ]
    )
    speakers = dict.fromkeys(turn.speaker for turn in turns if turn.speaker)
    timed = tuple(
        Turn(
            span=turn.span,
            speaker=turn.speaker,
            begin=_seconds(row.get("start")),
            finish=_seconds(row.get("end")),
        )
        for turn, row in zip(turns, rows, strict=True)
    )
    return Transcript(
        name=name,
        text=text,
        turns=timed,
        source=Source(name=f"{name} (corpus)", format="corpus", digest=f"{digest}:{name}"),
        speakers=tuple(
            Speaker(name=s, role=roles[s], basis="given", confidence=1.0) for s in speakers
        ),
        language=identify_language(text),
    )


def _seconds(clock: str) -> float | None:
    """A time such as "0:01:02" or "62.5" as seconds; a date is not a media time: None."""
    total = 0.0
    for part in clock.split(":"):
        if not part.replace(".", "", 1).isdigit():
            return None
        total = total * 60 + float(part)
    return total


def _attributes(folder: Path) -> dict[str, dict[str, str]]:
    path = find_corpus_file(folder, "docs")
    if path is None:
        return {}
    table = read_table(path)
    table.need(("doc_id",))
    return {
        row.get("doc_id"): {
            column: row.get(column)
            for column in table.columns
            if column != "doc_id" and row.get(column)
        }
        for row in table.rows
    }
