"""Settling where two coders differ: the outcome is a consensus beside what each of them did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ..core.acts import Done, NewAct
from ..core.coding import Coder, Coding, Memo, Reading
from ..core.errors import InputError, NotFound, one_line
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import codings as store
from ..store.codebook import codebook
from ..store.file import Connection, StudyFile, now
from ..store.transcripts import transcripts
from .hand_coding import Place

Outcome = Literal["both", "one", "other", "neither", "span"]
OUTCOMES: tuple[Outcome, ...] = ("both", "one", "other", "neither", "span")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOptions:
    """Whose readings are settled, and as whose: `one` and `other` coder, the name of the consensus.

    Without names they are the two people, in order of name, who coded or read the place. `to` is
    the span of the outcome "span".
    """

    one: str | None = None
    other: str | None = None
    consensus: str = "Consensus"
    to: Span | None = None
    dry_run: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Result):
    """What was settled on a code at a place, and the codings that the consensus has of it.

    `act` is its number, None where it was only tried.
    """

    transcript: str
    span: Span
    code: str
    outcome: Outcome
    one: str
    other: str
    reason: str
    consensus: str
    codings: tuple[Coding, ...]
    act: int | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The resolution as plain data."""
        return to_payload("resolution", to_plain(self))

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a coding of the consensus."""
        rows: list[dict[str, Any]] = to_plain(self.codings)
        return rows


def resolve(
    study: StudyFile,
    place: Place,
    code: str,
    outcome: Outcome,
    *,
    reason: str,
    coder: str,
    options: ResolveOptions,
) -> Done[Resolution]:
    """Settle whether a code applies at a place; what the two coders did stays as it is.

    The consensus is a coder of its own kind: it gets the codings of `one`, of the `other`, of
    both, of neither, or one on another span, and has read the place. Outcome and reason are its
    memo on the place. Settled again, the later outcome counts.

    Raises:
        NotFound: if transcript, code or a coder is not in the study.
        InputError: if no reason or nobody is named, or who is meant is not clear.
    """
    if not coder.strip() or not reason.strip():
        raise InputError("A resolution needs a reason and somebody who gives it.")

    def do(connection: Connection) -> Resolution:
        return _resolved(connection, place, code, outcome, reason.strip(), coder.strip(), options)

    summary = f"{code} in {place.transcript} settled: {outcome}"
    new = NewAct(kind="resolve", summary=summary, coder=coder.strip(), key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def _resolved(
    connection: Connection,
    place: Place,
    code: str,
    outcome: Outcome,
    reason: str,
    coder: str,
    options: ResolveOptions,
) -> Resolution:
    transcript = transcripts(connection, place.transcript)[0]
    span, code_id = place.find(transcript), codebook(connection).find(code).id
    if (options.to is not None) != (outcome == "span"):
        raise InputError("The outcome 'span' needs the new start and end, and only it does.")
    if options.to is not None and not options.to.of(transcript.text).strip():
        raise InputError("The new span holds no words. Give the start and end of some.")
    _make_consensus(connection, options.consensus)
    one, other = _choose_two(connection, transcript.name, span, options)
    there = [
        coding
        for coding in store.codings(
            connection, store.CodingFilter(transcript=transcript.name, code=code_id)
        )
        if coding.span.overlap(span)
    ]
    for coding in there:
        if coding.coder == options.consensus:
            store.remove_coding(connection, coding)
    whose = {"both": (one, other), "one": (one,), "other": (other,)}.get(outcome, ())
    spans = {coding.span for coding in there if coding.coder in whose}
    spans |= {options.to} if options.to is not None else set()
    words = f"{code_id}: {outcome} of {one} and {other} ({coder}): {reason}"
    settled = tuple(
        Coding(
            transcript=transcript.name,
            span=at,
            code=code_id,
            coder=options.consensus,
            made_at=now(),
            basis="person",
            memo=words,
        )
        for at in sorted(spans, key=lambda at: (at.start, at.end))
    )
    store.add_codings(connection, settled)
    store.add_readings(
        connection, [Reading(transcript.name, span, options.consensus, basis="person")]
    )
    store.add_memo(
        connection,
        Memo(
            about="span",
            subject=transcript.name,
            text=words,
            coder=options.consensus,
            made_at=now(),
            span=span,
        ),
    )
    return Resolution(
        transcript=transcript.name,
        span=span,
        code=code_id,
        outcome=outcome,
        one=one,
        other=other,
        reason=reason,
        consensus=options.consensus,
        codings=settled,
    )


def _make_consensus(connection: Connection, name: str) -> None:
    known = {one.name: one for one in store.coders(connection)}
    if not name.strip():
        raise InputError("The consensus needs a name.")
    if name in known and known[name].kind != "consensus":
        raise InputError(
            f"'{one_line(name, 60)}' is a {known[name].kind} in this study, not a consensus. Give "
            "the consensus a name of its own."
        )
    store.coder_id(connection, Coder(name, "consensus"))


def _choose_two(
    connection: Connection, transcript: str, span: Span, options: ResolveOptions
) -> tuple[str, str]:
    people = {one.name for one in store.coders(connection) if one.kind != "consensus"}
    for name in (options.one, options.other):
        if name is not None and name not in people:
            raise NotFound.among("coder", name, people)
    if options.one is not None and options.other is not None and options.one != options.other:
        return options.one, options.other
    work = [(c.coder, c.span) for c in store.codings(connection) if c.transcript == transcript]
    work += [(r.coder, r.span) for r in store.readings(connection) if r.transcript == transcript]
    there = sorted({name for name, at in work if name in people and at.overlap(span)})
    named = [name for name in (options.one, options.other) if name is not None]
    rest = [name for name in there if name not in named]
    if len(named) + len(rest) != 2:
        raise InputError(
            f"{len(there)} coders worked at this place ({', '.join(there) or 'nobody'}). Name the "
            "two who differ: --one NAME --other NAME."
        )
    if options.other is not None:
        return rest[0], options.other
    return (options.one, rest[0]) if options.one is not None else (rest[0], rest[1])
