"""Every script of `eval/` can be imported, and the names it takes from the library exist."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "eval"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.fixture
def imported(monkeypatch):
    """Import a script as `python eval/SCRIPT.py` would; afterwards nothing of it is left."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    known = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - known:
        path = getattr(sys.modules[name], "__file__", None)
        if name == "eval" or (path and path.startswith(str(FOLDER))):
            del sys.modules[name]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_imported(imported, script):
    assert imported(script).__doc__


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_taken_from_the_library_are_there(script):
    """Imports inside functions as well, which importing the script does not run."""
    tree = ast.parse((FOLDER / f"{script}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "autocode":
            module = importlib.import_module(node.module)
            for alias in node.names:
                if not hasattr(module, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")
