"""Who may use the page: a token that is good once and for a minute becomes a session.

Tokens and sessions are 256 random bits, and only their digests are kept, in memory. A session that
is not used for half an hour is closed, and any after twelve hours; a new token opens another.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TOKEN_SECONDS = 60
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 60 * 60
_BYTES = 32


@dataclass(slots=True)
class Session:
    """Somebody who has opened the page: the coder they work as, and when they last did.

    `begun_at` and `used_at` are in seconds of the clock that `Sessions` was given. `stamp` says
    with which password it was opened, where it was with one.
    """

    coder: str
    begun_at: float
    used_at: float
    stamp: bytes = b""


class Sessions:
    """All tokens and sessions of one server; `clock` counts seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[bytes, tuple[str, float]] = {}
        self._sessions: dict[bytes, Session] = {}
        self._lock = threading.Lock()

    def make_token(self, coder: str) -> str:
        """A token with which `coder` can open one session within a minute."""
        token = secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._tokens[_digest(token)] = (coder, self._clock() + TOKEN_SECONDS)
        return token

    def start(self, token: str) -> str | None:
        """The secret of a new session for a token, which is then used up; None if it is no good."""
        with self._lock:
            # Digests are looked up, so that the time it takes tells nothing of a token.
            coder, until = self._tokens.pop(_digest(token), ("", 0.0))
            if not coder or self._clock() > until:
                return None
        return self.begin(coder)

    def begin(self, coder: str, *, stamp: bytes = b"") -> str:
        """The secret of a new session of a coder who has shown who they are."""
        secret, now = secrets.token_urlsafe(_BYTES), self._clock()
        with self._lock:
            self._sessions = {
                key: session
                for key, session in self._sessions.items()
                if not _is_over(session, now)
            }
            self._sessions[_digest(secret)] = Session(coder, now, now, stamp)
        return secret

    def find(self, secret: str, *, touch: bool = True) -> Session | None:
        """The session of this secret, None if there is none or it was not used for too long.

        With `touch` the time until it is closed begins anew; what a page asks for by itself, with
        nobody there, must not do that.
        """
        key = _digest(secret)
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                return None
            now = self._clock()
            if _is_over(session, now):
                del self._sessions[key]
                return None
            if touch:
                session.used_at = now
            return session

    def end(self, secret: str) -> None:
        """Close a session."""
        with self._lock:
            self._sessions.pop(_digest(secret), None)


def _is_over(session: Session, now: float) -> bool:
    return now - session.used_at > IDLE_SECONDS or now - session.begun_at > LONGEST_SECONDS


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
