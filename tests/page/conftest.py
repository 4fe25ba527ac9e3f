"""The page of a small study, asked without a network."""

from __future__ import annotations

import shutil

import pytest
from pytest_socket import enable_socket

from autocode.encode.hashing import HashEncoder
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.project import Project

from ..small_study import write_sources
from .support import PORT, Page


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    study = folder / "small.autocode"
    with Project.open(study, create_new=True) as project:
        project.import_paths([write_sources(folder / "sources")])
    return study


@pytest.fixture(scope="session")
def suggested(built, tmp_path_factory):
    """The small study with codes suggested for everybody."""
    study = shutil.copy(built, tmp_path_factory.mktemp("suggested") / "small.autocode")
    with Project.open(study) as project:
        project.suggest(HashEncoder())
    return study


@pytest.fixture
def network(_no_network):
    """Connections of this machine to itself."""
    enable_socket()


@pytest.fixture
def study(built, tmp_path):
    return shutil.copy(built, tmp_path / "small.autocode")


@pytest.fixture
def page(study):
    """The page as Amina has it open."""
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        yield page
