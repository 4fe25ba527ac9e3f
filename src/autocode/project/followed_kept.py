"""What was shown to a coder while they were followed, kept before they decide on it."""

from __future__ import annotations

from dataclasses import replace

from ..core.followed import Followed
from ..store.file import Connection
from ..store.runs import add_run, last_run
from ..store.suggestions import SuggestionFilter, add_suggestions, suggestions

FOLLOWED = "follow"
"""The kind of the run that notes what was suggested while a coder was followed."""


def keep_followed(connection: Connection, shown: Followed, coder: str) -> None:
    """Keep what was shown before it is decided on; what is stored for the same place stays."""
    for one in shown.suggestions:
        wanted = SuggestionFilter(status="all", transcript=one.transcript, code=one.code)
        made = [
            *suggestions(connection, replace(wanted, coder=coder)),
            *suggestions(connection, wanted),
        ]
        if any(other.span == one.span for other in made):
            continue
        last = last_run(connection, FOLLOWED)
        is_same = last is not None and last.parameters == shown.run.parameters
        number = last.number if last and is_same else add_run(connection, shown.run)
        add_suggestions(connection, number or 0, [replace(one, number=None)])
