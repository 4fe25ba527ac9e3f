"""Rows and objects of draft themes: members, sub-themes, and unassigned segments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from ..core.coding import Coder, ThemeDecision
from ..core.errors import NothingToDo
from ..core.run import Run
from ..core.theme import (
    Contrast,
    DraftMetric,
    Guidance,
    Member,
    SubTheme,
    Theme,
    ThemeDraft,
    Unassigned,
    UnassignedReason,
)
from ..core.theme_diagnostics import DraftDiagnostics
from ..core.theme_stability import PhraseStability, Stability
from ..core.transcript import Segment, Span
from . import schema as t
from .codings import coder_id
from .decoding import decode_rows, decode_whole
from .runs import add_run, last_run
from .segments import segments as all_segments
from .transcripts import texts, transcript_ids


def replace_themes(connection: Connection, run: Run, draft: ThemeDraft) -> int:
    """Put a new theme draft in place of the last one; returns the run's number."""
    connection.execute(delete(t.runs).where(t.runs.c.kind == run.kind))
    run_id = add_run(connection, run)
    transcripts = transcript_ids(connection)
    if draft.themes:
        connection.execute(
            insert(t.themes), [_theme_row(theme) | {"run_id": run_id} for theme in draft.themes]
        )
    numbers = connection.execute(
        select(t.themes.c.key, t.themes.c.id).where(t.themes.c.run_id == run_id)
    )
    theme_ids = {row.key: row.id for row in numbers}
    rows = _member_rows(draft, theme_ids)
    if rows:
        for row in rows:
            row["run_id"], row["transcript_id"] = run_id, transcripts[row.pop("transcript")]
        connection.execute(insert(t.members), rows)
    if draft.metric is not None:
        cells = {"run_id": run_id, "mean": draft.metric.mean, "matrix": draft.metric.matrix}
        connection.execute(insert(t.theme_metrics), cells)
    return run_id


def change_themes(connection: Connection, run: Run, draft: ThemeDraft) -> None:
    """Make the last draft, of this run, the one that a person has changed it into.

    Only what differs is written, so that an act holds no more than was changed.
    """
    transcripts = transcript_ids(connection)
    known = {
        row.key: row
        for row in connection.execute(select(t.themes).where(t.themes.c.run_id == run.number))
    }
    wanted = {theme.key: _theme_row(theme) for theme in draft.themes}
    for key, cells in wanted.items():
        if key not in known:
            connection.execute(insert(t.themes), cells | {"run_id": run.number})
        elif cells != {name: getattr(known[key], name) for name in cells}:
            this = t.themes.c.id == known[key].id
            connection.execute(update(t.themes).where(this).values(cells))
    numbers = connection.execute(
        select(t.themes.c.key, t.themes.c.id).where(t.themes.c.run_id == run.number)
    )
    theme_ids = {row.key: row.id for row in numbers}
    stored = {
        (row.transcript_id, row.start): row
        for row in connection.execute(select(t.members).where(t.members.c.run_id == run.number))
    }
    for cells in _member_rows(draft, theme_ids):
        place = (transcripts[cells.pop("transcript")], cells["start"])
        if cells != {name: getattr(stored[place], name) for name in cells}:
            this = and_(
                t.members.c.run_id == run.number,
                t.members.c.transcript_id == place[0],
                t.members.c.start == place[1],
            )
            connection.execute(update(t.members).where(this).values(cells))
    gone = [known[key].id for key in known if key not in wanted]
    connection.execute(delete(t.themes).where(t.themes.c.id.in_(gone)))


def _member_rows(draft: ThemeDraft, theme_ids: Mapping[str, int]) -> list[dict[str, Any]]:
    rows = [
        {
            "theme_id": theme_ids[theme.key],
            "strength": m.strength,
            "exemplar": m.exemplar,
            "part": m.part,
            "edge": m.edge,
            "nearest": None,
        }
        | _shared_cells(m)
        for theme in draft.themes
        for m in theme.members
    ]
    rows += [
        {
            "theme_id": None,
            "strength": 0.0,
            "exemplar": None,
            "part": None,
            "edge": None,
            "nearest": u.nearest,
        }
        | _shared_cells(u)
        for u in draft.unassigned
    ]
    return rows


def theme_draft(
    connection: Connection, segments: Sequence[Segment] | None = None
) -> ThemeDraft | None:
    """The last theme draft, or None; members whose segment was cut anew keep their span.

    `segments` are all of the study's, where they were read already.
    """
    run = last_run(connection, "themes")
    if run is None:
        return None
    finder = _SegmentFinder(connection, segments)
    members: dict[int, list[Member]] = {}
    unassigned: list[Unassigned] = []
    query = (
        select(t.members, t.transcripts.c.name.label("transcript"))
        .join_from(t.members, t.transcripts, t.members.c.transcript_id == t.transcripts.c.id)
        .where(t.members.c.run_id == run.number)
        .order_by(t.transcripts.c.name, t.members.c.start)
    )
    for theme_id, item in decode_rows(
        "members",
        connection.execute(query),
        lambda row: (row.theme_id, _member(row, finder.segment(row))),
    ):
        if isinstance(item, Unassigned):
            unassigned.append(item)
        else:
            members.setdefault(theme_id, []).append(item)
    rows = connection.execute(
        select(t.themes).where(t.themes.c.run_id == run.number).order_by(t.themes.c.id)
    )
    themes = decode_rows("themes", rows, lambda row: _theme(row, members.get(row.id, ())))
    themes.sort(key=lambda theme: _rank(theme.key))
    diagnostics = decode_whole("runs", lambda: DraftDiagnostics.from_stored(run.parameters))
    learned = diagnostics.metric is not None and diagnostics.metric.is_used
    metric = _metric(connection, run.number) if learned else None
    return ThemeDraft(tuple(themes), tuple(unassigned), diagnostics, metric)


