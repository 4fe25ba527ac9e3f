"""`autocode agree`: coders compared by units, by spans, and with a machine."""

from __future__ import annotations

import csv

import pytest

from ..evaluate.support import write_folder

PEOPLE = ("Amina", "Jonas")


def test_agree_compares_two_coders(cli, cli_json, plain):
    told = cli_json("agree", plain, "--coders", "Jonas,Amina")
    assert told["coders"] == ["Jonas", "Amina"]
    assert told["n_units"] == 12
    assert told["reading"]["n_assumed"] == 10
    assert told["definitions"]
    for value in told["overall"].values():
        assert (value["value"] is None) == bool(value["reason"])
    shown = cli("agree", plain).stdout
    assert "12 units (meaning)" in shown
    assert "10 of 12 units rest on the assumption" in shown
    assert "2 units (meaning)" in cli("agree", plain, "--read", "marked").stdout
    assert "krippendorff_alpha" in shown


@pytest.mark.parametrize("coders", [("Amina", "Nobody"), ("Amina", "Amina")])
def test_agree_with_nobody_is_one_line(fails, plain, coders):
    fails("agree", plain, "--coders", ",".join(coders))


def test_one_coder_named_is_not_one_coder_in_the_study(fails, plain):
    said = fails("agree", plain, "--coders", "Amina")
    assert said.endswith("only 'Amina' is named. Others who coded in this study: Jonas.\n")


def test_codes_stand_by_their_names_where_keys_do_not_say_them(cli, plain):
    def rows(*kind):
        lines = cli("agree", *kind, plain).stdout.splitlines()
        (at,) = [n for n, line in enumerate(lines) if line.startswith("code ")]
        return [" ".join(line.split()[:2]) for line in lines[at:]]

    for kind in ((), ("spans",)):
        shown = rows(*kind)
        assert shown[0] == "code name"
        assert "wait Waiting" in shown
    for code in ("wait", "family", "shame"):
        cli("codes", "rename", plain, code, f"{code}!", "--coder", "Amina")
        cli("codes", "rename", plain, f"{code}!", code, "--coder", "Amina")
    assert rows()[0] == "code uses"


def test_agree_compares_spans(cli, cli_json, plain):
    payload = cli_json("agree", "spans", plain, "--resamples", 0)
    assert payload["coders"] == ["Amina", "Jonas"]
    assert cli("agree", "spans", plain, "--resamples", 0).stdout.startswith("The coders' own spans")


def test_agree_compares_a_machine_with_people(cli, cli_json, fails, plain):
    asked = ("agree", "machine", plain)
    assert "'Model'" in fails(*asked, "Model")
    assert "needs two" in fails(*asked, "Jonas")


@pytest.fixture
def four(tmp_path):
    """A folder of five transcripts that two people and a machine coded; and a coder NEVER."""
    folder = write_folder(
        tmp_path / "towns", towns=("Ayr", "Bath", "Cork", "Deal", "Ely"), coders=PEOPLE
    )
    codings = folder / "codings.csv"
    rows = list(csv.DictReader(codings.read_text(encoding="utf-8").splitlines()))
    with codings.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        for row in rows:
            if row["coder"] == "Amina":
                writer.writerow(row | {"coder": "NEVER", "code": ""})
    return folder


def test_a_plan_needs_no_machine(cli, cli_json, four):
    plan = cli_json("agree", "machine", four, "--plan", "--coders", "Amina,Jonas")
    assert plan["kind"] == "machine_plan"
    assert [study["n_transcripts"] for study in plan["studies"]] == [5, 10, 20]
    shown = cli("agree", "machine", four, "NEVER", "--plan").stdout
    assert "beside Amina, Jonas" in shown
    assert "smallest detectable difference" in shown
    assert "Assumes" in shown


def test_a_machine_or_a_plan_is_asked_for(cli, four):
    assert "--plan" in cli("agree", "machine", four, status=2).stderr
    assert "no page" in cli(
        "agree", "machine", four, "--plan", "--output", "x.html", status=2
    ).stderr.replace("\n", " ")


def test_the_terminal_shows_the_alternative_test_and_validity(cli, four):
    shown = cli("agree", "machine", four, "NEVER").stdout
    assert "epsilon 0.2" in shown
    assert "the test needs 3" in shown
    assert "noise-corrected validity" in shown
    assert "square root" in shown


def test_the_page_has_the_machine_beside_the_people(cli, four, tmp_path):
    out = tmp_path / "machine.html"
    cli("agree", "machine", four, "NEVER", "--output", out)
    page = out.read_text(encoding="utf-8")
    assert "NEVER beside people" in page
    assert "Noise-corrected validity" in page
    assert "epsilon 0.2" in " ".join(page.split())
    assert "the test needs 3" in page
    cli("agree", four, "--coders", "Amina,Jonas", "--output", out)
    assert "beside people" not in out.read_text(encoding="utf-8")


def test_the_terminal_says_what_is_compared_and_what_the_limits_are(cli, cli_json, four):
    told = cli_json("agree", "machine", four, "NEVER")
    shown = cli("agree", "machine", four, "NEVER").stdout
    assert f"on {told['n_units']} units of {told['n_transcripts']} transcripts that it and" in shown
    shown = cli("agree", four).stdout
    assert "low, high: The 95% intervals come from leaving out each of 5 transcripts" in shown
    assert "low, high" not in cli("agree", four, "--resamples", 0).stdout
    assert "-0.00" not in shown


def test_more_coders_than_the_table_shows_are_counted(cli, tmp_path):
    towns = ("Ayr", "Bath", "Cork", "Deal", "Ely")
    folder = write_folder(tmp_path / "crowd", towns=towns, coders=dict.fromkeys("ABCDEF", 0.1))
    assert "(uses by 2 more coders are not shown: --json)" in cli("agree", folder).stdout
