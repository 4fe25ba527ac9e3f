"""People's word on suggestions: accepted, changed or rejected; all of a batch or none of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.codebook import Codebook
from ..core.coding import ACTIONS, Decision
from ..core.errors import FileRefused, InputError, NotFound, NothingToDo
from ..core.suggestion import Suggestion
from ..io.tables.decisions import DecisionRow
from ..store import codings
from ..store import suggestions as drafts
from ..store.file import StudyFile, now


def decide_all(
    study: StudyFile, rows: Sequence[DecisionRow], coder: str | None, *, source: Path | None = None
) -> list[Decision]:
    """Carry out decisions and keep them, in one transaction; `coder` stands where a row has none.

    Raises:
        NotFound: if a suggestion or code does not exist.
        InputError: if one was decided before, nobody is named, or action and code do not fit.
        FileRefused: in place of either, where the rows come from the file `source`.
    """
    made: list[Decision] = []
    with study.writing() as connection:
        codebook = codings.codebook(connection)
        for row in rows:
            try:
                suggestion = drafts.suggestion(connection, row.suggestion)
                decision = _decision(row, suggestion, codebook, coder)
                drafts.decide(connection, decision)
            except (InputError, NotFound) as error:
                if source is None:
                    raise
                raise FileRefused.because(
                    source,
                    str(error).rstrip("."),
                    remedy="No decision of this file was applied.",
                    place=f"line {row.line}",
                ) from None
            made.append(decision)
    return made


def auto_accept(study: StudyFile, coder: str) -> list[Decision]:
    """Accept every open suggestion that is sure, as `coder`'s own decisions; all or none.

    Raises:
        NothingToDo: if no open suggestion is sure.
    """
    with study.reading() as connection:
        sure = [
            s for s in drafts.suggestions(connection) if s.auto_acceptable and s.number is not None
        ]
    if not sure:
        raise NothingToDo(
            "No open suggestion is sure enough to be accepted unseen: too little is coded yet, "
            "or the codes are too hard to tell. Decide on suggestions one by one."
        )
    rows = [
        DecisionRow(
            line=0, suggestion=s.number or 0, action="accept", code=None, coder=coder, memo="sure"
        )
        for s in sure
    ]
    return decide_all(study, rows, coder)


def _decision(
    row: DecisionRow, suggestion: Suggestion, codebook: Codebook, coder: str | None
) -> Decision:
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
        "accept": suggestion.code,
        "reject": None,
        "change": codebook.find(row.code).id if row.code else None,
    }[row.action]
    return Decision(
        suggestion=suggestion.number or row.suggestion,
        action=row.action,
        coder=who,
        transcript=suggestion.transcript,
        span=suggestion.span,
        suggested=suggestion.code,
        applied=applied,
        made_at=now(),
        memo=row.memo,
    )
