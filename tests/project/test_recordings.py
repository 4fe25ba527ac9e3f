"""Recordings of transcripts: noted as acts, found again, refused where they are something else."""

from __future__ import annotations

import os
import shutil

import pytest

from autocode.cli.audio import describe
from autocode.core.errors import FileRefused, InputError, NotFound, NothingToDo
from autocode.project import Project
from autocode.project.recordings import RecordingOpener
from autocode.project.removing import RemovalTarget

from ..sounds import write_tone


@pytest.fixture
def tone(tmp_path):
    return write_tone(tmp_path / "ann.wav", seconds=1)


def note(project, path, transcript="t1_ann", **options):
    return project.add_recording(transcript, path, coder="Kim", **options).result


def test_a_recording_is_noted_tried_undone_and_forgotten_as_acts(project, tone):
    assert note(project, tone, dry_run=True).act is None
    assert project.recording("t1_ann") is None
    change = note(project, tone)
    assert (change.recording.media_type, change.recording.n_bytes) == ("audio/wav", 16044)
    assert project.history()[-1].kind == "recording"
    assert note(project, tone).act is None  # it is so already
    project.undo(coder="Kim")
    assert project.recording("t1_ann") is None
    project.redo(coder="Kim")
    assert project.recording("t1_ann").digest == change.recording.digest
    project.remove_recording("t1_ann", coder="Kim")
    assert project.recording("t1_ann") is None
    assert tone.exists()
    with pytest.raises(NothingToDo, match="has no recording"):
        project.remove_recording("t1_ann", coder="Kim")
    with pytest.raises(NotFound):
        project.remove_recording("t9", coder="Kim")


def test_a_recording_that_another_transcript_has_is_remarked(project, tone, tmp_path):
    assert note(project, tone).same_as == ()
    copy = shutil.copy(tone, tmp_path / "copy.wav")
    change = note(project, copy, "t2_bob", dry_run=True)
    assert change.same_as == ("t1_ann",)
    assert describe(change, dry_run=True).splitlines() == [
        "Would be the recording of t2_bob: copy.wav (16 kB)",
        "Note that t1_ann has the same recording",
    ]


def test_another_recording_takes_the_place_of_the_first(project, tone, tmp_path):
    note(project, tone)
    note(project, write_tone(tmp_path / "better.wav", seconds=2))
    assert [v.recording.path for v in project.recordings().recordings] == ["better.wav"]
    assert project.recordings().n_without == 3


def test_a_study_moves_with_the_recordings_in_and_beside_its_folder(project, tmp_path):
    (tmp_path / "sound").mkdir()
    note(project, write_tone(tmp_path / "sound" / "a.wav", seconds=1))
    assert project.recording("t1_ann").path == "sound/a.wav"
    study = project.path
    project.close()
    there = tmp_path.parent / f"{tmp_path.name}-moved"
    shutil.copytree(tmp_path, there)
    shutil.rmtree(tmp_path / "sound")
    with Project.open(there / study.name) as moved:
        assert [v.state for v in moved.recordings().recordings] == ["there"]
    with Project.open(study) as left:
        assert [v.state for v in left.recordings().recordings] == ["missing"]


def test_what_no_browser_plays_is_refused_in_one_line(project, tmp_path):
    (tmp_path / "a.txt").write_text("words", encoding="utf-8")
    (tmp_path / "page.mp3").write_text("<script>alert(1)</script>", encoding="utf-8")
    (tmp_path / "empty.wav").touch()
    os.mkfifo(tmp_path / "pipe.wav")
    for name, fault in [
        ("a.txt", "is no recording that a browser plays"),
        ("page.mp3", "does not begin as audio/mpeg does"),
        ("empty.wav", "is empty"),
        ("pipe.wav", "is no file"),
        ("gone.wav", "is not there"),
    ]:
        with pytest.raises(FileRefused, match=fault) as refusal:
            note(project, tmp_path / name)
        assert "\n" not in str(refusal.value)


def test_only_what_was_noted_is_opened(project, tone, tmp_path):
    note(project, tone)
    recording, opener = project.recording("t1_ann"), RecordingOpener()
    opened = opener.open(project.path, recording)
    assert os.read(opened.descriptor, 4) == b"RIFF"
    os.close(opened.descriptor)
    kept = tone.rename(tmp_path / "kept.wav")
    with pytest.raises(FileRefused, match="is not there"):
        opener.open(project.path, recording)
    tone.symlink_to(kept)
    with pytest.raises(FileRefused, match="is a link"):
        opener.open(project.path, recording)
    tone.unlink()
    write_tone(tone, seconds=1)
    data = bytearray(tone.read_bytes())
    data[-1] ^= 1
    tone.write_bytes(data)
    with pytest.raises(FileRefused, match="is not the recording it was"):
        opener.open(project.path, recording)


def test_a_study_from_elsewhere_makes_no_other_file_be_read(project, tone, tmp_path):
    """A path in a study is whatever its maker wrote there."""
    note(project, tone)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with project._study.writing("by another program") as connection:
        connection.exec_driver_sql("UPDATE media SET path = 'secret.txt'")
    with pytest.raises(FileRefused, match="is not the recording it was"):
        RecordingOpener().open(project.path, project.recording("t1_ann"))
    with project._study.writing("by another program") as connection:
        connection.exec_driver_sql("UPDATE media SET media_type = 'text/html'")
    with pytest.raises(InputError, match="no known type"):
        RecordingOpener().open(project.path, project.recording("t1_ann"))


def test_it_goes_with_its_transcript_and_comes_back(project, tone):
    note(project, tone)
    removed = project.remove(RemovalTarget(transcript="t1_ann"), coder="Kim")
    assert removed.rows["media"] == 1
    assert not project.recordings().recordings
    project.undo(coder="Kim")
    assert project.recording("t1_ann").path == "ann.wav"


def test_erasing_a_participant_forgets_where_they_can_be_heard(project, tone):
    note(project, tone)
    project.erase(RemovalTarget(case="A"), coder="Kim")
    assert not project.recordings().recordings
    assert b"ann.wav" not in project.path.read_bytes()


def test_a_corrected_version_keeps_the_recording(project, tone, tmp_path):
    note(project, tone)
    text = project.transcript("t1_ann").text.replace("nine months", "ten months")
    (tmp_path / "t1_ann.txt").write_text(text, encoding="utf-8")
    project.replace_transcript("t1_ann", tmp_path / "t1_ann.txt", coder="Kim")
    assert project.recording("t1_ann").path == "ann.wav"


def test_a_shared_file_does_not_say_where_recordings_lie(project, tone, tmp_path):
    note(project, tone)
    project.share(tmp_path / "ben.autocode", coder="Ben")
    with Project.open(tmp_path / "ben.autocode") as shared:
        assert not shared.recordings().recordings
        shared.add_recording("t1_ann", write_tone(tmp_path / "his.wav", 2), coder="Ben")
    project.join([tmp_path / "ben.autocode"], coder="Kim")
    assert project.recording("t1_ann").path == "ann.wav"  # each study keeps its own


def test_a_project_for_another_tool_says_that_recordings_are_not_in_it(project, tone, tmp_path):
    project.add_recording("t1_ann", tone, coder="Amina")
    report = project.export_project(tmp_path / "small.qdpx")
    assert report.count("lost", "recordings") == 1
