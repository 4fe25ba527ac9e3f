"""Rows and objects of draft themes: members, sub-themes, and unassigned segments."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ..core.coding import Coder, ThemeDecision
from ..core.errors import NothingToDo
from ..core.run import Run
from ..core.theme import (
    Contrast,
    Guidance,
    Member,
    PhraseStability,
    Stability,
    SubTheme,
    Theme,
    ThemeDraft,
    Unassigned,
    UnassignedReason,
)
from ..core.theme_diagnostics import DraftDiagnostics
from ..core.transcript import Segment
from . import schema as t
from .codings import coder_id
from .suggestions import add_run, last_run
from .transcripts import segments as all_segments
from .transcripts import transcript_ids


def replace_themes(connection: Connection, run: Run, draft: ThemeDraft) -> int:
    """Put a new theme draft in place of the last one; returns the run's number."""
    connection.execute(delete(t.runs).where(t.runs.c.kind == run.kind))
    key = add_run(connection, run)
    places = transcript_ids(connection)
    rows: list[dict[str, Any]] = []
    for theme in draft.themes:
        theme_id = connection.execute(
            insert(t.themes).returning(t.themes.c.id),
            {
                "run_id": key,
                "key": theme.key,
                "name": theme.name,
                "terms": json.dumps(theme.terms, ensure_ascii=False),
                "place": json.dumps(theme.position),
                "near": json.dumps(theme.near, ensure_ascii=False),
                "detail": json.dumps(_stored_detail(theme), ensure_ascii=False),
            },
        ).scalar_one()
        rows += [
            _member_row(key, places, m.segment, theme_id)
            | {"strength": m.strength, "exemplar": m.exemplar, "reason": m.reason or ""}
            | {"part": m.part, "edge": m.edge, "later": int(m.later)}
            | {"place": json.dumps(m.position)}
            for m in theme.members
        ]
    rows += [
        _member_row(key, places, n.segment, None)
        | {"reason": n.reason, "nearest": n.nearest, "later": int(n.later)}
        | {"place": json.dumps(n.position)}
        for n in draft.unassigned
    ]
    if rows:
        connection.execute(insert(t.members), rows)
    return key


def theme_draft(connection: Connection) -> ThemeDraft | None:
    """The last theme draft, or None; members whose segment was cut anew keep their span."""
    run = last_run(connection, "themes")
    if run is None:
        return None
    by_place = {(s.transcript, s.span.start): s for s in all_segments(connection)}
    names = {key: name for name, key in transcript_ids(connection).items()}
    members: dict[int, list[Member]] = {}
    unassigned: list[Unassigned] = []
    query = (
        select(t.members)
        .join_from(t.members, t.transcripts, t.members.c.transcript_id == t.transcripts.c.id)
        .where(t.members.c.run_id == run.number)
        .order_by(t.transcripts.c.name, t.members.c.start)
    )
    for row in connection.execute(query):
        segment = by_place.get((names[row.transcript_id], row.start))
        if segment is None:
            continue
        if row.theme_id is None:
            unassigned.append(
                Unassigned(
                    segment=segment,
                    reason=UnassignedReason.from_stored(row.reason) or UnassignedReason.OUTLIER,
                    nearest=row.nearest,
                    later=bool(row.later),
                    position=_place(row),
                )
            )
        else:
            member = Member(
                segment=segment,
                strength=row.strength,
                exemplar=row.exemplar,
                part=row.part,
                edge=row.edge,
                reason=UnassignedReason.from_stored(row.reason),
                later=bool(row.later),
                position=_place(row),
            )
            members.setdefault(row.theme_id, []).append(member)
    rows = connection.execute(
        select(t.themes).where(t.themes.c.run_id == run.number).order_by(t.themes.c.id)
    )
    themes = tuple(
        Theme(
            key=row.key,
            name=row.name,
            terms=tuple(json.loads(row.terms)),
            members=tuple(members.get(row.id, ())),
            position=tuple(json.loads(row.place)),
            near=tuple((code, similarity) for code, similarity in json.loads(row.near)),
            **_detail(json.loads(row.detail)),
        )
        for row in rows
    )
    return ThemeDraft(themes, tuple(unassigned), DraftDiagnostics.from_stored(run.parameters))


