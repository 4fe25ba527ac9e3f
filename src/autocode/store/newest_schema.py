"""The schema that all migrations together make, written down so that a new study is made at once.

`newest_schema.sql` holds a statement a line, and in its first line after how many migrations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

_HEAD = re.compile(r"-- after (\d+) migrations\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSchema:
    """The statements that make an empty study as it is after `n_migrations`."""

    n_migrations: int
    statements: tuple[str, ...]


def read_newest_schema() -> WrittenSchema:
    """The schema that this version is shipped with."""
    head, *lines = (
        files(__package__).joinpath("newest_schema.sql").read_text(encoding="utf-8").splitlines()
    )
    covered = _HEAD.match(head)
    if covered is None:
        raise ValueError(f"newest_schema.sql begins with {head!r}, not with its migrations")
    statements = tuple(line.removesuffix(";") for line in lines)
    return WrittenSchema(n_migrations=int(covered[1]), statements=statements)
