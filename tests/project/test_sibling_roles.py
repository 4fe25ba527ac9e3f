from __future__ import annotations

import pytest

from autocode.core.transcript import Role
from autocode.project import Project
from autocode.project.speakers import SpeakerChanges

LONG = "Well, I came here by bus and it took me most of the morning."


def talk(asked: str, answers: str, *, question: str = "And what then?") -> str:
    return "".join(f"{asked}: {question}\n{answers}: {LONG} {n}\n" for n in range(5))


@pytest.fixture
def study(tmp_path):
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        yield project


def put(folder, **texts):
    paths = [folder / f"{name}.txt" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def roles(project, name) -> dict[str, Role]:
    return {
        transcript: speaker.role
        for transcript, speakers in project.speakers().items()
        for speaker in speakers
        if speaker.name == name
    }


def test_a_name_has_one_role_in_all_transcripts(study, tmp_path):
    silent = talk("Dan", "Cleo", question="Mm.")
    paths = put(tmp_path, a=silent, b=talk("Dan", "Ann"), c=talk("Dan", "Ben"))
    report = study.import_paths(paths)
    assert set(roles(study, "Dan").values()) == {"interviewer"}
    warnings = [w for file in report.imported for w in file.warnings]
    assert any("'Dan' is taken for interviewer in a too" in w for w in warnings)


def test_a_role_that_a_person_has_set_decides(study, tmp_path):
    study.import_paths(put(tmp_path, a=talk("Dan", "Ann")))
    study.change_speakers(SpeakerChanges(roles={"Dan": "participant"}))
    study.import_paths(put(tmp_path, b=talk("Dan", "Ben")))
    assert set(roles(study, "Dan").values()) == {"participant"}


def test_labels_of_a_machine_are_somebody_else_in_every_file(study, tmp_path):
    one = talk("SPEAKER_00", "SPEAKER_01")
    two = talk("SPEAKER_01", "SPEAKER_00", question="Where did you go then?")
    study.import_paths(put(tmp_path, a=one, b=two))
    assert roles(study, "SPEAKER_00") == {"a": "interviewer", "b": "participant"}
