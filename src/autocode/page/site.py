"""Under which names and addresses the page is reached, and who a request comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers

from ..core.errors import InputError, one_line

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*(:[1-9][0-9]{{0,4}})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The page on a `port` of this machine, or behind a proxy that holds the TLS of `host_name`.

    `bind` is the address of this machine on which it listens.
    """

    port: int
    host_name: str | None = None
    bind: str = "127.0.0.1"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS only."""
        return self.host_name is not None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The only values of the header Host that are answered."""
        if self.host_name is not None:
            return (self.host_name,)
        names = (f"[{self.bind}]" if ":" in self.bind else self.bind, "localhost")
        # Browsers leave out the port that http has anyway.
        return names if self.port == 80 else tuple(f"{name}:{self.port}" for name in names)

    @property
    def address(self) -> str:
        """Where people open it."""
        return self.origin(self.hosts[0])

    @property
    def cookie(self) -> str:
        """The name of the session's cookie.

        Browsers keep one set of cookies for all ports of a machine; "__Host-" is a name that only
        a page with TLS can set, and no neighbouring host.
        """
        return "__Host-autocode" if self.is_secure else f"autocode_{self.port}"

    def origin(self, host: str) -> str:
        """The origin of a page that was asked for under one of the hosts."""
        return f"{'https' if self.is_secure else 'http'}://{host}"

    def client(self, scope: Mapping[str, Any]) -> str:
        """The address that a request comes from: behind the proxy, the one that the proxy saw.

        What stands before the last address was sent by the client itself, who may write anything.
        """
        seen = (scope.get("client") or ("",))[0]
        if not self.is_secure:
            return str(seen)
        forwarded = Headers(scope=dict(scope)).getlist("x-forwarded-for")
        return (forwarded[-1].rpartition(",")[2].strip() if forwarded else "")[:64] or str(seen)


def check_host_name(name: str) -> str:
    """A host name as browsers send it, with a port where it has one.

    Raises:
        InputError: for anything else, such as a whole address.
    """
    lowered = name.strip().lower().removesuffix(":443")
    if not _HOST_NAME.fullmatch(lowered) or len(lowered) > 253:
        raise InputError(
            f"'{one_line(name, 80)}' is no host name. Give the name alone, as in study.example.org."
        )
    return lowered
