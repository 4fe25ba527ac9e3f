from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.io.transcripts.clocks import parse_clock
from autocode.io.transcripts.labels import find_recurring_names
from autocode.io.transcripts.turn_marks import find_blocks, find_turns

_MARKS = ["\n", "\n\n", " ", "\t", "\x0b", "\u2028", "10:30", "yes é", "👋", "[laughs]"]
_HEADS = [
    "Ann: ",
    "Ben:",
    "[Ann] ",
    "Ann  0:21",
    "### Ben",
    "**Ann** ",
    "שלום: ",
    "9:03 From Ann : ",
]


def said(text):
    return [(block.speaker, text[block.start : block.end]) for block in find_blocks(text)[0]]


def begins(text):
    return [block.begin for block in find_blocks(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ann: How so?\nBen: Fine,\nthanks.\n\nAnn: Good.\nBen: Yes.\n",
            [("Ann", "How so?"), ("Ben", "Fine,\nthanks."), ("Ann", "Good."), ("Ben", "Yes.")],
        ),
        (
            "Interviewer 1 : So?\n\ninterviewee: No.\n\ninterviewee: And yes.\n\ninterviewee: So.",
            [
                ("Interviewer 1", "So?"),
                ("interviewee", "No."),
                ("interviewee", "And yes."),
                ("interviewee", "So."),
            ],
        ),
        (
            "Ann Lee  0:21  \nHello.\n\nBen  1:02:03\nYes.\nNo.\n\nAnn Lee  1:02:05  \nGood.\n",
            [("Ann Lee", "Hello."), ("Ben", "Yes.\nNo."), ("Ann Lee", "Good.")],
        ),
        (
            "[Ann Lee] 11:02:09\nHow so?\n\n[Ben] 11:02:09\nHey.\n\n[Ann Lee] 11:02:11\nOkay.\n",
            [("Ann Lee", "How so?"), ("Ben", "Hey."), ("Ann Lee", "Okay.")],
        ),
        (
            "09:03:42\t From  Ann Lee : is it: so?\n09:04:41\t From  Ben : https://a.org/37\n"
            "09:05:00\t From  Ann Lee : thanks\n",
            [("Ann Lee", "is it: so?"), ("Ben", "https://a.org/37"), ("Ann Lee", "thanks")],
        ),
        (
            "09:03:42 From Ann Lee to Everyone:\n\tHi all\n09:04:41 From Ben to Ann Lee (Direct):\n"
            "\tHi\n09:04:50 From Ann Lee to Everyone:\n\tGood\n",
            [("Ann Lee", "Hi all"), ("Ben", "Hi"), ("Ann Lee", "Good")],
        ),
        (
            "### Interviewer\nSo?\n### Systems Developer\nYes.\nNo.\n### Interviewer\nGood.\n",
            [("Interviewer", "So?"), ("Systems Developer", "Yes.\nNo."), ("Interviewer", "Good.")],
        ),
        (
            "[id1] hello, I do.\n\n[id2] I am.\n\n[id1] No. I think so.\n",
            [("id1", "hello, I do."), ("id2", "I am."), ("id1", "No. I think so.")],
        ),
        (
            "**Ann** [0:21]\nHello.\n\n**Ben** [0:25]\nYes.\n\n**Ann** [0:30]\nGood.\n",
            [("Ann", "Hello."), ("Ben", "Yes."), ("Ann", "Good.")],
        ),
        (
            "**Ann:** Hello.\n**Ben:** Yes.\n**Ann:** Good.\n",
            [("Ann", "Hello."), ("Ben", "Yes."), ("Ann", "Good.")],
        ),
        (
            "Ann\tHello.\nBen\tYes.\nAnn\tGood.\n",
            [("Ann", "Hello."), ("Ben", "Yes."), ("Ann", "Good.")],
        ),
        (
            "[00:00:21] Ann: Hello.\n[00:00:25] Ben: Yes.\n[00:00:30] Ann: Good.\n",
            [("Ann", "Hello."), ("Ben", "Yes."), ("Ann", "Good.")],
        ),
        (
            "Ann (00:21): Hello.\nBen (00:25): Yes.\nAnn (00:30): Good.\n",
            [("Ann", "Hello."), ("Ben", "Yes."), ("Ann", "Good.")],
        ),
        (
            "שרה: שלום 👋\nBen: e\u0301\nשרה: כן\n",
            [("שרה", "שלום 👋"), ("Ben", "e\u0301"), ("שרה", "כן")],
        ),
        (
            "老师：分母是什么？\n学生：下面的数。\n他想了想，说：对。\n老师：请说：分子。\n学生：好。\n",
            [
                ("老师", "分母是什么？"),
                ("学生", "下面的数。\n他想了想，说：对。"),
                ("老师", "请说：分子。"),
                ("学生", "好。"),
            ],
        ),
    ],
    ids=["colon", "lower case", "otter", "zoom", "chat", "new chat", "heading", "bracketed", "bold",
         "bold colon", "tab", "time first", "rev", "right to left", "wide colon"],
)  # fmt: skip
def test_find_blocks_reads_the_shape(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann  0:21\nHi.\nBen  1:02:03\nHo.\nAnn  1:02:04\nHi.\n", [21.0, 3723.0, 3724.0]),
        ("[Ann] 00:02:09\nHi.\n[Ben] 00:02:10\nHo.\n[Ann] 00:02:11\nHi.\n", [129.0, 130.0, 131.0]),
        ("Ann (00:21): Hi.\nBen (00:25): Ho.\nAnn (00:30): Hi.\n", [21.0, 25.0, 30.0]),
        ("00:02:09\t From Ann : Hi\n00:02:10\t From Ben : Ho\n", [129.0, 130.0]),
        ("[00:21] Ann: Hi.\n[00:25] Ben: Ho.\n[00:30] Ann: Hi.\n", [21.0, 25.0, 30.0]),
        ("Ann: Hi.\nBen: Ho.\nAnn: Hi.\n", [None, None, None]),
    ],
    ids=["otter", "zoom", "rev", "chat", "time first", "none"],
)
def test_find_blocks_keeps_the_time(text, expected):
    assert begins(text) == expected


