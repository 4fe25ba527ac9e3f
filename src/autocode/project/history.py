"""The history of a study, and taking acts back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..core.acts import ACT_KINDS, BEGIN, REDO, REVEAL, UNDO, Act, Done, NewAct
from ..core.arguments import checked
from ..core.errors import InputError, NotFound, NothingToDo, StudyError, one_line
from ..core.progress import silent
from ..core.transcript import Transcript
from ..store.act_counts import count_acts
from ..store.acts import ActFilter, act_by_key, act_coders, acts, one_act
from ..store.codings import coders
from ..store.file import Connection, StudyFile, revision
from ..store.segments import replace_segments, uncut_transcripts
from ..store.transcripts import transcripts
from ..store.undoing import UndoPlan, apply_undo, plan_undo

if TYPE_CHECKING:
    from .segmentation import Rows


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which acts are wanted: of one coder or kind, from a time (ISO 8601) or number on, the last.

    `key_prefix` is how the keys begin of the acts that are wanted. `limit` gives so many of the
    last, without the `skip` very last of them.
    """

    coder: str | None = None
    since: str | int | None = None
    limit: int | None = None
    key_prefix: str = ""
    kind: str | None = None
    skip: int = 0


def parse_since(words: str | None) -> str | int | None:
    """A number of an act, or a date or time as ISO 8601 in UTC; raises InputError for another."""
    if words is None:
        return None
    if words.isdecimal() and len(words) < 8:
        return int(words)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise InputError(
            f"'{words}' is no date and no number of an act. Write a date as 2026-11-30, a time as "
            "2026-11-30T14:00."
        ) from None
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="seconds")


def list_acts(connection: Connection, wanted: HistoryFilter) -> list[Act]:
    """The acts that are wanted, oldest first; raises NotFound for a coder or kind that is none."""
    if wanted.coder is not None:
        known = act_coders(connection) | {coder.name for coder in coders(connection)}
        if wanted.coder not in known:
            raise NotFound.among("coder", wanted.coder, known)
    if wanted.kind is not None and wanted.kind not in ACT_KINDS:
        there = count_acts(connection, ActFilter())  # another version may have made others
        if wanted.kind not in there:
            raise NotFound(
                f"No act is of the kind '{one_line(wanted.kind, 60)}'. Kinds in this study: "
                f"{', '.join(sorted(there))}."
            )
    return acts(connection, _filter(wanted))


def list_act_kinds(connection: Connection, wanted: HistoryFilter) -> dict[str, int]:
    """How many acts of each kind are wanted, whatever the limit."""
    return count_acts(connection, _filter(wanted))


def list_act_coders(connection: Connection) -> list[str]:
    """Everybody who made an act, by name."""
    return sorted(act_coders(connection))


def _filter(wanted: HistoryFilter) -> ActFilter:
    return ActFilter(
        coder=wanted.coder,
        since=parse_since(wanted.since) if isinstance(wanted.since, str) else wanted.since,
        key_prefix=wanted.key_prefix,
        kind=wanted.kind,
        limit=wanted.limit,
        skip=wanted.skip,
    )


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOptions:
    """Which act to take back, the coder's last where none is named, and what goes with it.

    With `with_later` the later acts that rest on it go too; with `dry_run` nothing is changed, and
    what would be is returned. `redo` takes back an undo. Requests with one `key` are one. With
    `uncut` an act is refused that brings transcripts back, which are then cut, maybe by a model.
    `new_coder` lets somebody undo whom the study does not know yet. With `own_only` nothing is
    taken back that another coder did.
    """

    act: int | None = None
    with_later: bool = False
    dry_run: bool = False
    redo: bool = False
    key: str = ""
    uncut: bool = False
    new_coder: bool = False
    own_only: bool = False


