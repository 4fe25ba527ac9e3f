from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.io.source import SourceFile
from autocode.io.transcripts.captions import read_cue_lines, read_sbv, read_srt, read_vtt

from ..support import utterances_of

A_VTT, A_SRT = Path("a.vtt"), Path("a.srt")


def vtt(*cues):
    return "WEBVTT\n\n" + "\n\n".join(f"{time}\n{words}" for time, words in cues) + "\n"


def srt(*payloads):
    return "\n\n".join(
        f"{n}\n00:00:{2 * n:02},000 --> 00:00:{2 * n + 1:02},500\n{words}"
        for n, words in enumerate(payloads, start=1)
    )


def second(n):
    return f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000"


def said(utterances):
    return [(u.speaker, u.words) for u in utterances]


def test_read_vtt_takes_teams_voices():
    text = vtt(
        ("00:00:03.100 --> 00:00:05.020", "<v Ann Lee>Yes, I think\nso &amp; so.</v>"),
        ("01:00:06.000 --> 01:00:07.500", "<v Ben (Guest)>No <i>way</i>"),
    )
    found, warnings = utterances_of(read_vtt, A_VTT, text)
    assert said(found) == [("Ann Lee", "Yes, I think so & so."), ("Ben (Guest)", "No way")]
    assert [(u.begin, u.finish) for u in found] == [(3.1, 5.02), (3606.0, 3607.5)]
    assert warnings == []


def test_read_vtt_parts_two_voices_in_a_cue():
    text = vtt((second(1), "<v Ann>Yes.</v>\n<v Ben>No.</v>"), (second(3), "<v Ann>Oh.</v>"))
    found, warnings = utterances_of(read_vtt, A_VTT, text)
    assert said(found) == [("Ann", "Yes."), ("Ben", "No."), ("Ann", "Oh.")]
    assert [u.begin for u in found] == [1.0, 1.0, 3.0]
    assert warnings == []  # one cue cannot overlap itself


def test_read_vtt_takes_one_digit_times():
    text = vtt(
        ("0:0:3.1 --> 0:0:5.20", "<v Ann>Yes.</v>"), ("0:1:6.0 --> 0:1:7.0", "<v Ben>No.</v>")
    )
    found, _ = utterances_of(read_vtt, A_VTT, text)
    assert said(found) == [("Ann", "Yes."), ("Ben", "No.")]
    assert [int(u.begin) for u in found] == [3, 66]


def test_read_vtt_takes_zoom_names_and_colons():
    text = vtt((second(1), "Ann Lee: at 10:30"), (second(2), "Ben: no"), (second(3), "Ann Lee: so"))
    assert said(utterances_of(read_vtt, A_VTT, text)[0]) == [
        ("Ann Lee", "at 10:30"),
        ("Ben", "no"),
        ("Ann Lee", "so"),
    ]


def test_read_vtt_leaves_out_notes_styles_and_identifiers():
    text = (
        "WEBVTT - a talk\nKind: captions\n\nNOTE\nnot said\n\nSTYLE\n::cue { color: red }\n\n"
        f"abc-1\n{second(1)} align:start position:10%\nsaid <00:01.500><c.red>so</c>\n\n"
        "NOTE Confidence: 0.6\n"
    )
    assert said(utterances_of(read_vtt, A_VTT, text)[0]) == [(None, "said so")]


def test_read_vtt_sorts_overlapping_cues_and_warns():
    text = vtt(
        ("00:00:05.000 --> 00:00:09.000", "<v Ann>Late</v>"),
        ("00:00:01.000 --> 00:00:06.000", "<v Ben>Early</v>"),
    )
    found, warnings = utterances_of(read_vtt, A_VTT, text)
    assert [(u.words, u.begin, u.finish) for u in found] == [
        ("Early", 1.0, 6.0),
        ("Late", 5.0, 9.0),
    ]
    assert len(warnings) == 1
    assert "1 cues overlap" in warnings[0]


def test_read_vtt_warns_of_cues_that_end_before_they_begin():
    found, warnings = utterances_of(read_vtt, A_VTT, vtt(("00:00:05.000 --> 00:00:04.000", "so")))
    assert (found[0].begin, found[0].finish) == (5.0, 4.0)
    assert "end before they begin" in warnings[0]


