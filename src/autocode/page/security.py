"""What every request must pass before anything answers it, and the headers of every answer.

Against pages of other sites, which a browser lets send requests here: the name that was asked for
(DNS rebinding), the origin of what writes (cross-site requests), and a session. Against words of
people that become script: a policy that allows our own files only, with Trusted Types.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from .roles import Role, may, role_for_route, say_refusal
from .session import Session, Sessions
from .site import Site

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY_BYTES = 64 * 1024
READING_METHODS = ("GET", "HEAD")
RoleOf = Callable[[Session], Role | None]
"""What somebody may do; None for one who may do nothing any more."""
_OTHER_NAME = (
    "This page is not served under that name. Ask for the address that the server printed when it "
    "started; a proxy before it must pass on the name that was asked for (Host), with its port "
    "where it has one, and that name is given with --host-name.\n"
)
_SESSION, _ROLE = "autocode.session", "autocode.role"

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
    a session (401, or the page that says how to start one), and the role that the route needs
    (403). Without `role_of` whoever has a session is a lead.
    """

    def __init__(
        self, app: App, *, site: Site, sessions: Sessions, role_of: RoleOf | None = None
    ) -> None:
        self._app, self._sessions, self._site = app, sessions, site
        self._role_of = role_of or _is_lead

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
        if headers.getlist("host") not in [[host] for host in self._site.hosts]:
            return PlainTextResponse(_OTHER_NAME, 421)
        writes = scope["method"] not in READING_METHODS
        if writes and (refusal := self._refuse_writing(headers)):
            return refusal
        if _is_open_to_all(scope["method"], scope["path"]):
            return None
        touch = headers.get("autocode-by") != "itself"
        session = self._sessions.find(read_cookie(headers, self._site), touch=touch)
        role = None if session is None else self._role_of(session)
        if session is None or role is None:
            return _refuse_stranger(headers, writes=writes)
        if headers.get("autocode-as", whose(session.coder)) != whose(session.coder):
            return _error("Somebody else is signed in here by now. Sign in again as yourself.", 401)
        needed = role_for_route(scope["method"], scope["path"])
        if not may(role, needed):
            return _error(say_refusal(role, needed), 403)
        scope[_SESSION], scope[_ROLE] = session, role
        return None

    def _refuse_writing(self, headers: Headers) -> Response | None:
        own = self._site.origin(headers["host"])
        site = headers.get("sec-fetch-site", "same-origin")
        if headers.getlist("origin") != [own] or site != "same-origin":
            return _error("This did not come from the page itself.", 403)
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _error("Send JSON (application/json).", 415)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            return _error(f"At most {MOST_BODY_BYTES // 1024} KB can be sent at once.", 413)
        return None


def has_session(scope: Scope) -> bool:
    """Whether a request that passed the guard is that of somebody with a session."""
    return _SESSION in scope


def session_of(scope: Scope) -> Session:
    """The session of a request that passed the guard."""
    session: Session = scope[_SESSION]
    return session


def role_in(scope: Scope) -> Role:
    """The role of whoever sent a request that passed the guard."""
    role: Role = scope[_ROLE]
    return role


def whose(coder: str) -> str:
    """What a page that was made for this coder says with each request.

    So that a tab left open does nothing in the name of somebody who signed in in another.
    """
    return hashlib.sha256(coder.encode("utf-8", "replace")).hexdigest()[:16]


def read_cookie(headers: Headers, site: Site) -> str:
    """The secret of the session in a request's cookies, empty if there is none."""
    # Cookies of other programs come along, as browsers know no ports, and need not be well-formed:
    # http.cookies reads nothing after one that is not.
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == site.cookie:
            return value
    return ""


def _is_open_to_all(method: str, path: str) -> bool:
    """What answers without a session: the way to one, and our own files, which hold no words."""
    if method == "POST":
        return path == "/session"
    return path == "/start" or path.startswith("/static/")


def _refuse_stranger(headers: Headers, *, writes: bool) -> Response:
    if not writes and "text/html" in headers.get("accept", ""):
        return RedirectResponse("/start", 303)
    return _error("The page is locked. Open it again in another tab, and this goes on.", 401)


def _is_lead(session: Session) -> Role | None:
    """Whoever opens a study of their own."""
    return "lead"


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
