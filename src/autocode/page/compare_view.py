"""Where two coders differ in a transcript, to be settled: their readings side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..agreement.study.specs import SPECS
from ..agreement.study.table import Agreement
from ..core.errors import InputError, NotFound
from ..project.reader import Snapshot
from .act_requests import read_undo_state
from .agreement_choice import BLIND
from .bodies import read_number
from .codes_seen import describe_codes_seen
from .compare_places import Pair, list_agreed, list_differences
from .reading import find_name
from .security import session_of
from .served import served
from .sight import Sight, see


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


def view_compare(
    study: Snapshot, number: int, coder: str, pair_number: int, seed: int = 0
) -> dict[str, Any]:
    """Differences of two coders in a transcript, what they agree on, and what was settled.

    `seed` draws who stands left where names are hidden.
    """
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
            # Coefficients rest on other transcripts too, which a blind coder does not see.
            differences = list_differences(study, transcript, pair, shows_alpha=not sight.is_blind)
        except InputError as error:
            reason = str(error)
        agreed = list_agreed(study, transcript, pair)
    return {
        "transcript": number,
        "name": transcript.name,
        "coder": coder,
        "pairs": pairs,
        "pair": pairs.index(pair) if pair else 0,
        "is_swapped": pair is not None and draw_side(number, pair, seed),
        "seed": seed,
        "reason": reason,
        "differences": differences,
        "agreed": agreed,
        "codes": describe_codes_seen(study, sight),
        "recent": study.recent_codes(coder),
        **possible.describe(sight),
    }


def draw_side(number: int, pair: Pair, seed: int) -> bool:
    """Whether the second coder stands left where names are hidden: drawn for each transcript."""
    place = f"{seed}/{number}/{pair[0]}/{pair[1]}"
    return hashlib.sha256(place.encode()).digest()[0] % 2 == 1


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


def _describe_consensus(study: Snapshot, pair: Pair) -> list[dict[str, Any]]:
    """Alpha of each of the two with the consensus, on what it has read; none where there is none.

    It has read what was settled, and what the two agree on once that is taken into it.
    """
    names = [made.consensus for made in study.resolutions() if {made.one, made.other} == {*pair}]
    rows: list[dict[str, Any]] = []
    for coder in pair if names else ():
        try:
            agreement = _agree(study, (coder, names[-1]))
        except (InputError, NotFound):
            continue
        alpha = agreement.to_dict()["overall"]["krippendorff_alpha"]
        rows.append({**alpha, "coder": coder, "n_units": agreement.n_units})
    return rows


def _agree(study: Snapshot, pair: Pair) -> Agreement:
    return study.keep(("agreement", *pair), lambda: study.agree(pair))


def show_compare(request: Request) -> Response:
    """The differences of two coders in a transcript."""
    server, number = served(request), request.path_params["number"]
    coder = session_of(request.scope).coder
    with server.project.snapshot() as study:
        state = view_compare(study, number, coder, *_asked(request))
    return server.render(request, "compare.html", state=state)


def send_compare(request: Request) -> Response:
    """The differences as they are now."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        return JSONResponse(view_compare(study, number, coder, *_asked(request)))


def send_agreement(request: Request) -> Response:
    """How the two agree on all that both have read; `error` says why there is no number."""
    number, coder = request.path_params["number"], session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        name, sight = find_name(study, number), see(study, coder)
        pair = choose_pair(list_pairs(study, sight, name), _asked(request)[0])
        if sight.is_blind:
            return JSONResponse({"coefficients": [], "reason": BLIND})
        if pair is None:
            return JSONResponse({"coefficients": [], "reason": "Nothing to compare yet."})
        try:
            return JSONResponse(
                describe_agreement(_agree(study, pair))
                | {"consensus": _describe_consensus(study, pair)}
            )
        except (InputError, NotFound) as error:
            return JSONResponse({"coefficients": [], "reason": str(error)})


def _asked(request: Request) -> tuple[int, int]:
    """The number of the pair and the seed that an address names, 0 where it names none."""
    pair, seed = (read_number(request.query_params.get(name, "")) for name in ("pair", "seed"))
    return pair, seed


ROUTES = (
    Route("/compare/{number:int}", show_compare),
    Route("/compare/{number:int}/state", send_compare),
    Route("/compare/{number:int}/agreement", send_agreement),
)
