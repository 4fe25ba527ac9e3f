"""The acts of settling where two coders differ, as the compare screen sends them."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.coding import OUTCOMES
from ..core.errors import InputError
from ..core.transcript import Span
from ..project.resolving import ResolveOptions
from .act_requests import Asked, Kinds, Outcome
from .coding_requests import OnWords
from .compare_view import list_pairs
from .reading import find_name
from .sight import see

_NO_REASON = "No reason given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(OnWords):
    """Settle a code at a place where `one` and `other` differ.

    `instead` is another code for it; the outcome "span" has the new ends, `to_start` and `to_end`.
    """

    code: str
    outcome: str
    one: str
    other: str
    reason: str = ""
    instead: str | None = None
    to_start: int | None = None
    to_end: int | None = None

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError for an outcome or two coders that are none."""
        outcome = next((word for word in OUTCOMES if word == self.outcome), None)
        if outcome is None:
            raise InputError("That is no outcome. Choose one of those on the page.")
        place = self.place(asked.project)
        _check_pair(asked, place.transcript, self.one, self.other)
        options = ResolveOptions(
            one=self.one, other=self.other, instead=self.instead, to=self._to(), key=asked.key
        )
        reason = self.reason.strip() or _NO_REASON
        done = asked.project.resolve(
            place, self.code, outcome, reason=reason, coder=asked.coder, options=options
        )
        return Outcome.of(done, {"settled": True})

    def _to(self) -> Span | None:
        if self.to_start is None or self.to_end is None:
            return None
        if not 0 <= self.to_start < self.to_end:
            raise InputError("The new ends hold no words.")
        return Span(self.to_start, self.to_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAgreed:
    """Take all that two agree on in a transcript into the consensus; `n` places were shown."""

    transcript: int
    one: str
    other: str
    n: int

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where they agree on others by now."""
        name = find_name(asked.project, self.transcript)
        _check_pair(asked, name, self.one, self.other)
        options = ResolveOptions(one=self.one, other=self.other, key=asked.key)
        done = asked.project.take_agreed(
            name, coder=asked.coder, options=options, n_expected=self.n
        )
        return Outcome.of(done, {"settled": True})


def _check_pair(asked: Asked, transcript: str, one: str, other: str) -> None:
    with asked.project.snapshot() as study:
        pairs = list_pairs(study, see(study, asked.coder), transcript)
    if (one, other) not in pairs:
        raise InputError("These two cannot be compared here. Reload the page.")


RESOLVING_KINDS: Kinds = {"resolve": Resolve, "take-agreed": TakeAgreed}
