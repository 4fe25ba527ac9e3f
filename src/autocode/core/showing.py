"""How suggestions are shown to a coder: at once, or after their own answer, and not everywhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

from .run import Run
from .transcript import Span

_PARTS = 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a coder sees suggestions.

    With `own_code_first` those of a segment are shown after the coder has answered there. The share
    `unassisted` of the segments, 0..1, drawn by `random_state`, comes without suggestions.
    """

    own_code_first: bool = False
    unassisted: float = 0.0
    random_state: int = 0

    def is_unassisted(self, coder: str, transcript: str, span: Span) -> bool:
        """Whether a segment is one of those drawn: by its place, so that the draw can be redone."""
        place = f"{self.random_state}\0{coder}\0{transcript}\0{span.start}\0{span.end}"
        digest = hashlib.sha256(place.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:4], "big") < self.unassisted * _PARTS

    def describe(self) -> str:
        """It in words, as the history has it."""
        when = "after the coder's own answer" if self.own_code_first else "at once"
        if not self.unassisted:
            return when
        return f"{when}, not in {self.unassisted:.0%} of the segments (seed {self.random_state})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingSince:
    """How suggestions are shown to `coder` from `since` on (ISO 8601, UTC)."""

    coder: str
    showing: Showing
    since: str = ""

    @classmethod
    def of_run(cls, run: Run) -> ShowingSince:
        """What a run of the kind "shown" notes."""
        kept = {field.name for field in fields(Showing)} & set(run.parameters)
        return cls(
            coder=str(run.parameters.get("for", "")),
            showing=Showing(**{name: run.parameters[name] for name in kept}),
            since=run.made_at,
        )
