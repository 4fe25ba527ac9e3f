from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pytest

from autocode.core.transcript import Span
from autocode.serialise.plain import SCHEMA, to_payload, to_plain


class Reason(StrEnum):
    SHORT = "too_short"


@dataclass(frozen=True)
class Pair:
    span: Span
    reason: Reason


def test_a_dataclass_becomes_a_dict_all_the_way_down():
    assert to_plain(Pair(Span(1, 4), Reason.SHORT)) == {
        "span": {"start": 1, "end": 4},
        "reason": "too_short",
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_numbers_that_are_not_finite_are_null(value):
    assert to_plain({"value": value}) == {"value": None}


def test_what_comes_out_is_json():
    value = {"array": np.array([[1.5, np.nan]]), "set": {"b", "a"}, "path": Path("a/b"), 3: (1, 2)}
    again = json.loads(json.dumps(to_plain(value), allow_nan=False))
    assert again == {"array": [[1.5, None]], "set": ["a", "b"], "path": "a/b", "3": [1, 2]}


def test_a_value_without_a_plain_form_is_refused():
    with pytest.raises(TypeError, match="object has no plain form"):
        to_plain(object())


def test_a_payload_says_its_schema_and_kind_first():
    assert list(to_payload("themes", {"n": np.int64(2)}).items()) == [
        ("schema", SCHEMA),
        ("kind", "themes"),
        ("n", 2),
    ]
