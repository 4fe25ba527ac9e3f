"""Recordings of transcripts: noted, listed, forgotten and opened; the files stay where they are."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..core.acts import Done, NewAct
from ..core.errors import FileRefused, InputError, NotFound, NothingToDo
from ..core.recording import Recording
from ..io.recordings import MEDIA_TYPES, digest_file, open_descriptor, read_sound_file
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store import media as store
from ..store.file import Connection, StudyFile
from ..store.transcripts import transcript_ids

RecordingState = Literal["there", "missing", "changed"]
"""What became of a file: a size that differs, or no plain file, shows that it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """A recording, the file it is on this machine, and what became of that."""

    recording: Recording
    file: Path
    state: RecordingState

    def to_row(self) -> dict[str, Any]:
        """The recording as plain data."""
        return {
            "transcript": self.recording.transcript,
            "path": self.recording.path,
            "media_type": self.recording.media_type,
            "n_bytes": self.recording.n_bytes,
            "digest": self.recording.digest,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingList(Result):
    """The recordings that a study knows of, and how many of its transcripts have none."""

    recordings: tuple[RecordingView, ...]
    n_without: int

    def to_dict(self) -> dict[str, Any]:
        """The recordings as plain data."""
        return to_payload("recordings", {"recordings": self.to_rows(), "n_without": self.n_without})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a recording."""
        return [view.to_row() for view in self.recordings]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingChange(Result):
    """What was noted of a transcript's recording: None where it was forgotten.

    `act` is None where it was only tried, or is so already. `same_as` are other transcripts whose
    recording holds the same bytes.
    """

    transcript: str
    recording: Recording | None
    act: int | None
    same_as: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return to_payload("recording_change", self.to_rows()[0])

    def to_rows(self) -> list[dict[str, Any]]:
        """One row."""
        known = self.recording
        return [
            {
                "transcript": self.transcript,
                "path": known and known.path,
                "media_type": known and known.media_type,
                "n_bytes": known and known.n_bytes,
                "digest": known and known.digest,
                "act": self.act,
                "same_as": list(self.same_as),
            }
        ]


def list_recordings(connection: Connection, study: Path) -> RecordingList:
    """The recordings of a study; a file is looked at by its size, not read."""
    known = store.recordings(connection)
    views = []
    for one in known:
        file = find_file(study, one)
        views.append(RecordingView(recording=one, file=file, state=_state(file, one)))
    return RecordingList(
        recordings=tuple(views), n_without=len(transcript_ids(connection)) - len(known)
    )


def check_sound_file(path: Path) -> None:
    """Raise FileRefused for a file that is not there, or is nothing that a browser plays."""
    read_sound_file(path.resolve())


def add_recording(
    study: StudyFile, transcript: str, path: Path, *, coder: str, dry_run: bool = False
) -> Done[RecordingChange]:
    """Note the recording of a transcript, in place of the one it had.

    Raises:
        NotFound: if there is no such transcript.
        FileRefused: if the file is not there, or is nothing that a browser plays.
    """
    file = path.resolve()
    with study.reading() as connection:
        _check(connection, transcript)
    sound = read_sound_file(file)
    recording = Recording(
        transcript=transcript,
        path=_name_from(study.path, file),
        digest=sound.digest,
        n_bytes=sound.n_bytes,
        media_type=sound.media_type,
    )

    def do(connection: Connection) -> RecordingChange:
        _check(connection, transcript)
        known = store.recordings(connection)
        if not any(_is_same(one, recording) for one in known):
            store.put_recording(connection, recording)
        same = [o for o in known if o.digest == recording.digest and o.transcript != transcript]
        return RecordingChange(
            transcript=transcript,
            recording=recording,
            act=None,
            same_as=tuple(one.transcript for one in same),
        )

    summary = f"recording of {transcript} noted"
    return _done(study, NewAct(kind="recording", summary=summary, coder=coder), do, dry_run)


def remove_recording(
    study: StudyFile, transcript: str, *, coder: str, dry_run: bool = False
) -> Done[RecordingChange]:
    """Forget the recording of a transcript; the file is not touched.

    Raises:
        NotFound: if there is no such transcript.
        NothingToDo: if it has no recording.
    """

    def do(connection: Connection) -> RecordingChange:
        _check(connection, transcript)
        if all(one.transcript != transcript for one in store.recordings(connection)):
            raise NothingToDo(f"'{transcript}' has no recording.")
        store.remove_recording(connection, transcript)
        return RecordingChange(transcript=transcript, recording=None, act=None)

    summary = f"recording of {transcript} forgotten"
    return _done(study, NewAct(kind="recording", summary=summary, coder=coder), do, dry_run)


def find_file(study: Path, recording: Recording) -> Path:
    """Where a recording lies on this machine."""
    return Path(os.path.normpath(study.resolve().parent / recording.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecording:
    """A recording to play: an open file, which whoever asked for it closes."""

    descriptor: int
    n_bytes: int
    media_type: str
    digest: str


class RecordingOpener:
    """Opens recordings of a study that hold what they held when they were noted.

    A file is read through once, and again after it was changed. Safe for threads.
    """

    def __init__(self) -> None:
        self._digests: dict[tuple[int, ...], str] = {}
        self._lock = threading.Lock()

    def open(self, study: Path, recording: Recording) -> OpenRecording:
        """Open a recording; raises FileRefused if it is missing or holds anything else."""
        if recording.media_type not in MEDIA_TYPES.values():
            raise InputError(f"The recording of '{recording.transcript}' is of no known type.")
        file = find_file(study, recording)
        descriptor = open_descriptor(file)
        try:
            self._check(file, descriptor, recording)
            n_bytes = os.fstat(descriptor).st_size
        except BaseException:
            os.close(descriptor)
            raise
        return OpenRecording(
            descriptor=descriptor,
            n_bytes=n_bytes,
            media_type=recording.media_type,
            digest=recording.digest,
        )

    def _check(self, file: Path, descriptor: int, recording: Recording) -> None:
        if self._digest(descriptor) != recording.digest:
            raise FileRefused.because(
                file,
                "is not the recording it was when it was noted",
                remedy="If this is the right one, note it again: autocode audio add STUDY",
            )

    def _digest(self, descriptor: int) -> str:
        stat = os.fstat(descriptor)
        sign = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        with self._lock:  # so that two players do not read one file twice
            if sign not in self._digests:
                self._digests[sign] = digest_file(descriptor)
            return self._digests[sign]


def _done(study: StudyFile, new: NewAct, do: Any, dry_run: bool) -> Done[RecordingChange]:  # noqa: ANN401 - a function of a connection
    done = study.act(new, do, dry_run=dry_run)
    assert done.result is not None  # there is no key, so that it is no repeated request
    made = replace(done.result, act=None if done.act is None else done.act.number)
    return Done(act=done.act, result=made, changes=done.changes)


def _check(connection: Connection, transcript: str) -> None:
    known = transcript_ids(connection)
    if transcript not in known:
        raise NotFound.among("transcript", transcript, known)


def _is_same(one: Recording, other: Recording) -> bool:
    return (one.transcript, one.path, one.digest) == (other.transcript, other.path, other.digest)


def _name_from(study: Path, file: Path) -> str:
    """The path from the study's folder where that is in or beside it, so that both can be moved."""
    folder = study.resolve().parent
    if file.is_relative_to(folder) or file.is_relative_to(folder.parent):
        return Path(os.path.relpath(file, folder)).as_posix()
    return str(file)


def _state(file: Path, recording: Recording) -> RecordingState:
    try:
        descriptor = open_descriptor(file)
    except FileRefused:
        return "changed" if os.path.lexists(file) else "missing"
    n_bytes = os.fstat(descriptor).st_size
    os.close(descriptor)
    return "there" if n_bytes == recording.n_bytes else "changed"
