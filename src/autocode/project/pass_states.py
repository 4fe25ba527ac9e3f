"""Passes finished by their coders, opened again by whoever leads, and revealed to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..core.acts import REVEAL, Done, NewAct
from ..core.arguments import checked
from ..core.coding import Reading
from ..core.coding_pass import CodingPass, PassState
from ..core.errors import InputError, NotFound, NothingToDo, PassLocked, one_line
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store.codings import add_readings
from ..store.file import Connection, StudyFile
from ..store.passes import passes, set_pass_state
from .pass_list import PassView, view_passes
from .reader import Snapshot

PassAction = Literal["finish", "reopen", "reveal"]
Unread = Literal["refuse", "read", "leave"]


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class PassOptions:
    """How the state of passes is changed; with `dry_run` it is only said what would be.

    `unread` says what to do about segments that are not read when a pass is finished: refuse, note
    them as read with nothing applied, or leave them unread. Requests with one `key` are one.
    """

    unread: Unread = "refuse"
    dry_run: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassChange(Result):
    """Passes whose state was changed, as they are now; `act` is None where it was only tried.

    A pass that is finished comes with the segments that were not read before.
    """

    action: PassAction
    passes: tuple[PassView, ...]
    act: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        rows = [
            view.to_row()
            | {
                "unread": [
                    {"span": to_plain(s.span), "speaker": s.speaker, "excerpt": s.excerpt}
                    for s in view.unread
                ]
            }
            for view in self.passes
        ]
        return to_payload("pass_change", {"act": self.act, "action": self.action, "passes": rows})

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a pass."""
        return [view.to_row() for view in self.passes]


def finish_passes(
    study: StudyFile, coder: str, transcripts: Sequence[str], options: PassOptions
) -> Done[PassChange]:
    """Fix a coder's work in their open passes, or in those through some transcripts.

    Raises:
        NotFound: if the coder has no pass through a transcript.
        NothingToDo: if none is open.
        InputError: if segments are not read, and the options do not say what of them.
    """

    def do(connection: Connection) -> PassChange:
        chosen = [one for one in _of_coder(connection, coder, transcripts) if not one.is_locked]
        if not chosen:
            raise NothingToDo(f"{one_line(coder, 60)} has no open pass here: all are finished.")
        views = view_passes(Snapshot(study.path, connection), chosen)
        missing = [view for view in views if view.unread]
        if missing and options.unread == "refuse" and not options.dry_run:
            raise InputError(_describe_unread(missing))
        if options.unread == "read":
            unread = [segment for view in missing for segment in view.unread]
            new = [Reading(s.transcript, s.span, coder, basis="person") for s in unread]
            add_readings(connection, new)
        return _moved(connection, "finish", views, "finished")

    summary = _summarise("finished", coder, transcripts)
    return _act(study, NewAct(kind="finish", summary=summary, coder=coder.strip()), options, do)


def reopen_passes(
    study: StudyFile,
    of: str,
    transcripts: Sequence[str],
    *,
    reason: str,
    coder: str,
    options: PassOptions,
) -> Done[PassChange]:
    """Open finished passes of the coder `of` again; it is counted, and agreement says so.

    Raises:
        NotFound: if that coder has no pass through a transcript.
        PassLocked: if a pass is revealed.
        NothingToDo: if a pass is open.
        InputError: if nobody, no transcript or no reason is named.
    """
    if not coder.strip() or not reason.strip() or not transcripts:
        raise InputError(
            "Name the transcripts, who opens their passes again, and the reason: it is kept."
        )

    def do(connection: Connection) -> PassChange:
        chosen = _of_coder(connection, of, transcripts)
        for one in chosen:
            if one.state == "revealed":
                raise PassLocked.by(one.transcript, one.coder, one.state)
            if one.state == "open":
                raise NothingToDo(f"The pass of {of} through '{one.transcript}' is open.")
        views = view_passes(Snapshot(study.path, connection), chosen)
        return _moved(connection, "reopen", views, "open")

    summary = f"{_summarise('opened again', of, transcripts)}: {reason.strip()}"
    return _act(study, NewAct(kind="reopen", summary=summary, coder=coder.strip()), options, do)


