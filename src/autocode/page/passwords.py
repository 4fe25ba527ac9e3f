"""Passwords: what one must be, and their hashes by scrypt (RFC 7914).

The cost is one of those that the OWASP Password Storage Cheat Sheet holds equal: N = 2^15, r = 8,
p = 3, with 32 MiB of memory; a guess takes about as long as it takes to sign in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from ..core.errors import InputError

SHORTEST, LONGEST = 12, 1024
"""Characters of a password."""

_SALT_BYTES, _HASH_BYTES = 16, 32
_MOST_N, _MOST_R, _MOST_P = 2**20, 32, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What scrypt is to cost: iterations, size of a block, how many in parallel."""

    n: int = 2**15
    r: int = 8
    p: int = 3

    def __post_init__(self) -> None:
        """Refuse costs that are none, or that would take all memory."""
        is_power = self.n > 1 and self.n & (self.n - 1) == 0
        if not is_power or self.n > _MOST_N or not 0 < self.r <= _MOST_R:
            raise InputError("The cost of a password's hash is out of range.")
        if not 0 < self.p <= _MOST_P:
            raise InputError("The cost of a password's hash is out of range.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordHash:
    """The hash of a password with its salt and cost."""

    cost: Cost
    salt: bytes
    digest: bytes


def check_password(password: str, name: str) -> None:
    """Raise InputError for a password that is too short, too long, or the user's name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(f"A password needs {SHORTEST} characters or more (at most {LONGEST}).")
    if len(set(password)) < 4 or password.casefold() == name.casefold():
        raise InputError("That password is easily guessed. Take several words.")


def hash_password(password: str, *, cost: Cost | None = None) -> PasswordHash:
    """A new hash; what is typed in another Unicode form on another keyboard is the same."""
    salt, cost = secrets.token_bytes(_SALT_BYTES), cost or Cost()
    return PasswordHash(cost=cost, salt=salt, digest=_derive(password, salt, cost))


def is_password(password: str, known: PasswordHash) -> bool:
    """Whether this is the password; how long it takes tells nothing of it."""
    return hmac.compare_digest(_derive(password, known.salt, known.cost), known.digest)


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    return hashlib.scrypt(
        unicodedata.normalize("NFC", password).encode("utf-8", "replace"),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=256 * cost.n * cost.r + (1 << 20),
        dklen=_HASH_BYTES,
    )
