"""Who is compared on what, and what the table says."""

from __future__ import annotations

import json

import pytest

from autocode import Project
from autocode.agreement.decisions import Unit
from autocode.agreement.table import agreement


def unit(**applied: str) -> Unit:
    return Unit(
        "t1", "words", {coder: frozenset(codes.split()) for coder, codes in applied.items()}
    )


def test_units_read_by_one_coder_are_left_out():
    found = agreement([unit(a="x", b="x"), unit(a="x")], ["a", "b"], ["x"], unit_name="turn")
    assert found.n_units == 1


def test_reading_without_a_code_is_a_no_not_a_gap():
    units = [unit(a="x", b=""), unit(a="", b=""), unit(a="x", b="x"), unit(a="", b="")]
    (code,) = agreement(units, ["a", "b"], ["x"], unit_name="turn").per_code
    assert code.of["percent"].value == 0.75
    assert code.prevalence == pytest.approx(3 / 8)
    assert code.of["cohen_kappa"].value == pytest.approx(0.5)


def test_codes_nobody_used_play_no_part():
    found = agreement([unit(a="x", b="x"), unit(a="", b="")], ["a", "b"], ["x", "y"], unit_name="")
    assert [code.code for code in found.per_code] == ["x"]
    assert found.overall["percent"].n_units == 2


def test_three_coders_are_compared_pair_by_pair():
    units = [unit(a="x", b="x", c=""), unit(a="", b="", c="x"), unit(a="x", b="x")]
    found = agreement(units, ["a", "b", "c"], ["x"], unit_name="")
    assert found.overall["percent"].n_units == 7
    assert found.overall["percent"].value == pytest.approx(3 / 7)


def test_disagreements_show_what_each_coder_gave():
    found = agreement([unit(a="x", b="y x")], ["a", "b"], ["x", "y"], unit_name="")
    assert found.disagreements[0].applied == {"a": ("x",), "b": ("x", "y")}


def test_no_common_unit_is_undefined_not_zero():
    found = agreement([unit(a="x")], ["a", "b"], ["x"], unit_name="")
    assert found.n_units == 0
    assert all(c.value is None and c.reason for c in found.overall.values())


@pytest.mark.parametrize(
    ("corpus", "n_units", "kappa"),
    [
        # Human-human figures that the corpora's own README files state.
        ("annomi", 309, 0.62),
        ("ml-quality-interviews", 699, 0.34),
        ("book-club-discussions", 619, 0.90),
        ("ci-evidence-claims", 113, 0.95),
    ],
)
def test_pooled_kappa_of_real_double_coding_is_reproduced(shared, tmp_path, corpus, n_units, kappa):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([shared / "data" / corpus])
        found = project.agree()
    assert found.n_units == n_units
    assert found.overall["pooled_kappa"].value == pytest.approx(kappa, abs=0.005)
    assert json.dumps(found.overall["pooled_kappa"].reason) == '""'
