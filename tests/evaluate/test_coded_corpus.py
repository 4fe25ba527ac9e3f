"""Coded material from a study: people's codings are told from a machine's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode import Project
from autocode.evaluate.coded_corpus import CodedCorpus, open_corpus, read_coded_corpus
from autocode.evaluate.gold import build_gold_data


@pytest.fixture
def project(tmp_path, folder):
    with Project.open(tmp_path / "towns.autocode", create_new=True) as project:
        project.import_paths([folder])
        yield project


def test_a_machine_in_a_study_is_no_coder_to_compare_with(project):
    codings = [replace(coding, coder="Bot") for coding in project.codings()]
    project.add_codings(codings, machines=["Bot"])
    gold = build_gold_data(open_corpus(project))
    assert gold.coders == ("Amina", "Jonas")
    assert set(gold.reference_coder.values()) == {"Amina"}


def test_a_corpus_a_study_and_a_path_are_opened(project, folder):
    corpus = read_coded_corpus(folder)
    assert open_corpus(corpus) is corpus
    assert isinstance(open_corpus(str(folder)), CodedCorpus)
    assert open_corpus(project).name == "towns"
