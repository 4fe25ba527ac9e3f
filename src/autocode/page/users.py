"""The users of a study that a team shares: a file of names, roles and hashes of passwords.

A user is a coder of the study, by name. The file is for its owner only (mode 0600), is written
whole or not at all, and holds no word of the study.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.errors import FileRefused, InputError, NotFound, one_line
from ..io.files import write_atomically
from .passwords import Cost, PasswordHash
from .roles import ROLES, Role

LONGEST_NAME = 200
_FORMAT = 1
_KEYS = {"name", "role", "n", "r", "p", "salt", "hash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in: the coder's name, what they may do, and their password's hash."""

    name: str
    role: Role
    password: PasswordHash

    @property
    def stamp(self) -> bytes:
        """Another one whenever the password is set: sessions of the old one end."""
        return hashlib.sha256(self.password.salt + self.password.digest).digest()


Users = Mapping[str, User]
"""Users by the key of their name."""


def users_path(study: Path) -> Path:
    """Where the users of a study are kept unless another file is named: beside it."""
    return study.with_name(f"{study.name}-users.json")


def name_key(name: str) -> str:
    """The same for all ways to type one name."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def read_users(path: Path) -> Users:
    """Read a users file.

    Raises:
        FileRefused: if others than its owner may read it, or it is no users file.
        OSError: if it cannot be read.
    """
    with path.open("rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        raw = stream.read()
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise FileRefused.because(
            path, "can be read by others than its owner", remedy=f"Run: chmod 600 {path}"
        )
    try:
        users = [_read_user(entry) for entry in _entries(json.loads(raw))]
    except (ValueError, TypeError, KeyError, RecursionError, InputError):
        raise FileRefused.because(
            path,
            "is not a users file",
            remedy="Users are added with: autocode users add STUDY NAME",
        ) from None
    return {name_key(user.name): user for user in users}


def write_users(path: Path, users: Iterable[User]) -> None:
    """Write a users file that only its owner can read, whole or not at all.

    Raises:
        FileRefused: if it cannot be written.
    """
    entries = [_describe(user) for user in sorted(users, key=lambda user: user.name)]
    with write_atomically(path) as stream:
        json.dump({"autocode_users": _FORMAT, "users": entries}, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())


def find_user(users: Users, name: str) -> User:
    """The user of this name; raises NotFound, naming those there are."""
    known = users.get(name_key(name))
    if known is None:
        raise NotFound.among("user", name, [user.name for user in users.values()])
    return known


def check_name(name: str) -> str:
    """A name as it is kept; raises InputError for one that is empty, too long or not in a line."""
    kept = unicodedata.normalize("NFC", " ".join(name.split()))
    if not kept or len(kept) > LONGEST_NAME or one_line(kept, LONGEST_NAME) != kept:
        raise InputError(f"A name needs 1 to {LONGEST_NAME} characters that can be seen.")
    return kept


def _entries(data: Any) -> list[Any]:  # noqa: ANN401 - what a file holds
    if data["autocode_users"] != _FORMAT or not isinstance(data["users"], list):
        raise ValueError(data)
    return data["users"]


def _read_user(entry: Any) -> User:  # noqa: ANN401 - as above
    if set(entry) != _KEYS or not isinstance(entry["name"], str):
        raise ValueError(entry)
    role: Role = ROLES[ROLES.index(entry["role"])]
    return User(
        name=entry["name"],
        role=role,
        password=PasswordHash(
            cost=Cost(n=entry["n"], r=entry["r"], p=entry["p"]),
            salt=b64decode(entry["salt"], validate=True),
            digest=b64decode(entry["hash"], validate=True),
        ),
    )


def _describe(user: User) -> dict[str, Any]:
    cost = user.password.cost
    return {
        "name": user.name,
        "role": user.role,
        "n": cost.n,
        "r": cost.r,
        "p": cost.p,
        "salt": b64encode(user.password.salt).decode(),
        "hash": b64encode(user.password.digest).decode(),
    }
