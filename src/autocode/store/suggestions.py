"""Rows and objects of what the machine drafts, and of people's decisions about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ..core.coding import Coder, Coding, Decision, Reading
from ..core.errors import InputError, NotFound
from ..core.run import Run
from ..core.suggestion import CodebookPhrase, Evidence, NeighbourContribution, Precedent, Suggestion
from ..core.transcript import Span
from . import schema as t
from .codings import add_codings, add_readings, coder_id
from .file import now
from .transcripts import transcript_ids

_STORED_NAMES = {
    "auto_accept_from": "sure_from",
    "zero_shot_weight": "extra_cold",
    "n_uses": "uses",
    "n_transcripts": "transcripts",
    "recall": "found",
    "definition_auc": "by_words",
}
"""The parameters of a suggestion run by the names they are stored under."""
_NAMES = {stored: name for name, stored in _STORED_NAMES.items()}


def _rename(parameters: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The parameters of a run of suggestions under other names; those of other runs as they are."""
    if "calibrated" not in parameters:
        return parameters
    renamed = {names.get(name, name): value for name, value in parameters.items()}
    if "codes" in renamed:
        renamed["codes"] = [
            {names.get(name, name): value for name, value in status.items()}
            for status in renamed["codes"]
        ]
    return renamed


def add_run(connection: Connection, run: Run) -> int:
    """Store what a run was made with; returns its number."""
    key = connection.execute(
        insert(t.runs).returning(t.runs.c.id),
        {
            "kind": run.kind,
            "method": run.method,
            "encoder": run.encoder,
            "encoder_digest": run.encoder_digest,
            "parameters": json.dumps(
                _rename(run.parameters, _STORED_NAMES), sort_keys=True, ensure_ascii=False
            ),
            "versions": json.dumps(run.versions, sort_keys=True),
            "made_at": run.made_at or now(),
        },
    )
    return int(key.scalar_one())


def last_run(connection: Connection, kind: str) -> Run | None:
    """The newest run of a kind."""
    row = connection.execute(
        select(t.runs).where(t.runs.c.kind == kind).order_by(t.runs.c.id.desc()).limit(1)
    ).first()
    if row is None:
        return None
    return Run(
        kind=row.kind,
        method=row.method,
        encoder=row.encoder,
        encoder_digest=row.encoder_digest,
        parameters=_rename(json.loads(row.parameters), _NAMES),
        versions=json.loads(row.versions),
        made_at=row.made_at,
        number=row.id,
    )


def replace_suggestions(connection: Connection, run: Run, suggestions: Sequence[Suggestion]) -> int:
    """Put new suggestions in place of the undecided ones; decided ones stay for good."""
    decided = select(t.decisions.c.suggestion_id)
    connection.execute(delete(t.suggestions).where(t.suggestions.c.id.not_in(decided)))
    key = add_run(connection, run)
    places = transcript_ids(connection)
    code_ids = {
        row.code: row.id for row in connection.execute(select(t.codes.c.code, t.codes.c.id))
    }
    rows = [
        {
            "run_id": key,
            "transcript_id": places[s.transcript],
            "start": s.span.start,
            "end": s.span.end,
            "code_id": code_ids[s.code],
            "rank": s.rank,
            "score": s.score,
            "probability": s.probability,
            "confident": int(s.likely),
            "evidence": json.dumps(_stored(s.evidence), ensure_ascii=False),
            "in_set": int(s.in_set),
            "sure": int(s.auto_acceptable),
        }
        for s in suggestions
    ]
    if rows:
        connection.execute(insert(t.suggestions), rows)
    return key


def suggestions(connection: Connection, *, undecided: bool = True) -> list[Suggestion]:
    """Suggestions by transcript, place and rank; with `undecided` only those still open."""
    query = _suggestion_query().order_by(
        t.transcripts.c.name, t.suggestions.c.start, t.suggestions.c.rank
    )
    if undecided:
        decided = select(t.decisions.c.suggestion_id)
        query = query.where(t.suggestions.c.id.not_in(decided))
    return [_suggestion(row) for row in connection.execute(query)]


