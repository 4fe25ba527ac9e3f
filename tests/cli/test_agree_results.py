"""What `autocode agree` says of real studies: order of coding, spans, known corpora."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from autocode.agreement.study import span_specs
from autocode.cli.main import run

from ..small_study import write_sources


def run_agree(*args):
    result = CliRunner().invoke(run, ["agree", *map(str, args)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def study(example, tmp_path_factory):
    path = tmp_path_factory.mktemp("spans") / "s.autocode"
    assert CliRunner().invoke(run, ["import", str(path), str(example)]).exit_code == 0
    return path


@pytest.mark.slow
def test_the_order_is_named_in_json_on_the_terminal_and_on_the_page(example, tmp_path):
    study = tmp_path / "s.autocode"
    assert CliRunner().invoke(run, ["import", str(study), str(example)]).exit_code == 0
    command = ["agree", str(study), "--resamples", "0"]
    payload = json.loads(CliRunner().invoke(run, [*command, "--json"]).output)
    assert payload["drift_order"]["by"] == "name"
    assert all(step["coded_at"] is None for step in payload["drift"])
    page = tmp_path / "a.html"
    shown = CliRunner().invoke(run, [*command, "--output", str(page)])
    assert "Transcript by transcript, in order of name" in shown.output
    assert "In order of name, as the times of coding are not known" in page.read_text("utf-8")


def test_dates_of_imported_codings_put_transcripts_in_order_everywhere(tmp_path):
    sources = write_sources(tmp_path / "sources")
    head, *rows = (sources / "codings.csv").read_text(encoding="utf-8").splitlines()
    days = {"t1_ann": "2026-03-09", "t2_bob": "2026-03-02"}
    dated = [f"{row},{days[row.partition(',')[0]]}T10:00:00+00:00" for row in rows]
    read = [f"t2_bob,,{coder},," for coder in ("Amina", "Jonas")]
    table = "\n".join([f"{head},made_at", *dated, *read])
    (sources / "codings.csv").write_text(table, encoding="utf-8")
    study, page = tmp_path / "s.autocode", tmp_path / "a.html"
    assert CliRunner().invoke(run, ["import", str(study), str(sources)]).exit_code == 0
    command = ["agree", str(study), "--resamples", "0"]
    payload = json.loads(CliRunner().invoke(run, [*command, "--json"]).output)
    assert payload["drift_order"]["by"] == "coded"
    assert [(s["transcript"], s["coded_at"][:10]) for s in payload["drift"]] == [
        ("t2_bob", "2026-03-02"), ("t1_ann", "2026-03-09")
    ]  # fmt: skip
    shown = CliRunner().invoke(run, [*command, "--output", str(page)]).output
    assert "in the order in which they were coded" in shown
    assert shown.index("2026-03-02 10:00") < shown.index("2026-03-09 10:00")
    assert "In the order in which they were coded" in page.read_text(encoding="utf-8")


def test_the_command_gives_spans_as_json(study):
    spans = json.loads(run_agree("spans", study, "--json", "--resamples", 0))
    assert set(spans["overall"]) == set(spans["definitions"])
    assert spans["coders_with_overlapping_codes"] == ["Amina"]
    assert spans["overall"]["u_alpha"]["status"] == "undefined"
    assert "Amina gave one place several codes" in spans["overall"]["u_alpha"]["reason"]
    assert 0 < spans["overall"]["gamma"]["value"] < 1
    for code in spans["per_code"]:
        assert set(spans["definitions_per_code"]) == set(code["coefficients"])
        assert code["coefficients"]["character_kappa"]["status"] == "defined"


def test_the_command_shows_spans_on_the_terminal_and_on_the_page(study, tmp_path):
    page = tmp_path / "a.html"
    shown = run_agree("spans", study, "--resamples", 0, "--output", page)
    assert "The coders' own spans, on" in shown
    assert "undefined: overlapping codes" in shown
    assert "Read the codes one by one" in shown
    html = page.read_text(encoding="utf-8")
    assert '<section id="spans">' in html
    assert "(k)u-alpha" in html
    run_agree(study, "--resamples", 0, "--output", page)
    assert '<section id="spans">' not in page.read_text(encoding="utf-8")


def test_spans_of_a_corpus_of_given_segments_are_compared(shared):
    folder = shared / "data" / "ci-evidence-claims"
    overall = json.loads(run_agree("spans", folder, "--json", "--resamples", 0))["overall"]
    # Whole segments were coded, each once: there is no gap, so marking cannot differ.
    assert overall["u_alpha"]["value"] == pytest.approx(overall["cu_alpha"]["value"])
    assert overall["bar_u_alpha"]["reason"] == span_specs.SAME_EVERYWHERE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "n_units", "pooled", "masi", "per_code"),
    [
        # Human-human figures as the corpora's own index states them, to two digits.
        ("annomi", 309, 0.62, 0.58, 0.48),
        ("ml-quality-interviews", 699, 0.34, 0.34, 0.25),
        ("exam-proctoring-survey", 301, 0.83, 0.77, 0.90),
        ("book-club-discussions", 619, 0.90, 0.84, 0.83),
        ("ci-evidence-claims", 113, 0.95, 0.94, None),
        ("classroom-dialogue-zh", 1962, 0.75, 0.73, 0.57),
    ],
)
def test_human_agreement_of_real_corpora_is_reproduced(
    shared, corpus, n_units, pooled, masi, per_code
):
    payload = CliRunner().invoke(
        run, ["agree", str(shared / "data" / corpus), "--json", "--resamples", "0"]
    )
    found = json.loads(payload.output)
    assert found["n_units"] == n_units
    for name, value in (
        ("pooled_kappa", pooled), ("alpha_masi", masi), ("kappa_per_code_mean", per_code)
    ):  # fmt: skip
        stated = found["overall"][name]
        if value is None:
            assert stated["status"] == "undefined"
            assert stated["reason"]
        else:
            assert round(stated["value"], 2) == value
