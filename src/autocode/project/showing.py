"""How suggestions are shown to a coder: at once, or after their own answer, and not everywhere.

It is kept as a run, by an act, before anything is shown so, and holds until it is changed.
"""

from __future__ import annotations

from dataclasses import asdict

from ..core.acts import Act, NewAct
from ..core.errors import InputError
from ..core.run import Run
from ..core.showing import Showing, ShowingSince
from ..store.file import StudyFile
from ..store.runs import add_run
from .reader import StudyReader

SHOWN = "shown"
"""The kind of the run that notes how suggestions were shown."""


def read_showing(study: StudyReader, coder: str) -> Showing:
    """How suggestions are shown to this coder now."""
    kept = [one for one in map(ShowingSince.of_run, study.shown_runs()) if one.coder == coder]
    return kept[-1].showing if kept else Showing()


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
