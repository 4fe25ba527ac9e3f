"""The queue: what is suggested for a coder, a segment at a time, with its evidence on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.codebook import Codebook
from ..core.errors import InputError, NotFound
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Segment, Span
from ..project import Project
from ..project.acceptance_checks import TOGETHER, AcceptanceChecks, read_checks
from ..project.reader import Snapshot
from ..project.showing import read_showing
from ..project.suggested_to import SuggestedTo, may_see, read_answered, read_run, read_suggested
from ..text.stop_words import StopWords, resolve_stop_words
from .act_requests import read_undo_state
from .attributes_seen import describe_attributes
from .bodies import parse_body, read_object
from .marks import describe_codes
from .reading import find_name
from .security import session_of
from .served import served
from .sight import see
from .suggested import MOST_SHOWN, describe_evidence, describe_suggestion
from .suggestion_numbers import number_suggestions

N_AROUND = 2
"""Segments shown before and after the one that is decided on."""


def view_queue(study: Snapshot, coder: str, codebook: Codebook) -> dict[str, Any]:
    """All segments with suggestions that the coder may see, in the order of the transcripts.

    `reason` says why there are none; `learned_from` is None where no run made them.
    """
    suggested, checks = read_suggested(study, coder), read_checks(study, coder)
    numbers, shown_as = study.transcript_numbers(), number_suggestions(study, coder)
    cases = {(s.transcript, s.span): s.case for s in study.segments()}
    items = [
        {
            "transcript": numbers[transcript],
            "start": span.start,
            "end": span.end,
            "case": cases.get((transcript, span)),
            "suggestions": [describe_suggestion(one, shown_as) for one in group],
        }
        for (transcript, span), group in sorted(
            {
                **dict.fromkeys(suggested.withheld, ()),
                **group_by_segment(suggested, codebook),
                **_come_back(study, suggested, checks, codebook),
            }.items(),
            key=lambda entry: (entry[0][0], entry[0][1].start),
        )
    ]
    showing = read_showing(study, coder)
    return {
        "revision": see(study, coder).number(study.revision().number),
        "coder": coder,
        "codes": describe_codes(codebook),
        "recent": study.recent_codes(coder),
        "transcripts": [{"number": n, "name": name} for name, n in numbers.items()],
        "items": items,
        "suggested_by": suggested.run and suggested.run.made_at,
        "reason": suggested.reason,
        "own_code_first": showing.own_code_first,
        "attributes": describe_attributes(study),
        "checks": {
            "n_together": checks.n_together,
            "n_checked": checks.n_checked,
            "n_otherwise": checks.n_otherwise,
        },
        "is_unassisted": bool(showing.unassisted),
        "calibrated": bool(suggested.run and suggested.run.parameters.get("calibrated")),
        **_describe_undo(study, coder),
    }


def _come_back(
    study: Snapshot, suggested: SuggestedTo, checks: AcceptanceChecks, codebook: Codebook
) -> dict[tuple[str, Span], list[Suggestion]]:
    """What was accepted together and is to be decided on once more, as any other segment."""
    if suggested.run is None or not checks.due:
        return {}
    places = {(one.transcript, one.span) for one in checks.due}
    whom = SuggestionScope.from_parameters(suggested.run.parameters).coder
    every = study.suggestions(status="all", coder=whom)
    back = [one for one in every if (one.transcript, one.span) in places]
    return group_by_segment(SuggestedTo(suggestions=tuple(back)), codebook)


def group_by_segment(
    suggested: SuggestedTo, codebook: Codebook
) -> dict[tuple[str, Span], list[Suggestion]]:
    """Suggestions of each segment, the best first, of codes that the coder's codebook holds."""
    groups: dict[tuple[str, Span], list[Suggestion]] = {}
    for one in suggested.suggestions:
        if one.code in codebook:
            groups.setdefault((one.transcript, one.span), []).append(one)
    return {segment: group[:MOST_SHOWN] for segment, group in groups.items()}


def view_around(study: Snapshot, number: int, span: Span, coder: str) -> dict[str, Any]:
    """A segment with those around it, and what the coder has done on it."""
    transcript = study.transcript(find_name(study, number))
    if not 0 <= span.start < span.end <= len(transcript.text):
        raise NotFound("There are no such words in this transcript.", kind="segment")
    segments = study.segments(transcript.name)
    before = [s for s in segments if s.span.end <= span.start][-N_AROUND:]
    after = [s for s in segments if s.span.start >= span.end][:N_AROUND]
    inside = next((s for s in segments if s.span.overlap(span)), None)
    return {
        "transcript": number,
        "start": span.start,
        "end": span.end,
        "name": transcript.name,
        "position": transcript.locate(span),
        "language": transcript.language,
        "quote": span.of(transcript.text),
        "speaker": (inside.speaker or "") if inside else "",
        "before": _describe_segments(before, transcript.text),
        "after": _describe_segments(after, transcript.text),
        "suggestions": [
            describe_suggestion(one, number_suggestions(study, coder))
            for one in read_answered(study, coder, transcript.name, span)[:MOST_SHOWN]
        ],
        **_own_work(study, transcript.name, span, coder),
    }


def _describe_segments(segments: Sequence[Segment], text: str) -> list[dict[str, str]]:
    return [{"speaker": s.speaker or "", "words": s.span.of(text)} for s in segments]