def suggestion(connection: Connection, number: int) -> Suggestion:
    """One suggestion by its number; raises NotFound."""
    query = _suggestion_query().where(t.suggestions.c.id == number)
    row = connection.execute(query).first() if 0 < number < 2**63 else None
    if row is None:
        raise NotFound(
            f"No suggestion {number} in this study. Undecided suggestions get new numbers at each "
            "'suggest'; export them again."
        )
    return _suggestion(row)


def decide(connection: Connection, decision: Decision) -> None:
    """Record a decision and, unless it rejects, the coding it leads to.

    Raises:
        InputError: if the suggestion was decided before.
    """
    taken = connection.execute(
        select(t.decisions.c.action, t.coders.c.name, t.decisions.c.made_at)
        .join_from(t.decisions, t.coders, t.decisions.c.coder_id == t.coders.c.id)
        .where(t.decisions.c.suggestion_id == decision.suggestion)
    ).first()
    if taken is not None:
        raise InputError(
            f"Suggestion {decision.suggestion} was decided before ({taken.action} by {taken.name}, "
            f"{taken.made_at}). Decisions are kept; code the segment by hand to change its codes."
        )
    applied = None
    if decision.applied is not None:
        applied = connection.execute(
            select(t.codes.c.id).where(t.codes.c.code == decision.applied)
        ).scalar_one()
    connection.execute(
        insert(t.decisions),
        {
            "suggestion_id": decision.suggestion,
            "action": decision.action,
            "coder_id": coder_id(connection, Coder(decision.coder)),
            "code_id": applied,
            "made_at": decision.made_at,
            "memo": decision.memo,
        },
    )
    if decision.applied is not None or _all_rejected(connection, decision):
        add_readings(connection, [Reading(decision.transcript, decision.span, decision.coder)])
    if decision.applied is not None:
        coding = Coding(
            transcript=decision.transcript,
            span=decision.span,
            code=decision.applied,
            coder=decision.coder,
            made_at=decision.made_at,
            basis="decision",
            memo=decision.memo,
        )
        add_codings(connection, [coding])


def _all_rejected(connection: Connection, decision: Decision) -> bool:
    """Whether a segment had several suggestions and this was the last one open.

    One rejected code says nothing of the others; when all of several are rejected, none fits and
    the segment counts as read.
    """
    query = (
        select(t.decisions.c.id)
        .select_from(t.suggestions)
        .join(t.decisions, t.decisions.c.suggestion_id == t.suggestions.c.id, isouter=True)
        .where(
            t.suggestions.c.transcript_id == transcript_ids(connection)[decision.transcript],
            t.suggestions.c.start == decision.span.start,
        )
    )
    decided = list(connection.execute(query).scalars())
    return len(decided) >= 2 and None not in decided


def decisions(connection: Connection) -> list[Decision]:
    """All decisions, oldest first."""
    applied = t.codes.alias("applied")
    query = (
        select(
            t.decisions,
            t.coders.c.name.label("coder"),
            t.transcripts.c.name.label("transcript"),
            t.suggestions.c.start,
            t.suggestions.c.end,
            t.codes.c.code.label("suggested"),
            applied.c.code.label("applied"),
        )
        .join_from(t.decisions, t.suggestions, t.decisions.c.suggestion_id == t.suggestions.c.id)
        .join(t.coders, t.decisions.c.coder_id == t.coders.c.id)
        .join(t.transcripts, t.suggestions.c.transcript_id == t.transcripts.c.id)
        .join(t.codes, t.suggestions.c.code_id == t.codes.c.id)
        .join(applied, t.decisions.c.code_id == applied.c.id, isouter=True)
        .order_by(t.decisions.c.id)
    )
    return [
        Decision(
            suggestion=row.suggestion_id,
            action=row.action,
            coder=row.coder,
            transcript=row.transcript,
            span=Span(row.start, row.end),
            suggested=row.suggested,
            applied=row.applied,
            made_at=row.made_at,
            memo=row.memo,
        )
        for row in connection.execute(query)
    ]


