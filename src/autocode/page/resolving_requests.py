"""The act of settling where two coders differ, as the compare screen sends it."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.coding import OUTCOMES
from ..core.errors import InputError
from ..project.resolving import ResolveOptions
from .act_requests import Asked, Kinds, Outcome
from .coding_requests import OnWords
from .compare_view import list_pairs
from .sight import see

_NO_REASON = "No reason given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(OnWords):
    """Settle a code at a place where `one` and `other` differ; `instead` is another code for it."""

    code: str
    outcome: str
    one: str
    other: str
    reason: str = ""
    instead: str | None = None

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError for an outcome or two coders that are none."""
        outcome = next((word for word in OUTCOMES if word == self.outcome), None)
        if outcome is None or outcome == "span":
            raise InputError("That is no outcome. Choose one of those on the page.")
        place = self.place(asked.project)
        with asked.project.snapshot() as study:
            pairs = list_pairs(study, see(study, asked.coder), place.transcript)
        if (self.one, self.other) not in pairs:
            raise InputError("These two cannot be compared here. Reload the page.")
        options = ResolveOptions(
            one=self.one, other=self.other, instead=self.instead, key=asked.key
        )
        reason = self.reason.strip() or _NO_REASON
        done = asked.project.resolve(
            place, self.code, outcome, reason=reason, coder=asked.coder, options=options
        )
        return Outcome.of(done, {"settled": True})


RESOLVING_KINDS: Kinds = {"resolve": Resolve}
