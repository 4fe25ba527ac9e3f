"""What every request must pass before anything answers it, and the headers of every answer.

Against pages of other sites, which a browser lets send requests here: the name that was asked for
(DNS rebinding), the origin of what writes (cross-site requests), and a session. Against words of
people that become script: a policy that allows our own files only, with Trusted Types.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from .session import Session, Sessions

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY_BYTES = 64 * 1024
READING_METHODS = ("GET", "HEAD")
_SESSION = "autocode.session"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # Not "no-referrer": with that a browser sends "null" as the origin of what writes.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Headers of every answer; only our own files, which hold no words, say they may be kept."""


class Guard:
    """The application behind it answers only what passes all checks.

    In this order: the host (421), the origin and type of what writes (403, 415), its size (413),
    and a session (401, or the page that says how to start one).
    """

    def __init__(self, app: App, *, port: int, sessions: Sessions) -> None:
        self._app, self._sessions, self._port = app, sessions, port
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # there are no web sockets here
        sent = _with_headers(send)
        refusal = self._refuse(scope)
        if refusal is not None:
            await refusal(scope, receive, sent)
            return
        await self._app(scope, _limited(receive), sent)

    def _refuse(self, scope: Scope) -> Response | None:
        """The answer to a request that does not pass; for one that does, its session is noted."""
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return PlainTextResponse("This page is not served under that name.", 421)
        writes = scope["method"] not in READING_METHODS
        if writes and (refusal := self._refuse_writing(headers)):
            return refusal
        if _is_open_to_all(scope["method"], scope["path"]):
            return None
        touch = headers.get("autocode-by") != "itself"
        session = self._sessions.find(read_cookie(headers, self._port), touch=touch)
        if session is None:
            return _refuse_stranger(headers, writes=writes)
        scope[_SESSION] = session
        return None

    def _refuse_writing(self, headers: Headers) -> Response | None:
        own = f"http://{headers['host']}"
        site = headers.get("sec-fetch-site", "same-origin")
        if headers.getlist("origin") != [own] or site != "same-origin":
            return _error("This did not come from the page itself.", 403)
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _error("Send JSON (application/json).", 415)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            return _error(f"At most {MOST_BODY_BYTES // 1024} KB can be sent at once.", 413)
        return None


def session_of(scope: Scope) -> Session:
    """The session of a request that passed the guard."""
    session: Session = scope[_SESSION]
    return session


def cookie_name(port: int) -> str:
    """The name of the cookie: browsers keep one set of cookies for all ports of a machine."""
    return f"autocode_{port}"


def read_cookie(headers: Headers, port: int) -> str:
    """The secret of the session in a request's cookies, empty if there is none."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    morsel = cookies.get(cookie_name(port))
    return morsel.value if morsel else ""


def _is_open_to_all(method: str, path: str) -> bool:
    """What answers without a session: the way to one, and our own files, which hold no words."""
    if method == "POST":
        return path == "/session"
    return path == "/start" or path.startswith("/static/")


def _refuse_stranger(headers: Headers, *, writes: bool) -> Response:
    if not writes and "text/html" in headers.get("accept", ""):
        return RedirectResponse("/start", 303)
    return _error("The page is locked. Open it again from the terminal.", 401)


def _error(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def _limited(receive: Receive) -> Receive:
    """Give no more of a body than is allowed, whatever its length was said to be."""
    n_bytes = 0

    async def received() -> Message:
        nonlocal n_bytes
        message = await receive()
        n_bytes += len(message.get("body", b""))
        if n_bytes > MOST_BODY_BYTES:
            return {"type": "http.disconnect"}
        return message

    return received
