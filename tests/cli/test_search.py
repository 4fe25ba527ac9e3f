"""`autocode search`: what is printed, and what is refused in a line."""

from __future__ import annotations

import pytest


def test_hits_are_printed_by_transcript(cli, plain):
    shown = cli("search", plain, "sundays code:shame OR bus").stdout.splitlines()
    assert "t1_ann" in shown
    assert "  turn 8, Ann: The bus stopped running on Sundays so nobody could get there." in shown
    assert shown[-1] == "2 excerpts in 2 transcripts"


def test_long_excerpts_are_shown_around_the_words_and_few_are_counted(cli, plain):
    shown = cli("search", plain, "code:wait", "--limit", "1").stdout.splitlines()
    assert shown[-2].endswith("[wait]")
    assert shown[-1] == "2 excerpts in 2 transcripts; the first 1 are shown"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ((), "Give either a QUERY or --like"),
        (("bus", "--like", "t1_ann"), "Give either a QUERY or --like"),
        (("--like", "t1_ann"), "belong together"),
        (('"bus',), "character 1"),
        (("--like", "t1_ann", "--turn", "2"), "autocode suggest plain.autocode"),
    ],
)
def test_faults_are_one_line(fails, plain, words, fault):
    assert fault in fails("search", plain, *words)


def test_excerpts_like_a_turn(cli, suggested):
    shown = cli("search", suggested, "--like", "t1_ann", "--turn", "8").stdout
    assert "bus" in shown.splitlines()[1]