@pytest.mark.parametrize(
    "time",
    [
        "00:00:xx.000 --> 00:00:05.000",
        "00:00:04.000 --> ",
        "soon --> later",
        "00:00:04 --> 00:00:05",
        "00:00:04.000 -> 00:00:05.000",
        "00:00:04.000 – 00:00:05.000",
    ],
)
def test_read_vtt_refuses_a_malformed_time_with_its_line(refusal, time):
    text = vtt((second(1), "one"), (time, "two"), (second(7), "three"))
    facts = refusal(A_VTT, lambda path: utterances_of(read_vtt, path, text))
    assert facts["place"] == "line 6"
    assert time.strip() in facts["fault"]
    assert "00:01:02.000 --> 00:01:05.000" in facts["remedy"]


def test_read_vtt_refuses_a_file_without_header_and_cues(refusal):
    text = "so\n"
    assert refusal(A_VTT, lambda path: utterances_of(read_vtt, path, text))["place"] == "line 1"


@pytest.mark.parametrize(
    "text", ["WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", vtt((second(1), "<v A></v>"))]
)
def test_read_vtt_refuses_a_file_without_words(refusal, text):
    facts = refusal(A_VTT, lambda path: utterances_of(read_vtt, path, text))
    assert "no cue with words" in facts["fault"]


def test_read_vtt_loses_no_words_after_a_blank_line_in_silence():
    text = vtt((second(1), "first\n\nsecond paragraph"), (second(3), "third"))
    with contextlib.suppress(FileRefused):
        found, warnings = utterances_of(read_vtt, A_VTT, text)
        assert warnings or "second paragraph" in " ".join(u.words for u in found)


def test_read_sbv_takes_cues():
    text = "0:00:00.378,0:00:11.378\nCaption one\nand on\n\n0:00:11.378,0:00:12.305\nTwo\n"
    found, _ = utterances_of(read_sbv, Path("a.sbv"), text)
    assert [(u.words, u.begin) for u in found] == [("Caption one and on", 0.378), ("Two", 11.378)]


def test_read_sbv_refuses_a_malformed_time_with_its_line(refusal):
    text = "0:00:00.378,0:00:11.378\none\n\n0:00:xx.378,0:00:12.305\ntwo\n"
    path = Path("a.sbv")
    assert refusal(path, lambda path: utterances_of(read_sbv, path, text))["place"] == "line 4"


def test_read_srt_goes_on_with_the_last_speaker():
    text = srt("Interviewer: How did you", "come here?", "Dean: By bus, in", "the rain.")
    found, _ = utterances_of(read_srt, A_SRT, text)
    assert said(found) == [
        ("Interviewer", "How did you"),
        ("Interviewer", "come here?"),
        ("Dean", "By bus, in"),
        ("Dean", "the rain."),
    ]
    assert [(u.begin, u.finish) for u in found][:2] == [(2.0, 3.5), (4.0, 5.5)]


def test_read_srt_names_the_speaker_of_a_turn_over_many_cues():
    turn = [f"and so on {n}" for n in range(6)]
    text = srt(
        "Int: Why?", "Dean: Well", *turn, "Int: Oh?", "Dean: Yes", *turn, "Int: So", "Dean: No"
    )
    found, _ = utterances_of(read_srt, A_SRT, text)
    assert {u.speaker for u in found} == {"Int", "Dean"}
    assert [u.speaker for u in found].count("Dean") == 15


def test_read_srt_takes_no_stray_colon_for_a_speaker():
    text = srt("We left at 10:30", "The thing is: it rained", "See https://a.org", "[laughs]", "So")
    assert {u.speaker for u in utterances_of(read_srt, A_SRT, text)[0]} == {None}


def test_read_srt_leaves_out_markup():
    assert said(utterances_of(read_srt, A_SRT, srt("I <i>did</i> &amp; so", "No"))[0])[0] == (
        None,
        "I did & so",
    )


def test_read_srt_keeps_a_number_that_was_said():
    assert said(utterances_of(read_srt, A_SRT, srt("How old?", "42", "Oh"))[0])[1] == (None, "42")


def test_read_srt_keeps_words_in_braces():
    found, _ = utterances_of(read_srt, A_SRT, srt("I {inaudible} went", "{pauses}", "home"))
    assert [words for _, words in said(found)] == ["I {inaudible} went", "{pauses}", "home"]


@pytest.mark.parametrize("time", ["00:00:0x,000 --> 00:00:03,000", "00:00:04 --> 00:00:05"])
def test_read_srt_refuses_a_malformed_time_with_its_line(refusal, time):
    text = f"{srt('one')}\n\n2\n{time}\ntwo\n"
    assert refusal(A_SRT, lambda path: utterances_of(read_srt, path, text))["place"] == "line 6"


