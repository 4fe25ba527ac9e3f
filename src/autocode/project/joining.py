"""Joining studies: what several people did in copies of one study, put together as one act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..core.acts import Change, Done, NewAct
from ..core.arguments import checked
from ..core.codebook import Code, Codebook
from ..core.errors import FileRefused, InputError, JoinBlocked
from ..core.joining import TAKES, JoinConflict, JoinDecisions, JoinLedger
from ..core.progress import silent
from ..core.transcript import Transcript
from ..io.tables.conflicts import read_takes, write_conflicts
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.acts import acts
from ..store.file import Connection, StudyFile, revision
from ..store.joining import references, write_united
from ..store.outdated_codes import Earlier, bring_up_to_date, earlier_values, edited_codes
from ..store.pieces import Piece, open_piece, read_piece
from ..store.segments import replace_segments
from ..store.thematic_map import thematic_map
from ..store.transcripts import transcripts
from ..store.uniting import United, unite
from .segmentation import Rows, Segmenter

_SHOWN = ("transcripts", "codes", "coders", "codings", "readings", "decisions", "memos", "cases")


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinOptions:
    """How to join: what to take where studies differ; with `dry_run` nothing is changed.

    `one_coder` says of coders' names whose work theirs becomes, `summary` what the history says.
    Requests with one `key` are one.
    """

    decisions: JoinDecisions = field(default_factory=JoinDecisions)
    one_coder: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    dry_run: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedFile:
    """What a joined study brought: rows that the study did not have, by table; who coded there.

    `left_out` are its transcripts whose text differs from one of the same name, `n_fixed` counts
    its work in passes that are revealed elsewhere, which came too late and is left out.
    """

    file: str
    coders: tuple[str, ...]
    new: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    n_fixed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Result):
    """What joining did or, tried only, would do: files, conflicts with decisions, rows by table.

    `act` is its number, None where nothing changed or it was only tried.
    """

    files: tuple[JoinedFile, ...]
    conflicts: tuple[JoinConflict, ...]
    added: Mapping[str, int]
    changed: Mapping[str, int]
    removed: Mapping[str, int]
    act: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return to_payload("join", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a conflict."""
        rows: list[dict[str, Any]] = to_plain(self.conflicts)
        return rows

    def write_conflicts(self, path: Path) -> int:
        """Write the conflicts as a table to decide in, see `decisions_of`; returns rows."""
        return write_conflicts(path, self.conflicts)


def decisions_of(take: str | None) -> JoinDecisions:
    """What to take: a word for all conflicts, or what a table of conflicts says in `take`.

    Raises:
        FileRefused: if it is no such word and no such table.
    """
    if take is None:
        return JoinDecisions()
    for word in TAKES:
        if take.strip().casefold() == word:
            return JoinDecisions(of_all=word)
    if not Path(take).is_file():
        raise FileRefused.because(
            take,
            "is neither 'this' nor 'other', nor a table that exists",
            remedy="Write a table of the conflicts with --write-conflicts FILE.",
        )
    return JoinDecisions(by_id=read_takes(Path(take)))


