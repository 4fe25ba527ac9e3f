"""The public face: one list, and everything that the signatures of `Project` name is on it."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import typing
from pathlib import Path

import pytest

import autocode
from autocode.core import errors

FRONT = Path(autocode.__file__)


def type_only_names() -> set[str]:
    """The names that the front imports for type checkers."""
    tree = ast.parse(FRONT.read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        alias.asname or alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def named_in(annotation: object) -> set[type]:
    """Every class of ours in a resolved annotation, inside unions and containers too."""
    if isinstance(annotation, type) and annotation.__module__.startswith("autocode."):
        return {annotation}
    return {name for part in typing.get_args(annotation) for name in named_in(part)}


def load_type_only(member):
    """What the module of `member` imports for type checkers only, by name."""
    module = sys.modules[member.__module__]
    loaded = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for line in (line for line in node.body if isinstance(line, ast.ImportFrom)):
                home = importlib.import_module(
                    "." * line.level + (line.module or ""), module.__package__
                )
                # What that module itself has for type checkers only is not there.
                loaded |= {a.name: vars(home)[a.name] for a in line.names if a.name in vars(home)}
    return loaded


def test_what_is_listed_is_what_is_loaded_and_what_type_checkers_see():
    assert list(autocode.__all__) == list(autocode._HOMES)
    assert set(autocode.__all__) == type_only_names()
    assert len(set(autocode.__all__)) == len(autocode.__all__)


@pytest.mark.parametrize("name", autocode.__all__)
def test_every_public_name_loads_and_explains_itself(name):
    value = getattr(autocode, name)
    assert name in dir(autocode)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__module__.startswith("autocode.")
        assert inspect.getdoc(value)


def test_every_error_is_public():
    ours = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    assert ours <= set(autocode.__all__)


def test_every_class_in_the_signatures_of_project_is_public():
    missing = set()
    for name, member in inspect.getmembers(autocode.Project):
        if name.startswith("_") or not callable(member):
            continue
        for annotation in typing.get_type_hints(member, localns=load_type_only(member)).values():
            missing |= {c.__name__ for c in named_in(annotation)} - set(autocode.__all__)
    assert not missing


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = autocode.no_such_name
