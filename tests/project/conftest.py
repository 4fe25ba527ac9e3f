"""The small study, imported once; each test works on a copy."""

from __future__ import annotations

import shutil

import pytest

from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import write_sources


@pytest.fixture(scope="session")
def _masters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masters")
    with Project.open(folder / "plain.autocode", create_new=True) as project:
        report = project.import_paths([write_sources(folder / "sources")])
        assert not report.refused
    shutil.copyfile(folder / "plain.autocode", folder / "suggested.autocode")
    with Project.open(folder / "suggested.autocode") as project:
        project.suggest(HashEncoder())
    return folder


@pytest.fixture
def sources(tmp_path):
    return write_sources(tmp_path / "sources")


@pytest.fixture
def empty(tmp_path):
    with Project.open(tmp_path / "empty.autocode", create_new=True) as project:
        yield project


@pytest.fixture
def project(_masters, tmp_path):
    """The small study with its codings; nothing suggested."""
    shutil.copyfile(_masters / "plain.autocode", tmp_path / "study.autocode")
    with Project.open(tmp_path / "study.autocode") as project:
        yield project


@pytest.fixture
def suggesting(_masters, tmp_path):
    """The small study with suggestions, none of them decided."""
    shutil.copyfile(_masters / "suggested.autocode", tmp_path / "study.autocode")
    with Project.open(tmp_path / "study.autocode") as project:
        yield project
