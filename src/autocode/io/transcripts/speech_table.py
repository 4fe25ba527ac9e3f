"""Tables with a row for each utterance (Whisper's .csv and .tsv, and what people keep in Excel)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...core.errors import FileRefused
from ..source import SourceFile
from ..tables.headings import fold_heading
from ..tables.profile import profile_column
from ..tables.speech import find_speech_columns
from ..tables.table import Row, Table, read_table
from .reader import ParsedTranscript, TranscriptReader
from .utterances import Utterance

SUFFIXES = (".csv", ".tsv", ".xlsx")
_CLOCK = re.compile(
    r"[\[(]?(?:(?P<h>\d{1,3})[:.])?(?P<m>\d{1,3})[:.](?P<s>\d{2}(?:[.,]\d{1,6})?)(?P<frames>[;:]\d{2})?[\])]?"
    r"\s?(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,12})?")
_MILLISECONDS = frozenset({"start (ms)", "start ms", "end (ms)", "end ms"})
_LONGEST_CUE = 300.0
"""Seconds that one cue may last on average; above, whole numbers are milliseconds."""


def read_speech_table(source: SourceFile) -> ParsedTranscript:
    """Read a table of speech as one transcript, in the order of its rows.

    A cell of the speaker column that is left empty where others are filled goes on with the speaker
    above. Times are clock times, seconds, or milliseconds, which a note says.

    Raises:
        FileRefused: if it is no table, or no column holds words.
    """
    table = read_table(source)
    columns = find_speech_columns(table)
    if "words" not in columns:
        raise FileRefused.because(
            source.path,
            f"has no column of words (columns: {', '.join(c for c in table.columns if c)})",
            remedy="Name it: --column words=NAME, and --column speaker=NAME for who speaks.",
        )
    utterances = list(_utterances(table, columns))
    warnings = [*table.notes, *_warnings(table, columns)]
    return ParsedTranscript(format=source.suffix[1:], utterances=utterances, warnings=warnings)


def find_tags_column(table: Table) -> str | None:
    """The column that says what each utterance was coded with, if there is one."""
    return find_speech_columns(table).get("tags")


def iterate_tags(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words of each utterance and what it is tagged with, where a table of speech has tags.

    Several tags in one cell are parted by semicolons, bars or line ends; commas part them where no
    cell of the column holds any of those.
    """
    columns = find_speech_columns(table)
    if "tags" not in columns or "words" not in columns:
        return
    cells = [row.get(columns["tags"]) for row in table.rows]
    parting = r"[;|\n]" if any(re.search(r"[;|\n]", cell) for cell in cells) else r"[,\n]"
    for row, cell in zip(table.rows, cells, strict=True):
        tags = tuple(tag.strip() for tag in re.split(parting, cell) if tag.strip())
        words = " ".join(row.get(columns["words"]).split())
        if words:
            yield words, tags


def _utterances(table: Table, columns: Mapping[str, str]) -> Iterator[Utterance]:
    scale = _scale(table, columns)
    speaker: str | None = None
    for row in table.rows:
        words = " ".join(row.get(columns["words"]).split())
        if not words:
            continue
        if "speaker" in columns:
            speaker = row.get(columns["speaker"]).strip(" :[]") or speaker
        yield Utterance(
            words=words,
            speaker=speaker,
            begin=_time(row, columns.get("start"), scale),
            finish=_time(row, columns.get("end"), scale),
        )


def _warnings(table: Table, columns: Mapping[str, str]) -> list[str]:
    warnings = []
    if "start" in columns and _scale(table, columns) != 1.0:
        warnings.append(f"the times in '{columns['start']}' are read as milliseconds")
    if "speaker" not in columns:
        warnings.append("no column names the speakers")
    else:
        empty = sum(not row.get(columns["speaker"]) for row in table.rows)
        if empty:
            warnings.append(f"{empty} rows name no speaker; they go on with the one above")
    unused = [c for c in table.columns if c and c not in columns.values()]
    unused = [c for c in unused if fold_heading(c) not in ("id", "#", "turn", "nr", "no", "index")]
    return [*warnings, *table.describe_unused(unused)]


def _scale(table: Table, columns: Mapping[str, str]) -> float:
    """Seconds for one unit of the times: 1, or 0.001 where they can only be milliseconds."""
    start, end = columns.get("start"), columns.get("end")
    if start is None:
        return 1.0
    if fold_heading(start) in _MILLISECONDS:
        return 0.001
    if end is None or not profile_column(table, start).is_numeric:
        return 1.0
    lasting = [
        float(finish) - float(begin)
        for row in table.rows
        if (begin := row.get(start)).isdecimal() and (finish := row.get(end)).isdecimal()
    ]
    enough = len(lasting) >= 0.9 * len(table.rows) > 0
    return 0.001 if enough and sum(lasting) / len(lasting) > _LONGEST_CUE else 1.0


def _time(row: Row, column: str | None, scale: float) -> float | None:
    """The time in a cell in seconds, or None where there is none."""
    cell = row.get(column) if column else ""
    if not cell:
        return None
    if _NUMBER.fullmatch(cell):
        return float(cell.replace(",", ".")) * scale
    match = _CLOCK.fullmatch(cell)
    if match is None:
        return None
    hours = int(match["h"] or 0)
    if match["half"]:
        hours = hours % 12 + (12 if match["half"].lower().startswith("p") else 0)
    return hours * 3600 + int(match["m"]) * 60 + float(match["s"].replace(",", "."))


SPEECH_TABLE = TranscriptReader(
    name="table",
    label="tables of speech",
    suffixes=SUFFIXES,
    sniff=lambda source: source.suffix in SUFFIXES,
    read=read_speech_table,
    takes_text=False,
)
