"""A dry run of an import: what would be taken as what, and how it begins; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..core.counted import say_count
from ..core.errors import InputError
from ..exchange.formats import read_project
from ..io.recognise import Recognised, RecognisedPath
from ..io.source import SourceFile
from ..io.tables.table import read_table
from ..io.transcripts.read import read_document
from .codebooks import read_codebook_file
from .describing import describe_transcript
from .import_report import ImportReport, PlannedFile, RefusedFile

_SHOWN = 3
_LONGEST = 160


def preview_files(recognised: Recognised, *, join_turns: bool) -> ImportReport:
    """What an import of these files would take, and what it could not read."""
    planned: list[PlannedFile] = []
    refused = [RefusedFile.of(Path(error.path), error) for error in recognised.refused]
    for item in recognised.files:
        try:
            planned.append(_preview(item, join_turns=join_turns))
        except InputError as error:
            refused.append(RefusedFile.of(item.path, error))
    return ImportReport(
        refused=tuple(refused), skipped=tuple(recognised.skipped), planned=tuple(planned)
    )


def _preview(item: RecognisedPath, *, join_turns: bool) -> PlannedFile:
    account, warnings, lines = _read(item, join_turns=join_turns)
    runner_up = item.recognition.runner_up
    return PlannedFile(
        path=item.path,
        kind=item.kind,
        reasons=item.recognition.reasons,
        runner_up=runner_up.describe() if runner_up else "",
        account=account,
        warnings=warnings,
        lines=tuple(lines),
    )


def _read(item: RecognisedPath, *, join_turns: bool) -> tuple[str, tuple[str, ...], list[str]]:
    """An account of the file, its warnings, and its first turns or rows."""
    source = item.source
    if item.kind == "project":
        read = read_project(item.path)
        account, *others = read.report.to_lines() or ["nothing"]
        notes = tuple(line.removeprefix("note").strip() for line in others)
        return f"a project of another tool: {account.removeprefix('kept').strip()}", notes, []
    if item.kind == "corpus":
        return "a coded corpus", (), []
    if item.kind == "transcript":
        transcript, case = read_document(source, join_turns=join_turns)
        lines = [
            f"{turn.speaker or '-'}: {_shorten(transcript.words_of(turn))}"
            for turn in transcript.turns[:_SHOWN]
        ]
        return describe_transcript(transcript, case), transcript.warnings, lines
    if item.kind == "codebook":
        file = read_codebook_file(source)
        paths = [" > ".join(path) for path in file.codebook.paths.values()]
        return file.account, file.notes, paths[:_SHOWN]
    return _read_rows(source)


def _read_rows(source: SourceFile) -> tuple[str, tuple[str, ...], list[str]]:
    table = read_table(source)
    lines = [" | ".join(_cells(row.cells.values())) for row in table.rows[:_SHOWN]]
    headings = ", ".join(column for column in table.columns if column)
    return f"{say_count(len(table.rows), 'row')} under {headings}", table.notes, lines


def _cells(cells: Iterable[str]) -> Iterator[str]:
    for cell in cells:
        yield _shorten(cell)


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
