"""What commands print with --json has the shapes of the stored examples and of `docs/json.md`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..json_examples import printed, stored

DOCUMENT = Path(__file__).parents[2] / "docs" / "json.md"
EXAMPLES = stored()

# Objects whose keys are data (coders, codes, coefficients, participants, packages), by their key.
KEYED_BY_DATA = {
    "agreement",
    "auto_accept_from",
    "codes_per_unit",
    "coefficients",
    "counts",
    "definitions",
    "definitions_per_code",
    "humans",
    "machine_for",
    "memos",
    "n_replaced",
    "n_rows",
    "n_spans",
    "others",
    "overall",
    "parameters",
    "reasons",
    "reference",
    "uses",
    "versions",
}

WITH_AN_UNDEFINED_VALUE = {"reason"}
"""Stands beside a value only where that is undefined, which hangs on the data."""

MERGED = {"one", "other"}
"""The two sides of a merge in the tree of themes."""


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    return dict(printed(tmp_path_factory.mktemp("json")))


def shape(value, key=""):
    """The structure of a value: keys and types; items of a list, and of a map, count together."""
    if isinstance(value, dict):
        if key in KEYED_BY_DATA or (key == "codes" and not {"rows", "steps"} & set(value)):
            return {"*": merge(shape(item) for item in value.values())}
        return {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [merge(shape(item, key) for item in value)]
    if key in MERGED:
        return "theme or number of a merge"
    return "number" if type(value) in (int, float) else type(value).__name__


def merge(shapes):
    """The shapes of several items as one; what differs becomes a set of what there is."""
    merged = None
    for other in shapes:
        merged = other if merged is None else _either(merged, other)
    return merged


def _either(one, other):
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            name: _either(one[name], other[name])
            if name in one and name in other
            else one.get(name, other.get(name))
            for name in {**one, **other}
        }
    if isinstance(one, list) and isinstance(other, list):
        return [merge(item for item in (one[0], other[0]) if item is not None)]
    return one if other in (None, "NoneType") else other


def differences(made, example, at):
    """Where two shapes differ; what is null or empty on one side says nothing."""
    if made in (None, "NoneType") or example in (None, "NoneType"):
        return
    if isinstance(made, dict) and isinstance(example, dict):
        for name in {**made, **example}:
            if name in WITH_AN_UNDEFINED_VALUE and "value" in made and "value" in example:
                continue
            if name not in made or name not in example:
                yield f"{at}.{name}"
            else:
                yield from differences(made[name], example[name], f"{at}.{name}")
    elif isinstance(made, list) and isinstance(example, list):
        yield from differences(made[0], example[0], f"{at}[]")
    elif made != example:
        yield f"{at}: {made} against {example}"


@pytest.mark.slow
def test_every_command_prints_its_schema_and_a_kind_with_an_example(payloads):
    for line, payload in payloads.items():
        assert payload.get("schema") == 1, line
        assert payload["kind"] in EXAMPLES, line


def test_what_commands_print_has_the_shape_of_the_stored_examples(payloads):
    for line, payload in payloads.items():
        example = EXAMPLES[payload["kind"]]
        assert not list(differences(shape(payload), shape(example), payload["kind"])), line


def test_positions_have_one_shape(payloads):
    def walk(value, path):
        if isinstance(value, dict):
            assert not {"start", "end"} <= set(value) or set(value) == {"start", "end"}, path
            for name, item in value.items():
                walk(item, f"{path}.{name}")
        elif isinstance(value, list):
            for item in value:
                walk(item, path)

    for line, payload in payloads.items():
        walk(payload, line)


def test_a_changed_key_and_a_changed_type_are_seen():
    example = {"kind": "x", "items": [{"a": 1, "span": {"start": 0, "end": 1}}], "b": None}
    assert not list(differences(shape(example), shape(example), "x"))
    renamed = {"kind": "x", "items": [{"c": 1, "span": {"start": 0, "end": 1}}], "b": None}
    assert len(list(differences(shape(renamed), shape(example), "x"))) == 2
    retyped = {"kind": "x", "items": [{"a": "1", "span": {"start": 0, "end": 1}}], "b": 3}
    assert list(differences(shape(retyped), shape(example), "x")) == [
        "x.items[].a: str against number"
    ]


SECTIONS = dict(
    re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", DOCUMENT.read_text("utf-8"), re.M | re.S)
)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_document_names_every_key_of_every_kind(kind):
    keys = set(EXAMPLES[kind]) - {"schema", "kind"}
    assert kind in SECTIONS
    named = set(re.findall(r"`([\w.\[\]]+)`", SECTIONS[kind]))
    assert keys <= {name.partition(".")[0].removesuffix("[]") for name in named}
