"""Rows and objects of runs: what suggestions, themes and segments were made with."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, insert, select

from ..core.run import Run
from . import schema as t
from .decoding import decode_rows
from .file import now


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


def last_run(connection: Connection, kind: str) -> Run | None:
    """The newest run of a kind."""
    rows = connection.execute(
        select(t.runs).where(t.runs.c.kind == kind).order_by(t.runs.c.id.desc()).limit(1)
    )
    runs = decode_rows("runs", rows, _run)
    return runs[0] if runs else None


def suggest_runs(connection: Connection) -> list[Run]:
    """What the open suggestions were made by: the newest run for all codes and later ones."""
    rows = connection.execute(
        select(t.runs).where(t.runs.c.kind == "suggest").order_by(t.runs.c.id.desc())
    )
    runs: list[Run] = []
    for run in decode_rows("runs", rows, _run):
        runs.insert(0, run)
        if not run.parameters.get("only_codes"):
            break
    return runs


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
