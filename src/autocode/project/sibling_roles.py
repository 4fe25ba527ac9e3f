"""One role for one name: who interviews in most transcripts of a study does so in all.

Roles are guessed transcript by transcript. A name that recurs is one person, so its guesses are
weighed together; a role that a person has set decides. Labels that state a role or only count
speakers are left alone: "P01" and "SPEAKER_00" are others in every file.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.transcript import Role, Transcript
from ..store.file import Connection
from ..store.speakers import Namesake, namesakes, write_guesses
from ..text.speakers import is_machine_label, role_of_label

_UNDECIDED = 0.5
"""Confidence of a guess for want of anything that speaks for another role."""
_STATED = 10.0
"""Weight of a role that is set or given, beside that of guesses (up to 0.5 each)."""
_SHOWN = 3


def settle_sibling_roles(connection: Connection, transcript: Transcript) -> list[str]:
    """Give names that a new transcript shares with others one role; notes of what was changed."""
    names = {
        speaker.name
        for speaker in transcript.speakers
        if role_of_label(speaker.name) is None and not is_machine_label(speaker.name)
    }
    by_name: dict[str, list[Namesake]] = {}
    for sibling in namesakes(connection, names) if names else ():
        by_name.setdefault(sibling.name, []).append(sibling)
    notes: list[str] = []
    for name, siblings in by_name.items():
        role = _weigh(siblings)
        changed = [s for s in siblings if s.basis == "guessed" and s.role != role]
        if role is None or not changed:
            continue
        confidence = max(_confidence(s) for s in siblings if s.role == role)
        write_guesses(connection, [(s.number, role, confidence) for s in changed])
        where = [s.transcript for s in changed]
        shown = ", ".join(where[:_SHOWN]) + (" …" if len(where) > _SHOWN else "")
        notes.append(
            f"'{name}' is taken for {role} in {shown} too, as in the other transcripts that name it"
        )
    return notes


def _weigh(siblings: Sequence[Namesake]) -> Role | None:
    """The role that most speaks for, or None where nothing decides between two."""
    weights: dict[Role, float] = {}
    for sibling in siblings:
        weight = _STATED if sibling.basis != "guessed" else sibling.confidence - _UNDECIDED
        weights[sibling.role] = weights.get(sibling.role, 0.0) + weight
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if len(ranked) > 1 and ranked[0][1] <= ranked[1][1]:
        return None
    return ranked[0][0]


def _confidence(sibling: Namesake) -> float:
    return 0.9 if sibling.basis != "guessed" else sibling.confidence
