"""What a search goes through, as plain rows: thirty interviews are read at every search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .capture import driver_of
from .file import Connection

Place = tuple[int, int, int | None]
"""Start and end of a turn or segment, and the row number of its speaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptRows:
    """A transcript with its turns and segments in order; `begins` are their times (seconds)."""

    number: int
    name: str
    text: str
    digest: str
    case: str | None
    turns: Sequence[Place]
    begins: Sequence[float | None]
    segments: Sequence[Place]


class SpeakerRow(NamedTuple):
    """A speaker of a transcript."""

    name: str
    role: str
    case: str | None


@dataclass(frozen=True, slots=True)
class SearchRows:
    """All transcripts in order of name, and the speakers by row number."""

    transcripts: Sequence[TranscriptRows]
    speakers: Mapping[int, SpeakerRow]


def search_rows(connection: Connection) -> SearchRows:
    """The words of a study, and who said them."""
    driver = driver_of(connection)
    turns: dict[int, list[Place]] = {}
    begins: dict[int, list[float | None]] = {}
    query = 'SELECT transcript_id, start, "end", speaker_id, begin FROM turns ORDER BY 1, 2'
    for number, start, end, speaker, begin in driver.execute(query):
        turns.setdefault(number, []).append((start, end, speaker))
        begins.setdefault(number, []).append(begin)
    segments: dict[int, list[Place]] = {}
    query = 'SELECT transcript_id, start, "end", speaker_id FROM segments ORDER BY 1, 2'
    for number, start, end, speaker in driver.execute(query):
        segments.setdefault(number, []).append((start, end, speaker))
    cases = dict(driver.execute("SELECT id, name FROM cases"))
    transcripts = driver.execute(
        "SELECT id, name, text, text_digest, case_id FROM transcripts ORDER BY name"
    )
    return SearchRows(
        transcripts=[
            TranscriptRows(
                number=number,
                name=name,
                text=text,
                digest=digest,
                case=cases.get(case),
                turns=turns.get(number, []),
                begins=begins.get(number, []),
                segments=segments.get(number, []),
            )
            for number, name, text, digest, case in transcripts
        ],
        speakers={
            number: SpeakerRow(name, role, cases.get(case))
            for number, name, role, case in driver.execute(
                "SELECT id, name, role, case_id FROM speakers"
            )
        },
    )


class CodingRow(NamedTuple):
    """A coding without what a search does not look at; `transcript` is its number."""

    transcript: int
    start: int
    end: int
    code: str
    coder: str
    memo: str


def coding_rows(connection: Connection, transcripts: frozenset[int]) -> list[CodingRow]:
    """The codings of these transcripts (by number) in the order of the text."""
    rows = driver_of(connection).execute(
        "SELECT transcript_id, start, \"end\", codes.code, coders.name, coalesce(codings.memo, '')"
        " FROM codings JOIN codes ON codes.id = code_id JOIN coders ON coders.id = coder_id"
        " WHERE transcript_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2, 3",
        [json.dumps(sorted(transcripts))],
    )
    return list(map(CodingRow._make, rows))
