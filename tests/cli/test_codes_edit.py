"""`autocode codes ...`: previews, what happened in words, and JSON."""

from __future__ import annotations

import pytest

from autocode.project import Project


def test_a_merge_is_tried_then_made_then_undone(cli, plain):
    with Project.open(plain) as project:
        before = project.content_digest()
    words = ("codes", "merge", plain, "family", "shame", "--coder", "Kim")
    tried = cli(*words, "--dry-run").stdout
    assert "'Family' into 'Shame' would be merged" in tried
    assert "2 codings go along: Amina 1, Jonas 1" in tried
    with Project.open(plain) as project:
        assert project.content_digest() == before
    assert "merged (act" in cli(*words).stdout
    cli("undo", plain, "--coder", "Kim")
    with Project.open(plain) as project:
        assert project.content_digest() == before


def test_a_split_goes_through_a_sheet(cli, plain, tmp_path):
    sheet = tmp_path / "s.csv"
    by = ("--coder", "Kim")
    assert (
        "3 codings"
        in cli("codes", "split", plain, "wait", "--write", sheet, "--by-coder", *by).stdout
    )
    shown = cli("codes", "split", plain, "wait", "--sheet", sheet, *by).stdout
    assert "new codes: waiting-amina, waiting-jonas" in shown


def test_what_is_to_be_looked_at_again_is_listed_and_confirmed(cli, plain):
    by = ("--coder", "Kim")
    assert "Every coding" in cli("codes", "outdated", plain).stdout
    cli("codes", "define", plain, "wait", "--definition", "Being kept waiting", *by)
    listed = cli("codes", "outdated", plain).stdout
    assert "coded under revision 1 of 2, by Amina, t1_ann, Ann, turn 2" in listed
    assert "3 codings" in cli("codes", "confirm", plain, "wait", *by).stdout
    assert "Every coding" in cli("codes", "outdated", plain).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Late buses"),
        ("rename", "wait", "Limbo"),
        ("define", "wait", "--definition", "x"),
        ("move", "shame", "--under", "access"),
        ("merge", "family", "shame"),
        ("archive", "wait"),
        ("delete", "wait", "--with-codings"),
    ],
    ids=lambda words: words[0],
)
def test_every_change_tells_the_same_as_json(cli_json, plain, words):
    action, *rest = words
    told = cli_json("codes", action, plain, *rest, "--coder", "Kim", "--dry-run")
    assert told["kind"] == "code_change"
    assert told["action"] == action
    assert told["act"] is None


def test_where_no_codes_are_similar_there_is_no_empty_table(cli, plain):
    told = cli("codes", "similar", plain, "--by-words").stdout
    assert told == "No two codes are nearly the same.\n"


def test_similar_codes_and_the_history_of_one_are_listed(cli, cli_json, plain):
    cli("codes", "add", plain, "Waitings", "--coder", "Kim")
    pairs = cli_json("codes", "similar", plain, "--by-words")["pairs"]
    assert [(pair["one"], pair["other"]) for pair in pairs] == [("wait", "waitings")]
    assert "code 'Waitings' added" in cli("codes", "history", plain, "waitings").stdout
