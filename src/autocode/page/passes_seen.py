"""Passes as the page shows them: to a blind coder their own, to others all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.coding_pass import CodingPass
from ..project.pass_list import PassView, view_passes
from ..project.reader import Snapshot
from .sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRow:
    """A pass with its progress, the number of its transcript, and what can be done with it."""

    view: PassView
    number: int
    can_finish: bool
    can_reveal: bool

    @property
    def kind(self) -> str:
        """First or second, blind or not, and what suggestions in it are learned from."""
        one = self.view.of
        words = [f"{one.kind}, blind" if one.blind else one.kind]
        words += [] if one.assistance == "none" else [f"suggestions from: {one.assistance}"]
        return "; ".join(words)

    @property
    def state(self) -> str:
        """The state, and how often the pass was opened again."""
        one = self.view.of
        return f"{one.state}, opened again {one.n_reopened}x" if one.n_reopened else one.state


def view_passes_seen(study: Snapshot, sight: Sight) -> tuple[PassRow, ...]:
    """The passes that a coder may see: in blind ones nothing is said of who else has any.

    Whether all are finished is not known to a blind coder, who may ask to reveal theirs.
    """
    everybody = study.coding_passes()
    seen = [one for one in everybody if not sight.is_blind or one.coder == sight.coder]
    numbers = study.transcript_numbers()
    return tuple(
        PassRow(
            view=view,
            number=numbers[view.of.transcript],
            can_finish=view.of.coder == sight.coder and view.of.state == "open",
            can_reveal=view.of.state == "finished"
            and (sight.is_blind or _are_finished(everybody, view.of.transcript)),
        )
        for view in view_passes(study, seen)
    )


def _are_finished(passes: list[CodingPass], transcript: str) -> bool:
    states = [one.state for one in passes if one.transcript == transcript]
    return len(states) > 1 and "open" not in states


def find_own_pass(study: Snapshot, sight: Sight, transcript: str) -> CodingPass | None:
    """The coder's pass through a transcript."""
    key = (transcript, sight.coder)
    own = [one for one in study.coding_passes() if (one.transcript, one.coder) == key]
    return own[0] if own else None


def describe_pass(study: Snapshot, sight: Sight, transcript: str) -> dict[str, Any]:
    """The state of the coder's pass, None where there is none, and whether others are hidden."""
    own = find_own_pass(study, sight, transcript)
    return {
        "state": own and own.state,
        "is_blind": sight.is_blind and transcript not in sight.revealed,
    }


def describe_unread(study: Snapshot, sight: Sight, transcript: str) -> dict[str, Any]:
    """What is left before the coder's pass can be finished: the segments that are not read."""
    own = find_own_pass(study, sight, transcript)
    views = view_passes(study, [own] if own else [])
    return {
        "state": own and own.state,
        "n_segments": sum(view.n_segments for view in views),
        "unread": [
            {
                "start": segment.span.start,
                "end": segment.span.end,
                "speaker": segment.speaker or "",
                "excerpt": segment.excerpt,
            }
            for view in views
            for segment in view.unread
        ],
    }
