"""What was read of a study in its present state, kept until it changes."""

from __future__ import annotations

from typing import Any

from ..store.file import Revision

Known = dict[tuple[object, ...], Any]
"""What was read or computed of one state of a study, by what was asked."""


class RevisionMemory:
    """The parts of a study as they were last read, for whoever looks at the same state of it.

    Every change of a study is another revision, so that nothing in here is ever out of date. What
    is kept must not be changed by who gets it. It is let go when the study changes, or when more
    than `most` parts are kept.
    """

    def __init__(self, most: int = 400) -> None:
        self._most = most
        self._kept: tuple[Revision | None, Known] = (None, {})

    def recall(self, revision: Revision) -> Known:
        """What is known of this state, to be added to."""
        known_at, known = self._kept
        if known_at == revision and len(known) <= self._most:
            return known
        fresh: Known = {}
        if known_at is None or known_at.number <= revision.number:
            self._kept = (revision, fresh)
        return fresh
