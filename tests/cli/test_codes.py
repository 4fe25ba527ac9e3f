"""`autocode codes`: the codebook with its counts."""

from __future__ import annotations


def test_codes_are_listed_with_their_counts(cli, cli_json, suggested):
    codes = {row["code"]: row for row in cli_json("codes", "list", suggested)["codes"]}
    assert list(codes) == ["access", "wait", "family", "shame"]
    assert codes["wait"]["n_codings"] == 3
    assert codes["wait"]["n_segments"] == 2
    assert codes["wait"]["n_participants"] == 2
    assert codes["wait"]["coders"] == ["Amina", "Jonas"]
    assert codes["wait"]["depth"] == 1
    assert codes["access"]["n_codings"] == 0
    lines = cli("codes", "list", suggested).stdout.splitlines()
    assert lines[2].split() == ["access", "Access", "0", "0", "0", "2", "2", "0"]
    assert lines[3].split()[:5] == ["wait", "Waiting", "3", "2", "2"]


def test_the_list_says_which_codes_are_archived(cli, cli_json, plain):
    assert "archived" not in cli("codes", "list", plain).stdout
    cli("codes", "archive", plain, "shame", "--coder", "Amina")
    assert "archived, and not suggested: Shame\n" in cli("codes", "list", plain).stdout
    rows = cli_json("codes", "list", plain)["codes"]
    assert [row["code"] for row in rows if row["is_archived"]] == ["shame"]
