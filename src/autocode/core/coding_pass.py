"""A coder's pass through a transcript: assigned, coded, finished, and revealed to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

PassKind = Literal["first", "second"]
"""Whether nobody had been given the transcript before, or somebody had."""

Assistance = Literal["none", "codebook", "own", "all"]
ASSISTANCE: tuple[Assistance, ...] = get_args(Assistance)
"""What suggestions in a pass may be learned from: there are none, the codebook, the coder's own
codings, everybody's."""

PassState = Literal["open", "finished", "revealed"]
STATES: tuple[PassState, ...] = get_args(PassState)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingPass:
    """A coder goes through a transcript with the codebook; there is one pass of each through each.

    In a `blind` one nothing of anybody else's work reaches the coder until it is revealed.
    `random_state` and `draw_order` (from 1) say by which seed, and as which one, the transcript was
    drawn to be coded twice; None where it was not drawn. `made_at` is ISO 8601, UTC.
    """

    transcript: str
    coder: str
    kind: PassKind = "first"
    blind: bool = False
    assistance: Assistance = "all"
    state: PassState = "open"
    n_reopened: int = 0
    random_state: int | None = None
    draw_order: int | None = None
    made_at: str = ""

    @property
    def is_locked(self) -> bool:
        """Whether the coder's work in it is fixed."""
        return self.state != "open"

    @property
    def is_hidden(self) -> bool:
        """Whether others' work must not reach the coder."""
        return self.blind and self.state != "revealed"


def rank_progress(state: PassState, n_reopened: int) -> tuple[int, int, int]:
    """How far a pass has come, to compare two copies of it.

    What was revealed stays so. Else the copy that was reopened more often is the later one, and of
    two that were reopened equally often the one whose state is further along. This orders all
    states there are, so that the last of several copies is the same in any order of them.
    """
    return int(state == "revealed"), n_reopened, STATES.index(state)
