"""The coding view: a transcript to read and code, its state, and the acts that change it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .act_kinds import KINDS
from .act_requests import acts_of, perform
from .passes_seen import describe_unread
from .reading import find_name, read_state, view_state, view_transcript
from .recording_view import view_cues
from .security import role_in, session_of
from .served import served
from .sight import see


def show_transcript(request: Request) -> Response:
    """A transcript with everything on it."""
    server, number = served(request), request.path_params["number"]
    coder = session_of(request.scope).coder
    with server.project.snapshot() as study:
        transcript = view_transcript(study, number)
        state = view_state(study, number, coder)
        transcripts = study.transcript_numbers()
        cues = view_cues(study, transcript)
    return server.render(
        request,
        "coding.html",
        transcript=transcript,
        state=state,
        transcripts=transcripts,
        cues=cues,
    )


def send_state(request: Request) -> Response:
    """What is on a transcript now."""
    coder = session_of(request.scope).coder
    state = read_state(served(request).project, request.path_params["number"], coder)
    return JSONResponse(state)


def send_unread(request: Request) -> Response:
    """What the coder has not read yet of a transcript that they have a pass through."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        name = find_name(study, request.path_params["number"])
        return JSONResponse(describe_unread(study, see(study, coder), name))


async def do_act(request: Request) -> Response:
    """Do what is asked for; it is kept on the disk before this answers."""
    server, coder = served(request), session_of(request.scope).coder
    raw, role = await request.body(), role_in(request.scope)
    following = server.followers.of(coder)
    answer = await run_in_threadpool(
        perform, raw, KINDS, server.project, coder, role=role, following=following
    )
    if answer.status == 200:
        server.followers.tell(coder)
    return JSONResponse(answer.payload, answer.status)


def send_last_acts(request: Request) -> Response:
    """The last acts of the coder, newest first."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        sight, acts = see(study, coder), acts_of(study, coder, limit=_MOST_ACTS)
    shown = [
        {
            "number": sight.number(act.number),
            "summary": sight.describe(act),
            "made_at": act.made_at,
            "is_undone": act.undone_by is not None,
        }
        for act in reversed(acts)
    ]
    return JSONResponse({"acts": shown})


_MOST_ACTS = 60

ROUTES = (
    Route("/t/{number:int}", show_transcript),
    Route("/t/{number:int}/state", send_state),
    Route("/t/{number:int}/unread", send_unread),
    Route("/acts/last", send_last_acts),
    Route("/acts", do_act, methods=["POST"]),
)
