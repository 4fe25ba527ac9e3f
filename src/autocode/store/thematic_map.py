"""Rows and objects of the thematic map: themes over codes and segments, and their relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from ..core.thematic_map import MapRelation, MapTheme, PlacedSegment, ThematicMap
from ..core.transcript import Span
from . import schema as t
from .codebook import code_numbers
from .transcripts import transcript_ids


def thematic_map(connection: Connection) -> ThematicMap:
    """The map of the study; one without themes where none was made."""
    rows = connection.execute(
        select(t.map_themes).order_by(t.map_themes.c.position, t.map_themes.c.key)
    ).all()
    if not rows:
        return ThematicMap()
    codes: dict[int, list[str]] = {}
    for row in connection.execute(
        select(t.map_codes.c.theme_id, t.codes.c.code)
        .join_from(t.map_codes, t.codes, t.map_codes.c.code_id == t.codes.c.id)
        .order_by(t.map_codes.c.position, t.codes.c.code)
    ):
        codes.setdefault(row.theme_id, []).append(row.code)
    segments: dict[int, list[PlacedSegment]] = {}
    for row in connection.execute(
        select(t.map_segments, t.transcripts.c.name)
        .join_from(
            t.map_segments, t.transcripts, t.map_segments.c.transcript_id == t.transcripts.c.id
        )
        .order_by(t.map_segments.c.theme_id, t.transcripts.c.name, t.map_segments.c.start)
    ):
        placed = PlacedSegment(transcript=row.name, span=Span(row.start, row.end), draft=row.draft)
        segments.setdefault(row.theme_id, []).append(placed)
    keys = {row.id: row.key for row in rows}
    positions = {
        row.theme_id: (int(row.x), int(row.y))
        for row in connection.execute(select(t.map_positions))
    }
    themes = tuple(
        MapTheme(
            key=row.key,
            name=row.name,
            definition=row.definition,
            parent=keys.get(row.parent_id),
            is_central=bool(row.is_central),
            codes=tuple(codes.get(row.id, ())),
            segments=tuple(segments.get(row.id, ())),
            position=positions.get(row.id),
        )
        for row in rows
    )
    relations = connection.execute(select(t.map_relations).order_by(t.map_relations.c.position))
    return ThematicMap(
        themes,
        tuple(MapRelation(keys[r.one_id], keys[r.other_id], r.name) for r in relations),
    )


def put_map(connection: Connection, wanted: ThematicMap) -> None:
    """Make the stored map this one; rows that stay as they are are not touched."""
    numbers = _put_themes(connection, wanted)
    codes, transcripts = code_numbers(connection), transcript_ids(connection)
    _put_rows(
        connection,
        t.map_codes,
        ("theme_id", "code_id"),
        [
            {"theme_id": numbers[theme.key], "code_id": codes[code], "position": at}
            for theme in wanted.themes
            for at, code in enumerate(theme.codes)
        ],
    )
    _put_rows(
        connection,
        t.map_segments,
        ("theme_id", "transcript_id", "start", "end"),
        [
            {
                "theme_id": numbers[theme.key],
                "transcript_id": transcripts[placed.transcript],
                "start": placed.span.start,
                "end": placed.span.end,
                "draft": placed.draft,
            }
            for theme in wanted.themes
            for placed in theme.segments
        ],
    )
    _put_rows(
        connection,
        t.map_relations,
        ("one_id", "other_id"),
        [
            {
                "one_id": numbers[relation.one],
                "other_id": numbers[relation.other],
                "name": relation.name,
                "position": at,
            }
            for at, relation in enumerate(wanted.relations)
        ],
    )
    _put_rows(
        connection,
        t.map_positions,
        ("theme_id",),
        [
            {"theme_id": numbers[theme.key], "x": theme.position[0], "y": theme.position[1]}
            for theme in wanted.themes
            if theme.position is not None
        ],
    )
    gone = set(_theme_numbers(connection)) - set(numbers)
    if gone:
        # A key may be given again: what was noted on this theme is not about the next one.
        is_about = t.memos.c.about == "theme"
        connection.execute(delete(t.memos).where(is_about, t.memos.c.subject.in_(sorted(gone))))
        connection.execute(delete(t.map_themes).where(t.map_themes.c.key.in_(sorted(gone))))


def _theme_numbers(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(t.map_themes.c.key, t.map_themes.c.id))
    return {row.key: int(row.id) for row in rows}


def _put_themes(connection: Connection, wanted: ThematicMap) -> dict[str, int]:
    """Store the themes that are wanted, those above before those below; row numbers by key."""
    known = {row.key: row for row in connection.execute(select(t.map_themes))}
    position = {theme.key: at for at, theme in enumerate(wanted.themes)}
    numbers: dict[str, int] = {}
    for _, theme in wanted.walk():
        row = {
            "name": theme.name,
            "definition": theme.definition,
            "parent_id": None if theme.parent is None else numbers[theme.parent],
            "is_central": int(theme.is_central),
            "position": position[theme.key],
        }
        old = known.get(theme.key)
        if old is None:
            made = insert(t.map_themes).values(key=theme.key, **row).returning(t.map_themes.c.id)
            numbers[theme.key] = int(connection.execute(made).scalar_one())
            continue
        numbers[theme.key] = int(old.id)
        if any(getattr(old, name) != value for name, value in row.items()):
            change = update(t.map_themes).where(t.map_themes.c.id == old.id).values(**row)
            connection.execute(change)
    return numbers


def _put_rows(
    connection: Connection, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    """Make the rows of a table these; a row goes by the columns of `key`."""

    def name(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row[column] for column in key)

    def is_row(row: Mapping[str, Any]) -> list[Any]:
        return [table.c[column] == row[column] for column in key]

    stored = [row._asdict() for row in connection.execute(select(table))]
    old = {name(row): row for row in stored}
    new = {name(row): row for row in rows}
    for gone in old.keys() - new.keys():
        connection.execute(delete(table).where(*is_row(old[gone])))
    for at, row in new.items():
        if at not in old:
            connection.execute(insert(table), row)
        elif any(old[at][column] != value for column, value in row.items()):
            connection.execute(update(table).where(*is_row(row)).values(**row))