def last_draft(connection: Connection) -> tuple[ThemeDraft, Run]:
    """The last theme draft and the run that made it; raises NothingToDo if there is none."""
    draft = theme_draft(connection)
    run = last_run(connection, "themes")
    if draft is None or run is None:
        raise NothingToDo("No themes have been drafted yet. First run: autocode themes draft STUDY")
    return draft, run


def add_decision(connection: Connection, decision: ThemeDecision) -> None:
    """Keep what a person did with draft themes."""
    row = {
        "action": decision.action,
        "themes": json.dumps(decision.themes),
        "names": json.dumps(decision.names, ensure_ascii=False),
        "name": decision.name,
        "coder_id": coder_id(connection, Coder(decision.coder)),
        "made_at": decision.made_at,
        "memo": decision.memo,
    }
    connection.execute(insert(t.theme_decisions), row)


def theme_decisions(connection: Connection) -> list[ThemeDecision]:
    """Every decision on draft themes, oldest first."""
    query = (
        select(t.theme_decisions, t.coders.c.name.label("coder"))
        .join(t.coders, t.theme_decisions.c.coder_id == t.coders.c.id)
        .order_by(t.theme_decisions.c.id)
    )
    return [
        ThemeDecision(
            action=row.action,
            themes=tuple(json.loads(row.themes)),
            coder=row.coder,
            name=row.name,
            memo=row.memo,
            names=tuple(json.loads(row.names)),
            made_at=row.made_at,
        )
        for row in connection.execute(query)
    ]


def _member_row(
    run: int, places: dict[str, int], segment: Segment, theme_id: int | None
) -> dict[str, Any]:
    return {
        "run_id": run,
        "transcript_id": places[segment.transcript],
        "start": segment.span.start,
        "end": segment.span.end,
        "theme_id": theme_id,
        "strength": 0.0,
        "exemplar": None,
        "reason": "",
        "part": None,
        "edge": None,
        "nearest": None,
        "later": 0,
        "place": "null",
    }


def _place(row: Any) -> tuple[float, float] | None:  # noqa: ANN401 - a SQLAlchemy Row
    found = json.loads(row.place)
    return None if found is None else (float(found[0]), float(found[1]))


def _stored_detail(theme: Theme) -> dict[str, Any]:
    return {
        "parts": [asdict(part) for part in theme.parts],
        "contrast": theme.contrast and asdict(theme.contrast),
        "stability": theme.stability and _stored_stability(theme.stability),
        "guidance": theme.guidance and asdict(theme.guidance),
    }


def _detail(stored: dict[str, Any]) -> dict[str, Any]:
    """Sub-themes, contrast, stability, guidance; none for a draft made before these were kept."""
    contrast, steady, guidance = map(stored.get, ("contrast", "stability", "guidance"))
    return {
        "parts": tuple(
            SubTheme(part["key"], part["name"], tuple(part["terms"]))
            for part in stored.get("parts", [])
        ),
        "contrast": contrast
        and Contrast(contrast["theme"], tuple(contrast["more"]), tuple(contrast["less"])),
        "stability": steady and _stability(steady),
        "guidance": guidance and _guidance(guidance),
    }


def _stored_stability(stability: Stability) -> dict[str, Any]:
    """Stability under the names that study files use for it."""
    stored = asdict(stability)
    stored["voice"] = stored.pop("participant")
    return stored


def _stability(stored: dict[str, Any]) -> Stability:
    return Stability(
        **{"participant" if name == "voice" else name: value for name, value in stored.items()}
    )


def _guidance(stored: dict[str, Any]) -> Guidance:
    """Guidance as kept; without stability in a draft made before this was measured."""
    steady = stored.get("stability")
    return Guidance(
        tuple(stored["phrases"]), stored["clear_from"], steady and PhraseStability(**steady)
    )
