"""How suggestions are shown to a coder: at once, or after their own answer, and not everywhere.

It is kept as a run, by an act, before anything is shown so, and holds until it is changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

from ..core.acts import Act, NewAct
from ..core.errors import InputError
from ..core.run import Run
from ..core.transcript import Span
from ..store.file import StudyFile
from ..store.runs import add_run
from .reader import StudyReader

SHOWN = "shown"
"""The kind of the run that notes how suggestions were shown."""
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


def read_showing(study: StudyReader, coder: str) -> Showing:
    """How suggestions are shown to this coder now."""
    runs = [r for r in study.shown_runs() if r.parameters.get("for") == coder]
    if not runs:
        return Showing()
    kept = runs[-1].parameters
    return Showing(**{name: kept[name] for name in asdict(Showing()) if name in kept})


def set_showing(study: StudyFile, coder: str, showing: Showing, *, key: str = "") -> Act | None:
    """Keep how suggestions are shown to a coder from now on; returns the act.

    Raises:
        InputError: if the share is none.
    """
    if not 0 <= showing.unassisted <= 1:
        raise InputError("The share without suggestions lies between 0 and 1.")
    new = NewAct(
        kind="show", summary=f"suggestions shown {showing.describe()}", coder=coder, key=key
    )
    parameters = {"for": coder, **asdict(showing)}
    run = Run(
        kind=SHOWN, method="page", encoder="", encoder_digest="", parameters=parameters, versions={}
    )
    return study.act(new, lambda connection: add_run(connection, run)).act
