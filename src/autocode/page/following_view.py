"""Suggestions that follow a coder, as the coding view and the queue ask for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.codebook import Codebook
from ..project.reader import Snapshot
from ..project.suggested_to import may_learn, read_suggested
from .followers import Following
from .reading import find_name
from .security import session_of
from .served import served
from .suggested import describe_suggestion
from .suggestion_numbers import number_suggestions


def view_following(
    study: Snapshot, coder: str, codebook: Codebook, now: Following
) -> list[dict[str, Any]]:
    """What is suggested while a coder is followed, of the segments where suggestions are shown.

    A suggestion that is stored as well, whatever its probability there, has its number. Nothing
    that was learned from more than the coder's passes allow by now.
    """
    if now.run is None or not may_learn(study, coder, now.run):
        return []
    shown = read_suggested(study, coder, transcript=now.transcript)
    shown_as = number_suggestions(study, coder)
    stored = {(one.span, one.code): one.number for one in shown.suggestions}
    spans = {span for span, _ in stored}
    return [
        describe_suggestion(replace(one, number=stored.get((one.span, one.code))), shown_as)
        for one in now.suggestions
        if one.span in spans and one.code in codebook
    ]


def begin_following(request: Request) -> Response:
    """Follow the coder through this transcript from now on, if anything is suggested there."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        name = find_name(study, request.path_params["number"])
        is_shown = bool(read_suggested(study, coder, transcript=name).suggestions)
    now = server.followers.begin(coder, name) if is_shown else Following()
    return JSONResponse(_describe(now))


def send_following(request: Request) -> Response:
    """How the coder is followed here; with `since`, suggestions only if there are newer ones."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        now = server.followers.state(coder, find_name(study, request.path_params["number"]))
        answer = _describe(now)
        if now.state == "ready" and request.query_params.get("since") != str(now.number):
            codebook = study.codebook_for(coder)
            answer["suggestions"] = view_following(study, coder, codebook, now)
    return JSONResponse(answer)


def _describe(now: Following) -> dict[str, Any]:
    return {"state": now.state, "number": now.number, "words": now.words, "suggestions": None}


ROUTES = (
    Route("/t/{number:int}/following", send_following),
    Route("/t/{number:int}/following", begin_following, methods=["POST"]),
)
