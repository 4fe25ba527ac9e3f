"""Where two coders differ in a transcript, to be settled: their readings side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..agreement.resampling.intervals import Resampling
from ..agreement.study.specs import SPECS
from ..agreement.study.table import Agreement
from ..core.coding import Coding
from ..core.errors import InputError, NotFound
from ..core.transcript import Span, Transcript
from ..pipeline import AgreementOptions
from ..project.reader import Snapshot
from .act_requests import read_undo_state
from .marks import describe_codes
from .reading import find_name
from .security import session_of
from .served import served
from .sight import Sight, codebook_seen, see

Pair = tuple[str, str]


def list_pairs(study: Snapshot, sight: Sight, transcript: str) -> list[Pair]:
    """Every two people who coded or read a transcript; none where others' work is hidden."""
    if sight.is_blind and transcript not in sight.revealed:
        return []
    people = {coder.name for coder in study.coders() if coder.kind == "person"}
    work = {coding.coder for coding in study.codings(transcript=transcript)}
    work |= {reading.coder for reading in study.readings(transcript=transcript)}
    return list(combinations(sorted(work & people), 2))


def choose_pair(pairs: Sequence[Pair], number: int) -> Pair | None:
    """The pair of this number, from 0; the first for a number that is none."""
    if not pairs:
        return None
    return pairs[number] if 0 <= number < len(pairs) else pairs[0]


def view_compare(study: Snapshot, number: int, coder: str, pair_number: int) -> dict[str, Any]:
    """Differences of two coders in a transcript, what they agree on, and what was settled."""
    transcript = study.transcript(find_name(study, number))
    sight, possible = see(study, coder), read_undo_state(study, coder)
    pairs = list_pairs(study, sight, transcript.name)
    pair = choose_pair(pairs, pair_number)
    differences: list[dict[str, Any]] = []
    agreed: list[dict[str, Any]] = []
    reason = "" if pair else "Nobody's work can be compared here: two coders are needed."
    if sight.is_blind and transcript.name not in sight.revealed:
        reason = "Blind: you do not see other coders."
    if pair is not None:
        try:
            differences = _list_differences(study, transcript, pair)
        except InputError as error:
            reason = str(error)
        agreed = _list_agreed(study, transcript, pair)
    if sight.is_blind:  # the coefficients rest on other transcripts too, which are still hidden
        differences = [row | {"alpha": None} for row in differences]
    return {
        "transcript": number,
        "name": transcript.name,
        "coder": coder,
        "pairs": pairs,
        "pair": pairs.index(pair) if pair else 0,
        "is_swapped": pair is not None and _draw_side(number, pair),
        "reason": reason,
        "differences": differences,
        "agreed": agreed,
        "codes": describe_codes(codebook_seen(study, sight)),
        "recent": study.recent_codes(coder),
        "undo": possible.undo and sight.describe(possible.undo),
        "redo": possible.redo and sight.describe(possible.redo),
    }


def _draw_side(number: int, pair: Pair) -> bool:
    """Whether the second coder stands left where names are hidden: drawn for each transcript."""
    return hashlib.sha256(f"{number}/{pair[0]}/{pair[1]}".encode()).digest()[0] % 2 == 1


def _list_differences(study: Snapshot, transcript: Transcript, pair: Pair) -> list[dict[str, Any]]:
    """A row for each code that one coder gave a unit and the other, who has read it, did not.

    Units that one coding covers, one after the other, are one place.
    """
    options = AgreementOptions(coders=pair, resampling=Resampling(n_resamples=0))
    agreement = study.agree(options=options)
    alphas = {c.code: c.coefficients["krippendorff_alpha"].value for c in agreement.per_code}
    places: dict[tuple[object, ...], dict[str, Any]] = {}
    for unit in agreement.disagreements:
        span = unit.unit.span
        if unit.transcript != transcript.name or span is None:
            continue
        given = [set(unit.applied.get(coder, ())) for coder in pair]
        for code in sorted(given[0] ^ given[1]):
            marks = [_find_codings(study, transcript, c, code, span) for c in pair]
            key = (code, *(c.span for c in (*marks[0], *marks[1])))
            whole = span
            if key in places:
                start, end = places[key]["start"], places[key]["end"]
                whole = Span(min(start, span.start), max(end, span.end))
            places[key] = _describe_place(study, transcript, whole, code, marks) | {
                "alpha": alphas.get(code)
            }
    return sorted(places.values(), key=lambda place: (place["start"], place["end"], place["code"]))


