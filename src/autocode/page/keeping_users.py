"""Changes of a users file, as the command line makes them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.errors import InputError, one_line
from ..io.file_lock import hold_lock
from ..serialise.plain import to_payload
from .passwords import Cost, check_password, hash_password
from .roles import ROLES, Role
from .users import (
    User,
    Users,
    check_name,
    find_user,
    name_key,
    read_users,
    users_path,
    write_users,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What was done with a user: `change` in words, and the role since then, if any."""

    file: str
    name: str
    role: Role | None
    change: str

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return to_payload(
            "user_change",
            {"file": self.file, "name": self.name, "role": self.role, "change": self.change},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UserList:
    """Who may sign in; `to_dict` gives names and roles only."""

    file: str
    users: tuple[User, ...]

    def to_dict(self) -> dict[str, Any]:
        """The users as plain data."""
        users = [{"name": user.name, "role": user.role} for user in self.users]
        return to_payload("users", {"file": self.file, "users": users})


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBook:
    """A users file that is changed; `cost` is that of passwords that are set."""

    path: Path
    cost: Cost | None = None

    @classmethod
    def beside(cls, study: Path, named: Path | None = None) -> UserBook:
        """The users of a study, in the file named or the one beside it."""
        return cls(path=named or users_path(study))

    def list(self) -> UserList:
        """Everybody, by name."""
        users = sorted(self._read().values(), key=lambda user: user.name)
        return UserList(file=str(self.path), users=tuple(users))

    def find(self, name: str) -> User:
        """The user of a name; raises NotFound."""
        return find_user(self._read(), name)

    def refuse_known(self, name: str) -> None:
        """Raise InputError for a name that a user has."""
        if name_key(name) in self._read():
            raise InputError(
                f"'{one_line(name, 60)}' can sign in already. Change the password or the role: "
                "autocode users password, autocode users role."
            )

    def add(self, name: str, role: Role, password: str) -> UserChange:
        """Let somebody sign in."""
        kept = check_name(name)
        check_password(password, kept)
        with self._alone():
            self.refuse_known(kept)
            user = User(name=kept, role=role, password=hash_password(password, cost=self.cost))
            return self._put(user, f"added, {role}")

    def set_password(self, name: str, password: str) -> UserChange:
        """Give a user another password; their sessions end."""
        with self._alone():
            user = self.find(name)
            check_password(password, user.name)
            changed = replace(user, password=hash_password(password, cost=self.cost))
            return self._put(changed, "password set")

    def set_role(self, name: str, role: Role) -> UserChange:
        """Let a user do more, or less."""
        with self._alone():
            return self._put(replace(self.find(name), role=role), f"now {role}")

    def remove(self, name: str) -> UserChange:
        """Let somebody sign in no more."""
        with self._alone():
            users = dict(self._read())
            gone = find_user(users, name)
            del users[name_key(gone.name)]
            write_users(self.path, users.values())
        return UserChange(file=str(self.path), name=gone.name, role=None, change="removed")

    def _alone(self) -> AbstractContextManager[None]:
        """Wait for other changes of these users: each is made of what the last one left."""
        return hold_lock(self.path.with_name(f"{self.path.name}.lock"))

    def _read(self) -> Users:
        try:
            return read_users(self.path)
        except FileNotFoundError:
            return {}

    def _put(self, user: User, change: str) -> UserChange:
        write_users(self.path, {**self._read(), name_key(user.name): user}.values())
        return UserChange(file=str(self.path), name=user.name, role=user.role, change=change)


def as_role(word: str) -> Role:
    """A role by its word; raises InputError for any other."""
    role = next((role for role in ROLES if role == word), None)
    if role is None:
        raise InputError(f"A role is one of: {', '.join(ROLES)}.")
    return role
