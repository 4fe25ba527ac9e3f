from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts.chat import read_chat, strip_marks

from ..support import utterances_of

A_CHA = Path("a.cha")
HEAD = "@UTF8\n@Begin\n@Participants:\tCHI Lea Target_Child , MOT Ada Mother\n"


def test_read_chat_takes_main_lines_with_continuations_and_times():
    text = (
        f"{HEAD}*CHI:\tmore juice . \x15100_2350\x15\n%mor:\tqn|more n|juice .\n"
        "*MOT:\twould you like\n\tsome grape juice ?\n@End\n"
    )
    found, warnings = utterances_of(read_chat, A_CHA, text)
    assert [(u.speaker, u.words, u.begin, u.finish) for u in found] == [
        ("CHI", "more juice.", 0.1, 2.35),
        ("MOT", "would you like some grape juice?", None, None),
    ]
    assert warnings == ["by the header, CHI is Lea, Target Child; MOT is Ada, Mother"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("<the dog> [//] the cat went (.) home .", "the dog the cat went home."),
        ("oh (1.5) yes [=! laughs] &=laughs !", "oh yes!"),
        ("&-um I (be)cause &+w want 0v it .", "um I because w want it."),
        ("how_about another graham+cracker ?", "how about another graham cracker?"),
        ("bunny@c goes bo:ing +...", "bunny goes boing…"),
        ("xxx that [?] ‡ Eve ?", "xxx that Eve?"),
        ("he [: him] goed [* m] +/.", "he goed…"),
    ],
)
def test_plain_words_takes_the_marks_away(line, words):
    assert strip_marks(line) == words


def test_read_chat_tells_of_lines_without_words_and_a_missing_end():
    _, warnings = utterances_of(
        read_chat, A_CHA, "@UTF8\n*CHI:\t0 .\n*CHI:\thi .\n*CHI:\t&=laughs .\n"
    )
    assert any("left out" in warning for warning in warnings)
    assert any("@End" in warning for warning in warnings)


def test_read_chat_refuses_a_file_without_speakers(refusal):
    facts = refusal(A_CHA, lambda path: utterances_of(read_chat, path, "@UTF8\n@Begin\n@End\n"))
    assert "no line of a speaker" in facts["fault"]
