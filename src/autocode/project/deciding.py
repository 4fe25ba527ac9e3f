"""People's word on suggestions: accepted, changed, rejected or withdrawn; a batch or none of it.

A decision is one coder's, on a code for a span. The number of a suggestion is only a way to name
these: it changes when codes are suggested again, and what was decided stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.acts import NewAct
from ..core.codebook import Codebook
from ..core.coding import ACTIONS, Decision
from ..core.errors import InputError, NotFound, NothingToDo, PassLocked, SpanError
from ..core.transcript import Span
from ..io.tables.decisions import DecisionRow, read_decisions
from ..io.tables.faults import RowFault, list_faults, refuse_rows
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.decisions import Target, add_decisions, decisions, targets, withdraw_decisions
from ..store.file import Connection, StudyFile
from ..store.passes import passes
from ..store.suggestions import no_suggestion
from ..store.transcripts import texts, transcript_ids

_MOST_NAMED = 500
"""Transcripts named in one question to the study; of more, all are read."""

_Place = tuple[str, Span, str, str]
"""Transcript, span, code suggested, coder: what a decision is known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a batch: decisions kept and withdrawn, and how many were known already.

    `n_left` rows could not be used and were left out, as was asked for; `faults` list them.
    """

    kept: tuple[Decision, ...] = ()
    withdrawn: tuple[Decision, ...] = ()
    n_known: int = 0
    n_left: int = 0
    faults: tuple[str, ...] = ()


def apply_decisions(
    study: StudyFile, path: Path, coder: str | None, *, partial: bool = False
) -> Decided:
    """Carry out the decisions of a table, all of them, or with `partial` those that can be.

    Raises:
        FileRefused: if it is no such table, or rows cannot be used: all of them are listed.
    """
    rows, faults = read_decisions(path)
    with study.writing(_decide_act(rows, coder)) as connection:
        batch = _Batch(connection, rows, coder)
        for row in rows:
            try:
                batch.take(row)
            except (InputError, NotFound) as error:
                faults.append(RowFault(row.line, str(error), ""))
        faults.sort(key=lambda fault: fault.line)
        n_rows = len({row.line for row in rows} | {fault.line for fault in faults})
        if faults and not (partial and len(faults) < n_rows):
            way_on = "" if partial else ", or apply the others with --partial"
            raise refuse_rows(
                path, faults, n_rows, way_on=way_on, outcome="No decision was applied."
            )
        decided = batch.carry_out(connection)
    return replace(decided, n_left=len(faults), faults=tuple(list_faults(faults)))


def decide_all(study: StudyFile, rows: Sequence[DecisionRow], coder: str | None) -> Decided:
    """Carry out decisions and keep them, in one transaction; `coder` stands where a row has none.

    What the same coder has decided before in the same way is known and passed over, so that a sheet
    that was filled in further can be applied again.

    Raises:
        NotFound: if a suggestion, transcript or code does not exist.
        InputError: if the coder decided otherwise before, nobody is named, or action and code do
            not fit.
    """
    with study.writing(_decide_act(rows, coder)) as connection:
        return decide_within(connection, rows, coder)


def decide_within(
    connection: Connection, rows: Sequence[DecisionRow], coder: str | None
) -> Decided:
    """`decide_all` as a part of an act that does more."""
    batch = _Batch(connection, rows, coder)
    for row in rows:
        batch.take(row)
    return batch.carry_out(connection)


class _Batch:
    """The decisions of a batch, each looked at with what was decided before it."""

    def __init__(
        self, connection: Connection, rows: Sequence[DecisionRow], coder: str | None
    ) -> None:
        self._coder = coder
        self._by_number = targets(
            connection, {row.suggestion for row in rows if row.suggestion is not None}
        )
        named = {row.transcript for row in rows if row.transcript is not None}
        some = named if len(named) <= _MOST_NAMED else None
        self._texts: Mapping[str, str] = texts(connection, some) if named else {}
        self._ids: Mapping[str, int] = transcript_ids(connection) if named else {}
        names_codes = bool(named) or any(row.code is not None for row in rows)
        self._codebook = read_codebook(connection) if names_codes else Codebook(())
        names = {_who(row, coder) for row in rows}
        self._before: dict[_Place, Decision] = {
            (d.transcript, d.span, d.suggested, d.coder): d
            for d in decisions(connection, names, at=_only_place(rows))
        }
        self._locked = {
            (one.transcript, one.coder): one.state for one in passes(connection) if one.is_locked
        }
        self._kept: dict[_Place, tuple[Decision, Target]] = {}
        self._withdrawn: list[Decision] = []
        self._n_known = 0

    def take(self, row: DecisionRow) -> None:
        """Add a row to what is to be done."""
        target, who = self._target(row), _who(row, self._coder)
        if not who:
            raise InputError("nobody is named as the coder; fill in 'coder' or use --coder")
        place = (target.transcript, target.span, target.code, who)
        before = self._before.get(place)
        if row.action == "withdraw":
            if before is None:
                self._n_known += 1
            elif place in self._kept:
                raise InputError("This suggestion is decided and withdrawn in one table.")
            else:
                self._refuse_locked(target.transcript, who)
                self._withdrawn.append(self._before.pop(place))
            return
        made = _decision(row, target, self._codebook, who)
        if before is None:
            self._refuse_locked(target.transcript, who)
            self._before[place] = made
            self._kept[place] = (made, target)
        elif (before.action, before.applied) == (made.action, made.applied):
            self._n_known += 1
        else:
            raise InputError(
                f"{_named(row, target)} was decided before ({before.action} by {who}, "
                f"{before.made_at}). Withdraw that decision first (decision: withdraw), or undo it."
            )

    def carry_out(self, connection: Connection) -> Decided:
        """Write what is to be done."""
        if self._withdrawn:
            withdraw_decisions(connection, self._withdrawn)
        add_decisions(connection, list(self._kept.values()))
        return Decided(
            kept=tuple(made for made, _ in self._kept.values()),
            withdrawn=tuple(self._withdrawn),
            n_known=self._n_known,
        )

    def _refuse_locked(self, transcript: str, who: str) -> None:
        """Refuse it here, with the line of the table, before the act as a whole is refused."""
        if state := self._locked.get((transcript, who)):
            raise PassLocked.by(transcript, who, state)

    def _target(self, row: DecisionRow) -> Target:
        """What a row is on: its place where it has one, else the suggestion of its number."""
        numbered = self._by_number.get(row.suggestion or 0)
        if row.transcript is None or row.span is None or row.suggested is None:
            if numbered is None:
                raise no_suggestion(row.suggestion or 0)
            return numbered
        if row.transcript not in self._texts:
            raise NotFound.among("transcript", row.transcript, self._ids)
        code = self._codebook.find(row.suggested).id
        if not row.span.of(self._texts[row.transcript]).strip():
            raise SpanError(
                f"Span {row.span.start}..{row.span.end} of '{row.transcript}' holds no words."
            )
        place = (row.transcript, row.span, code)
        if numbered and (numbered.transcript, numbered.span, numbered.code) != place:
            raise InputError(
                f"Suggestion {row.suggestion} is for another place or code than the line says. "
                "Leave the number empty, or export the suggestions again."
            )
        return numbered or Target(
            number=None,
            transcript_id=self._ids[row.transcript],
            transcript=row.transcript,
            span=row.span,
            code=code,
        )


def _only_place(rows: Sequence[DecisionRow]) -> tuple[str, Span] | None:
    """The span that all rows name, None where they name several, or one of them a number only."""
    places = {(row.transcript, row.span) for row in rows if row.suggested is not None}
    if len(places) != 1 or any(row.suggested is None for row in rows):
        return None
    ((transcript, span),) = places
    return None if transcript is None or span is None else (transcript, span)


def _who(row: DecisionRow, coder: str | None) -> str:
    return (row.coder or coder or "").strip()


def _named(row: DecisionRow, target: Target) -> str:
    if row.suggestion is not None:
        return f"Suggestion {row.suggestion}"
    return f"'{target.code}' at {target.span.start}..{target.span.end} of '{target.transcript}'"


def auto_accept(study: StudyFile, coder: str) -> list[Decision]:
    """Accept every open suggestion that is auto-acceptable, as `coder`'s decisions; all or none.

    Raises:
        NothingToDo: if there is no such suggestion.
        InputError: if nobody is named.
    """
    new = NewAct(kind="decide", summary="auto-acceptable suggestions accepted", coder=coder)
    with study.writing(new) as connection:
        fixed = {
            p.transcript for p in passes(connection) if p.coder == coder.strip() and p.is_locked
        }
        known = {
            number: target
            for number, target in targets(connection, coder=coder.strip()).items()
            if target.transcript not in fixed
        }
        if not known:
            raise NothingToDo(
                "No open suggestion can be auto-accepted: the coded transcripts do not show that "
                "at most one in ten would be wrong. Decide on suggestions one by one."
            )
        row = DecisionRow(line=0, action="accept", memo="auto-accepted")
        decided = [
            (_decision(row, target, Codebook(()), _checked(coder)), target)
            for target in known.values()
        ]
        add_decisions(connection, decided)
    return [decision for decision, _ in decided]


def _checked(coder: str) -> str:
    if not coder.strip():
        raise InputError("nobody is named as the coder; fill in 'coder' or use --coder")
    return coder.strip()


def _decide_act(rows: Sequence[DecisionRow], coder: str | None) -> NewAct:
    who = {(row.coder or coder or "").strip() for row in rows}
    noun = "decision" if len(rows) == 1 else "decisions"
    return NewAct(
        kind="decide",
        summary=f"{len(rows)} {noun} on suggestions",
        coder=who.pop() if len(who) == 1 else (coder or "").strip(),
    )


def _decision(row: DecisionRow, target: Target, codebook: Codebook, who: str) -> Decision:
    if row.action not in ACTIONS:
        raise InputError(f"No decision '{row.action}'. Use {', '.join((*ACTIONS, 'withdraw'))}.")
    if row.action == "change" and row.code is None:
        raise InputError("A change needs the code to put in place.")
    if row.action != "change" and row.code is not None:
        raise InputError(f"'{row.action}' takes no other code; use change.")
    applied = {
        "accept": target.code,
        "reject": None,
        "change": codebook.find(row.code).id if row.code else None,
    }[row.action]
    return Decision(
        suggestion=target.number,
        action=row.action,
        coder=who,
        transcript=target.transcript,
        span=target.span,
        suggested=target.code,
        applied=applied,
        made_at=now(),
        memo=row.memo,
    )
