"""The way in: a token, or a name and password, becomes a session; and our own files, for all."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ..core.errors import InputError
from .bodies import parse_body, read_object
from .security import read_cookie
from .served import Served, served
from .team import SignInRefused, Team


@dataclass(frozen=True, slots=True)
class _Start:
    """What the start page sends."""

    token: str


@dataclass(frozen=True, slots=True)
class _SignIn:
    """What the page sends on which people sign in."""

    name: str
    password: str


async def show_start(request: Request) -> Response:
    """The page that turns the token in its address into a session; the server never sees it.

    For a team, the page on which people sign in.
    """
    server = served(request)
    page = server.templates.get_template("sign_in.html" if server.team else "start.html")
    return HTMLResponse(page.render(static=f"/static/{server.static.digest}"))


async def start_session(request: Request) -> Response:
    """Set the cookie of a new session; 401 if the token, or name and password, are no good."""
    server = served(request)
    try:
        secret = await _open_session(server, request)
    except InputError as error:
        return JSONResponse({"error": str(error)}, 422)
    except SignInRefused as refusal:
        return JSONResponse({"error": refusal.message}, refusal.status)
    answer = JSONResponse({})
    answer.set_cookie(
        server.site.cookie,
        secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=server.site.is_secure,
    )
    return answer


async def _open_session(server: Served, request: Request) -> str:
    body = read_object(await request.body())
    if server.team is not None:
        return await _sign_in(server.team, request, parse_body(_SignIn, body))
    secret = server.sessions.start(parse_body(_Start, body).token)
    if secret is None:
        raise SignInRefused(401, "This start was used or is more than a minute old.")
    return secret


async def _sign_in(team: Team, request: Request, by: _SignIn) -> str:
    server = served(request)
    secret = await team.sign_in(by.name, by.password, client=server.site.client(request.scope))
    server.sessions.end(read_cookie(request.headers, server.site))
    return secret


async def end_session(request: Request) -> Response:
    """Close the session."""
    server = served(request)
    server.sessions.end(read_cookie(request.headers, server.site))
    answer = JSONResponse({})
    answer.delete_cookie(
        server.site.cookie,
        path="/",
        httponly=True,
        samesite="strict",
        secure=server.site.is_secure,
    )
    return answer


async def send_static(request: Request) -> Response:
    """One of our own files, which a browser may keep: another version has another address."""
    static = served(request).static
    file = static.files.get(request.path_params["name"])
    if file is None or request.path_params["digest"] != static.digest:
        return JSONResponse({"error": "There is no such file."}, 404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, media_type=file.media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(file.packed, media_type=file.media_type, headers=headers)


async def keep_session(request: Request) -> Response:
    """Say that somebody is there, so that the session is not closed."""
    return JSONResponse({})


ROUTES = (
    Route("/start", show_start),
    Route("/session", start_session, methods=["POST"]),
    Route("/session", end_session, methods=["DELETE"]),
    Route("/session", keep_session),
    Route("/static/{digest}/{name}", send_static),
)
