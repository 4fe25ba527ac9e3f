"""`autocode agree`: coders compared by units, by spans, and with a machine."""

from __future__ import annotations

import pytest


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


def test_agree_compares_spans(cli, cli_json, plain):
    payload = cli_json("agree", "spans", plain, "--resamples", 0)
    assert payload["coders"] == ["Amina", "Jonas"]
    assert cli("agree", "spans", plain, "--resamples", 0).stdout.startswith("The coders' own spans")


def test_agree_compares_a_machine_with_people(cli, cli_json, fails, plain):
    asked = ("agree", "machine", plain)
    assert "'Model'" in fails(*asked, "Model")
    assert "needs two" in fails(*asked, "Jonas")
