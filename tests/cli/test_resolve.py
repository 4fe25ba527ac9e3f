"""`autocode resolve`: settling where coders differ, and the list of what was settled."""

from __future__ import annotations

PLACE = ("--transcript", "t1_ann", "--turn", "4", "--code", "family")
WHO = ("--one", "Amina", "--other", "Jonas", "--coder", "Lead")


def test_what_was_settled_is_listed_with_its_words(cli, cli_json, plain):
    assert "Nothing was settled yet" in cli("resolve", plain).stdout
    said = cli("resolve", plain, *PLACE, *WHO, "--outcome", "one", "--reason", "A sister is family")
    assert "family in t1_ann: one of Amina and Jonas; Consensus:" in said.stdout
    listed = cli("resolve", plain).stdout
    assert "t1_ann, Ann, turn 4: My sister drove me there every week" in listed
    assert "Family: as Amina has it (Lead): A sister is family (Consensus:" in listed
    (made,) = cli_json("resolve", plain, "--code", "Family")["resolutions"]
    assert (made["outcome"], made["by"], len(made["codings"])) == ("one", "Lead", 1)
    assert cli_json("resolve", plain, "--transcript", "t2_bob")["resolutions"] == []


def test_what_two_agree_on_is_taken_as_one_act(cli, cli_json, plain):
    wanted = ("resolve", plain, "--agreed", "--transcript", "t1_ann", *WHO)
    tried = cli_json(*wanted, "--dry-run")
    assert (tried["act"], bool(tried["places"])) == (None, True)
    n = len(tried["places"])
    said = cli(*wanted).stdout
    assert f"t1_ann: {n} place" in said
    assert "on which Amina and Jonas agree to Consensus (act " in said
    assert len(cli_json("resolve", plain)["resolutions"]) == n


def test_what_two_agree_on_is_taken_for_a_whole_transcript_by_somebody(cli, fails, plain):
    said = cli("resolve", plain, "--agreed", "--code", "family", status=2).stderr
    assert "--agreed takes a whole transcript" in said
    said = cli("resolve", plain, "--agreed", "--transcript", "t1_ann", status=2).stderr
    assert "--one, --other, --coder" in said
    said = fails("resolve", plain, "--agreed", "--transcript", "nobody", *WHO)
    assert "No transcript 'nobody'" in said
    who = ("--one", "Amina", "--other", "nobody", "--coder", "Lead")
    said = fails("resolve", plain, "--agreed", "--transcript", "t1_ann", *who)
    assert "No coder 'nobody'" in said


def test_that_both_readings_stand_is_a_result(cli, plain):
    reason = ("--reason", "Both ways of reading it matter", "--note", "Write of it")
    cli("resolve", plain, *PLACE, *WHO, "--outcome", "stand", *reason)
    listed = " ".join(cli("resolve", plain).stdout.split())
    assert "both readings stand, Amina's and Jonas's (Lead): Both ways" in listed
    assert listed.endswith("[Write of it]")


def test_what_is_left_out_is_said(cli, fails, plain):
    said = cli("resolve", plain, "--turn", "4", status=2).stderr
    assert "--outcome" in said
    said = cli("resolve", plain, "--outcome", "one", "--code", "family", status=2).stderr
    assert "--transcript, --reason, --coder" in said
    assert "No code 'nothing'" in fails("resolve", plain, "--code", "nothing")
    assert "No transcript 'nothing'" in fails("resolve", plain, "--transcript", "nothing")
