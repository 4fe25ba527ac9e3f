"""The file that a coder takes away to code in, to be joined again later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.acts import SHARE, NewAct
from ..core.coding_pass import CodingPass
from ..core.errors import InputError, one_line
from ..core.joining import JoinLedger
from ..core.run import Run
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.file import Connection, StudyFile, create
from ..store.frozen_codes import frozen_codes
from ..store.joining import references, write_united
from ..store.parting import keep_own_work, keep_transcripts, without_recordings
from ..store.passes import passes
from ..store.pieces import Piece, read_piece
from ..store.runs import add_run, last_run
from ..store.segments import given_transcripts, replace_segments, segments
from ..store.transcripts import transcript_ids
from ..store.uniting import unite


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFile(Result):
    """The file made for a coder: where, whether blind, and how many rows each table has."""

    path: str
    coder: str
    blind: bool
    rows: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """What was shared as plain data."""
        return to_payload("shared", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a table of the file."""
        return [{"table": table, "n": n} for table, n in self.rows.items()]


def share(
    study: StudyFile, path: Path, *, coder: str, blind: bool, every_transcript: bool = False
) -> SharedFile:
    """Make a new study at `path` for a coder: transcripts, codebook, cases and work.

    Where there are passes the file holds the transcripts of the coder's own (all of them with
    `every_transcript`); it is blind where one of these passes is and was not revealed. In a blind
    file the work is the coder's own alone, without the thematic map and the memos of codes, and the
    codebook is that of the day when the pass was assigned: nothing of anybody else's can be seen in
    it. It has no suggestions or drafts, which the machine learned from others too, and a history of
    its own.

    Raises:
        StudyError: if something is there already, or the folder cannot be written.
        InputError: if nobody is named, or nothing is assigned to the coder and to others is.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who takes the file. Give a coder.")
    with study.reading() as connection:
        own, taken = _choose_transcripts(connection, coder, every_transcript=every_transcript)
        piece, refers = read_piece(connection, study.path.name), references(connection)
        run = last_run(connection, "segment")
        given = given_transcripts(connection)
        cut: dict[str, list[dict[str, Any]]] = {}
        for segment in segments(connection):
            if segment.transcript not in given and segment.transcript in taken:
                cut.setdefault(segment.transcript, []).append(_segment_row(segment))
        blind = blind or any(one.is_hidden for one in own)
        frozen = frozen_codes(connection, coder) if blind else None
    piece = without_recordings(keep_transcripts(piece, taken))
    if blind:
        piece = keep_own_work(piece, coder, frozen)
    made = create(path)
    try:
        _fill(made, piece, refers, cut, run, coder)
    except BaseException:  # an interrupt too must not leave half a file
        made.close()
        path.unlink(missing_ok=True)
        raise
    made.close()
    rows = {table: len(stored) for table, stored in piece.rows.items() if stored}
    return SharedFile(path=str(path), coder=coder, blind=blind, rows=rows)


def _choose_transcripts(
    connection: Connection, coder: str, *, every_transcript: bool
) -> tuple[list[CodingPass], set[str]]:
    """The coder's passes, and the names of the transcripts that the file is to hold."""
    everybody = passes(connection)
    own = [one for one in everybody if one.coder == coder]
    if every_transcript or not everybody:
        return own, set(transcript_ids(connection))
    if not own:
        known = ", ".join(sorted({one_line(one.coder, 60) for one in everybody}))
        raise InputError(
            f"No transcript is assigned to {one_line(coder, 60)}, but to {known}. Assign some: "
            "autocode passes assign. To share every transcript: --all (every_transcript=True)."
        )
    return own, {one.transcript for one in own}


def _fill(
    made: StudyFile,
    piece: Piece,
    refers: Mapping[str, Mapping[str, str]],
    cut: Mapping[str, list[dict[str, Any]]],
    run: Run | None,
    coder: str,
) -> None:
    with made.reading() as connection:
        empty = read_piece(connection, made.path.name)
    united = unite([empty, piece], refers, JoinLedger([empty.name, piece.name]))
    new = NewAct(kind=SHARE, summary=f"shared with {coder}", coder=coder)
    with made.writing(new) as connection:
        write_united(connection, empty, united)
        if run is not None:
            add_run(connection, run)
        for name, rows in cut.items():
            replace_segments(connection, name, rows)


def _segment_row(segment: Any) -> dict[str, Any]:  # noqa: ANN401 - a Segment
    return {
        "start": segment.span.start,
        "end": segment.span.end,
        "speaker": segment.speaker,
        "unit": segment.unit,
        "given": False,
        "name": segment.name,
        "domain": segment.domain,
    }
