"""People's word on suggestions: accepted, changed or rejected; all of a batch or none of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.acts import NewAct
from ..core.codebook import Codebook
from ..core.coding import ACTIONS, Decision
from ..core.errors import FileRefused, InputError, NotFound, NothingToDo
from ..io.tables.decisions import DecisionRow
from ..store.codebook import codebook as read_codebook
from ..store.decisions import Target, add_decisions, targets
from ..store.file import StudyFile, now
from ..store.suggestions import no_suggestion


def decide_all(
    study: StudyFile, rows: Sequence[DecisionRow], coder: str | None, *, source: Path | None = None
) -> list[Decision]:
    """Carry out decisions and keep them, in one transaction; `coder` stands where a row has none.

    Raises:
        NotFound: if a suggestion or code does not exist.
        InputError: if one was decided before, nobody is named, or action and code do not fit.
        FileRefused: in place of either, where the rows come from the file `source`.
    """
    with study.writing(_decide_act(rows, coder)) as connection:
        known = targets(connection, {row.suggestion for row in rows})
        changes = any(row.code is not None for row in rows)
        codebook = read_codebook(connection) if changes else Codebook(())
        made: dict[int, Decision] = {}
        for row in rows:
            try:
                decision = _decision(row, _open(row.suggestion, known, made), codebook, coder)
            except (InputError, NotFound) as error:
                if source is None:
                    raise
                raise FileRefused.because(
                    source,
                    str(error),
                    remedy="No decision of this file was applied.",
                    place=f"line {row.line}",
                ) from None
            made[row.suggestion] = decision
        add_decisions(connection, [(d, known[number]) for number, d in made.items()])
    return list(made.values())


def auto_accept(study: StudyFile, coder: str) -> list[Decision]:
    """Accept every open suggestion that is auto-acceptable, as `coder`'s decisions; all or none.

    Raises:
        NothingToDo: if there is no such suggestion.
        InputError: if nobody is named.
    """
    new = NewAct(kind="decide", summary="auto-acceptable suggestions accepted", coder=coder)
    with study.writing(new) as connection:
        known = targets(connection)
        if not known:
            raise NothingToDo(
                "No open suggestion can be auto-accepted: the coded transcripts do not show that "
                "at most one in ten would be wrong. Decide on suggestions one by one."
            )
        decided = []
        for number, target in known.items():
            row = DecisionRow(
                line=0,
                suggestion=number,
                action="accept",
                code=None,
                coder=coder,
                memo="auto-accepted",
            )
            decided.append((_decision(row, target, Codebook(()), coder), target))
        add_decisions(connection, decided)
    return [decision for decision, _ in decided]


def _decide_act(rows: Sequence[DecisionRow], coder: str | None) -> NewAct:
    who = {(row.coder or coder or "").strip() for row in rows}
    noun = "decision" if len(rows) == 1 else "decisions"
    return NewAct(
        kind="decide",
        summary=f"{len(rows)} {noun} on suggestions",
        coder=who.pop() if len(who) == 1 else (coder or "").strip(),
    )


def _open(number: int, known: dict[int, Target], made: dict[int, Decision]) -> Target:
    """The suggestion of this number, which nobody may have decided on yet."""
    if number not in known:
        raise no_suggestion(number)
    decided = known[number].decided
    if number in made:
        decided = (made[number].action, made[number].coder, made[number].made_at)
    if decided is not None:
        action, coder, made_at = decided
        raise InputError(
            f"Suggestion {number} was decided before ({action} by {coder}, {made_at}). Decisions "
            "are kept; code the segment by hand to change its codes."
        )
    return known[number]


def _decision(row: DecisionRow, target: Target, codebook: Codebook, coder: str | None) -> Decision:
    who = (row.coder or coder or "").strip()
    if not who:
        raise InputError("nobody is named as the coder; fill in 'coder' or use --coder")
    if row.action not in ACTIONS:
        raise InputError(f"No decision '{row.action}'. Use {', '.join(ACTIONS)}.")
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
