"""Correcting who speaks: merges, names, roles and cases, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..core.acts import NewAct
from ..core.arguments import checked
from ..core.errors import InputError, NotFound
from ..core.transcript import ROLES, Role
from ..store.file import StudyFile
from ..store.speakers import KnownSpeaker, SpeakerEdits, known_speakers, write_edits
from ..store.transcripts import transcript_ids


@checked
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
    with study.writing(NewAct(kind="speakers", summary="speakers corrected")) as connection:
        if transcript is not None:
            known = transcript_ids(connection)
            if transcript not in known:
                raise NotFound.among("transcript", transcript, known)
        speakers = [
            speaker
            for speaker in known_speakers(connection)
            if transcript in (None, speaker.transcript)
        ]
        editor = _Editor(speakers)
        for gone, into in changes.merges.items():
            editor.merge(gone, into)
        for old, new in changes.names.items():
            editor.rename(old, new)
        for name, role in changes.roles.items():
            editor.set_role(name, role)
        for name, case in changes.cases.items():
            editor.set_case(name, case)
        write_edits(connection, editor.edits())
    return editor.n_changed


class _Editor:
    """Corrections one after another, each on what those before it have left."""

    def __init__(self, speakers: Iterable[KnownSpeaker]) -> None:
        self._by_transcript: dict[str, dict[str, KnownSpeaker]] = {}
        for speaker in speakers:
            self._by_transcript.setdefault(speaker.transcript, {})[speaker.name] = speaker
        self._merges: dict[int, int] = {}
        self._case_ids: dict[int, int] = {}
        self._names: list[tuple[int, str]] = []
        self._roles: dict[int, Role] = {}
        self._cases: dict[int, str] = {}
        self.n_changed = 0

    def edits(self) -> SpeakerEdits:
        """What is to be written."""
        return SpeakerEdits(
            merges=self._merges,
            case_ids=self._case_ids,
            names=self._names,
            roles=self._roles,
            cases=self._cases,
        )

    def merge(self, name: str, into: str) -> None:
        both = [s for s in self._by_transcript.values() if name in s and into in s]
        if name == into or not both:
            self._named(name)
            raise InputError(
                f"'{name}' and '{into}' are not two speakers of one transcript. "
                "Merge what stands in one transcript, or rename."
            )
        for speakers in both:
            gone, kept = speakers.pop(name), speakers[into]
            self._merges[gone.number] = kept.number
            for earlier, target in self._merges.items():
                if target == gone.number:
                    self._merges[earlier] = kept.number
            case_id = self._case_ids.get(gone.number, gone.case_id)
            if self._case_ids.get(kept.number, kept.case_id) is None and case_id is not None:
                self._case_ids[kept.number] = case_id
            self._case_ids.pop(gone.number, None)
        self.n_changed += len(both)

    def rename(self, old: str, new: str) -> None:
        if not new:
            raise InputError(f"The new name of '{old}' is empty. Write --rename OLD=NEW.")
        named = self._named(old)
        taken = [
            s.transcript for s in named if new != old and new in self._by_transcript[s.transcript]
        ]
        if taken:
            raise InputError(
                f"'{new}' is a speaker of '{taken[0]}' already. If '{old}' is the same speaker, "
                "merge them."
            )
        for speaker in named:
            speakers = self._by_transcript[speaker.transcript]
            speakers[new] = speakers.pop(old)
            self._names.append((speaker.number, new))
        self.n_changed += len(named)

    def set_role(self, name: str, role: Role) -> None:
        if role not in ROLES:
            raise InputError(f"No role '{role}'. Choose one of: {', '.join(ROLES)}.")
        named = self._named(name)
        self._roles |= {speaker.number: role for speaker in named}
        self.n_changed += len(named)

    def set_case(self, name: str, case: str) -> None:
        if not case:
            raise InputError(f"The case of '{name}' is empty. Write --case NAME=CASE.")
        named = self._named(name)
        self._cases |= {speaker.number: case for speaker in named}
        self.n_changed += len(named)

    def _named(self, name: str) -> list[KnownSpeaker]:
        """The speakers that now have this name; raises NotFound if there is none."""
        named = [known[name] for known in self._by_transcript.values() if name in known]
        if not named:
            names = (n for known in self._by_transcript.values() for n in known)
            raise NotFound.among("speaker", name, names)
        return named