@pytest.mark.parametrize(
    "stray",
    [
        "The thing is: it rained.",
        "10:30 we left",
        "At 10:30: nothing",
        "https://a.org/b",
        "https:",
        "[laughs]",
        "[laughs] so we left",
        "[Pause] and",
        "I said, and I mean it: no",
    ],
)
def test_find_blocks_takes_no_stray_line_for_a_speaker(stray):
    text = f"Ann: Why?\nBen: Well.\n{stray}\nAnn: Then?\nBen: Home.\n"
    assert said(text) == [
        ("Ann", "Why?"),
        ("Ben", f"Well.\n{stray}"),
        ("Ann", "Then?"),
        ("Ben", "Home."),
    ]


def test_find_blocks_takes_no_turn_of_phrase_for_a_speaker():
    text = "".join(
        f"Ann: What about {n}?\nBen: Well.\nThe thing is: it rained {n} times.\n" for n in range(4)
    )
    assert {speaker for speaker, _ in said(text)} == {"Ann", "Ben"}


@pytest.mark.parametrize("event", ["[laughs]", "[Pause]", "[inaudible]", "[crosstalk]"])
def test_find_blocks_takes_no_event_for_a_speaker_however_often(event):
    text = "".join(f"Ann: What {n}?\nBen: Well.\n{event} we left.\n" for n in range(4))
    assert {speaker for speaker, _ in said(text)} == {"Ann", "Ben"}


def test_find_blocks_gives_a_rare_name_its_turn_among_others():
    text = "Ann: a\nBen: b\nAnn: c\nBen: d\nAnn: e\nBen: f\nEve Long: g\n"
    assert said(text)[-1] == ("Eve Long", "g")


def test_find_blocks_without_speakers_are_paragraphs():
    text = "It rained. One thing: it was cold.\n\nWe left\nat 10:30.\n\n\nhttps://a.org\n"
    blocks, shape = find_blocks(text)
    assert shape == "paragraphs"
    assert [text[b.start : b.end] for b in blocks] == [
        "It rained. One thing: it was cold.",
        "We left\nat 10:30.",
        "https://a.org",
    ]
    assert {block.speaker for block in blocks} == {None}


def test_find_blocks_without_blank_lines_are_lines():
    assert said("It rained.\nWe left.") == [(None, "It rained."), (None, "We left.")]


def test_find_blocks_leaves_out_what_stands_before_the_first_turn():
    text = "Interview 7\nKitchen, noon\n\nAnn: Why?\nBen: Well.\nAnn: So?\n"
    assert said(text)[0] == ("Ann", "Why?")


def test_find_blocks_drops_the_footer_of_the_service():
    text = (
        "Ann  0:01\nHi.\n\nBen  0:02\nHo.\n\nAnn  0:03\nBye.\n\nTranscribed by https://otter.ai\n"
    )
    assert said(text)[-1] == ("Ann", "Bye.")


def test_find_blocks_keeps_a_link_that_somebody_sent():
    text = (
        "09:03:42 From Ann to Everyone:\n\tlook at this\n\thttps://a.org/b\n"
        "09:04:00 From Ben to Everyone:\n\tthanks\n"
    )
    assert said(text)[0] == ("Ann", "look at this\n\thttps://a.org/b")


