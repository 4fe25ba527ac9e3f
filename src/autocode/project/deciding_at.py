"""Decisions on what is suggested for a place, each one act: for a screen on which people decide.

A suggestion is named by its place and code, since its number goes when codes are suggested anew.
What a coder decided there before gives way, so that whoever goes back decides again in one step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.acts import Done, NewAct
from ..core.codebook import Codebook
from ..core.coding import Action, Reading
from ..core.counted import say_count
from ..core.errors import NothingToDo, StudyChanged
from ..core.transcript import Span
from ..io.tables.decisions import DecisionRow
from ..store.codebook import codebook as read_codebook
from ..store.codings import add_readings
from ..store.decisions import decisions, targets
from ..store.file import Connection, StudyFile
from .acceptance_checks import CHECKED, TOGETHER, draw_checks
from .code_names import name_code
from .deciding import Decided, decide_within
from .followed_kept import keep_followed
from .hand_coding import HandOptions, Place, check_coder, find_codable, find_span

_DONE = {"accept": "accepted", "reject": "rejected", "change": "changed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be decided on codes suggested for a span; `to` is the code a change puts there."""

    transcript: str
    span: Span
    action: Action
    to: str | None = None


def decide_at(
    study: StudyFile,
    place: Place,
    code: str,
    action: Action,
    *,
    to: str | None,
    coder: str,
    options: HandOptions,
) -> Done[Decided]:
    """Decide on one code suggested for a place."""

    def do(connection: Connection) -> Decided:
        check_coder(connection, coder, new=options.new_coder)
        span = find_span(connection, place)
        wanted = _Wanted(transcript=place.transcript, span=span, action=action, to=to)
        if options.followed is not None:
            keep_followed(connection, options.followed, coder.strip())
        return _decide(connection, wanted, [code], coder, options.seen)

    name = name_code(study, code, options.seen)
    into = f" to {name_code(study, to, options.seen)}" if to else ""
    new = NewAct(
        kind="decide",
        summary=f"{_DONE.get(action, action)} {name}{into} in {place.transcript}",
        coder=coder.strip(),
        key=options.key,
    )
    return study.act(new, do, dry_run=options.dry_run)


def reject_all_at(
    study: StudyFile, place: Place, codes: Sequence[str], coder: str, options: HandOptions
) -> Done[Decided]:
    """Reject all codes suggested for a place, and note that it was read: none of them applies."""

    def do(connection: Connection) -> Decided:
        check_coder(connection, coder, new=options.new_coder)
        span = find_span(connection, place)
        wanted = _Wanted(transcript=place.transcript, span=span, action="reject")
        if options.followed is not None:
            keep_followed(connection, options.followed, coder.strip())
        decided = _decide(connection, wanted, codes, coder)
        add_readings(connection, [Reading(place.transcript, span, coder.strip(), "person")])
        return decided

    new = NewAct(
        kind="decide",
        summary=f"none of {say_count(len(codes), 'suggested code')} in {place.transcript}",
        coder=coder.strip(),
        key=options.key,
    )
    return study.act(new, do, dry_run=options.dry_run)


def accept_many(
    study: StudyFile, numbers: Sequence[int], coder: str, options: HandOptions
) -> Done[Decided]:
    """Accept these suggestions, all of them or none."""

    def do(connection: Connection) -> Decided:
        check_coder(connection, coder, new=options.new_coder)
        if not numbers:
            raise NothingToDo("No suggestion is chosen.")
        gone = set(numbers) - set(targets(connection, set(numbers)))
        if gone:
            raise StudyChanged(
                f"{len(gone)} of these suggestions have been made anew since. Look at the list "
                "again; nothing was accepted."
            )
        memo = options.memo or TOGETHER
        rows = [
            DecisionRow(line=0, action="accept", suggestion=number, memo=memo)
            for number in dict.fromkeys(numbers)
        ]
        return decide_within(connection, rows, coder)

    new = NewAct(
        kind="decide",
        summary=f"{say_count(len(set(numbers)), 'suggestion')} accepted together",
        coder=coder.strip(),
        key=options.key,
    )
    return study.act(new, do, dry_run=options.dry_run)


def _decide(
    connection: Connection,
    wanted: _Wanted,
    codes: Sequence[str],
    coder: str,
    seen: Codebook | None = None,
) -> Decided:
    codebook = read_codebook(connection)
    to = find_codable(connection, wanted.to, seen) if wanted.to else None
    who, here = [coder.strip()], (wanted.transcript, wanted.span)
    before = {one.suggested: one for one in decisions(connection, who, at=here)}
    due = draw_checks(decisions(connection, who)).due if before else ()
    rows: list[DecisionRow] = []
    for code in dict.fromkeys(codebook.find(code).id for code in codes):
        applied = {"accept": code, "change": to}.get(wanted.action)
        known = before.get(code)
        is_check = known in due
        if known and (is_check or (known.action, known.applied) != (wanted.action, applied)):
            rows.append(_row(wanted, code, withdraws=True))
        rows.append(_row(wanted, code, memo=CHECKED if is_check else ""))
    return decide_within(connection, rows, coder)


def _row(wanted: _Wanted, code: str, *, withdraws: bool = False, memo: str = "") -> DecisionRow:
    return DecisionRow(
        line=0,
        action="withdraw" if withdraws else wanted.action,
        transcript=wanted.transcript,
        span=wanted.span,
        suggested=code,
        code=None if withdraws else wanted.to,
        memo=memo,
    )