def _metric(connection: Connection, run: int | None) -> DraftMetric | None:
    row = connection.execute(
        select(t.theme_metrics).where(t.theme_metrics.c.run_id == run)
    ).one_or_none()
    return None if row is None else DraftMetric(row.mean, row.matrix)


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
    return decode_rows("theme_decisions", connection.execute(query), _theme_decision)


class _SegmentFinder:
    """The segments of a draft's members: those of today, or their spans where it was cut anew."""

    def __init__(self, connection: Connection, segments: Sequence[Segment] | None) -> None:
        self._by_span: dict[tuple[str, Span], Segment] = {}
        self._by_transcript: dict[str, list[Segment]] = {}
        for segment in all_segments(connection) if segments is None else segments:
            self._by_span[segment.transcript, segment.span] = segment
            self._by_transcript.setdefault(segment.transcript, []).append(segment)
        self._connection = connection
        self._texts: dict[str, str] = {}

    def segment(self, row: Any) -> Segment:  # noqa: ANN401 - a SQLAlchemy Row
        """The segment of a member: of these days where the spans are the same."""
        span = Span(row.start, row.end)
        known = self._by_span.get((row.transcript, span))
        return known or self._made_of_span(row.transcript, span)

    def _made_of_span(self, transcript: str, span: Span) -> Segment:
        """The words of a span, with the speaker of the segment that holds most of them."""
        self._texts = self._texts or texts(self._connection)
        excerpt = span.of(self._texts[transcript])
        today = self._by_transcript.get(transcript, [])
        nearest = max(today, key=lambda segment: _n_shared(segment.span, span), default=None)
        if nearest is None or not _n_shared(nearest.span, span):
            return Segment(
                transcript=transcript, span=span, excerpt=excerpt, speaker=None, unit="turn"
            )
        return replace(nearest, span=span, excerpt=excerpt, given=False, name=None)


def _rank(key: str) -> list[int]:
    """The place of a theme in its draft: T2 before T10, and T2.1, a part of T2 that was split."""
    return [int(number) for number in re.findall(r"\d+", key)]


def _n_shared(first: Span, second: Span) -> int:
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def _theme_row(theme: Theme) -> dict[str, Any]:
    return {
        "key": theme.key,
        "name": theme.name,
        "terms": json.dumps(theme.terms, ensure_ascii=False),
        "position": json.dumps(theme.position),
        "near": json.dumps(theme.near, ensure_ascii=False),
        "detail": json.dumps(_stored_detail(theme), ensure_ascii=False),
    }


def _theme(row: Any, members: Sequence[Member]) -> Theme:  # noqa: ANN401 - a SQLAlchemy Row
    x, y = json.loads(row.position)
    return Theme(
        key=row.key,
        name=row.name,
        terms=tuple(json.loads(row.terms)),
        members=tuple(members),
        position=(float(x), float(y)),
        near=tuple((code, float(similarity)) for code, similarity in json.loads(row.near)),
        **_detail(json.loads(row.detail)),
    )


def _shared_cells(item: Member | Unassigned) -> dict[str, Any]:
    """What is stored of a segment of the draft, in a theme or not; `transcript` is its name."""
    return {
        "transcript": item.segment.transcript,
        "start": item.segment.span.start,
        "end": item.segment.span.end,
        "reason": item.reason or "",
        "later": int(item.later),
        "position": json.dumps(item.position),
    }


def _member(row: Any, segment: Segment) -> Member | Unassigned:  # noqa: ANN401 - a SQLAlchemy Row
    reason = UnassignedReason(row.reason) if row.reason else None
    if row.theme_id is None:
        return Unassigned(
            segment=segment,
            reason=reason or UnassignedReason.OUTLIER,
            nearest=row.nearest,
            later=bool(row.later),
            position=_position(row),
        )
    return Member(
        segment=segment,
        strength=float(row.strength),
        exemplar=row.exemplar,
        part=row.part,
        edge=row.edge,
        reason=reason,
        later=bool(row.later),
        position=_position(row),
    )


def _position(row: Any) -> tuple[float, float] | None:  # noqa: ANN401 - a SQLAlchemy Row
    stored = json.loads(row.position)
    return None if stored is None else (float(stored[0]), float(stored[1]))


def _theme_decision(row: Any) -> ThemeDecision:  # noqa: ANN401 - a SQLAlchemy Row
    return ThemeDecision(
        action=row.action,
        themes=tuple(json.loads(row.themes)),
        coder=row.coder,
        name=row.name,
        memo=row.memo,
        names=tuple(json.loads(row.names)),
        made_at=row.made_at,
    )


def _stored_detail(theme: Theme) -> dict[str, Any]:
    return {
        "parts": [asdict(part) for part in theme.parts],
        "contrast": theme.contrast and asdict(theme.contrast),
        "stability": theme.stability and asdict(theme.stability),
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
        "stability": steady and Stability(**steady),
        "guidance": guidance and _guidance(guidance),
    }


def _guidance(stored: dict[str, Any]) -> Guidance:
    """Guidance as kept; without stability in a draft made before this was measured."""
    steady = stored.get("stability")
    return Guidance(
        tuple(stored["phrases"]), stored["clear_from"], steady and PhraseStability(**steady)
    )