def test_read_srt_refuses_a_file_without_cues(refusal):
    facts = refusal(A_SRT, lambda path: utterances_of(read_srt, path, "only words\n"))
    assert facts["remedy"].startswith("Export the captions again")


def test_read_srt_sorts_overlapping_cues_and_warns():
    text = "1\n00:00:05,000 --> 00:00:09,000\nLate\n\n2\n00:00:01,000 --> 00:00:06,000\nEarly\n"
    found, warnings = utterances_of(read_srt, A_SRT, text)
    assert [u.words for u in found] == ["Early", "Late"]
    assert "overlap" in warnings[0]


def test_read_vtt_parts_two_voices_marked_by_dashes():
    text = vtt((second(1), "- How was\nit?\n- Fine."), (second(3), "a well - known place"))
    assert said(utterances_of(read_vtt, A_VTT, text)[0]) == [
        (None, "How was it?"),
        (None, "Fine."),
        (None, "a well - known place"),
    ]


def test_read_vtt_shows_lines_of_rolling_captions_once():
    lines = [f"line {n} & so" for n in range(6)]
    cues = [(second(n), f"{lines[n - 1]}\n{lines[n]}") for n in range(1, 6)]
    found, _ = utterances_of(read_vtt, A_VTT, vtt((second(0), lines[0]), *cues))
    assert [u.words for u in found] == lines


def test_read_vtt_keeps_what_people_say_twice():
    text = vtt(*[(second(n), "Yes.") for n in range(8)])
    assert len(utterances_of(read_vtt, A_VTT, text)[0]) == 8


def test_read_srt_takes_names_in_brackets_and_after_chevrons():
    text = srt("[Ann] How so?", "[Ben] [laughs] No.", "[Ann] Oh.", "[Ben] So.")
    assert [u.speaker for u in utterances_of(read_srt, A_SRT, text)[0]] == [
        "Ann",
        "Ben",
        "Ann",
        "Ben",
    ]
    text = srt(">> ANN: How so?", ">> BEN: No.", ">> ANN: Oh.", "and so.")
    assert [u.speaker for u in utterances_of(read_srt, A_SRT, text)[0]] == [
        "ANN",
        "BEN",
        "ANN",
        "ANN",
    ]


def test_read_vtt_tells_where_times_run_backwards():
    text = vtt((second(30), "late"), (second(2), "early"), (second(31), "later"))
    found, warnings = utterances_of(read_vtt, A_VTT, text)
    assert [u.words for u in found] == ["early", "late", "later"]
    assert "first at the one of 0:00:02" in warnings[0]


def test_read_cue_lines_takes_times_of_one_digit():
    found, _ = read_cue_lines(
        "A meeting\n0:0:3.1 --> 0:0:5\nHello\nall\n0:1:6 --> 0:1:7\nBye\n", A_VTT
    )
    assert [(u.words, int(u.begin), u.finish) for u in found] == [
        ("Hello all", 3, 5.0),
        ("Bye", 66, 67.0),
    ]


def test_captions_with_the_times_of_srt_are_read_and_said_to_be(write):
    content = "WEBVTT\n\n00:00:01,000 --> 00:00:02,500\nYes, 1,5 of them\n"
    parsed = read_vtt(SourceFile(write("a.vtt", content)))
    assert [(u.words, u.begin, u.finish) for u in parsed.utterances] == [
        ("Yes, 1,5 of them", 1.0, 2.5)
    ]
    assert parsed.warnings == ["times of 1 cues have a comma, as in SRT; read all the same"]


def test_captions_without_their_first_line_are_read_and_said_to_be(write):
    content = "00:00:03.120 --> 00:00:06.450\n\nThanks.\n\n00:00:06.900 --> 00:00:07.000\nYes.\n"
    parsed = read_vtt(SourceFile(write("a.vtt", content)))
    assert [u.words for u in parsed.utterances] == ["Thanks.", "Yes."]
    assert "does not begin with WEBVTT" in parsed.warnings[0]


def test_cues_without_words_are_counted(refusal):
    text = vtt((second(1), "<i></i>"), (second(3), "<b> </b>"))
    facts = refusal(A_VTT, lambda path: utterances_of(read_vtt, path, text))
    assert facts["fault"] == "holds no cue with words, and 2 without"
