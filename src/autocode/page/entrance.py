"""The way in: a token becomes a session; and our own files, which everybody may have."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ..core.errors import InputError
from .bodies import parse_body, read_object
from .security import cookie_name, read_cookie
from .served import served


@dataclass(frozen=True, slots=True)
class _Start:
    """What the start page sends."""

    token: str


async def show_start(request: Request) -> Response:
    """The page that turns the token in its address into a session; the server never sees it."""
    server = served(request)
    page = server.templates.get_template("start.html")
    return HTMLResponse(page.render(static=f"/static/{server.static.digest}"))


async def start_session(request: Request) -> Response:
    """Take a token, and set the cookie of a new session; 401 if the token is no good."""
    server = served(request)
    try:
        token = parse_body(_Start, read_object(await request.body())).token
    except InputError as error:
        return JSONResponse({"error": str(error)}, 422)
    secret = server.sessions.start(token)
    if secret is None:
        return JSONResponse({"error": "This start was used or is more than a minute old."}, 401)
    answer = JSONResponse({})
    answer.set_cookie(cookie_name(server.port), secret, path="/", httponly=True, samesite="strict")
    return answer


async def end_session(request: Request) -> Response:
    """Close the session."""
    server = served(request)
    server.sessions.end(read_cookie(request.headers, server.port))
    answer = JSONResponse({})
    answer.delete_cookie(cookie_name(server.port), path="/", httponly=True, samesite="strict")
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
