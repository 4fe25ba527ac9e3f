"""How long work tells its listener where it stands."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the stage's name and how much of it is done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report that `done` of `total` steps of `stage` are finished; 0: nobody knows how many."""


def silent(stage: str, done: int, total: int) -> None:
    """A listener that says nothing."""
