"""Agreement of a data frame with a row for each coding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autocode.agreement import agree_frame, cohen_kappa, krippendorff_alpha, measure_agreement
from autocode.agreement.study.decisions import Unit
from autocode.core.errors import InputError

NAMES = {"unit": "line", "coder": "who", "code": "label"}


def frame(n_transcripts=5):
    rng = np.random.default_rng(0)
    rows = [
        {"text": f"t{t}", "line": line, "who": who, "label": rng.choice(["x", "y"], p=[0.7, 0.3])}
        for t in range(n_transcripts)
        for line in range(8)
        for who in ("Ann", "Ben")
    ]
    return pd.DataFrame(rows)


def test_a_frame_agrees_as_its_units_do():
    table = frame()
    agreement = agree_frame(table, **NAMES, transcript="text")
    units = [
        Unit(
            transcript=text,
            excerpt=str(line),
            applied={who: frozenset([label]) for who, label in zip(g.who, g.label, strict=True)},
        )
        for (text, line), g in table.groupby(["text", "line"])
    ]
    assert (
        agreement.overall
        == measure_agreement(units, ["Ann", "Ben"], ["x", "y"], unit_name="line").overall
    )
    assert agreement.n_transcripts == 5
    assert agreement.overall["pooled_kappa"].interval is not None


def test_alpha_over_sets_is_nominal_alpha_of_codes_that_exclude_each_other():
    table = frame()
    rows = [table.label[table.who == who].tolist() for who in ("Ann", "Ben")]
    agreement = agree_frame(table, **NAMES, transcript="text")
    assert agreement.overall["alpha_masi"].value == pytest.approx(krippendorff_alpha(rows).value)
    assert agreement.per_code[0].coefficients["cohen_kappa"].value == pytest.approx(
        cohen_kappa(*rows).value
    )


def test_without_transcripts_there_is_no_interval():
    agreement = agree_frame(frame(1), **NAMES)
    assert agreement.n_transcripts == 1
    assert all(c.interval is None for c in agreement.overall.values())


@pytest.mark.parametrize("gap", [None, np.nan, pd.NA])
def test_a_missing_code_is_unread_unless_it_says_nothing(gap):
    rows = [(1, "Ann", "x"), (1, "Ben", "x"), (2, "Ann", "x"), (2, "Ben", gap), (3, "Ann", "y")]
    table = pd.DataFrame(rows, columns=["line", "who", "label"], dtype=object)
    assert agree_frame(table, **NAMES).n_units == 1
    assert agree_frame(table, **NAMES, missing="nothing").n_units == 2
    category = table.assign(label=pd.Categorical(table.label.where(table.label.notna(), None)))
    assert agree_frame(category, **NAMES).n_units == 1
    codes = category.assign(label=category.label.cat.codes)
    assert agree_frame(codes, **NAMES).n_units == 1


def test_several_rows_are_several_codes_and_a_mapping_will_do():
    table = {"line": [1, 1, 1], "who": ["Ann", "Ann", "Ben"], "label": [1.0, 2.0, 1.0]}
    agreement = agree_frame(table, **NAMES)
    assert [code.code for code in agreement.per_code] == ["1", "2"]
    assert agreement.disagreements[0].applied == {"Ann": ("1", "2"), "Ben": ("1",)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "nothing"}, "No column 'nothing'"),
        ({"coder": "line"}, "No unit was coded by two"),
        ({"missing": "gone"}, "unread or nothing"),
    ],
)
def test_what_does_not_fit_is_one_line(change, message):
    with pytest.raises(InputError, match=message):
        agree_frame(frame(1), **(NAMES | change))


def test_a_row_without_a_coder_is_refused():
    table = frame(1).assign(who=None)
    with pytest.raises(InputError, match="Row 1 of the frame has no value in 'who'"):
        agree_frame(table, **NAMES)


@pytest.mark.parametrize("several", [["x", "y"], {"x", "y"}, ("x",), []])
def test_several_codes_in_one_cell_are_no_code_of_that_name(several):
    table = frame(1).astype({"label": object})
    table.at[2, "label"] = several
    with pytest.raises(InputError, match=r"Row 3 .* several codes in 'label'.*frame\.explode"):
        agree_frame(table, **NAMES)


def test_an_empty_text_is_no_code():
    table = {"line": [1, 1, 2, 2], "who": ["Ann", "Ben"] * 2, "label": ["x", "x", "", " "]}
    assert agree_frame(table, **NAMES).n_units == 1
    nothing = agree_frame(table, **NAMES, missing="nothing")
    assert (nothing.n_units, [code.code for code in nothing.per_code]) == (2, ["x"])
