"""`autocode decide`: people's decisions, all of them or none."""

from __future__ import annotations

import pytest

from autocode.project import Project

from ..small_study import contents
from .support import decisions_file, numbers


def test_decide_applies_a_file(cli_json, suggested, tmp_path):
    one, two, three, *_ = numbers(suggested)
    rows = [(one, "accept", "", "Kim"), (two, "reject", "", ""), (three, "change", "shame", "")]
    path = decisions_file(tmp_path / "d.csv", rows)
    told = cli_json("decide", suggested, path, "--coder", "Lee")["decisions"]
    assert [(d["suggestion"], d["action"], d["coder"]) for d in told] == [
        (one, "accept", "Kim"),
        (two, "reject", "Lee"),
        (three, "change", "Lee"),
    ]
    assert told[2]["applied"] == "shame"
    assert cli_json("show", suggested)["counts"]["decisions"] == 3


def test_decide_counts_what_it_kept(cli, suggested, tmp_path):
    one, two, *_ = numbers(suggested)
    path = decisions_file(tmp_path / "d.csv", [(one, "accept", "", ""), (two, "accept", "", "")])
    told = cli("decide", suggested, path, "--coder", "Kim")
    assert told.stdout == "2 decisions kept: 2 accept\n"
    assert told.stderr == ""


def test_decide_refuses_a_name_that_is_nearly_a_known_one(cli, suggested, tmp_path):
    path = decisions_file(tmp_path / "d.csv", [(numbers(suggested)[0], "accept", "", "")])
    refused = cli("decide", suggested, path, "--coder", "Amnia", status=1)
    assert "No coder 'Amnia' in this study, but 'Amina'" in refused.stderr
    assert refused.stderr.endswith("say that this is somebody new: --new-coder.\n")
    assert cli("decide", suggested, path, "--coder", "Amnia", "--new-coder").stdout


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ((999999, "accept", "", "Kim"), "999999"),
        (("9" * 25, "accept", "", "Kim"), "line 3"),
        (("9" * 5000, "accept", "", "Kim"), "line 3"),
        (("one", "accept", "", "Kim"), "line 3"),
        ((1, "accept", "", ""), "coder"),
        ((1, "change", "nocode", "Kim"), "nocode"),
    ],
)
def test_decide_keeps_all_or_nothing(fails, suggested, tmp_path, row, word):
    before = contents(suggested)
    path = decisions_file(tmp_path / "d.csv", [(numbers(suggested)[-1], "accept", "", "Kim"), row])
    told = fails("decide", suggested, path)
    assert word in told
    assert contents(suggested) == before


@pytest.mark.parametrize("raw", [None, b"", b"a,b\n1,2\n", b"\x00\x01" * 99, b'suggestion,"decis'])
def test_decide_with_a_file_that_is_no_table_is_one_line(fails, suggested, tmp_path, raw):
    path = tmp_path / "d.csv"
    if raw is not None:
        path.write_bytes(raw)
    assert str(path) in fails("decide", suggested, path)


def test_decide_sure_accepts_nothing_where_too_little_is_coded(cli, suggested):
    with Project.open(suggested) as project:
        before = project.codings()
    told = cli("decide", suggested, "--auto-accept", "--coder", "Amina", status=1).stderr
    assert "auto-accepted" in told
    with Project.open(suggested) as project:
        assert project.codings() == before


@pytest.mark.parametrize("more", [["--auto-accept"], []])
def test_decide_wants_a_file_or_sure_with_a_name(cli, suggested, more):
    cli("decide", suggested, *more, status=2)


def test_decide_lists_every_fault_at_once_and_applies_the_rest_on_request(
    cli, cli_json, suggested, tmp_path
):
    one, two, three, *_ = numbers(suggested)
    first = decisions_file(tmp_path / "a.csv", [(one, "yes", "", "Kim")])
    assert cli("decide", suggested, first).stdout == "1 decision kept: 1 accept\n"
    rows = [
        (one, "reject", "", "Kim"),
        (two, "nein", "", "Kim"),
        (999999, "accept", "", "Kim"),
        (three, "perhaps", "", "Kim"),
    ]
    path = decisions_file(tmp_path / "b.csv", rows)
    before = contents(suggested)
    told = cli("decide", suggested, path, status=1)
    assert "3 of 4 rows do not fit" in told.stderr
    assert "No decision was applied." in told.stderr
    assert "apply the others with --partial" in told.stderr
    for line in (f"line 2: Suggestion {one} was decided before", "line 4: No suggestion 999999",
                 "line 5: unknown decision 'perhaps'"):  # fmt: skip
        assert line in told.stderr
    assert contents(suggested) == before
    made = cli_json("decide", suggested, path, "--partial")
    assert [d["action"] for d in made["decisions"]] == ["reject"]
    assert (made["n_left"], len(made["faults"])) == (3, 3)
    shown = cli("decide", suggested, path, "--partial").stdout
    assert "1 known already\n3 rows left out\n" in shown
    assert "unknown decision 'perhaps'" in shown
    bad = decisions_file(tmp_path / "c.csv", rows[3:])
    assert "No decision was applied" in cli("decide", suggested, bad, "--partial", status=1).stderr