def forget_drafts_of(connection: Connection, names: Iterable[str]) -> None:
    """Drop undecided suggestions and the theme draft after transcripts were cut anew."""
    places = transcript_ids(connection)
    keys = [places[name] for name in names]
    decided = select(t.decisions.c.suggestion_id)
    connection.execute(
        delete(t.suggestions).where(
            t.suggestions.c.transcript_id.in_(keys), t.suggestions.c.id.not_in(decided)
        )
    )
    connection.execute(delete(t.runs).where(t.runs.c.kind == "themes"))


def _suggestion_query() -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    return (
        select(t.transcripts.c.name.label("transcript"), t.suggestions, t.codes.c.code)
        .join_from(
            t.suggestions, t.transcripts, t.suggestions.c.transcript_id == t.transcripts.c.id
        )
        .join(t.codes, t.suggestions.c.code_id == t.codes.c.id)
    )


def _suggestion(row: Any) -> Suggestion:  # noqa: ANN401 - a SQLAlchemy Row
    return Suggestion(
        transcript=row.transcript,
        span=Span(row.start, row.end),
        code=row.code,
        rank=row.rank,
        score=row.score,
        probability=row.probability,
        likely=bool(row.confident),
        evidence=_evidence(json.loads(row.evidence)),
        number=row.id,
        in_set=bool(row.in_set),
        auto_acceptable=bool(row.sure),
    )


def _stored(evidence: Evidence) -> dict[str, Any]:
    phrase = evidence.phrase
    return {
        "phrase": phrase
        and {"part": phrase.part, "text": phrase.text, "similarity": phrase.similarity},
        "precedents": list(map(_stored_precedent, evidence.precedents)),
        "counter_examples": list(map(_stored_precedent, evidence.counter_examples)),
        "words": evidence.words,
        "beside": list(map(_stored_neighbour, evidence.neighbours)),
    }


def _stored_neighbour(neighbour: NeighbourContribution) -> dict[str, Any]:
    return {
        "span": {"start": neighbour.span.start, "end": neighbour.span.end},
        "is_before": neighbour.is_before,
        "code": neighbour.code,
        "known": neighbour.known,
        "part": neighbour.part,
    }


def _stored_precedent(precedent: Precedent) -> dict[str, Any]:
    return {
        "transcript": precedent.transcript,
        "span": {"start": precedent.span.start, "end": precedent.span.end},
        "excerpt": precedent.excerpt,
        "coders": precedent.coders,
        "similarity": precedent.similarity,
        "codes": precedent.codes,
    }


def _evidence(stored: dict[str, Any]) -> Evidence:
    phrase = stored["phrase"]
    return Evidence(
        phrase=CodebookPhrase(**phrase) if phrase else None,
        precedents=tuple(map(_precedent, stored["precedents"])),
        counter_examples=tuple(map(_precedent, stored["counter_examples"])),
        words=tuple((word, part) for word, part in stored.get("words", ())),
        neighbours=tuple(map(_neighbour, stored.get("beside", ()))),
    )


def _neighbour(stored: dict[str, Any]) -> NeighbourContribution:
    return NeighbourContribution(**(stored | {"span": Span(**stored["span"])}))


def _precedent(stored: dict[str, Any]) -> Precedent:
    return Precedent(
        transcript=stored["transcript"],
        span=Span(stored["span"]["start"], stored["span"]["end"]),
        excerpt=stored["excerpt"],
        coders=tuple(stored["coders"]),
        similarity=stored["similarity"],
        codes=tuple(stored["codes"]),
    )
