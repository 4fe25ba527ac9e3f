"""Taking a transcript or a coder's work out of a study, as an act that can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.acts import Change, Done, NewAct
from ..core.arguments import checked
from ..core.counted import say_count
from ..core.errors import InputError, NotFound
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store.codings import coders
from ..store.file import Connection, StudyFile
from ..store.removing import remove_coder, remove_transcripts, resting_on
from ..store.transcripts import transcript_ids

_COUNTED = {
    "transcripts": "transcript",
    "turns": "turn",
    "codings": "coding",
    "readings": "reading",
    "decisions": "decision",
    "theme_decisions": "decision on themes",
    "passes": "pass",
    "map_segments": "segment of the thematic map",
    "resolutions": "resolution",
    "family_switches": "switch of a family of codes",
    "media": "recording",
    "memos": "memo",
    "speakers": "speaker",
    "cases": "case",
    "attributes": "attribute",
}
"""The tables whose rows are counted for people, with what a row is called."""


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalTarget:
    """What to remove: one transcript, or all that one coder did, or (to erase) one case."""

    transcript: str | None = None
    coder: str | None = None
    case: str | None = None

    def __post_init__(self) -> None:
        if sum(name is not None for name in (self.transcript, self.coder, self.case)) != 1:
            raise InputError("Name one thing to remove: a transcript, a coder, or a case.")

    @property
    def kind(self) -> str:
        """What is to be removed, in a word."""
        return "transcript" if self.transcript else "coder" if self.coder else "case"

    @property
    def name(self) -> str:
        """What it is called."""
        return self.transcript or self.coder or self.case or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal(Result):
    """What was taken out, or would be: rows by table; `act` is None where it was only tried.

    `n_suggestions` and `n_draft_segments` rested on it and went too: they are computed anew, not
    undone.
    """

    what: str
    name: str
    act: int | None
    rows: Mapping[str, int]
    n_suggestions: int = 0
    n_draft_segments: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The removal as plain data."""
        return to_payload(
            "removed",
            {
                "act": self.act,
                "what": self.what,
                "name": self.name,
                "n_rows": dict(self.rows),
                "n_suggestions": self.n_suggestions,
                "n_draft_segments": self.n_draft_segments,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a table: how many rows of it went."""
        return [{"table": table, "n_rows": n} for table, n in self.rows.items()]


def remove(
    study: StudyFile, target: RemovalTarget, *, coder: str, dry_run: bool = False, key: str = ""
) -> Done[Removal]:
    """Take a transcript with all that points into it, or a coder's work, out of the study.

    Raises:
        NotFound: if there is no such transcript or coder.
        InputError: if nobody is named as the one who removes, or a case is named.
    """
    check_name(coder, "removes")
    if target.case is not None:
        raise InputError(
            "A case can be erased, which is final, but not removed: add --erase. To remove "
            "transcripts so that it can be undone, name each: --transcript NAME"
        )

    def do(connection: Connection) -> tuple[int, int]:
        if target.transcript is not None:
            known = transcript_ids(connection)
            if target.transcript not in known:
                raise NotFound.among("transcript", target.transcript, known)
            resting = resting_on(connection, transcripts=[target.transcript])
            remove_transcripts(connection, [target.transcript])
        else:
            names = [one.name for one in coders(connection)]
            if target.name not in names:
                raise NotFound.among("coder", target.name, names)
            resting = resting_on(connection, coder=target.name)
            remove_coder(connection, target.name)
        return resting

    summary = {"transcript": "{} removed", "coder": "the work of {} removed"}[target.kind]
    new = NewAct(kind="remove", summary=summary.format(target.name), coder=coder, key=key)
    done = study.act(new, do, dry_run=dry_run)
    resting = done.result or (0, 0)
    removed = Removal(
        what=target.kind,
        name=target.name,
        act=done.act.number if done.act else None,
        rows=count_removed(done.changes),
        n_suggestions=resting[0],
        n_draft_segments=resting[1],
    )
    return Done(act=done.act, result=removed, changes=done.changes, repeated=done.repeated)


def count_removed(changes: Sequence[Change]) -> dict[str, int]:
    """How many rows fewer each table has that people know, those that lost none left out."""
    counts = dict.fromkeys(_COUNTED, 0)
    for change in changes:
        if change.table in counts:
            # What is written anew, as a transcript from which turns were cut, has not gone.
            counts[change.table] += (change.after is None) - (change.before is None)
    return {table: n for table, n in counts.items() if n > 0}


def describe_rows(rows: Mapping[str, int]) -> str:
    """The counts in words: "1 transcript, 24 turns, 9 codings"."""
    parts = []
    for table, n in rows.items():
        parts.append(say_count(n, _COUNTED[table]))
    return ", ".join(parts) or "nothing"


def name_row(table: str) -> str:
    """What a row of a table is called."""
    return _COUNTED[table]


def check_name(coder: str, does: str) -> None:
    """Refuse to act for nobody; raises InputError."""
    if not coder.strip():
        raise InputError(f"Nobody is named as the one who {does}. Give a coder.")
