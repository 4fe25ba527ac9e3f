"""Results as plain data: stored examples that a reader of the JSON can rely on."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from autocode.agreement import (
    ComparisonOptions,
    Resampling,
    attach_memos,
    cohen_kappa,
    measure_agreement,
    measure_machine_agreement,
    measure_span_agreement,
)
from autocode.agreement.study.assistance import Suggested, account_assistance
from autocode.core.coding_pass import CodingPass
from autocode.core.showing import Showing, ShowingSince

from . import support

STORED = Path(__file__).parents[1] / "data" / "json"
FEW_DRAWS = Resampling(n_resamples=10)


def agreement():
    measured = measure_agreement(
        support.units(),
        ["Amina", "Jonas"],
        support.CODES,
        unit_name="turn",
        parents={"x": None, "y": None},
        resampling=FEW_DRAWS,
    )
    shown = ShowingSince(
        coder="Jonas",
        showing=Showing(own_code_first=True, unassisted=0.1, random_state=3),
        since="2026-05-04T09:30:00+00:00",
    )
    assistance = account_assistance(
        [("t", ("Amina", "Jonas"))],
        ["Amina", "Jonas"],
        codings=[],
        passes=[CodingPass(transcript="t", coder="Jonas", assistance="own")],
        suggested=Suggested(frozenset({"Jonas"}), [shown]),
    )
    return replace(attach_memos(measured, support.codings()), assistance=assistance)


def spans():
    coders = ("Jonas", "Model")
    return measure_span_agreement(support.texts(), coders, support.CODES, resampling=FEW_DRAWS)


def machine():
    options = ComparisonOptions(resampling=FEW_DRAWS)
    people = ["Amina", "Jonas"]
    return measure_machine_agreement(
        support.units(), people, "Model", support.CODES, options=options
    )


def coefficient():
    return cohen_kappa([1, 0, 0, 1], [1, 0, 1, 1])


RESULTS = {
    "agreement": agreement,
    "span_agreement": spans,
    "machine_agreement": machine,
    "coefficient": coefficient,
}


@pytest.mark.parametrize("kind", RESULTS)
def test_plain_data_is_as_stored(kind):
    made = json.loads(json.dumps(RESULTS[kind]().to_dict()))
    stored = json.loads((STORED / f"{kind}.json").read_text(encoding="utf-8"))
    assert made["schema"] == 1
    assert made["kind"] == kind
    compare(made, stored, at=kind)


def compare(made, stored, *, at):
    """The same keys, types and values; numbers to nine digits, as machines round differently."""
    assert type(made) is type(stored), at
    if isinstance(stored, dict):
        assert list(made) == list(stored), at
        for key, value in stored.items():
            compare(made[key], value, at=f"{at}.{key}")
    elif isinstance(stored, list):
        assert len(made) == len(stored), at
        for number, (own, other) in enumerate(zip(made, stored, strict=True)):
            compare(own, other, at=f"{at}[{number}]")
    elif isinstance(stored, float):
        assert math.isclose(made, stored, rel_tol=1e-9, abs_tol=1e-12), at
    else:
        assert made == stored, at


@pytest.mark.slow
@pytest.mark.parametrize("kind", RESULTS)
def test_rows_make_a_frame_and_a_table_in_a_notebook(kind):
    result = RESULTS[kind]()
    rows = result.to_rows()
    assert rows
    assert len({tuple(row) for row in rows}) == 1
    frame = result.to_frame()
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows)
    assert result._repr_html_().startswith("<table>")


def test_rows_hold_every_coefficient_over_all_codes_and_code_by_code():
    result = agreement()
    rows = {(row["code"], row["coefficient"]): row["value"] for row in result.to_rows()}
    assert rows[None, "pooled_kappa"] == result.overall["pooled_kappa"].value
    assert rows["x", "cohen_kappa"] == result.per_code[0].coefficients["cohen_kappa"].value
    assert len(rows) == len(result.overall) + sum(len(c.coefficients) for c in result.per_code)


def test_disagreements_hold_the_memos_of_codings_that_overlap_them():
    memos = [d["memos"] for d in agreement().to_dict()["disagreements"]]
    assert memos[0] == {"Amina": ["why?"]}
    assert not any(memos[1:])
