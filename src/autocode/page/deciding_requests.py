"""Acts on suggestions, as the queue and the coding view send them, each one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.acts import Done
from ..core.coding import Action
from ..core.errors import InputError, NotFound, StudyChanged
from ..core.transcript import Span
from ..project.deciding import Decided
from ..project.hand_coding import HandOptions, Place
from .act_requests import Asked, Kinds, Outcome
from .coding_requests import OnWords
from .suggestion_numbers import number_suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(OnWords):
    """Accept a code suggested for words."""

    suggested: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; what the coder decided on it before gives way."""
        return _decide(self, asked, self.suggested, "accept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(OnWords):
    """Reject a code suggested for words."""

    suggested: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; what the coder decided on it before gives way."""
        return _decide(self, asked, self.suggested, "reject")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCode(OnWords):
    """Put another code in the place of one suggested for words."""

    suggested: str
    to: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; what the coder decided on it before gives way."""
        return _decide(self, asked, self.suggested, "change", self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectAll(OnWords):
    """None of the codes suggested for words applies: they are read."""

    suggested: tuple[str, ...]

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        if not self.suggested:
            raise InputError("Say which codes were suggested.")
        place = self.place(asked.project)
        options = _options(self, asked, place, self.suggested)
        done = asked.project.reject_all_at(
            place, self.suggested, coder=asked.coder, options=options
        )
        return _outcome(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptMany:
    """Accept suggestions that the coder has looked through, by their numbers, as one act.

    `by` says when the run was made that the numbers are of.
    """

    numbers: tuple[int, ...]
    by: str | None = None

    def do(self, asked: Asked) -> Outcome:
        """Do it, for all or none."""
        options = HandOptions(new_coder=True, key=asked.key)
        with asked.project.snapshot() as study:
            shown_as = number_suggestions(study, asked.coder)
        try:
            numbers = [shown_as.find(number, self.by) for number in self.numbers]
        except NotFound as error:
            raise StudyChanged(str(error)) from None
        done = asked.project.accept_many(numbers, coder=asked.coder, options=options)
        return _outcome(done)


DECIDING_KINDS: Kinds = {
    "accept": Accept,
    "reject": Reject,
    "change": ChangeCode,
    "reject-all": RejectAll,
    "accept-many": AcceptMany,
}


def _decide(on: OnWords, asked: Asked, code: str, action: Action, to: str | None = None) -> Outcome:
    place = on.place(asked.project)
    options = _options(on, asked, place, (code,))
    done = asked.project.decide_at(place, code, action, coder=asked.coder, to=to, options=options)
    return _outcome(done)


def _options(on: OnWords, asked: Asked, place: Place, codes: tuple[str, ...]) -> HandOptions:
    """How to decide: what was shown while the coder was followed is kept."""
    span = Span(on.start, on.end)
    followed = asked.following.find(place.transcript, span, codes)
    seen = asked.sight.codebook
    return HandOptions(new_coder=True, key=asked.key, followed=followed, seen=seen)


def _outcome(done: Done[Decided]) -> Outcome:
    changed: dict[str, Any] = {"n_decided": len(done.result.kept) if done.result else 0}
    return Outcome.of(done, changed)
