"""The bundled study is what it claims to be, and the demo does the whole job on it."""

from __future__ import annotations

import json
import stat
import sys
from collections import Counter

import pytest
from click.testing import CliRunner

from autocode import Project
from autocode.cli.main import run
from autocode.pipeline import codable
from autocode.project.importing import ImportOptions
from autocode.workflow import unpack_example


@pytest.fixture(scope="module")
def study(tmp_path_factory, example):
    path = tmp_path_factory.mktemp("example") / "s.autocode"
    with Project.open(path, create_new=True) as project:
        report = project.import_paths([example], ImportOptions(join_turns=True))
        assert not report.refused
        assert not report.skipped
        yield project


def test_example_has_interviews_and_a_focus_group_in_real_forms(study):
    transcripts = study.transcripts()
    assert {t.source.format for t in transcripts} == {"docx", "vtt", "srt", "txt"}
    voices = {t.name: [s for s in t.speakers if s.role == "participant"] for t in transcripts}
    assert sum(len(v) == 1 for v in voices.values()) >= 6
    assert sum(len(v) >= 4 for v in voices.values()) == 1
    for transcript in transcripts:
        assert [s.role for s in transcript.speakers].count("interviewer") == 1


def test_example_has_enough_participant_segments(study):
    assert len(codable(study.segments())) >= 250


def test_example_codebook_is_a_tree_with_notes_and_one_example_each(study):
    codebook = study.codebook()
    leaves = codebook.candidates()
    assert len(leaves) == 18
    assert len(codebook.parents) == 5
    for code in leaves:
        assert code.definition
        assert code.inclusion
        assert code.exclusion
        assert len(code.examples) == 1


def test_example_participants_have_attributes(study):
    cases = study.cases()
    assert {c.attributes["role"] for c in cases} == {"service user", "clinician"}
    assert {c.attributes["setting"] for c in cases} == {"specialist", "generic"}
    assert all(c.attributes["region"] for c in cases)
    participants = {s.participant for s in codable(study.segments())}
    assert participants == {c.name for c in cases}


def test_example_second_coder_read_four_transcripts_and_they_differ(study):
    # An interval needs four double-coded transcripts; with fewer the example could show none.
    read = Counter(r.coder for r in study.readings())
    assert read["Amina"] > read["Jonas"] == 4
    agreement = study.agree()
    kappa = agreement.overall["pooled_kappa"]
    assert 0.6 < kappa.value < 0.8
    assert kappa.interval.low > 0.5
    assert len(agreement.disagreements) >= 10


def test_importing_the_example_again_changes_nothing(study, example):
    before = study.counts()
    report = study.import_paths([example], ImportOptions(join_turns=True))
    assert not any(item.new for item in report.imported)
    assert study.counts() == before


@pytest.mark.slow
@pytest.mark.model
def test_demo_does_the_whole_job(tmp_path):
    done = CliRunner().invoke(run, ["demo", str(tmp_path / "demo"), "--json"])
    assert done.exit_code == 0, done.output
    account = json.loads(done.stdout)
    assert account["n_participant_segments"] >= 250
    assert account["n_likely"] > 0
    assert len(account["themes"]) >= 3
    assert account["agreement"]["pooled_kappa"] > 0.5
    for name in ("report.html", "study.autocode", "export/codebook.qdc", "export/codings.csv"):
        assert (tmp_path / "demo" / name).stat().st_size > 0
    again = CliRunner().invoke(run, ["demo", str(tmp_path / "demo"), "--json"])
    repeated = json.loads(again.stdout)
    assert not any(item["new"] for item in repeated["import"]["imported"])
    assert repeated["themes"] == account["themes"]
    assert repeated["n_likely"] == account["n_likely"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_unpacked_example_is_readable_by_its_owner_only(tmp_path):
    folder = unpack_example(tmp_path / "sources")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
