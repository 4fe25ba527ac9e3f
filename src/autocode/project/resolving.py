"""Settling where two coders differ: the outcome is a consensus beside what each of them did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.acts import Done, NewAct
from ..core.arguments import checked
from ..core.codebook import Code, Codebook
from ..core.coding import OUTCOMES, Coder, Coding, Outcome, Reading, Resolution
from ..core.errors import InputError, NotFound, one_line
from ..core.transcript import Span
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import codings as store
from ..store.clock import now
from ..store.codebook import codebook
from ..store.file import Connection, StudyFile
from ..store.resolutions import put_resolution
from ..store.transcripts import transcripts
from .code_names import name_code
from .hand_coding import Place


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveOptions:
    """Whose readings are settled, and as whose: `one` and `other` coder, the name of the consensus.

    Without names they are the two people, in order of name, who coded or read the place. `to` is
    the span of the outcome "span", `note` what else there is to say. With the outcome "neither",
    `instead` is another code that the consensus gets in this one's place.
    """

    one: str | None = None
    other: str | None = None
    consensus: str = "Consensus"
    to: Span | None = None
    note: str = ""
    instead: str | None = None
    dry_run: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Result):
    """A resolution that was made, and the codings that the consensus has of the code there.

    `act` is its number, None where it was only tried.
    """

    resolution: Resolution
    codings: tuple[Coding, ...]
    act: int | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The resolution as plain data."""
        cells = {"codings": self.codings, "act": self.act}
        return to_payload("resolution", to_plain(self.resolution) | to_plain(cells))

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
) -> Done[Resolved]:
    """Settle whether a code applies at a place; what the two coders did stays as it is.

    The consensus is a coder of its own kind: it gets the codings of `one`, of the `other`, of
    both, of neither, or one on another span, and has read the place. Where both readings stand it
    has none of them. Outcome and reason are kept with the place. Settled again, the later outcome
    counts.

    Raises:
        NotFound: if transcript, code or a coder is not in the study.
        InputError: if no reason or nobody is named, who is meant is not clear, or neither of the
            two has the code there.
    """
    if not coder.strip() or not reason.strip():
        raise InputError("A resolution needs a reason and somebody who gives it.")
    if outcome not in OUTCOMES:
        raise InputError(
            f"No outcome '{one_line(outcome, 60)}'. Choose one of: {', '.join(OUTCOMES)}."
        )

    def do(connection: Connection) -> Resolved:
        return settle_place(
            connection, place, code, outcome, reason.strip(), coder.strip(), options
        )

    summary = f"{name_code(study, code)} in {place.transcript} settled: {outcome}"
    new = NewAct(kind="resolve", summary=summary, coder=coder.strip(), key=options.key)
    return study.act(new, do, dry_run=options.dry_run)


def settle_place(
    connection: Connection,
    place: Place,
    code: str,
    outcome: Outcome,
    reason: str,
    coder: str,
    options: ResolveOptions,
) -> Resolved:
    """Settle a code at a place within an act; for the arguments see `resolve`."""
    transcript = transcripts(connection, place.transcript)[0]
    known, span = codebook(connection), place.find(transcript)
    code_id = known.find(code).id
    instead = _find_instead(known, code_id, outcome, options)
    if (options.to is not None) != (outcome == "span"):
        raise InputError("The outcome 'span' needs the new start and end, and only it does.")
    if options.to is not None and not options.to.of(transcript.text).strip():
        raise InputError("The new span holds no words. Give the start and end of some.")
    if options.to is not None and not options.to.overlap(span):
        raise InputError("The new span shares no words with the place. Give other ends of it.")
    _make_consensus(connection, options.consensus)
    one, other = _choose_two(connection, transcript.name, span, options)
    there = [
        coding
        for coding in store.codings(
            connection, store.CodingFilter(transcript=transcript.name, code=code_id)
        )
        if coding.span.overlap(span)
    ]
    _check_given(there, (one, other, options.consensus), known.by_id[code_id].name)
    for coding in there:
        if coding.coder == options.consensus:
            store.remove_coding(connection, coding)
    mark = f"[in place of {known.by_id[code_id].name}]"
    _remove_instead(connection, transcript.name, span, options.consensus, mark)
    whose = {"both": (one, other), "one": (one,), "other": (other,)}.get(outcome, ())
    spans = {coding.span for coding in there if coding.coder in whose}
    spans |= {options.to} if options.to is not None else set()
    made = Resolution(
        transcript=transcript.name,
        span=span,
        code=code_id,
        outcome=outcome,
        consensus=options.consensus,
        one=one,
        other=other,
        by=coder,
        reason=reason,
        note=" ".join(filter(None, (_name_instead(instead), options.note.strip()))),
        made_at=now(),
    )
    settled = tuple(_coding_of(made, at, code=code_id, memo=reason) for at in _order(spans))
    if instead is not None:
        old = {coding.span for coding in there if coding.coder in (one, other)} or {span}
        settled += tuple(
            _coding_of(made, at, code=instead.id, memo=f"{reason} {mark}") for at in _order(old)
        )
    store.add_codings(connection, settled)
    if outcome != "stand":
        reading = Reading(transcript.name, span, options.consensus, basis="person")
        store.add_readings(connection, [reading])
    put_resolution(connection, made)
    return Resolved(resolution=made, codings=settled)


def _find_instead(
    known: Codebook, code: str, outcome: Outcome, options: ResolveOptions
) -> Code | None:
    """The code that takes this one's place, where there is one."""
    if options.instead is None:
        return None
    instead = known.find(options.instead)
    if outcome != "neither" or instead.id == code:
        raise InputError("Another code can take this one's place only with the outcome 'neither'.")
    return instead


def _name_instead(instead: Code | None) -> str:
    return "" if instead is None else f"{instead.name} in its place"


def _order(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda at: (at.start, at.end))


def _coding_of(made: Resolution, at: Span, *, code: str, memo: str) -> Coding:
    """A coding of the consensus."""
    return Coding(
        transcript=made.transcript,
        span=at,
        code=code,
        coder=made.consensus,
        made_at=made.made_at,
        basis="person",
        memo=memo,
    )


def _remove_instead(
    connection: Connection, transcript: str, span: Span, consensus: str, mark: str
) -> None:
    """Take off what an earlier outcome put in the code's place."""
    wanted = store.CodingFilter(transcript=transcript, coder=consensus)
    for coding in store.codings(connection, wanted):
        if coding.memo.endswith(mark) and coding.span.overlap(span):
            store.remove_coding(connection, coding)


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


def _check_given(there: Sequence[Coding], coders: tuple[str, str, str], code: str) -> None:
    """Refuse a place where neither of the two, nor the consensus, has the code."""
    if {coding.coder for coding in there} & set(coders):
        return
    one, other = (one_line(name, 60) for name in coders[:2])
    raise InputError(
        f"Neither {one} nor {other} has the code '{one_line(code, 60)}' at this place, so there is"
        " nothing to settle. Give a place where one of them has it."
    )


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