def undo(study: StudyFile, coder: str, options: UndoOptions) -> Done[tuple[Act, ...]]:
    """Take acts back as one act; the result are the acts taken back, newest first.

    Transcripts that come back are segmented as the study is; the cutting is done outside the
    transaction, as it may need a model.

    Raises:
        NotFound: if there is no such act, or no such coder.
        InputError: if an act is another coder's, and `own_only` is given.
        NothingToDo: if the coder has nothing to take back.
        UndoBlocked: if later acts rest on it and `with_later` is not given.
        StudyError: if it is undone already or cannot be undone.
    """
    from .segmentation import Segmenter

    if not coder.strip():
        raise InputError("Nobody is named as the one who undoes. Give a coder.")
    with study.reading() as connection:
        if options.key and (known := act_by_key(connection, options.key)):
            return Done(act=known, result=None, repeated=True)
        if not options.new_coder:
            _check_coder(connection, coder)
        number = _number(connection, coder, options)
        if options.redo and one_act(connection, number).kind != UNDO:
            raise InputError(f"Act {number} is no undo, so that there is nothing to redo in it.")
        plan = plan_undo(connection, number, with_later=options.with_later)
        since = revision(connection)
    _check_own(plan, coder, options)
    if options.uncut and plan.restores("transcripts"):
        raise StudyError(
            "This brings transcripts back, which are cut anew, maybe by a model. Run: autocode "
            f"undo {study.path.name} --act {number} --coder '{coder}'"
            + (" --with-later" if options.with_later else "")
        )
    rows: dict[str, Rows] = {}
    new = _new_act(plan, coder, options.key)
    if plan.restores("transcripts"):
        # Tried and taken back at once, to see what comes back.
        tried = study.act(new, lambda c: _applied(c, plan, rows), dry_run=True, since=since.number)
        rows = Segmenter(study, None, silent).cut(tried.result or ()).rows

    def do(connection: Connection) -> tuple[Act, ...]:
        again = plan_undo(connection, number, with_later=options.with_later)
        _applied(connection, again, rows)
        return again.acts

    return study.act(new, do, since=since.number, dry_run=options.dry_run)


def _applied(connection: Connection, plan: UndoPlan, rows: dict[str, Rows]) -> list[Transcript]:
    """Write a plan and the segments of what comes back; returns what has no segments yet."""
    apply_undo(connection, plan)
    for transcript, its_rows in rows.items():
        replace_segments(connection, transcript, its_rows)
    if not plan.restores("transcripts"):
        return []
    uncut = uncut_transcripts(connection)
    return [t for t in transcripts(connection) if t.name in uncut]


def _new_act(plan: UndoPlan, coder: str, key: str) -> NewAct:
    taken = plan.acts
    kind = REDO if all(act.kind == UNDO for act in taken) else UNDO
    first = taken[-1]
    # What comes back is named, not the undo that had taken it.
    what = first.describe() if kind == UNDO else name_redone(first)
    words = {UNDO: "undone", REDO: "redone"}[kind]
    more = f" and {len(taken) - 1} later" if len(taken) > 1 else ""
    return NewAct(
        kind=kind,
        summary=f"{words}: {what}{more}",
        coder=coder,
        key=key,
        undoes=tuple(act.number for act in taken),
        drafts=True,
    )


def name_redone(undo: Act) -> str:
    """What taking back an undo brings back: "act 3 (24 decisions on suggestions, by Amina)"."""
    return (undo.summary or "").removeprefix("undone: ") or undo.describe()


def _check_own(plan: UndoPlan, coder: str, options: UndoOptions) -> None:
    """Nothing of another coder goes where only the own may; raises InputError."""
    if options.own_only and any(act.coder != coder for act in plan.acts):
        raise InputError("A coder undoes their own acts only. Ask a lead of this study.")


def _check_coder(connection: Connection, coder: str) -> None:
    """Whoever undoes is known to the study, where it knows anybody; raises NotFound."""
    known = {one.name for one in coders(connection)} | act_coders(connection)
    if known and coder not in known:
        raise NotFound.among("coder", coder, known)


def _number(connection: Connection, coder: str, options: UndoOptions) -> int:
    """The act that is named, else the coder's last that can be taken back; raises NothingToDo."""
    if options.act is not None:
        return options.act
    not_undone = [act for act in acts(connection) if act.undone_by is None]
    kinds = {UNDO} if options.redo else None
    own = [
        act
        for act in not_undone
        if act.coder == coder
        and act.n_changes
        and (act.kind in kinds if kinds else act.kind not in (UNDO, REDO, BEGIN, REVEAL))
    ]
    if own:
        return own[-1].number
    verb = "redo" if options.redo else "undo"
    raise NothingToDo(
        f"{coder} has no act to {verb}. To {verb} somebody else's, name it: --act N. The acts are "
        "listed by: autocode history STUDY"
    )
