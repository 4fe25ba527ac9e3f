"""What was suggested to a coder at a place while they were followed through a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .run import Run
from .suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Followed:
    """Suggestions as they were shown, and the run that says how they were made."""

    run: Run
    suggestions: Sequence[Suggestion]
