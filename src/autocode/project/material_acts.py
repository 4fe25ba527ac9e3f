"""Transcripts and cases of a study: taken in, cut, corrected, removed, pseudonymised."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import (
    FileRefused,
    StudyError,
)
from ..core.progress import Progress, silent
from .study_writer import StudyWriter

if TYPE_CHECKING:
    from ..core.acts import Done
    from ..core.transcript import Role, Transcript
    from ..encode.protocol import Encoder
    from ..segment import Unit
    from .erasing import Erasure
    from .importing import ImportOptions, ImportReport
    from .pseudonyms import NameProposals, Pseudonymised
    from .recordings import RecordingChange, RecordingList
    from .removing import Removal, RemovalTarget
    from .replacing import Replacement, ReplaceOptions
    from .speakers import SpeakerChanges
    from .turns import TurnChange


class MaterialActs(StudyWriter):
    """The material of a study, and what can be done to it."""

    def import_paths(
        self, paths: Sequence[str | Path], options: ImportOptions | None = None
    ) -> ImportReport:
        """Import files and folders; what could not be taken is in the report.

        Raises:
            FileRefused: if a path does not exist, or none is of a known kind.
            StudyError: if the study cannot be written and nothing was imported yet.
        """
        from .importing import ImportOptions, import_paths

        return import_paths(self._study, [Path(p) for p in paths], options or ImportOptions())

    def add_transcript(self, path: str | Path, *, join_turns: bool = False) -> Transcript:
        """Import one transcript; raises FileRefused if it cannot be read, or is a folder."""
        from .importing import ImportOptions

        if Path(path).is_dir():
            raise FileRefused.because(
                path, "is a folder", remedy="Import it with Project.import_paths."
            )
        report = self.import_paths([path], ImportOptions(join_turns=join_turns))
        if report.refused:
            raise report.refused[0].to_error()
        if report.stopped:
            raise StudyError(report.stopped)
        name = report.imported[0].transcript if report.imported else None
        if name is None:
            raise FileRefused.because(
                path, "is no transcript", remedy="Import it with Project.import_paths."
            )
        return self.transcript(name)

    def recordings(self) -> RecordingList:
        """The recordings that the study knows of, and what became of their files."""
        from .recordings import list_recordings

        return self._read(list_recordings, self.path)

    def add_recording(
        self, transcript: str, path: str | Path, *, coder: str, dry_run: bool = False
    ) -> Done[RecordingChange]:
        """Note the recording of a transcript, to play it on the page; the file stays where it is.

        Raises:
            NotFound: if there is no such transcript.
            FileRefused: if the file is not there, or is nothing that a browser plays.
        """
        from . import recordings

        return recordings.add_recording(
            self._study, transcript, Path(path), coder=coder, dry_run=dry_run
        )

    def remove_recording(
        self, transcript: str, *, coder: str, dry_run: bool = False
    ) -> Done[RecordingChange]:
        """Forget the recording of a transcript; the file is not touched.

        Raises:
            NotFound: if there is no such transcript.
            NothingToDo: if it has no recording.
        """
        from . import recordings

        return recordings.remove_recording(self._study, transcript, coder=coder, dry_run=dry_run)

    def segment(
        self,
        unit: Unit,
        encoder: Encoder | None = None,
        *,
        across_speakers: bool = False,
        progress: Progress = silent,
    ) -> int:
        """Segment all transcripts anew (given segments stay); returns the number of segments.

        Codings are untouched: spans are the truth and units a view. Open suggestions and the theme
        draft belong to the old units and are dropped. With an `encoder`, meaning units are cut by
        its vectors instead of by words; `across_speakers` lets them hold a question with its short
        answer. Sentence ends in transcripts without punctuation are found by the carried model.

        Raises:
            InputError: for a unit that does not exist, or one that cannot span speakers.
            StudyChanged: if somebody decided on draft themes meanwhile, which would be lost.
        """
        from .segmentation import SegmentationOptions, resegment

        options = SegmentationOptions(
            unit=unit, across_speakers=across_speakers, encoder=encoder, progress=progress
        )
        return resegment(self._study, options)

    def set_role(self, speaker: str, role: Role, *, transcript: str | None = None) -> int:
        """Say what a speaker is, in one transcript or wherever the name occurs; returns how many.

        Raises:
            NotFound: if no such speaker or transcript is in the study.
            InputError: for a role that does not exist.
        """
        from .speakers import SpeakerChanges

        return self.change_speakers(SpeakerChanges(roles={speaker: role}), transcript=transcript)

    def change_speakers(self, changes: SpeakerChanges, *, transcript: str | None = None) -> int:
        """Merge, rename and assign speakers, all of it or nothing; returns how many changed.

        Without `transcript` a change applies wherever the name occurs. The words of a transcript
        stay as they are.

        Raises:
            NotFound: if no such speaker or transcript is in the study.
            InputError: for an unknown role, an empty name, or a name that is taken.
        """
        from .speakers import change_speakers

        return change_speakers(self._study, changes, transcript=transcript)

    def remove(self, target: RemovalTarget, *, coder: str, dry_run: bool = False) -> Removal:
        """Take a transcript, or all that one coder did, out of the study; this can be undone.

        With `dry_run` nothing is changed, and what would go is returned.

        Raises:
            NotFound: if there is no such transcript or coder.
            InputError: if nobody is named, or a case is.
        """
        from .removing import remove

        done = remove(self._study, target, coder=coder, dry_run=dry_run)
        assert done.result is not None  # no key was given, so that it is no repeated request
        return done.result

    def erase(self, target: RemovalTarget, *, coder: str, dry_run: bool = False) -> Erasure:
        """Erase a transcript, or a case with all its words, for good: it cannot be undone.

        The history keeps who erased how much and when, and no words. With `dry_run` nothing is
        changed, and what would go is returned.

        Raises:
            NotFound: if neither the study nor its history has such a transcript or case.
            InputError: if nobody is named, or a coder is to be erased.
            StudyError: if another program has the study open, so that words are left in its log.
        """
        from .erasing import erase

        return erase(self._study, target, coder=coder, dry_run=dry_run)

    def replace_transcript(
        self, name: str, path: str | Path, *, coder: str, options: ReplaceOptions | None = None
    ) -> Replacement:
        """Put a corrected version in place of a transcript; work moves to where its words stand.

        Speakers keep the roles and cases that those of the same name have. This can be undone.

        Raises:
            NotFound: if there is no such transcript.
            FileRefused: if the file cannot be read or has no words in common with the transcript,
                or work would be lost and `options` do not say that it may be.
            NothingToDo: if the file holds the very same words.
            StudyChanged: if another program changed the study meanwhile.
        """
        from .replacing import ReplaceOptions, replace_version

        wanted = options or ReplaceOptions()
        return replace_version(self._study, name, Path(path), coder=coder, options=wanted)

    def change_turns(self, change: TurnChange, *, coder: str = "") -> int:
        """Give single turns to another speaker; returns how many changed.

        Raises:
            NotFound: if there is no such transcript, turn, or (unless it is to be made) speaker.
            InputError: if no turn is named, or the name is empty.
        """
        from .turns import change_turns

        return change_turns(self._study, change, coder=coder)

    def join_turns(
        self, transcript: str | None = None, *, coder: str = "", progress: Progress = silent
    ) -> int:
        """Join consecutive turns of one speaker, in one transcript or all; returns how many fewer.

        Codings and all other work move along.

        Raises:
            NotFound: if there is no such transcript.
            NothingToDo: if no speaker has two turns in a row.
        """
        from .turns import join_turns

        return join_turns(self._study, transcript, coder=coder, progress=progress)

    def propose_names(self) -> NameProposals:
        """Names of people and places in the transcripts, with stand-ins, for a person to confirm.

        Rules propose them, and an NER model of spaCy's where one is installed.
        """
        from .pseudonyms import propose

        return propose(self._study)

    def apply_pseudonyms(
        self,
        path: str | Path,
        *,
        coder: str,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> Pseudonymised:
        """Put stand-ins in the place of names everywhere, by a table of both; cannot be undone.

        The table is the key, and nothing of it is kept in the study.

        Raises:
            FileRefused: if the table cannot be used.
            InputError: if a stand-in cannot, or two would get one name.
            NothingToDo: if none of the names stands in the study.
            StudyError: if another program has the study open, so that names are left in its log.
        """
        from .pseudonyms import apply_pseudonyms

        return apply_pseudonyms(
            self._study, Path(path), coder=coder, dry_run=dry_run, progress=progress
        )
