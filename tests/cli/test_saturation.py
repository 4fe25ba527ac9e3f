"""`autocode saturation`: the table, the rule and its caveat."""

from __future__ import annotations


def test_codes_and_themes_are_told_with_their_caveats(cli, suggested):
    shown = cli("saturation", suggested).stdout
    assert "codes, transcripts in the order imported" in shown
    assert "themes, transcripts in the order imported" in shown
    assert "A codebook that was fixed beforehand can only fill up" in shown
    assert "needs 6 transcripts" in shown
    assert "95 % over 1,000 orders of the same transcripts" in shown
    assert "Codes in all, seen or not (Chao2, 2 transcripts): 3.1 [3.0, 6.0]" in shown


def test_json_holds_the_steps(cli_json, suggested):
    told = cli_json("saturation", suggested)
    assert [s["transcript"] for s in told["codes"]["steps"]] == ["t1_ann", "t2_bob"]
    assert set(told["codes"]["steps"][0]) == {
        "n", "transcript", "new", "as_imported", "mean", "low", "high",
    }  # fmt: skip
    assert told["themes"]["steps"]


def test_nothing_drafted_or_coded_is_one_line(fails, cli, tmp_path):
    (tmp_path / "one.txt").write_text("Interviewer: And?\nAnn: I waited nine long months for it.\n")
    study = tmp_path / "one.autocode"
    cli("import", study, tmp_path / "one.txt")
    assert "neither a draft theme nor a coding" in fails("saturation", study)
