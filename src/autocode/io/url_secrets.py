"""What must not be shown of a URL: users, passwords, queries, and what is named like a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

_USER = re.compile(r"(?<=://)(?:[^/\s@:]*:(?!:)(?:(?!://|::)[^\s@])*|[^/\s@]+)@")
_QUERY = re.compile(r"(://[^\s?]*)\?[^\s'\")>]*")
_SECRET_NAME = re.compile("key|secret|token|pass|sas|cred|auth", re.IGNORECASE)
_SHORTEST_SECRET = 4


def hide_secrets(words: str) -> str:
    """Words without the users, passwords and queries of URLs in them."""
    return _QUERY.sub(r"\1?…", _USER.sub("…@", words))


def list_secrets(url: str, options: Mapping[str, object]) -> set[str]:
    """What must not be shown: the user and query of a URL, and options named like a key."""
    secrets: set[str] = set()
    for part in url.split("::"):
        for user in _USER.findall(part):
            secrets.update([user[:-1], *user[:-1].split(":", 1)])
        secrets.update(pair.partition("=")[2] for pair in urlsplit(part).query.split("&"))
    secrets.update(_list_secret_options(options))
    secrets |= {unquote(secret) for secret in secrets}
    return {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}


def _list_secret_options(options: Mapping[str, object]) -> Iterator[str]:
    for name, value in options.items():
        if isinstance(value, dict):
            yield from _list_secret_options(value)
        elif isinstance(value, str) and _SECRET_NAME.search(str(name)):
            yield value
