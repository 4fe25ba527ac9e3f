"""Suggestions that were accepted together and come back to be decided on once more, by themselves.

One in `EVERY` comes back, drawn by its place, so that the draw can be done again. It looks like any
other suggestion; how many are then not accepted says what accepting together is worth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from ..core.coding import Decision
from .reader import StudyReader

TOGETHER = "accepted with others"
CHECKED = "decided once more after being accepted with others"
"""The memos of decisions that were made together, and of those made on what came back."""
EVERY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceChecks:
    """What comes back to a coder (`due`), and what became of what came back.

    `n_together` were accepted together, `n_checked` of them decided on once more, and of these
    `n_otherwise` rejected or changed.
    """

    due: tuple[Decision, ...] = ()
    n_together: int = 0
    n_checked: int = 0
    n_otherwise: int = 0


def read_checks(study: StudyReader, coder: str) -> AcceptanceChecks:
    """What comes back to a coder now."""
    return draw_checks([one for one in study.decisions() if one.coder == coder])


def draw_checks(own: Iterable[Decision]) -> AcceptanceChecks:
    """What comes back of one coder's decisions."""
    known = [one for one in own if one.memo in (TOGETHER, CHECKED)]
    checked = [one for one in known if one.memo == CHECKED]
    left = sorted((one for one in known if one.memo == TOGETHER), key=_draw)
    n_due = max(0, len(known) // EVERY - len(checked))
    return AcceptanceChecks(
        due=tuple(left[:n_due]),
        n_together=len(known),
        n_checked=len(checked),
        n_otherwise=sum(one.action != "accept" for one in checked),
    )


def _draw(one: Decision) -> bytes:
    place = f"{one.transcript}\0{one.span.start}\0{one.span.end}\0{one.suggested}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).digest()
