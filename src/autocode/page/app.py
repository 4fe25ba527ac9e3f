"""The application: the routes of every screen behind the guard, and faults in one line."""

from __future__ import annotations

import logging
import time

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..core.errors import AutocodeError, NotFound
from ..project import Project
from ..project.recordings import RecordingOpener
from ..store.sqlite_errors import CannotUse
from . import (
    agreement_excerpts,
    agreement_view,
    codes_view,
    coding_view,
    compare_view,
    entrance,
    following_view,
    history_view,
    map_view,
    news,
    overview_page,
    queue_view,
    recording_view,
    search_view,
    settled_view,
    themes_view,
)
from .followers import Followers
from .refit import Refits
from .security import App, Guard, Message, Receive, Scope, Send
from .served import Served, create_templates, read_static_files
from .session import Sessions
from .site import Site
from .team import Team

ROUTES = (
    *entrance.ROUTES,
    *overview_page.ROUTES,
    *coding_view.ROUTES,
    *codes_view.ROUTES,
    *compare_view.ROUTES,
    *agreement_view.ROUTES,
    *agreement_excerpts.ROUTES,
    *settled_view.ROUTES,
    *queue_view.ROUTES,
    *following_view.ROUTES,
    *themes_view.ROUTES,
    *map_view.ROUTES,
    *recording_view.ROUTES,
    *search_view.ROUTES,
    *history_view.ROUTES,
    *news.ROUTES,
)
"""The routes of all screens; a new screen adds a line."""

_log = logging.getLogger("autocode.page")


def build_app(
    project: Project,
    sessions: Sessions,
    *,
    port: int,
    host_name: str | None = None,
    bind: str = "127.0.0.1",
    refits: Refits | None = None,
    followers: Followers | None = None,
    team: Team | None = None,
) -> App:
    """The page of one study on a `port` of this machine, or behind the proxy of a `host_name`.

    With a `team` people sign in, and may do what their roles allow.
    """
    site = Site(port=port, host_name=host_name, bind=bind)
    inner = Starlette(
        routes=list(ROUTES),
        exception_handlers={AutocodeError: _answer_error, HTTPException: _answer_http_error},
    )
    inner.state.served = Served(
        project=project,
        sessions=sessions,
        site=site,
        static=read_static_files(),
        templates=create_templates(),
        refits=refits or Refits(project.path),
        followers=followers or Followers(project.path),
        recordings=RecordingOpener(),
        team=team,
    )
    # Outside of all that Starlette does, so that no answer goes out without the guard's headers.
    role_of = team.role_of if team else None
    noting = news.NoteState(inner, project)
    return Guard(LogAndCatch(noting), site=site, sessions=sessions, role_of=role_of)


class LogAndCatch:
    """Notes each request by method, route, status and milliseconds: no words, names or tokens.

    An error that nobody foresaw is answered too; its message, which may hold people's words, is
    left out.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # whatever it is, the page must hear of it
            kind = type(error).__name__
            _log.error("%s", kind)
            if not status:
                await _fault(kind)(scope, receive, sent)
        route = getattr(scope.get("endpoint"), "__name__", "-")
        taken = 1000 * (time.perf_counter() - began)
        _log.info("%s %s %d %.0f ms", scope["method"], route, status, taken)


def _fault(kind: str) -> Response:
    return JSONResponse({"error": f"Something went wrong here ({kind})."}, 500)


def _answer_error(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, NotFound) else 503 if isinstance(error, CannotUse) else 409
    words = error.on_command_line if isinstance(error, AutocodeError) else str(error)
    return _answer(request, words, status)


def _answer_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "There is no such page.", 405: "That cannot be done here."}
    return _answer(request, words.get(status, "This cannot be answered."), status)


def _answer(request: Request, message: str, status: int) -> Response:
    served: Served = request.app.state.served
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": message}, status)
    page = served.templates.get_template("fault.html")
    html = page.render(static=f"/static/{served.static.digest}", message=message)
    return Response(html, status, media_type="text/html")
