"""Who works on the page."""

from __future__ import annotations

from ..core.acts import SHARE
from ..core.errors import InputError, one_line
from ..project.hand_coding import refuse_near_name
from ..project.history import HistoryFilter
from ..project.reader import StudyReader


def choose_coder(study: StudyReader, name: str | None, *, new: bool = False) -> str:
    """The coder named, whoever the file was made for, or the only person who has coded.

    `new` allows a name like a known one.

    Raises:
        InputError: if nobody is named and it is not clear who is meant, the name is nearly a known
            one, or it is that of a machine or a consensus.
    """
    kinds = {coder.name: coder.kind for coder in study.coders()}
    people = [coder for coder, kind in kinds.items() if kind == "person"]
    shared_with = [act.coder for act in study.history(HistoryFilter(kind=SHARE))]
    if name is None and len(shared_with or people) == 1:
        return (shared_with or people)[0]
    if name is None or not name.strip():
        known = ", ".join(one_line(person, 40) for person in people[:6])
        raise InputError("Say who codes: --coder NAME." + (f" Known: {known}." if known else ""))
    name = " ".join(name.split())
    if kinds.get(name, "person") != "person":
        raise InputError(f"'{one_line(name, 60)}' is a {kinds[name]} in this study. Name a person.")
    if not new:
        refuse_near_name(name, [*people, *shared_with])
    return name
