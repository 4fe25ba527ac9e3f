"""Rows and objects of runs: what suggestions, themes and segments were made with."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, case, func, insert, select

from ..core.run import Run
from . import schema as t
from .clock import now
from .decoding import decode_rows

KINDS = ("segment", "suggest", "themes", "follow", "shown")
"""What a run does: cut transcripts, suggest, draft themes, follow a coder, note what is shown."""


def add_run(connection: Connection, run: Run) -> int:
    """Store what a run was made with; returns its number."""
    number = connection.execute(
        insert(t.runs).returning(t.runs.c.id),
        {
            "kind": run.kind,
            "method": run.method,
            "encoder": run.encoder,
            "encoder_digest": run.encoder_digest,
            "parameters": json.dumps(run.parameters, sort_keys=True, ensure_ascii=False),
            "versions": json.dumps(run.versions, sort_keys=True),
            "made_at": run.made_at or now(),
        },
    )
    return int(number.scalar_one())


def last_run_number(connection: Connection) -> int:
    """The number of the run that was added last; 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(t.runs.c.id), 0))).scalar_one())


def run_numbers(connection: Connection) -> set[int]:
    """The numbers of all runs."""
    return set(connection.execute(select(t.runs.c.id)).scalars())


def last_run(connection: Connection, kind: str) -> Run | None:
    """The newest run of a kind."""
    rows = connection.execute(
        select(t.runs).where(t.runs.c.kind == kind).order_by(t.runs.c.id.desc()).limit(1)
    )
    runs = decode_rows("runs", rows, _run)
    return runs[0] if runs else None


def suggest_runs(connection: Connection, coder: str | None = None) -> list[Run]:
    """What open suggestions were made by: the newest run for all codes and later ones.

    Of the runs for one coder, or with None of those whose suggestions are shown by default.
    """
    made = _suggest_runs(connection)
    known = [_whom(run) for run in made]
    whom = coder if coder is not None or None in known or not known else known[0]
    runs: list[Run] = []
    for run in made:
        if _whom(run) != whom:
            continue
        runs.insert(0, run)
        if not run.parameters.get("only_codes"):
            break
    return runs


def shown_runs(connection: Connection) -> list[Run]:
    """How suggestions were shown to coders, oldest first: the last one for each holds."""
    rows = connection.execute(select(t.runs).where(t.runs.c.kind == "shown").order_by(t.runs.c.id))
    return decode_rows("runs", rows, _run)


def newest_suggest_runs(connection: Connection) -> list[Run]:
    """The newest run for everybody and for each coder that codes were suggested for, in order."""
    newest: dict[str | None, Run] = {}
    for run in _suggest_runs(connection):
        newest.setdefault(_whom(run), run)
    return sorted(newest.values(), key=lambda run: run.number or 0)


def suggested_for(connection: Connection) -> set[str]:
    """The coders that codes were suggested for."""
    query = select(parameter(t.runs, "for")).where(t.runs.c.kind == "suggest")
    return {str(name) for name in connection.execute(query).scalars() if name is not None}


def default_coder(connection: Connection) -> str | None:
    """For whom the suggestions are that are shown where nobody is named: None for everybody.

    Where codes were suggested for single coders only, whoever they were last suggested for.
    """
    whom = parameter(t.runs, "for")
    query = select(whom).where(t.runs.c.kind == "suggest").order_by(t.runs.c.id.desc())
    known = list(connection.execute(query).scalars())
    return None if None in known or not known else str(known[0])


def parameter(runs: Any, name: str) -> Any:  # noqa: ANN401 - a SQLAlchemy Table and expression
    """A parameter of runs; NULL where they are damaged, which whoever reads the run says."""
    stored = runs.c.parameters
    sound = case((func.json_valid(stored) == 1, stored), else_="{}")
    return func.json_extract(sound, f"$.{name}")


def _suggest_runs(connection: Connection) -> list[Run]:
    """Every run that suggested, newest first."""
    rows = connection.execute(
        select(t.runs).where(t.runs.c.kind == "suggest").order_by(t.runs.c.id.desc())
    )
    return decode_rows("runs", rows, _run)


def _whom(run: Run) -> str | None:
    return run.parameters.get("for") or None


def _run(row: Any) -> Run:  # noqa: ANN401 - a SQLAlchemy Row
    parameters, versions = json.loads(row.parameters), json.loads(row.versions)
    return Run(
        kind=row.kind,
        method=row.method,
        encoder=row.encoder,
        encoder_digest=row.encoder_digest,
        parameters=dict(parameters),
        versions=dict(versions),
        made_at=row.made_at,
        number=row.id,
    )
