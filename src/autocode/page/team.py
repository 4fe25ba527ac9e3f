"""A team that signs in by name and password: who somebody is, and what they may do.

Sessions live in the server's memory only: they end when it does, when somebody signs out, after
half an hour without use, after twelve hours, and when their user's password is set or the user
removed. Roles are read at each request, so that a change holds at once.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..core.errors import AutocodeError
from .passwords import Cost, PasswordHash, is_password
from .roles import Role
from .session import Session, Sessions
from .tries import Tries
from .users import Users, name_key, read_users

_MOST_WAITING = 32
_AT_ONCE = 2


class UsersFile:
    """The users in a file, read again when it is another; nobody is one while it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] = ()
        self._users: Users = {}
        self._lock = threading.Lock()

    def users(self) -> Users:
        """Everybody, by the key of their name."""
        with self._lock:
            try:
                about = self.path.stat()
                seen = (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)
                if seen != self._seen:
                    self._users, self._seen = read_users(self.path), seen
            except (OSError, AutocodeError):
                self._users, self._seen = {}, ()
            return self._users


class SignInRefused(Exception):
    """A status of HTTP and the one line that says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Team:
    """The users of one server with their sessions."""

    def __init__(self, file: Path, sessions: Sessions, *, tries: Tries | None = None) -> None:
        self._file = UsersFile(file)
        self._sessions = sessions
        self._tries = tries or Tries()
        # Not on the event loop, which would stand still; two at once, as each takes 32 MiB.
        self._workers = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
        self._n_waiting = 0

    async def sign_in(self, name: str, password: str, *, client: str) -> str:
        """The secret of a new session.

        Raises:
            SignInRefused: if name and password are none of ours, or were tried too often.
        """
        keys = (f"name {name_key(name)[:300]}", f"from {client}")
        if self._n_waiting >= _MOST_WAITING or not self._tries.begin(keys):
            raise SignInRefused(429, "Too many tries. Wait a minute, then try again.")
        users = self._file.users()
        user = users.get(name_key(name))
        known = user.password if user else _decoy(users)
        self._n_waiting += 1
        try:
            loop = asyncio.get_running_loop()
            is_right = await loop.run_in_executor(self._workers, is_password, password, known)
        finally:
            self._n_waiting -= 1
        if user is None or not is_right:
            raise SignInRefused(401, "That name and password do not go together.")
        self._tries.forgive(keys)
        return self._sessions.begin(user.name, stamp=user.stamp)

    def role_of(self, session: Session) -> Role | None:
        """What the one who is signed in may do now; None for somebody who is no user any more."""
        user = self._file.users().get(name_key(session.coder))
        if user is None or user.name != session.coder or user.stamp != session.stamp:
            return None
        return user.role

    def stop(self) -> None:
        """Try no more passwords."""
        self._workers.shutdown(wait=False, cancel_futures=True)


def _decoy(users: Users) -> PasswordHash:
    """A hash that no password has, as costly as those of the users: a name tells nothing."""
    costs = [user.password.cost for user in users.values()]
    cost = max(costs, key=lambda cost: cost.n * cost.r * cost.p, default=Cost())
    return PasswordHash(cost=cost, salt=bytes(16), digest=bytes(32))
