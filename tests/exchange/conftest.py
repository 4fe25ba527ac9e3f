"""Fixtures of the tests of other tools' projects."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[2] / "eval" / "fuzz"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A folder with a made project of every tool."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SEEDS))
        seeds = importlib.import_module("project_seeds")
        for name, raw in seeds.make_project_seeds().items():
            (folder / name).write_bytes(raw)
        sys.modules.pop("project_seeds", None)
    return folder
