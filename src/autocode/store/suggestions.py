"""Rows and objects of suggestions: what the machine proposes, and in which state it is."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, tuple_

from ..core.alignment import SHARE
from ..core.errors import NotFound
from ..core.run import Run
from ..core.suggestion import Evidence, Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Span
from . import evidence
from . import schema as t
from .codebook import code_numbers
from .codings import page
from .decoding import decode_rows
from .runs import add_run, default_coder, parameter
from .settling import suggestions_naming
from .transcripts import texts, transcript_ids

Status = Literal["open", "decided", "superseded", "all"]
STATUSES: tuple[Status, ...] = ("open", "decided", "superseded", "all")
"""Nobody decided on a superseded suggestion, but it is no longer of use: a person has since coded
or read its segment, or its code was archived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionFilter:
    """Which suggestions are wanted, and how many of them in order; all open ones by default.

    `coder` is for whom they were made; None for those made for everybody or, where there are none,
    for whom the newest were (see `runs.default_coder`). `run` is the number of the run that made
    them. Without evidence, which takes longest to read, they have an empty one.
    """

    status: Status = "open"
    transcript: str | None = None
    code: str | None = None
    likely: bool | None = None
    auto_acceptable: bool | None = None
    coder: str | None = None
    run: int | None = None
    limit: int | None = None
    offset: int = 0
    with_evidence: bool = True


def replace_suggestions(
    connection: Connection, run: Run, suggestions: Sequence[Suggestion]
) -> list[Suggestion]:
    """Put new suggestions in place of the undecided ones; decided ones stay for good.

    Those made for another coder, or for everybody, stay as well. A run for some codes only takes
    the place of what is open of these codes. Returns them with their numbers, as they stand in the
    study. A code that somebody, or the coder of the run, has decided on for this very span is left
    out: it keeps its suggestion, number and evidence.
    """
    scope = SuggestionScope.from_parameters(run.parameters)
    replaced = delete(t.suggestions).where(~is_decided(), is_made_for(scope.coder))
    if scope.codes:
        asked = select(t.codes.c.id).where(t.codes.c.code.in_(scope.codes))
        replaced = replaced.where(t.suggestions.c.code_id.in_(asked))
    connection.execute(replaced)
    run_id = add_run(connection, run)
    numbers = _number_all(connection, suggestions)
    kept = {tuple(row) for row in connection.execute(_places_decided(scope.coder))}
    suggestions = [
        one
        for one in suggestions
        if (
            numbers.transcripts[one.transcript],
            one.span.start,
            one.span.end,
            numbers.codes[one.code],
        )
        not in kept
    ]
    return add_suggestions(connection, run_id, suggestions)


def add_suggestions(
    connection: Connection, run_id: int, suggestions: Sequence[Suggestion]
) -> list[Suggestion]:
    """Store suggestions of a run beside all others; returns them with their numbers."""
    if not suggestions:
        return []
    numbers, words = _number_all(connection, suggestions), texts(connection)
    connection.execute(
        insert(t.suggestions),
        [
            {
                "run_id": run_id,
                "transcript_id": numbers.transcripts[s.transcript],
                "start": s.span.start,
                "end": s.span.end,
                "code_id": numbers.codes[s.code],
                "rank": s.rank,
                "score": s.score,
                "probability": s.probability,
                "likely": int(s.likely),
                "evidence": evidence.encode(s.evidence, numbers, words),
                "in_set": int(s.in_set),
                "auto_acceptable": int(s.auto_acceptable),
            }
            for s in suggestions
        ],
    )
    # Numbers grow in the order of insertion, and nobody else writes meanwhile.
    given = connection.execute(
        select(t.suggestions.c.id)
        .where(t.suggestions.c.run_id == run_id)
        .order_by(t.suggestions.c.id.desc())
        .limit(len(suggestions))
    ).scalars()
    stored = [replace(s, number=n) for s, n in zip(reversed(suggestions), given, strict=True)]
    return sorted(stored, key=lambda s: (s.transcript, s.span.start, s.rank, s.number))


def _number_all(connection: Connection, suggestions: Sequence[Suggestion]) -> evidence.Numbers:
    phrases = (s.evidence.phrase.text for s in suggestions if s.evidence.phrase)
    return evidence.number_all(connection, phrases)


def _places_decided(coder: str | None) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    """Transcript, span and code that anybody, or one coder, has decided on as suggested."""
    made = t.decisions.c
    query = select(made.transcript_id, made.start, made.end, made.suggested_id)
    if coder is None:
        return query
    return query.join_from(t.decisions, t.coders, made.coder_id == t.coders.c.id).where(
        t.coders.c.name == coder
    )


