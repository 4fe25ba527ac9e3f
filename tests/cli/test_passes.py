"""`autocode passes`: what it says, and what it refuses in one line."""

from __future__ import annotations

import pytest


def test_passes_are_assigned_listed_finished_opened_and_revealed(cli, plain):
    wanted = ("--coder", "Amina", "--coder", "Jonas", "--double", "1", "--blind", "--lead", "Lead")
    tried = cli("passes", "assign", plain, *wanted, "--dry-run").stdout
    assert "8 passes would be assigned" in tried
    assert "No transcript is assigned" in cli("passes", "list", plain).stdout
    assert "8 passes assigned (act" in cli("passes", "assign", plain, *wanted).stdout
    rows = cli("passes", "list", plain, "--transcript", "t1_ann").stdout.splitlines()
    assert any(row.split()[:2] == ["t1_ann", "Amina"] and "blind" in row for row in rows)
    shown = cli("passes", "finish", plain, "--coder", "Amina", "t1_ann", "--dry-run").stdout
    assert "3 of 6 segments read, 3 unread" in shown
    assert "unread: The bus stopped running" in shown
    assert "1 pass would be finished" in shown
    shown = cli("passes", "finish", plain, "--coder", "Amina", "t1_ann", "--all-read").stdout
    assert "3 noted as read" in shown
    reopen = ("t1_ann", "--coder", "Amina", "--reason", "Missed", "--lead", "Lead")
    assert "open, reopened 1x" in cli("passes", "reopen", plain, *reopen).stdout
    cli("passes", "finish", plain, "--coder", "Amina", "t1_ann")
    cli("passes", "finish", plain, "--coder", "Jonas", "t1_ann", "--anyway")
    assert "2 passes revealed" in cli("passes", "reveal", plain, "--lead", "Lead").stdout
    acts = cli("history", plain).stdout
    for kind in ("assign", "finish", "reopen", "reveal"):
        assert f" {kind} " in acts


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("assign", "--coder", "Amina", "--double", "0.2"), "Nobody but Amina"),
        (("assign", "--coder", "Amina", "--coder", "Kim", "--double", "20"), "write 0.2"),
        (
            ("assign", "--coder", "Amina", "--coder", "Kim", "--double", "1", "--by", "age"),
            "Choose one of: region",
        ),
        (("assign", "--coder", "Kim", "--transcript", "t9"), "No transcript 't9'"),
        (("assign", "--coder", "Kim", "--blind", "--assistance", "all"), "what others coded"),
        (("finish", "--coder", "Kim"), "autocode passes assign STUDY"),
        (("reveal", "--lead", "Lead"), "no pass to reveal"),
        (("list", "--coder", "Kim"), "No coder 'Kim'"),
    ],
)
def test_what_cannot_be_done_is_one_line(fails, plain, args, words):
    command, *rest = args
    assert words in fails("passes", command, plain, *rest)


def test_both_ways_to_treat_unread_segments_are_wrong_usage(cli, plain):
    both = ("--all-read", "--anyway")
    result = cli("passes", "finish", plain, "--coder", "Amina", *both, status=2)
    assert "--all-read or --anyway" in result.stderr


def test_who_has_nothing_assigned_gets_all_only_when_asked(cli, fails, plain, tmp_path):
    cli("passes", "assign", plain, "--coder", "Jonas", "--transcript", "t1_ann")
    out = tmp_path / "kim.autocode"
    assert "--all" in fails("share", plain, out, "--coder", "Kim")
    assert "4 transcripts" in cli("share", plain, out, "--coder", "Kim", "--all").stdout
