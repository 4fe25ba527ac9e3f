"""`autocode remove`: counts beforehand, what went, and how to take it back."""

from __future__ import annotations


def test_remove_counts_first_then_removes_and_is_undone(cli, cli_json, suggested):
    tried = cli("remove", suggested, "--transcript", "t1_ann", "--coder", "Kim", "--dry-run")
    assert tried.stdout.startswith("Would go: 1 transcript, 12 turns, 5 codings")
    assert cli_json("speakers", suggested, "--transcript", "t1_ann")["speakers"]
    done = cli("remove", suggested, "--transcript", "t1_ann", "--coder", "Amina").stdout
    assert "suggestions, the draft themes" in done
    act = done.split("--act ")[1].split()[0]
    cli("speakers", suggested, "--transcript", "t1_ann", status=1)
    cli("undo", suggested, "--act", act, "--coder", "Amina")
    assert cli_json("speakers", suggested, "--transcript", "t1_ann")["speakers"]


def test_a_coder_alone_removes_their_own_work(cli_json, plain):
    payload = cli_json("remove", plain, "--coder", "Jonas")
    assert (payload["what"], payload["name"]) == ("coder", "Jonas")
    assert payload["n_rows"]["codings"] == 3
    payload = cli_json("remove", plain, "--work-of", "Amina", "--coder", "Lead")
    assert payload["name"] == "Amina"
