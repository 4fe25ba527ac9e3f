"""Tables of codings, cases and decisions that refer to transcripts already in a study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.codebook import Codebook
from ...core.coding import ACTIONS, Action, Case, Coding, Reading
from ...core.errors import FileRefused, NotFound
from ...core.transcript import Segment, Span
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
    """Codings and readings found in a table, anchored in the study's transcripts."""

    codings: tuple[Coding, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, and the voice it belongs to (`speaker` None: every participant of the transcript)."""

    case: Case
    transcript: str | None
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One line of a decisions file."""

    line: int
    suggestion: int
    action: Action
    code: str | None
    coder: str | None
    memo: str


def read_codings(
    path: Path,
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
    table = read_table(path)
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
        transcript = _known(table, row, "transcript", row.get("transcript"), texts)
        span = _span(table, row, anchors[transcript])
        if not row.get("code"):
            readings.append(Reading(transcript, span or Span(0, len(texts[transcript])), coder))
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
                memo=row.get("memo"),
            )
        )
    return CodingTable(tuple(codings), tuple(readings))


def read_cases(path: Path, known: Mapping[str, Sequence[str]]) -> list[CaseRow]:
    """Cases with attributes: columns `case`, `transcript`, optional `speaker`, then attributes.

    `known` holds the speakers of each transcript.

    Raises:
        FileRefused: on an unknown transcript or speaker, or a row without a case.
    """
    table = read_table(path)
    table.need(("case", "participant", "transcript"))
    attributes = [
        c for c in table.columns if c not in ("case", "participant", "transcript", "speaker", "")
    ]
    rows = []
    for row in table.rows:
        transcript = row.get("transcript") or None
        speaker = row.get("speaker") or None
        if transcript is not None:
            transcript = _known(table, row, "transcript", transcript, known)
            if speaker is not None:
                speaker = _known(table, row, "speaker", speaker, known[transcript])
        name = row.get("case", "participant", "transcript")
        if not name:
            raise table.refuse(row, "no case", "Name the case.")
        values = {c: row.get(c) for c in attributes if row.get(c)}
        rows.append(CaseRow(Case(name, values), transcript, speaker))
    return rows


def read_decisions(path: Path) -> list[DecisionRow]:
    """Decisions: columns `suggestion` (number), `decision`, optional `to`, `coder`, `memo`.

    Rows whose decision is empty are left undecided.

    Raises:
        FileRefused: on a number that is none, an unknown decision, or a change without a code.
    """
    table = read_table(path)
    table.need(("suggestion",), ("decision",))
    rows = []
    for row in table.rows:
        word = row.get("decision").casefold()
        if not word:
            continue
        number = row.get("suggestion").lstrip("#")
        if not number.isdecimal() or len(number) > 18:
            raise table.refuse(
                row, f"'{number}' is no suggestion number", "Use the number exported."
            )
        action = next((a for a in ACTIONS if word in (a, f"{a}ed", f"{a}d")), None)
        if action is None:
            raise table.refuse(row, f"unknown decision '{word}'", f"Use {', '.join(ACTIONS)}.")
        code = row.get("to", "new_code", "change_to") or None
        if action == "change" and code is None:
            raise table.refuse(row, "a change without a code", "Name it in the column 'to'.")
        rows.append(
            DecisionRow(
                line=row.line,
                suggestion=int(number),
                action=action,
                code=code,
                coder=row.get("coder") or None,
                memo=row.get("memo"),
            )
        )
    if not rows:
        raise FileRefused.because(
            path, "holds no decision", remedy="Write accept, reject or change in 'decision'."
        )
    return rows


def coding_rows(
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


class _Anchor:
    """Finds exact words in the spoken parts of a text, whatever the white space."""

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
        found, at = [], self._folded.find(folded)
        while at >= 0 and folded:
            found.append(Span(self._starts[at], self._starts[at + len(folded) - 1] + 1))
            at = self._folded.find(folded, at + 1)
        return found


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
    found = anchor.find(excerpt)
    if len(found) != 1:
        how_often = "does not occur" if not found else f"occurs {len(found)} times"
        raise table.refuse(
            row,
            f"the excerpt '{_short(excerpt)}' {how_often} in the transcript",
            "Give start and end, or the exact words; nothing was imported.",
        )
    return found[0]


def _known(
    table: Table, row: Row, kind: str, name: str, known: Mapping[str, object] | Sequence[str]
) -> str:
    if name in known:
        return name
    folded = {other.casefold(): other for other in known}
    if name.casefold() in folded:
        return folded[name.casefold()]
    raise table.refuse(row, str(NotFound.among(kind, name, known)), "Nothing was imported.")


def _short(excerpt: str) -> str:
    words = " ".join(excerpt.split())
    return words if len(words) <= 40 else f"{words[:40]}…"