def suggestions(connection: Connection, wanted: SuggestionFilter | None = None) -> list[Suggestion]:
    """Suggestions by transcript, span and rank; the open ones, or those that are wanted."""
    wanted = wanted or SuggestionFilter()
    whom = default_coder(connection) if wanted.coder is None else wanted.coder
    return _read(connection, _wanted_query(whom, wanted), with_evidence=wanted.with_evidence)


@functools.lru_cache(maxsize=64)
def _wanted_query(whom: str | None, wanted: SuggestionFilter) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    """The query for what is wanted, kept for the next time: building it takes longer than it."""
    return _filtered(_suggestion_query(wanted.with_evidence).where(is_made_for(whom)), wanted)


def open_numbers(connection: Connection, run_id: int) -> set[int]:
    """The numbers of what a run suggested and nobody has decided on or made superfluous."""
    query = _suggestion_query().where(t.suggestions.c.run_id == run_id)
    query = _filtered(query, SuggestionFilter()).order_by(None)
    query = query.with_only_columns(t.suggestions.c.id, maintain_column_froms=True)
    return set(connection.execute(query).scalars())


def suggestions_of_run(
    connection: Connection, run_id: int, with_evidence: bool = True
) -> list[Suggestion]:
    """All suggestions that a run made and that are kept, by transcript, span and rank."""
    query = _suggestion_query(with_evidence).where(t.suggestions.c.run_id == run_id)
    return _read(connection, query, with_evidence=with_evidence)


def suggestions_numbered(connection: Connection, numbers: Collection[int]) -> list[Suggestion]:
    """The suggestions that have these numbers, by transcript, span and rank."""
    query = _suggestion_query().where(t.suggestions.c.id.in_(list(numbers)))
    return _read(connection, query)


def suggestion_numbers(connection: Connection, coder: str) -> list[int]:
    """The numbers of all suggestions ever made for a coder that are kept, in their order."""
    query = _suggestion_query().where(is_made_for(coder))
    query = query.with_only_columns(t.suggestions.c.id, maintain_column_froms=True)
    return list(connection.execute(query.order_by(None).order_by(t.suggestions.c.id)).scalars())


def suggestion(connection: Connection, number: int) -> Suggestion:
    """One suggestion by its number; raises NotFound."""
    kept = suggestions_numbered(connection, [number]) if 0 < number < 2**63 else []
    if not kept:
        raise no_suggestion(number)
    return kept[0]


def no_suggestion(number: int) -> NotFound:
    """The error for a number that no suggestion has."""
    return NotFound(
        f"No suggestion {number} in this study. Undecided suggestions get new numbers at each "
        "'suggest'; export them again.",
        kind="suggestion",
        name=str(number),
    )


def is_decided() -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Whether it is decided on: this code for this very span, by anybody or whom it is for."""
    made = t.decisions.c
    return exists(
        select(made.id).where(decides(), _concerns(made.coder_id)).correlate(t.suggestions)
    )


def decides() -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Whether a decision is on a suggestion: both name the same transcript, span and code."""
    made, s = t.decisions.c, t.suggestions.c
    return and_(
        made.transcript_id == s.transcript_id,
        made.start == s.start,
        made.end == s.end,
        made.suggested_id == s.code_id,
    )