def reveal_passes(
    study: StudyFile, transcripts: Sequence[str], coder: str, options: PassOptions
) -> Done[PassChange]:
    """Reveal to each other the passes through transcripts that several have finished; for good.

    Raises:
        NotFound: if there is no such transcript.
        InputError: if nobody is named, or a named transcript has an open pass or only one.
        NothingToDo: if no transcript is ready.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who reveals. Give a name.")

    def do(connection: Connection) -> PassChange:
        snapshot = Snapshot(study.path, connection)
        chosen = _ready(snapshot, transcripts)
        return _moved(connection, "reveal", view_passes(snapshot, chosen), "revealed")

    where = f" of {', '.join(transcripts)}" if transcripts else ""
    new = NewAct(kind=REVEAL, summary=f"finished passes{where} revealed", coder=coder.strip())
    return _act(study, new, options, do)


def _ready(study: Snapshot, transcripts: Sequence[str]) -> list[CodingPass]:
    """The finished passes of these transcripts, or of all that can be revealed."""
    by_transcript: dict[str, list[CodingPass]] = {t.name: [] for t in study.transcripts()}
    for one in study.coding_passes():
        by_transcript[one.transcript].append(one)
    for name in transcripts:
        if name not in by_transcript:
            raise NotFound.among("transcript", name, by_transcript)
        if hindrance := _hindrance(name, by_transcript[name]):
            raise InputError(hindrance)
    ready = [name for name, its in by_transcript.items() if not _hindrance(name, its)]
    chosen = [
        one
        for name in transcripts or ready
        for one in by_transcript[name]
        if one.state == "finished"
    ]
    if not chosen:
        waiting = [_hindrance(name, its) for name, its in by_transcript.items() if len(its) > 1]
        raise NothingToDo(" ".join(["There is no pass to reveal.", *filter(None, waiting[:2])]))
    return chosen


def _hindrance(transcript: str, its_passes: Sequence[CodingPass]) -> str:
    """Why passes through a transcript cannot be revealed, in words; empty where they can."""
    name = one_line(transcript, 60)
    if len(its_passes) < 2:
        return f"'{name}' has {len(its_passes) or 'no'} pass; two are needed to reveal them."
    unfinished = [one.coder for one in its_passes if one.state == "open"]
    if unfinished:
        return f"'{name}' waits for {', '.join(unfinished)} to finish."
    return ""


def _of_coder(connection: Connection, coder: str, transcripts: Sequence[str]) -> list[CodingPass]:
    own = {one.transcript: one for one in passes(connection) if one.coder == coder}
    if not own:
        known = {one.coder for one in passes(connection)}
        if not known:
            raise NothingToDo(
                "No transcript is assigned to anybody. Assign some: autocode passes assign STUDY"
            )
        raise NotFound.among("coder with a pass", coder, known)
    for name in transcripts:
        if name not in own:
            raise NotFound.among(f"pass of {one_line(coder, 40)} through", name, own)
    return [own[name] for name in dict.fromkeys(transcripts or own)]


def _moved(
    connection: Connection, action: PassAction, views: Sequence[PassView], state: PassState
) -> PassChange:
    for view in views:
        set_pass_state(connection, view.of, state)
    now = {(one.transcript, one.coder): one for one in passes(connection)}
    return PassChange(
        action=action,
        passes=tuple(replace(v, of=now[v.of.transcript, v.of.coder]) for v in views),
    )


def _describe_unread(missing: Sequence[PassView]) -> str:
    first = missing[0]
    more = f", and some of {len(missing) - 1} more transcripts" if len(missing) > 1 else ""
    return (
        f"{one_line(first.of.coder, 60)} has not read {len(first.unread)} of {first.n_segments} "
        f"segments of '{one_line(first.of.transcript, 60)}'{more}. If they were read and nothing "
        "applies to them: --all-read (unread='read'). To leave them out: --anyway "
        "(unread='leave'). They are listed with --dry-run (dry_run=True)."
    )


def _summarise(done: str, coder: str, transcripts: Sequence[str]) -> str:
    where = f" through {', '.join(transcripts)}" if transcripts else ""
    return f"passes of {coder.strip()}{where} {done}"


def _act(
    study: StudyFile, new: NewAct, options: PassOptions, do: Callable[[Connection], PassChange]
) -> Done[PassChange]:
    done = study.act(replace(new, key=options.key), do, dry_run=options.dry_run)
    if done.result is None:
        return done
    number = done.act.number if done.act else None
    return replace(done, result=replace(done.result, act=number))
