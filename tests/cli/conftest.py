"""A runner of commands with the tiny encoder, and the small study on disk."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from autocode.cli.main import run
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import write_sources


@pytest.fixture(scope="session")
def _masters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("masters")
    with Project.open(folder / "plain.autocode", create_new=True) as project:
        project.import_paths([write_sources(folder / "sources")])
    shutil.copyfile(folder / "plain.autocode", folder / "suggested.autocode")
    with Project.open(folder / "suggested.autocode") as project:
        project.draft_themes(HashEncoder())
        project.suggest(HashEncoder())
    return folder


@pytest.fixture
def sources(tmp_path):
    return write_sources(tmp_path / "sources")


@pytest.fixture
def plain(_masters, tmp_path):
    """The small study with nothing drafted."""
    return shutil.copyfile(_masters / "plain.autocode", tmp_path / "plain.autocode")


@pytest.fixture
def suggested(_masters, tmp_path):
    """The small study with suggestions and themes."""
    return shutil.copyfile(_masters / "suggested.autocode", tmp_path / "suggested.autocode")


@pytest.fixture
def loaded(monkeypatch):
    """What commands asked `load_encoder` for; they all get the tiny encoder."""
    asked = []

    def load(model="all-MiniLM-L6-v2", *, allow_download=False):
        asked.append((model, allow_download))
        return HashEncoder()

    monkeypatch.setattr("autocode.encode.load.load_encoder", load)
    return asked


@pytest.fixture
def cli(loaded):
    """Run a command; it must end by itself, with this status and without a traceback."""

    def call(*args, status=0, typed=None):
        result = CliRunner().invoke(run, list(map(str, args)), input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise AssertionError(f"{args} ended in a traceback") from result.exception
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def cli_json(cli):
    """Run a command with --json and read what it printed."""

    def call(*args, status=0):
        result = cli(*args, "--json", status=status)
        return json.loads(result.stdout)

    return call


@pytest.fixture
def fails(cli):
    """Run a command that must fail with status 1 and one line on stderr; returns that line."""

    def call(*args):
        result = cli(*args, status=1)
        assert result.stderr.startswith("autocode: ")
        assert result.stderr.count("\n") == 1, result.stderr
        assert result.stdout == ""
        return result.stderr

    return call