def join(
    study: StudyFile, others: Sequence[Path], coder: str, options: JoinOptions
) -> Done[Joined]:
    """Take what other studies hold into this one; they are only read.

    Transcripts are one where their texts are, codes by identifier, then id, then name, coders by
    name. Work is united: nothing of either side goes, and of two times the earlier is kept.

    Raises:
        JoinBlocked: if the studies differ in what is one thing, and nobody decided; all or nothing.
        StudyError: if one is no study, newer than this version, or its history was changed.
        InputError: if nobody is named, or a study is given twice.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who joins. Give a coder.")
    _refuse_repeated(study.path, others)
    with study.reading() as connection:
        this, refers = read_piece(connection, study.path.name), references(connection)
        earlier = earlier_values(connection)
        since = revision(connection)
        erased = any(act.kind == "erase" for act in acts(connection))
    pieces, texts = _read_others(others, this, earlier)
    ledger = JoinLedger([this.name, *(piece.name for piece in pieces)], options.decisions)
    united = unite([this, *pieces], refers, ledger, one_coder=options.one_coder, asks_new=erased)
    if ledger.undecided and not options.dry_run:
        raise JoinBlocked.by(ledger.undecided, ledger.undecided[0].describe())
    _refuse_circle(united)
    rows = _cut_new(study, this, united, texts) if not options.dry_run else {}

    def do(connection: Connection) -> None:
        write_united(connection, this, united)
        for name, its_rows in rows.items():
            replace_segments(connection, name, its_rows)
        thematic_map(connection)  # refuses two central themes, or two of one name

    kind = "join" if pieces else "coder"
    new = NewAct(
        kind=kind, summary=options.summary or _summary(pieces), coder=coder.strip(), key=options.key
    )
    done = study.act(new, do, since=since.number, dry_run=options.dry_run)
    if done.repeated:
        return Done(act=done.act, result=None, repeated=True)
    result = _joined(pieces, united, ledger.conflicts, done.changes)
    result = replace(result, act=done.act.number if done.act else None)
    return Done(act=done.act, result=result, changes=done.changes)


def _summary(pieces: Sequence[Piece]) -> str:
    return f"{', '.join(piece.name for piece in pieces)} joined"


def _refuse_repeated(path: Path, others: Sequence[Path]) -> None:
    seen = {path.resolve(): path}
    for other in others:
        if (known := seen.get(other.resolve())) is not None:
            what = "the study itself" if known is path else "given twice"
            raise InputError(f"{other}: is {what}. Name each study to join once.")
        seen[other.resolve()] = other


def _read_others(
    others: Sequence[Path], this: Piece, earlier: Earlier
) -> tuple[list[Piece], dict[str, Transcript]]:
    """The content of each study, and transcripts by the digest of their text."""
    pieces: list[Piece] = []
    texts: dict[str, Transcript] = {}
    names = Counter(path.name for path in others)
    for path in others:
        with ExitStack() as stack:
            study = stack.enter_context(open_piece(path))
            connection = stack.enter_context(study.reading())
            name = path.name if names[path.name] == 1 else str(path)
            piece = read_piece(connection, name)
            edited = edited_codes(connection)
            if edited is not None:
                piece = bring_up_to_date(piece, this, earlier, edited)
            pieces.append(piece)
            digests = {row["name"]: row["text_digest"] for row in piece.rows["transcripts"]}
            for transcript in transcripts(connection):
                texts.setdefault(digests[transcript.name], transcript)
    return pieces, texts


def _cut_new(
    study: StudyFile, this: Piece, united: United, texts: Mapping[str, Transcript]
) -> dict[str, Rows]:
    """Segments, as the study's are, of transcripts that are new and came without."""
    known = {identity for identity in united.own["transcripts"][0] if identity}
    given = {identity[0] for identity in united.rows["segments"]}
    new = [
        replace(texts[row["text_digest"]], name=row["name"])
        for identity, row in united.rows["transcripts"].items()
        if identity not in known and row["name"] not in given
    ]
    return Segmenter(study, None, silent).cut(new).rows if new else {}


def _refuse_circle(united: United) -> None:
    """Parents of codes are decided one by one and may be each other's; raises InputError."""
    Codebook(
        tuple(
            Code(id=row["code"], name=row["name"], parent=row["parent"])
            for row in united.rows["codes"].values()
        )
    )


def _joined(
    pieces: Sequence[Piece],
    united: United,
    conflicts: Sequence[JoinConflict],
    changes: Sequence[Change],
) -> Joined:
    counted: dict[str, Counter[str]] = {
        "added": Counter(),
        "changed": Counter(),
        "removed": Counter(),
    }
    for change in changes:
        kind = (
            "added" if change.before is None else "removed" if change.after is None else "changed"
        )
        counted[kind][change.table] += 1
    files = []
    for at, piece in enumerate(pieces, start=1):
        new = {
            table: len(set(own[at]) - set(own[0]) - {None})
            for table, own in united.own.items()
            if table in _SHOWN
        }
        files.append(
            JoinedFile(
                file=piece.name,
                coders=tuple(sorted(row["name"] for row in piece.rows["coders"])),
                new={table: new[table] for table in _SHOWN},
                left_out=tuple(name for n, name in united.left_out if n == at),
                n_fixed=united.n_fixed[at],
            )
        )
    return Joined(
        files=tuple(files),
        conflicts=tuple(conflicts),
        added=dict(counted["added"]),
        changed=dict(counted["changed"]),
        removed=dict(counted["removed"]),
    )