@given(
    st.one_of(
        st.text(st.characters(codec=None)),
        st.lists(st.sampled_from(_MARKS + _HEADS), max_size=30).map("".join),
    )
)
def test_find_blocks_lie_in_order_within_any_text(text):
    last = 0
    for block in find_blocks(text)[0]:
        assert last <= block.start < block.end <= len(text)
        words = text[block.start : block.end]
        assert words == words.strip()
        last = block.end


def test_recurring_names_count_case_and_blanks_as_the_same():
    assert find_recurring_names(["P 1", "p1", "P1", "Q", "q", "Q"], n_paragraphs=6) == {"p1", "q"}


def test_recurring_names_of_a_lone_colon_are_none():
    assert find_recurring_names(["One thing"], n_paragraphs=9) == set()


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("0:21", 21), ("1:02:03.5", 3723.5), ("00:00:01,250", 1.25), ("", None), (None, None)],
)
def test_parse_clock_reads_clocks(clock, expected):
    assert parse_clock(clock) == expected


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Ann [00:00:05] Hi.\nBen [00:00:09] Ho.\nAnn [00:00:11] So.\n", [5.0, 9.0, 11.0]),
        ("Ann: [00:05] Hi.\nBen: [00:09] Ho.\nAnn: [00:11] So.\n", [5.0, 9.0, 11.0]),
        ("[00:05] - Ann\nHi.\n\n[00:09] - Ben\nHo.\n\n[00:11] - Ann\nSo.\n", [5.0, 9.0, 11.0]),
        ("00:05 Ann\nHi.\n\n00:09 Ben\nHo.\n\n00:11 Ann\nSo.\n", [5.0, 9.0, 11.0]),
        ("Ann   0:05\nHi.\nBen   0:09\nHo.\nAnn   0:11\nSo.\n", [5.0, 9.0, 11.0]),
        (
            "0:0:5.0 --> 0:0:6.1\nAnn\nHi.\n0:0:9.0 --> 0:0:10.2\nBen\nHo.\n"
            "0:0:11.0 --> 0:0:12.5\nAnn\nSo.\n",
            [5.0, 9.0, 11.0],
        ),
    ],
    ids=["trint", "descript", "happy scribe", "amberscript", "teams", "teams 2021"],
)
def test_find_blocks_reads_services(text, times):
    assert said(text) == [("Ann", "Hi."), ("Ben", "Ho."), ("Ann", "So.")]
    assert begins(text) == times


def test_find_blocks_takes_the_time_that_ends_a_turn():
    text = "I: Wie war es? #00:00:03-1#\nB: Gut. #00:00:05-7#\nI: Aha. #00:00:06-0#\n"
    blocks, _ = find_blocks(text)
    assert [text[b.start : b.end] for b in blocks] == ["Wie war es?", "Gut.", "Aha."]
    assert [b.finish for b in blocks] == [3.1, 5.7, 6.0]


def test_find_blocks_reads_names_on_lines_of_their_own():
    text = "A study\n" + "Interviewee\nIt rained\nall day.\nInterviewer 1\nYes?\n" * 4
    assert said(text)[:2] == [("Interviewee", "It rained\nall day."), ("Interviewer 1", "Yes?")]


def test_find_blocks_takes_no_short_answer_for_a_name():
    text = "How was it?\nFine\nAnd then?\nFine\nAnd now?\nFine\nEver?\nNever\nReally?\nNever\n" * 3
    assert find_blocks(text)[1] == "paragraphs"


@pytest.mark.parametrize("aside", ["[name]", "(inaudible 00:12)", "[laughter]", "[Redacted]"])
def test_find_blocks_takes_no_aside_for_a_speaker(aside):
    text = "".join(f"Ann: What {n}?\nBen: Well.\n{aside}: we left.\n" for n in range(4))
    assert {speaker for speaker, _ in said(text)} == {"Ann", "Ben"}


@pytest.mark.slow
@pytest.mark.parametrize("run", [" ", "\t", "\n", "[", "#", "*", ":", "A:", "00:01 ", " to ", "-"])
def test_find_blocks_takes_linear_time(run):
    for text in (run * (60_000 // len(run)), "Ann" + run * (60_000 // len(run)) + "x"):
        started = time.process_time()
        find_blocks(text)
        assert time.process_time() - started < 15  # seconds; a quadratic search takes minutes


def test_find_turns_leaves_out_line_numbers_and_names_those_that_stay():
    talk = [("Ann", "How so?"), ("Ben", "Fine,"), ("", "thanks.")] * 3
    lines = [f"{n:03} {who + ': ' if who else ''}{words}\n" for n, (who, words) in enumerate(talk)]
    marks = find_turns("".join(lines))
    assert [block.speaker for block in marks.blocks] == ["Ann", "Ben"] * 3
    assert marks.notes == ["3 line numbers inside turns stay in the words"]