def is_superseded() -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Whether a person has coded or read the segment by the rule of `align`, or archived the code.

    What was suggested for one coder goes by that coder's work alone; what was suggested for coded
    segments too is open until the code is applied.
    """
    runs = t.runs.alias()
    coded_too = t.suggestions.c.run_id.in_(
        select(runs.c.id).where(parameter(runs, "coded_too") == 1)
    )
    with_code = _is_covered_by(t.codings, t.codings.c.code_id == t.suggestions.c.code_id)
    anything = or_(_is_covered_by(t.codings), _is_covered_by(t.readings))
    archived = t.suggestions.c.code_id.in_(select(t.codes.c.id).where(t.codes.c.archived == 1))
    return or_(archived, and_(coded_too, with_code), and_(~coded_too, anything))


def is_made_for(coder: str | None) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    """Whether a suggestion was made for this coder, or with None for everybody."""
    runs = t.runs.alias()
    whom = parameter(runs, "for")
    is_so = whom.is_(None) if coder is None else whom == coder
    return t.suggestions.c.run_id.in_(select(runs.c.id).where(is_so))


def _concerns(coder_id: Any) -> Any:  # noqa: ANN401 - a SQLAlchemy column and condition
    """Whether a coder's work counts for a suggestion: all of it, or only of whom it was made for.

    Not correlated, so that the parameters of the runs are read once.
    """
    runs, coders, run_id = t.runs.alias(), t.coders.alias(), t.suggestions.c.run_id
    whom = parameter(runs, "for")
    pairs = select(runs.c.id, coders.c.id).join_from(runs, coders, coders.c.name == whom)
    return or_(
        run_id.not_in(select(runs.c.id).where(whom.is_not(None))),
        tuple_(run_id, coder_id).in_(pairs),
    )


def _is_covered_by(
    marks: Any,  # noqa: ANN401 - a SQLAlchemy Table
    *conditions: Any,  # noqa: ANN401 - SQLAlchemy conditions
) -> Any:  # noqa: ANN401 - a SQLAlchemy condition
    mark, s = marks.c, t.suggestions.c
    shared = func.min(mark.end, s.end) - func.max(mark.start, s.start)
    shorter = func.min(mark.end - mark.start, s.end - s.start)
    every = marks.alias("every")
    longest = select(func.max(every.c.end - every.c.start)).scalar_subquery()
    return exists(
        select(mark.coder_id)
        .join_from(marks, t.coders, mark.coder_id == t.coders.c.id)
        .where(
            mark.transcript_id == s.transcript_id,
            mark.start < s.end,
            mark.end > s.start,
            # Follows from the line above, and bounds the rows that the index has to go through.
            mark.start > s.start - longest,
            shared >= SHARE * shorter,
            t.coders.c.kind == "person",
            _concerns(mark.coder_id),
            *conditions,
        )
        .correlate(t.suggestions)
    )


def count_open(connection: Connection, code: str) -> int:
    """How many suggestions of a code (its id) are open, for whomever they were made."""
    return len(_open(connection, t.codes.c.code == code))


def count_open_naming(connection: Connection, code: str) -> int:
    """How many open suggestions of other codes have evidence that names a code (its id)."""
    number = code_numbers(connection)[code]
    others = _open(connection, t.codes.c.code != code)
    naming = suggestions_naming(connection, {"transcripts": [], "codes": [number], "coders": []})
    return len(others & set(naming))


def _open(connection: Connection, condition: Any) -> set[int]:  # noqa: ANN401 - a SQLAlchemy condition
    query = (
        select(t.suggestions.c.id)
        .join_from(t.suggestions, t.codes, t.suggestions.c.code_id == t.codes.c.id)
        .where(condition, ~is_decided(), ~is_superseded())
    )
    return set(connection.execute(query).scalars())


def forget_drafts_of(connection: Connection, names: Iterable[str]) -> None:
    """Drop undecided suggestions and the theme draft after transcripts were cut anew."""
    transcripts = transcript_ids(connection)
    numbers = [transcripts[name] for name in names]
    connection.execute(
        delete(t.suggestions).where(t.suggestions.c.transcript_id.in_(numbers), ~is_decided())
    )
    connection.execute(delete(t.runs).where(t.runs.c.kind == "themes"))


def _suggestion_query(with_evidence: bool = True) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    columns = [c for c in t.suggestions.c if with_evidence or c is not t.suggestions.c.evidence]
    return (
        select(t.transcripts.c.name.label("transcript"), *columns, t.codes.c.code)
        .join_from(
            t.suggestions, t.transcripts, t.suggestions.c.transcript_id == t.transcripts.c.id
        )
        .join(t.codes, t.suggestions.c.code_id == t.codes.c.id)
        .order_by(t.transcripts.c.name, t.suggestions.c.start, t.suggestions.c.rank)
    )


def _filtered(query: Any, wanted: SuggestionFilter) -> Any:  # noqa: ANN401 - a SQLAlchemy Select
    if wanted.status == "open":
        query = query.where(~is_decided(), ~is_superseded())
    elif wanted.status == "superseded":
        query = query.where(~is_decided(), is_superseded())
    elif wanted.status == "decided":
        query = query.where(is_decided())
    for column, value in (
        (t.transcripts.c.name, wanted.transcript),
        (t.codes.c.code, wanted.code),
        (t.suggestions.c.likely, wanted.likely),
        (t.suggestions.c.auto_acceptable, wanted.auto_acceptable),
        (t.suggestions.c.run_id, wanted.run),
    ):
        if value is not None:
            query = query.where(column == (int(value) if isinstance(value, bool) else value))
    return page(query, wanted.limit, wanted.offset)


def _read(
    connection: Connection,
    query: Any,  # noqa: ANN401 - a SQLAlchemy Select
    *,
    with_evidence: bool = True,
) -> list[Suggestion]:
    rows = connection.execute(query).all()
    names = evidence.name_all(connection) if rows and with_evidence else None
    return decode_rows("suggestions", rows, lambda row: _suggestion(row, names))


def _suggestion(row: Any, names: evidence.Names | None) -> Suggestion:  # noqa: ANN401 - a SQLAlchemy Row
    return Suggestion(
        transcript=row.transcript,
        span=Span(row.start, row.end),
        code=row.code,
        rank=row.rank,
        score=row.score,
        probability=row.probability,
        likely=bool(row.likely),
        evidence=Evidence() if names is None else evidence.decode(row.evidence, names),
        number=row.id,
        in_set=bool(row.in_set),
        auto_acceptable=bool(row.auto_acceptable),
    )
