"""The file that a coder takes away to code in, to be joined again later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.acts import NewAct
from ..core.errors import InputError
from ..core.joining import JoinLedger
from ..core.run import Run
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.file import StudyFile, create
from ..store.joining import references, write_united
from ..store.pieces import Piece, Row, read_piece
from ..store.runs import add_run, last_run
from ..store.segments import given_transcripts, replace_segments, segments
from ..store.uniting import unite

_WORK = ("codings", "readings", "decisions", "memos", "theme_decisions", "passes")
_HIDDEN = ("map_themes", "map_codes", "map_segments", "map_relations", "imports")
"""What is made of everybody's work, and names of files, which may name a coder."""


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


def share(study: StudyFile, path: Path, *, coder: str, blind: bool) -> SharedFile:
    """Make a new study at `path` for a coder: transcripts, codebook, cases and work.

    With `blind` the work is the coder's own alone, without the thematic map and the memos of codes:
    nothing of anybody else's can be seen in it but codes that they added. It has no suggestions or
    drafts, which the machine learned from others too, and a history of its own.

    Raises:
        StudyError: if something is there already, or the folder cannot be written.
        InputError: if nobody is named.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who takes the file. Give a coder.")
    with study.reading() as connection:
        piece, refers = read_piece(connection, study.path.name), references(connection)
        run = last_run(connection, "segment")
        given = given_transcripts(connection)
        cut: dict[str, list[dict[str, Any]]] = {}
        for segment in segments(connection):
            if segment.transcript not in given:
                cut.setdefault(segment.transcript, []).append(_segment_row(segment))
    if blind:
        piece = _of_coder(piece, coder)
    made = create(path)
    try:
        _fill(made, piece, refers, cut, run, coder)
    except BaseException:
        made.close()
        path.unlink(missing_ok=True)
        raise
    made.close()
    rows = {table: len(stored) for table, stored in piece.rows.items() if stored}
    return SharedFile(path=str(path), coder=coder, blind=blind, rows=rows)


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
    new = NewAct(kind="share", summary=f"shared with {coder}", coder=coder)
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


def _of_coder(piece: Piece, coder: str) -> Piece:
    """The content without the work of anybody else."""
    own = {row["id"] for row in piece.rows["coders"] if row["name"] == coder}

    def keep(table: str, rows: list[Row]) -> list[Row]:
        if table in _HIDDEN:
            return []
        if table == "codes":  # an empty memo gives way to the one that is there when joined
            return [{**row, "memo": ""} for row in rows]
        if table == "coders":
            return [row for row in rows if row["id"] in own]
        return [row for row in rows if table not in _WORK or row["coder_id"] in own]

    return Piece(piece.name, {table: keep(table, rows) for table, rows in piece.rows.items()})
