"""Every case of the published reference set, within its own tolerance.

The cases lie under `$AUTOCODE_SHARED/reference/agreement/*.json`; an unknown metric or quantity is
a failure, not a skip.
"""

from __future__ import annotations

import json
import math

import pytest

from ..shared import SHARED, present
from . import reference_coefficients, reference_spans

REFERENCE = SHARED / "reference" / "agreement"
FILES = sorted(REFERENCE.glob("*.json"))
CASES = [
    pytest.param(case, id=case["id"])
    for file in FILES
    for case in json.loads(file.read_text(encoding="utf-8"))
]
ADAPTERS = {**reference_coefficients.ADAPTERS, **reference_spans.ADAPTERS}


def test_reference_set_is_there():
    present(REFERENCE)
    assert len(CASES) >= 100


def test_adapters_do_not_overlap():
    assert not set(reference_coefficients.ADAPTERS) & set(reference_spans.ADAPTERS)


@pytest.mark.parametrize("case", CASES)
def test_reference_case(case):
    found = ADAPTERS[case["metric"]](case)
    for quantity, expected in case["expected"].items():
        assert quantity in found, f"{case['metric']} does not say '{quantity}'"
        if quantity == "reason":
            assert found[quantity]
            continue
        if quantity == "ci95_high":
            # The reference keeps normal limits that pass 1, which no coefficient does.
            expected = min(expected, 1.0)
        compare(found[quantity], expected, tolerance=tolerance_of(case, quantity), at=quantity)


def tolerance_of(case, quantity):
    tolerance = case["tolerance"]
    return tolerance[quantity] if isinstance(tolerance, dict) else tolerance


def compare(found, expected, *, tolerance, at):
    if isinstance(expected, dict):
        assert set(found) == set(expected), at
        for key, value in expected.items():
            compare(found[key], value, tolerance=tolerance, at=f"{at}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), at
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            compare(one, other, tolerance=tolerance, at=f"{at}[{number}]")
    elif expected is None or isinstance(expected, str | bool):
        assert found == expected, at
    else:
        assert found is not None, at
        assert math.isclose(found, expected, rel_tol=0, abs_tol=tolerance + 1e-12), at
