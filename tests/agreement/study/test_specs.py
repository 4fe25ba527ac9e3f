"""One specification makes a coefficient known everywhere: tables, JSON, terminal and page."""

from __future__ import annotations

import pytest

from autocode.agreement import SPECS, CoefficientSpec, Resampling, measure_agreement, write_methods
from autocode.agreement.study.specs import build_definitions, build_labels
from autocode.cli import agree_terminal
from autocode.core.codebook import Code, Codebook
from autocode.report.agreement_page import write_agreement

from .. import support

BOOK = Codebook((Code(id="x", name="X"), Code(id="y", name="Y")))

# Gwet's AC1 is not meant: the share of yes decisions that somebody made alone.
LONELY = CoefficientSpec(
    name="lonely_share",
    label="Share given alone",
    definition="share of used (unit, code) pairs that one of two coders alone gave",
    source="made up for this test",
    from_counts=lambda drawn: lonely_share(drawn.pooled_table),
    per_code=lambda drawn: lonely_share(drawn.code_tables),
    column="alone",
    sentence="the share given alone",
    undefined="nobody gave anything",
    bands=("landis_koch",),
    is_headline=True,
)


def lonely_share(tables):
    alone = tables[..., 0, 1] + tables[..., 1, 0]
    return alone / (alone + tables[..., 1, 1])


@pytest.fixture
def agreement():
    return measure_agreement(
        support.units(),
        ["Amina", "Jonas"],
        support.CODES,
        unit_name="turn",
        resampling=Resampling(n_resamples=20, method="percentile"),
        specs=(*SPECS, LONELY),
    )


def test_a_new_coefficient_is_computed_over_all_codes_and_code_by_code(agreement):
    # Of the six units and codes that either gave, Amina gave two alone.
    assert agreement.overall["lonely_share"].value == pytest.approx(1 / 3)
    by_code = {code.code: code.coefficients["lonely_share"].value for code in agreement.per_code}
    assert by_code == {"x": pytest.approx(1 / 3), "y": pytest.approx(1 / 3)}
    interval = agreement.overall["lonely_share"].interval
    assert interval.low <= 1 / 3 <= interval.high


def test_a_new_coefficient_is_in_json_with_its_definition(agreement):
    plain = agreement.to_dict()
    assert plain["overall"]["lonely_share"]["status"] == "defined"
    assert plain["per_code"][0]["coefficients"]["lonely_share"]["status"] == "defined"
    assert plain["definitions"]["lonely_share"] == LONELY.definition
    assert {row["coefficient"] for row in agreement.to_rows()} >= {"lonely_share"}


def test_a_new_coefficient_is_on_the_terminal(agreement, capsys):
    agree_terminal.show_units(agreement, BOOK)
    shown = capsys.readouterr().out
    assert "alone" in next(line for line in shown.splitlines() if line.startswith("code"))
    assert "lonely_share" in shown


def test_a_new_coefficient_is_on_the_page_and_in_the_methods_paragraph(agreement, tmp_path):
    write_agreement(agreement, BOOK, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count(LONELY.label) >= 4
    assert LONELY.definition in page
    assert "the share given alone was 0.33" in write_methods(agreement, BOOK, "9.9").lower()


def test_every_specification_is_whole_and_named_once():
    names = [spec.name for spec in SPECS]
    assert len(set(names)) == len(names)
    for spec in SPECS:
        assert spec.label, spec.name
        assert not spec.definition.endswith("."), spec.name
        assert spec.is_overall or spec.per_code is not None, spec.name
        assert not (spec.from_counts and spec.set_distances), spec.name
    assert set(build_definitions()) == set(build_labels()) == {*names, "prevalence"}


def test_a_specification_without_a_value_over_all_codes_says_so_when_bound():
    (per_code_only,) = (spec for spec in SPECS if not spec.is_overall)
    with pytest.raises(TypeError, match="no value over all codes"):
        per_code_only.bind(None)


def test_values_come_back_under_their_own_names_in_any_order():
    measured = [
        measure_agreement(
            support.units(), ["Amina", "Jonas"], support.CODES, unit_name="", specs=specs
        )
        for specs in (SPECS, SPECS[::-1], SPECS[2:5])
    ]
    for other in measured[1:]:
        for name, coefficient in other.overall.items():
            assert coefficient == measured[0].overall[name]
