"""What was done elsewhere since a page was drawn: asked for often, and cheap where nothing was.

A page carries the state of the study that it was drawn from, and sends the last one it knows as
`If-None-Match`: one revision is read for the answer that nothing changed. A blind coder's page
carries none, and gets nothing, whatever others do. Of their own work, people hear what they did
outside the page, as on the command line: what they do on it is shown by the page itself.
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.errors import AutocodeError
from ..project import Project
from ..project.history import HistoryFilter
from ..project.reader import Snapshot
from .act_requests import KEY_PREFIX
from .security import App, Receive, Scope, Send, has_session, session_of
from .served import STATE, served
from .sight import see

_STATE = re.compile(r"(\d{1,12})-(\d{1,12})")


def read_study_state(study: Snapshot, coder: str) -> str | None:
    """The revision and the last act, as a page carries them; None for a blind coder."""
    if study.keep(("is blind", coder), lambda: see(study, coder).is_blind):
        return None
    last = study.history(HistoryFilter(limit=1))
    return f"{study.revision().number}-{last[0].number if last else 0}"


class NoteState:
    """Notes the state of the study before a page is drawn, so that nothing later is missed."""

    def __init__(self, app: App, project: Project) -> None:
        self._app, self._project = app, project

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and has_session(scope) and _wants_page(scope):
            scope[STATE] = await run_in_threadpool(self._read, session_of(scope).coder)
        await self._app(scope, receive, send)

    def _read(self, coder: str) -> str | None:
        try:
            with self._project.snapshot() as study:
                return read_study_state(study, coder)
        except AutocodeError:  # the route says what is wrong
            return None


def _wants_page(scope: Scope) -> bool:
    accept = dict(scope["headers"]).get(b"accept", b"")
    return scope["method"] == "GET" and b"text/html" in accept


def send_news(request: Request) -> Response:
    """What was done elsewhere since the state named as `since`; 304 where nothing has changed."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        state = read_study_state(study, coder)
        if state is None:
            return JSONResponse({})
        headers = {"etag": f'"{state}"'}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        since = _STATE.fullmatch(request.query_params.get("since", ""))
        last = int(since[2]) if since else None
        work = (
            []
            if last is None
            else study.count_work(since=last, coder=coder, but_key_prefix=KEY_PREFIX)
        )
    by = [
        {
            "coder": one.coder,
            "n_acts": one.n_acts,
            "n_codings": one.n_codings,
            "is_own": one.coder == coder,
        }
        for one in work
    ]
    return JSONResponse({"state": state, "by": by}, headers=headers)


ROUTES = (Route("/news", send_news),)
