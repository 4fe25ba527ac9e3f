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


def test_erasing_is_refused_in_a_script_without_yes(cli, cli_json, suggested):
    tried = cli("remove", suggested, "--erase", "--case", "A", "--coder", "Kim", "--dry-run")
    assert tried.stdout.startswith("Would go: 1 transcript, 12 turns, 5 codings")
    refused = cli("remove", suggested, "--erase", "--case", "A", "--coder", "Kim", status=1)
    assert "--yes" in refused.stderr
    assert cli_json("speakers", suggested, "--transcript", "t1_ann")["speakers"]
    done = cli("remove", suggested, "--erase", "--case", "A", "--coder", "Amina", "--yes").stdout
    assert done.startswith("Erased for good: 1 transcript, 12 turns, 5 codings")
    cli("speakers", suggested, "--transcript", "t1_ann", status=1)
    assert b"sat outside in the car" not in suggested.read_bytes()
    assert "erased for good" in cli("history", suggested).stdout
    assert "each as it was made; the words of" in cli("history", suggested, "--verify").stdout
    act = str(len(cli_json("history", suggested)["acts"]))
    undone = cli("undo", suggested, "--act", act, "--coder", "Amina", status=1).stderr
    assert undone.count("\n") == 1
    assert "erased for good" in undone


def test_options_that_do_not_fit_are_refused(cli, plain):
    for words in (["--case", "A"], ["--yes", "--transcript", "t1_ann"]):
        cli("remove", plain, *words, "--coder", "Kim", status=2)
    cli("remove", plain, "--erase", "--coder", "Kim", status=1)
