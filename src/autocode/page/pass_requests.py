"""Acts on passes as the page sends them: a coder finishes theirs; finished ones are revealed."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.errors import InputError, NothingToDo
from ..project.pass_states import PassOptions, Unread
from .act_requests import Asked, Kinds, Outcome
from .passes_seen import find_own_pass
from .reading import find_name

_UNREAD: tuple[Unread, ...] = ("refuse", "read", "leave")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishPass:
    """Fix the coder's work in their pass through a transcript, named by its number.

    `unread` says what of the segments that are not read: refuse, read, or leave.
    """

    transcript: int
    unread: str = "refuse"

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NothingToDo where it is finished already."""
        unread = next((word for word in _UNREAD if word == self.unread), None)
        if unread is None:
            raise InputError(f"'unread' must be one of: {', '.join(_UNREAD)}.")
        name = find_name(asked.project, self.transcript)
        options = PassOptions(unread=unread, key=asked.key)
        done = asked.project.finish_pass(asked.coder, [name], options=options)
        return Outcome.of(done, {"state": "finished"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealPasses:
    """Reveal the passes through a transcript to each other, for good."""

    transcript: int

    def do(self, asked: Asked) -> Outcome:
        """Do it; a blind coder whose pass is finished learns no more than that it is too early."""
        name = find_name(asked.project, self.transcript)
        options = PassOptions(key=asked.key)
        if not asked.sight.is_blind:
            done = asked.project.reveal_passes([name], coder=asked.coder, options=options)
            return Outcome.of(done, {"state": "revealed"})
        with asked.project.snapshot() as study:
            own = find_own_pass(study, asked.sight, name)
        if own is None or own.state == "open":
            raise InputError("You are blind here. Finish your pass before it is revealed.")
        try:
            done = asked.project.reveal_passes([name], coder=asked.coder, options=options)
        except InputError:
            raise NothingToDo("Not every pass through this transcript is finished yet.") from None
        return Outcome.of(done, {"state": "revealed"})


PASS_KINDS: Kinds = {"finish": FinishPass, "reveal": RevealPasses}
