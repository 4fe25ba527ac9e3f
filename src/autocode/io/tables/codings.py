"""Tables of codings that refer to transcripts already in a study, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ...core.codebook import Codebook
from ...core.coding import Basis, Coding, Reading
from ...core.errors import NotFound
from ...core.transcript import Segment, Span
from ..source import SourceFile
from .table import Row, Table, read_table

CODING_COLUMNS = (
    "transcript",
    "start",
    "end",
    "speaker",
    "excerpt",
    "coder",
    "code",
    "code_name",
    "made_at",
    "basis",
    "memo",
)


@dataclass(frozen=True, slots=True)
class CodingTable:
    """The codings and readings of a table, anchored in the study's transcripts."""

    codings: tuple[Coding, ...]
    readings: tuple[Reading, ...]


def read_codings(
    file: SourceFile | Path,
    texts: Mapping[str, str],
    codebook: Codebook,
    *,
    turns: Mapping[str, Sequence[Span]] | None = None,
) -> CodingTable:
    """Read codings given by offsets (`start`, `end`) or by the exact words (`excerpt`).

    A row with an empty `code` says that the coder read the span (or, without a span, the whole
    transcript). White space in an excerpt is folded; it must occur exactly once. With `turns` (the
    spans of each transcript's spoken words) an excerpt may run over the speaker's name that opens
    a line.

    Raises:
        FileRefused: on an unknown transcript or code, offsets past the end, or an excerpt that is
            missing or occurs several times.
    """
    table = read_table(file)
    table.need(("transcript",), ("coder",), ("code",))
    codings: list[Coding] = []
    readings: list[Reading] = []
    anchors = {
        name: _Anchor(text, (turns or {}).get(name) or [Span(0, len(text))])
        for name, text in texts.items()
    }
    for row in table.rows:
        coder = row.get("coder")
        if not coder:
            raise table.refuse(row, "no coder", "Name the coder.")
        transcript = table.match(row, "transcript", row.get("transcript"), texts)
        span = _span(table, row, anchors[transcript])
        if not row.get("code"):
            whole = Span(0, len(texts[transcript]))
            readings.append(Reading(transcript, span or whole, coder, _basis(row)))
            continue
        if span is None:
            raise table.refuse(row, "a code without a span", "Give start and end, or the excerpt.")
        try:
            code = codebook.find(row.get("code")).id
        except NotFound as error:
            raise table.refuse(row, str(error), "Nothing was imported.") from None
        codings.append(
            Coding(
                transcript=transcript,
                span=span,
                code=code,
                coder=coder,
                made_at=row.get("made_at"),
                basis=_basis(row),
                memo=row.get("memo"),
            )
        )
    return CodingTable(tuple(codings), tuple(readings))


def codings_to_rows(
    codings: Sequence[Coding],
    segments: Sequence[Segment],
    texts: Mapping[str, str],
    codebook: Codebook,
) -> Iterator[dict[str, object]]:
    """Codings as rows that `read_codings` reads back, with the words and who said them."""
    by_transcript: dict[str, list[Segment]] = {}
    for segment in segments:
        by_transcript.setdefault(segment.transcript, []).append(segment)
    for coding in codings:
        speaker = next(
            (
                s.speaker
                for s in by_transcript.get(coding.transcript, ())
                if s.span.overlap(coding.span)
            ),
            None,
        )
        yield {
            "transcript": coding.transcript,
            "start": coding.span.start,
            "end": coding.span.end,
            "speaker": speaker or "",
            "excerpt": coding.span.of(texts[coding.transcript]),
            "coder": coding.coder,
            "code": coding.code,
            "code_name": codebook.by_id[coding.code].name,
            "made_at": coding.made_at,
            "basis": coding.basis,
            "memo": coding.memo,
        }


def readings_to_rows(readings: Sequence[Reading]) -> Iterator[dict[str, object]]:
    """Readings as rows with an empty code, which `read_codings` reads back."""
    for reading in readings:
        yield {
            "transcript": reading.transcript,
            "start": reading.span.start,
            "end": reading.span.end,
            "coder": reading.coder,
            "code": "",
            "basis": reading.basis,
        }


def _basis(row: Row) -> Basis:
    """How a row came to be, where it says so in our words; other tools' rows are "imported"."""
    stated = row.get("basis")
    return next((basis for basis in get_args(Basis) if basis == stated), "imported")


class _Anchor:
    """Locates exact words in the spoken parts of a text, whatever the white space."""

    def __init__(self, text: str, spoken: Sequence[Span]) -> None:
        self._text = text
        self.length = len(text)
        word = re.compile(r"\S+")
        words = [m for span in spoken for m in word.finditer(text, span.start, span.end)]
        self._starts: list[int] = []
        pieces: list[str] = []
        for match in words:
            if pieces:
                pieces.append(" ")
                self._starts.append(match.start() - 1)
            pieces.append(match[0])
            self._starts.extend(range(match.start(), match.end()))
        self._folded = "".join(pieces)

    def letters(self, span: Span) -> str:
        """The visible characters of a span."""
        return "".join(span.of(self._text).split())

    def find(self, excerpt: str) -> list[Span]:
        folded = " ".join(excerpt.split())
        spans, at = [], self._folded.find(folded)
        while at >= 0 and folded:
            spans.append(Span(self._starts[at], self._starts[at + len(folded) - 1] + 1))
            at = self._folded.find(folded, at + 1)
        return spans


def _span(table: Table, row: Row, anchor: _Anchor) -> Span | None:
    start, end, excerpt = row.get("start"), row.get("end"), row.get("excerpt")
    if start or end:
        if not (start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12):
            raise table.refuse(row, f"offsets '{start}'..'{end}' are no numbers", "Count from 0.")
        if not int(start) < int(end) <= anchor.length:
            raise table.refuse(
                row,
                f"span {start}..{end} does not fit a transcript of {anchor.length} characters",
                "Correct the offsets; nothing was imported.",
            )
        span = Span(int(start), int(end))
        if excerpt and "".join(excerpt.split()) != anchor.letters(span):
            raise table.refuse(
                row,
                f"the words at {start}..{end} are not the excerpt '{_short(excerpt)}'",
                "Give one of the two, or correct them; nothing was imported.",
            )
        return span
    if not excerpt:
        return None
    spans = anchor.find(excerpt)
    if len(spans) != 1:
        frequency = "does not occur" if not spans else f"occurs {len(spans)} times"
        raise table.refuse(
            row,
            f"the excerpt '{_short(excerpt)}' {frequency} in the transcript",
            "Give start and end, or the exact words; nothing was imported.",
        )
    return spans[0]


def _short(excerpt: str) -> str:
    words = " ".join(excerpt.split())
    return words if len(words) <= 40 else f"{words[:40]}…"
