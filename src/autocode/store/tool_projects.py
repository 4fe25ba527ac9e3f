"""Rows of projects that came from other tools: what a study does not show of them, kept as it came.

A project's row holds what is of all of it, and each transcript that came with it has a row of its
own, which goes with the transcript and with its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from . import schema as t
from .acts import erase_changes
from .capture import driver_of
from .transcripts import transcript_ids

_TABLES = ("tool_projects", "tool_sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProject:
    """A project as it came: its `content`, and that of each transcript by name, as text."""

    digest: str
    name: str
    format: str
    content: str
    sources: Mapping[str, str]


def add_tool_project(connection: Connection, project: StoredProject) -> None:
    """Keep a project; its pieces take the place of those that its transcripts have."""
    connection.execute(
        insert(t.tool_projects).values(
            digest=project.digest,
            name=project.name,
            format=project.format,
            content=project.content,
            # Finer than other times: which of two came later decides what goes out.
            made_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        )
    )
    numbers = transcript_ids(connection)
    rows = [
        {"transcript_id": numbers[name], "project": project.digest, "content": content}
        for name, content in project.sources.items()
    ]
    if rows:
        put = insert(t.tool_sources)
        put = put.on_conflict_do_update(
            index_elements=["transcript_id"],
            # The row stays that of the first project, so that a later one can be undone alone.
            set_={"content": put.excluded.content},
        )
        connection.execute(put, rows)


def tool_projects(connection: Connection) -> list[StoredProject]:
    """All projects that came from other tools, in the order in which they came."""
    query = select(
        t.tool_sources.c.project, t.transcripts.c.name, t.tool_sources.c.content
    ).join_from(t.tool_sources, t.transcripts, t.tool_sources.c.transcript_id == t.transcripts.c.id)
    sources: dict[str, dict[str, str]] = {}
    for project, name, content in connection.execute(query.order_by(t.transcripts.c.name)):
        sources.setdefault(project, {})[name] = content
    order = (t.tool_projects.c.made_at, t.tool_projects.c.digest)
    return [
        StoredProject(
            digest=row.digest,
            name=row.name,
            format=row.format,
            content=row.content,
            sources=sources.get(row.digest, {}),
        )
        for row in connection.execute(select(t.tool_projects).order_by(*order))
    ]


def forget_tool_projects(connection: Connection) -> int:
    """Erase all that came from other tools beside the study's own content, and its history.

    It may quote anybody anywhere, so that none of it stays where somebody's words are erased.
    Returns how many changes of the history were erased.
    """
    driver = driver_of(connection)
    for table in reversed(_TABLES):
        driver.execute(f"DELETE FROM {table}")
    places = driver.execute(
        "SELECT act, position FROM changes WHERE table_name IN (SELECT value FROM json_each(?))",
        [json.dumps(_TABLES)],
    ).fetchall()
    return erase_changes(connection, places)
