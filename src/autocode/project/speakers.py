"""Correcting who speaks: merges, names, roles and cases, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.coding import Case
from ..core.errors import InputError, NotFound
from ..core.transcript import ROLES, Role
from ..store import speakers as voices
from ..store import transcripts
from ..store.file import StudyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerChanges:
    """What to correct, by the names speakers have: first merges, then names, roles and cases.

    `merges` gives for a name the one it goes into, `names` a new name, `cases` the name of the case
    it belongs to, which is made if it is new. Roles and cases go by the new names.
    """

    merges: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    cases: Mapping[str, str] = field(default_factory=dict)


def change_speakers(
    study: StudyFile, changes: SpeakerChanges, *, transcript: str | None = None
) -> int:
    """Correct speakers in one transcript or wherever their names occur; returns how many.

    Raises:
        NotFound: if no such speaker or transcript is in the study.
        InputError: for an unknown role, an empty name, or a name that is taken.
    """
    with study.writing() as connection:
        editor = _Editor(connection, transcript)
        for away, into in changes.merges.items():
            editor.merge(away, into)
        for old, new in changes.names.items():
            editor.rename(old, new)
        for name, role in changes.roles.items():
            editor.set_role(name, role)
        for name, case in changes.cases.items():
            editor.set_case(name, case)
        return editor.n_changed


class _Editor:
    """One transaction's corrections; looks the speakers up anew after each."""

    def __init__(self, connection: Any, transcript: str | None) -> None:  # noqa: ANN401 - SQLAlchemy
        self._connection = connection
        self._transcript = transcript
        self.n_changed = 0
        known = transcripts.transcript_ids(connection)
        if transcript is not None and transcript not in known:
            raise NotFound.among("transcript", transcript, known)

    def merge(self, away: str, into: str) -> None:
        names = self._names()
        places = [p for p in self._places(away) if into in names[p]]
        if away == into or not places:
            raise InputError(
                f"'{away}' and '{into}' are not two speakers of one transcript. "
                "Merge what stands in one transcript, or rename."
            )
        for place in places:
            voices.merge_speakers(self._connection, place, away, into)
        self.n_changed += len(places)

    def rename(self, old: str, new: str) -> None:
        if not new:
            raise InputError(f"The new name of '{old}' is empty. Write --rename OLD=NEW.")
        names = self._names()
        places = self._places(old)
        if taken := [p for p in places if new in names[p] and new != old]:
            raise InputError(
                f"'{new}' is a speaker of '{taken[0]}' already. If '{old}' is the same voice, "
                "merge them."
            )
        for place in places:
            voices.rename_speaker(self._connection, place, old, new)
        self.n_changed += len(places)

    def set_role(self, name: str, role: Role) -> None:
        if role not in ROLES:
            raise InputError(f"No role '{role}'. Choose one of: {', '.join(ROLES)}.")
        places = self._places(name)
        for place in places:
            transcripts.set_role(self._connection, place, name, role)
        self.n_changed += len(places)

    def set_case(self, name: str, case: str) -> None:
        if not case:
            raise InputError(f"The case of '{name}' is empty. Write --case NAME=CASE.")
        places = self._places(name)
        for place in places:
            transcripts.set_case(self._connection, Case(case), transcript=place, speaker=name)
        self.n_changed += len(places)

    def _names(self) -> dict[str, set[str]]:
        found = transcripts.speakers(self._connection)
        wanted = found if self._transcript is None else [self._transcript]
        return {place: {s.name for s in found.get(place, ())} for place in wanted}

    def _places(self, name: str) -> list[str]:
        """Transcripts in which a speaker has this name; raises NotFound if there is none."""
        names = self._names()
        places = [place for place, known in names.items() if name in known]
        if not places:
            raise NotFound.among("speaker", name, (n for known in names.values() for n in known))
        return places