def _find_codings(
    study: Snapshot, transcript: Transcript, coder: str, code: str, span: Span
) -> list[Coding]:
    codings = study.codings(transcript=transcript.name)
    return [c for c in codings if (c.coder, c.code) == (coder, code) and c.span.overlap(span)]


def _describe_place(
    study: Snapshot, transcript: Transcript, span: Span, code: str, marks: list[list[Coding]]
) -> dict[str, Any]:
    spans = [span, *(coding.span for codings in marks for coding in codings)]
    shown = Span(min(s.start for s in spans), max(s.end for s in spans))
    settled = [
        made
        for made in study.resolutions()
        if (made.transcript, made.code) == (transcript.name, code) and made.span.overlap(span)
    ]
    return {
        "start": span.start,
        "end": span.end,
        "quote": span.of(transcript.text),
        "shown": shown.start,
        "words": shown.of(transcript.text),
        "position": transcript.locate(span),
        "code": code,
        "readings": [
            [{"start": c.span.start, "end": c.span.end, "memo": c.memo} for c in codings]
            for codings in marks
        ],
        "settled": settled[-1].summarise() if settled else None,
    }


def _list_agreed(study: Snapshot, transcript: Transcript, pair: Pair) -> list[dict[str, Any]]:
    codings = study.codings(transcript=transcript.name)
    others = [coding for coding in codings if coding.coder == pair[1]]
    return [
        {"code": c.code, "words": c.span.of(transcript.text)}
        for c in codings
        if c.coder == pair[0] and any(o.code == c.code and o.span.overlap(c.span) for o in others)
    ]


def describe_agreement(agreement: Agreement) -> dict[str, Any]:
    """The coefficients over all codes as `autocode agree` gives them."""
    payload = agreement.to_dict()
    return {
        "coders": agreement.coders,
        "n_units": agreement.n_units,
        "n_transcripts": agreement.n_transcripts,
        "coefficients": [
            {"name": spec.name, "label": spec.label, **payload["overall"][spec.name]}
            for spec in SPECS
            if spec.is_headline and spec.name in payload["overall"]
        ],
    }


def show_compare(request: Request) -> Response:
    """The differences of two coders in a transcript."""
    server, number = served(request), request.path_params["number"]
    coder = session_of(request.scope).coder
    with server.project.snapshot() as study:
        state = view_compare(study, number, coder, _pair_number(request))
    return server.render(request, "compare.html", state=state)


def send_compare(request: Request) -> Response:
    """The differences as they are now."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        return JSONResponse(view_compare(study, number, coder, _pair_number(request)))


def send_agreement(request: Request) -> Response:
    """How the two agree on all that both have read; `error` says why there is no number."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        name, sight = find_name(study, number), see(study, coder)
        pair = choose_pair(list_pairs(study, sight, name), _pair_number(request))
        if pair is None or sight.is_blind:
            return JSONResponse({"coefficients": [], "reason": "Nothing to compare yet."})
        try:
            return JSONResponse(describe_agreement(study.agree(pair)))
        except (InputError, NotFound) as error:
            return JSONResponse({"coefficients": [], "reason": str(error)})


def _pair_number(request: Request) -> int:
    words = request.query_params.get("pair", "0")
    return int(words) if words.isdecimal() and len(words) < 6 else 0


ROUTES = (
    Route("/compare/{number:int}", show_compare),
    Route("/compare/{number:int}/state", send_compare),
    Route("/compare/{number:int}/agreement", send_agreement),
)