def _own_work(study: Snapshot, transcript: str, span: Span, coder: str) -> dict[str, Any]:
    key = (transcript, span, coder)
    checks = read_checks(study, coder)
    # Where something comes back, what was accepted together looks as if it had not been decided on.
    is_back = any((d.transcript, d.span) == key[:2] for d in checks.due)
    due = {
        d.suggested
        for d in study.decisions()
        if is_back and (d.transcript, d.span, d.coder, d.memo) == (*key, TOGETHER)
    }
    return {
        "decisions": [
            {"code": d.suggested, "action": d.action, "applied": d.applied}
            for d in study.decisions()
            if (d.transcript, d.span, d.coder) == key and d.suggested not in due
        ],
        "codings": [
            c.code
            for c in study.codings(transcript=transcript)
            if c.coder == coder and c.span.overlap(span) and not (c.span == span and c.code in due)
        ],
        "is_read": not due
        and any(
            (r.transcript, r.span, r.coder) == key for r in study.readings(transcript=transcript)
        ),
    }


def view_evidence(
    project: Project, number: int, coder: str, run: str | None = None
) -> dict[str, Any]:
    """The evidence of one suggestion; raises NotFound for one that the coder may not see.

    `number` is as it was sent to the coder, of the run that was made at `run`.
    """
    codebook = project.codebook_for(coder)
    with project.snapshot() as study:
        shown_as = number_suggestions(study, coder)
        suggestion = study.suggestion(shown_as.find(number, run))
        if not may_see(study, coder, suggestion):
            raise NotFound(f"No suggestion {number} for you.", kind="suggestion", name=str(number))
        numbers = study.transcript_numbers()
        stop_words = study.keep(("stop words",), lambda: _find_stop_words(study))
        shown = describe_evidence(suggestion, codebook, numbers, stop_words)
        return {"number": number, **shown}


def _find_stop_words(study: Snapshot) -> StopWords:
    """Those of the language that the transcripts are in."""
    return resolve_stop_words(StopWords(()), (segment.excerpt for segment in study.segments()))


def view_list(study: Snapshot, coder: str, codebook: Codebook) -> list[dict[str, Any]]:
    """Every suggestion that the machine would apply, with its words, to be accepted together."""
    numbers, shown_as = study.transcript_numbers(), number_suggestions(study, coder)
    texts = {transcript.name: transcript for transcript in study.transcripts()}
    return [
        describe_suggestion(one, shown_as)
        | {
            "transcript": numbers[one.transcript],
            "quote": one.span.of(texts[one.transcript].text),
            "position": texts[one.transcript].locate(one.span),
        }
        for one in read_suggested(study, coder).suggestions
        if one.code in codebook and (one.likely or one.auto_acceptable)
    ]


def show_queue(request: Request) -> Response:
    """The queue."""
    return served(request).render(request, "queue.html", state=_read_queue(request))


def send_queue(request: Request) -> Response:
    """The queue as it is now."""
    return JSONResponse(_read_queue(request))


def send_around(request: Request) -> Response:
    """A segment of the queue with its words."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    try:
        span = Span(*(int(request.query_params.get(name, "")) for name in ("start", "end")))
    except ValueError:
        raise NotFound("Say which words: start and end.", kind="segment") from None
    with served(request).project.snapshot() as study:
        return JSONResponse(view_around(study, number, span, coder))


def send_evidence(request: Request) -> Response:
    """What speaks for a suggestion and against it."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    run = request.query_params.get("by")
    return JSONResponse(view_evidence(served(request).project, number, coder, run))


def send_list(request: Request) -> Response:
    """What could be accepted together."""
    project, coder = served(request).project, session_of(request.scope).coder
    codebook = project.codebook_for(coder)
    with project.snapshot() as study:
        run = read_run(study, coder)
        listed = view_list(study, coder, codebook)
    return JSONResponse({"suggestions": listed, "suggested_by": run and run.made_at})


def send_refit(request: Request) -> Response:
    """How far suggesting anew is."""
    coder = session_of(request.scope).coder
    return JSONResponse(asdict(served(request).refits.state(coder)))


async def start_refit(request: Request) -> Response:
    """Suggest anew beside the server; with `passages` also what to code next."""
    server, coder = served(request), session_of(request.scope).coder
    try:
        wanted = parse_body(RefitBody, read_object(await request.body()))
    except InputError as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse(asdict(server.refits.start(coder, passages=wanted.passages)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingBody:
    """How a page says suggestions are to be shown; `unassisted`: one in ten comes without."""

    own_code_first: bool
    unassisted: bool


UNASSISTED = 0.1
"""The share of segments without suggestions, where a coder wants that."""


async def set_showing(request: Request) -> Response:
    """Keep how suggestions are shown, before any is shown so."""
    project, coder = served(request).project, session_of(request.scope).coder
    try:
        wanted = parse_body(ShowingBody, read_object(await request.body()))
        await run_in_threadpool(
            project.show_suggestions,
            coder=coder,
            own_code_first=wanted.own_code_first,
            unassisted=UNASSISTED if wanted.unassisted else 0.0,
        )
    except InputError as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse({})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefitBody:
    """What a page says when it asks for suggestions made anew."""

    passages: bool = False


def send_undo(request: Request) -> Response:
    """What the coder can undo and redo."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        return JSONResponse(_describe_undo(study, coder))


def _describe_undo(study: Snapshot, coder: str) -> dict[str, Any]:
    return read_undo_state(study, coder).describe(see(study, coder))


def _read_queue(request: Request) -> dict[str, Any]:
    project, coder = served(request).project, session_of(request.scope).coder
    codebook = project.codebook_for(coder)
    with project.snapshot() as study:
        return view_queue(study, coder, codebook)


ROUTES = (
    Route("/queue", show_queue),
    Route("/queue/state", send_queue),
    Route("/queue/list", send_list),
    Route("/queue/undo", send_undo),
    Route("/queue/showing", set_showing, methods=["POST"]),
    Route("/refit", send_refit),
    Route("/refit", start_refit, methods=["POST"]),
    Route("/t/{number:int}/around", send_around),
    Route("/s/{number:int}/evidence", send_evidence),
)
