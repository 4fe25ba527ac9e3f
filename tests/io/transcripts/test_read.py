from __future__ import annotations

import hashlib
import io
from collections import Counter

import docx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autocode.core.errors import AutocodeError
from autocode.io import limits
from autocode.io.transcripts.formats import SUFFIXES
from autocode.io.transcripts.read import read_transcript

from ..support import odt

# Turns by speaker, counted by hand or with grep on the label lines, not with the reader.
KNOWN = {
    "mlss_interview_10.txt": {"interviewee": 173, "interviewer": 66},
    "mlss_interview_11.txt": {"Interviewee": 128, "Interviewer 1": 66},
    "thesis_eval_int3_nl.md": {"Interviewer": 53, "Systems Developer": 56},
    "ladybug_64_ebooks.md": {"Ali": 28, "Emma": 37, "Kelly": 43, "Unknown Speaker": 4},
    "teams_voice_tags.vtt": {"John Smith": 3, "Jane Doe": 2},
    "voice_tags_inline_markup.vtt": {"Ana Silva": 2, "Ben Ortiz": 1},
    "zoom_cloud_recording.vtt": {"Speaker A": 1, "Speaker B": 4},
    "zoom_saved_captions.txt": {"Johnny Doe": 4, "Janet Dough": 3},
    "meeting_saved_chat.txt": {
        "Person One": 1,
        "Person Two": 3,
        "Person Three": 1,
        "Person Four": 4,
    },
    "captions_with_bom.vtt": {None: 4},
    "comments.vtt": {None: 5},
    "cue_tags.vtt": {None: 3},
    "using_identifiers.vtt": {None: 6},
    "stream_confidence_notes.vtt": {None: 6},
    "sample.srt": {None: 5},
    "sample.sbv": {None: 5},
}
OTTER = "Ann  0:01  \nHi.\n\nBen  0:02  \nHo.\n\nBen  0:03  \nAnd so.\n\nAnn  0:04  \nBye.\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nAnn: Hi\n\n2\n00:00:03,000 --> 00:00:04,000\nBen: Ho\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi</v>\n\n00:03.000 --> 00:04.000\n<v Ben>Ho</v>\n"


def said(transcript):
    return [(turn.speaker, transcript.words_of(turn)) for turn in transcript.turns]


def test_read_transcript_reads_the_shared_samples(shared):
    root = shared / "interop" / "transcripts"
    folders = [root / name for name in ("txt", "md", "vtt", "srt", "docx", "zoom", "otter")]
    paths = [path for folder in folders for path in sorted(folder.glob("*"))]
    assert paths
    for path in paths:
        try:
            transcript = read_transcript(path)
        except AutocodeError:
            assert path.name not in KNOWN, path
            continue
        assert all(words.strip() for _, words in said(transcript)), path
        if path.name in KNOWN:
            assert Counter(turn.speaker for turn in transcript.turns) == KNOWN[path.name], path


def test_read_transcript_keeps_plain_text_as_it_stands(write):
    text = "Title\n\nAnn: Hi 👋\r\nBen: e\u0301\r\n\r\nAnn: שלום\n"
    transcript = read_transcript(write("one.txt", text))
    assert transcript.text == text.replace("\r\n", "\n")
    assert said(transcript) == [("Ann", "Hi 👋"), ("Ben", "e\u0301"), ("Ann", "שלום")]


def test_read_transcript_names_its_source(write):
    path = write("one two.txt", "Ann: Hi\nBen: Ho\nAnn: Bye\n", "utf-16")
    transcript = read_transcript(path)
    assert transcript.name == "one two"
    assert transcript.source.name == "one two.txt"
    assert transcript.source.format == "txt"
    assert transcript.source.encoding == "utf-16"
    assert transcript.source.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.txt", SRT, "srt"),
        ("a.txt", VTT, "vtt"),
        ("a.txt", "0:00:01.000,0:00:02.000\nAnn: Hi\n\n0:00:03.000,0:00:04.000\nBen: Ho\n", "sbv"),
        ("a.srt", SRT, "srt"),
        ("a.VTT", VTT, "vtt"),
        ("a.md", "# Ann\nHi\n# Ben\nHo\n", "md"),
    ],
)
def test_read_transcript_tells_the_format_from_the_content(write, name, content, format):
    transcript = read_transcript(write(name, content))
    assert transcript.source.format == format
    assert said(transcript) == [("Ann", "Hi"), ("Ben", "Ho")]


def test_read_transcript_lays_captions_out_as_lines(write):
    transcript = read_transcript(write("a.vtt", VTT))
    assert transcript.text == "Ann: Hi\nBen: Ho\n"
    assert [(turn.begin, turn.finish) for turn in transcript.turns] == [(1.0, 2.0), (3.0, 4.0)]


def test_read_transcript_reads_word_whatever_its_name(write):
    document = docx.Document()
    for line in ("Interviewer: Why?", "P01: It rained.", "Interviewer: Oh."):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    transcript = read_transcript(write("a.txt", stream.getvalue()))
    assert transcript.source.format == "docx"
    assert said(transcript)[1] == ("P01", "It rained.")
    assert [(s.name, s.role) for s in transcript.speakers] == [
        ("Interviewer", "interviewer"),
        ("P01", "participant"),
    ]


def test_read_transcript_gives_a_voice_its_commonest_spelling(write):
    text = "ANN: Hi\nAnn: Ho\nAnn : So\nBen: No\nBen: No\n"
    transcript = read_transcript(write("a.txt", text))
    assert {turn.speaker for turn in transcript.turns} == {"Ann", "Ben"}


def test_read_transcript_joins_turns_when_asked(write):
    transcript = read_transcript(write("a.txt", OTTER), join_turns=True)
    assert transcript.text == "Ann: Hi.\nBen: Ho. And so.\nAnn: Bye.\n"
    assert said(transcript) == [("Ann", "Hi."), ("Ben", "Ho. And so."), ("Ann", "Bye.")]
    assert [turn.begin for turn in transcript.turns] == [1.0, 2.0, 4.0]


def test_read_transcript_joined_keeps_what_stands_before(write):
    text = "A title\n\nAnn: Hi\nAnn: Ho\nBen: So\n"
    joined = read_transcript(write("a.txt", text), join_turns=True)
    assert joined.text == "A title\nAnn: Hi Ho\nBen: So\n"


@pytest.mark.parametrize("join", [False, True])
def test_read_transcript_offers_to_join_only_what_is_not(write, join):
    text = "Ann: Hi\nAnn: Ho\nAnn: So\nBen: No\nBen: No\nBen: Oh\n"
    warnings = read_transcript(write("a.txt", text), join_turns=join).warnings
    assert any("--join-turns" in warning for warning in warnings) == (not join)


def test_read_transcript_says_when_nobody_is_named(write):
    transcript = read_transcript(write("a.txt", "It rained.\n\nWe left.\n"))
    assert said(transcript) == [(None, "It rained."), (None, "We left.")]
    assert transcript.speakers == ()
    assert any("no speakers found" in warning for warning in transcript.warnings)


def test_read_transcript_says_how_much_stands_before(write):
    text = "Interview 7\nKitchen\n\nAnn: Hi\nBen: Ho\nAnn: So\n"
    warnings = read_transcript(write("a.txt", text)).warnings
    assert any("the first 2 lines" in warning for warning in warnings)


def test_read_transcript_counts_no_name_among_what_stands_before(write):
    warnings = read_transcript(write("a.txt", f"Interview 7\nKitchen\n\n{OTTER}")).warnings
    assert any("the first 2 lines" in warning for warning in warnings)


def test_read_transcript_passes_overlaps_on_as_a_warning(write):
    text = VTT.replace("00:02.000", "00:03.500")
    assert any("overlap" in w for w in read_transcript(write("a.vtt", text)).warnings)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.txt", b"", "empty"),
        ("a.vtt", b"", "empty"),
        ("a.docx", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "no words"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary data"),
        ("a.txt", b"PK\x03\x04 and no more", "not a whole Word document"),
        ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "password"),
        ("a.docx", b"Ann: only text\n", "not a whole Word document"),
        ("a.vtt", b"Ann: only text\n", "does not start like a VTT file"),
        (
            "a.txt",
            b"Consent form\nName:\nDate:\nSignature:\n",
            "holds 5 words, but none that anybody says",
        ),
        ("a.srt", b"Ann: only text\n", "no cue"),
        ("a.txt", b"Ann:\nBen:\nAnn:\nBen:\n", "none that anybody says"),
    ],
)
def test_read_transcript_refuses_what_it_cannot_read(write, refusal, name, content, fault):
    assert fault in refusal(write(name, content), read_transcript)["fault"]


def test_read_transcript_refuses_a_missing_file(tmp_path, refusal):
    assert "no such file" in refusal(tmp_path / "a.txt", read_transcript)["fault"]


_TIMES = ["00:01.000 --> 00:02.000\n", "00:00:01,000 --> 00:00:02,000\n", "-->", "1\n"]
_HEADS = [
    "WEBVTT\n\n",
    "<v Ann>",
    "Ann: ",
    "Ben  0:21\n",
    "[id1] ",
    "# ",
    "0:00:01.000,0:00:02.000\n",
]
_MARKS = ["{", "}", "&amp;", "👋", "e\u0301", "שלום", "\n\n", "\r\n", "\x00", "\ufeff", " "]


@pytest.mark.slow
@given(
    st.one_of(
        st.binary(max_size=80),
        st.lists(st.sampled_from(_TIMES + _HEADS + _MARKS), max_size=20).map(
            lambda bits: "".join(bits).encode()
        ),
    ),
    st.sampled_from(sorted(SUFFIXES)),
    st.booleans(),
)
@example(b"\xef\xbb\xbf\n\t", ".sbv", False)
@settings(max_examples=300)
def test_read_transcript_reads_or_refuses_anything(tmp_path_factory, content, suffix, join):
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(content)
    try:
        transcript = read_transcript(path, join_turns=join)
    except AutocodeError as refused:
        message = str(refused)
    else:
        message = ""
        assert all(words.strip() for _, words in said(transcript))
    assert "\n" not in message


def test_read_transcript_keeps_the_time_of_every_joined_cue(write):
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi you</v>\n\n"
        "00:03.000 --> 00:04.500\n<v Ann>all</v>\n\n00:05.000 --> 00:06.000\n<v Ben>Ho</v>\n"
    )
    joined = read_transcript(write("a.vtt", text), join_turns=True)
    assert [(t.span.of(joined.text), t.begin, t.finish) for t in joined.times] == [
        ("Hi you", 1.0, 2.0),
        ("all", 3.0, 4.5),
    ]
    assert [(t.begin, t.finish) for t in joined.turns] == [(1.0, 4.5), (5.0, 6.0)]
    assert read_transcript(write("a.vtt", text)).times == ()


@pytest.mark.slow
def test_read_transcript_tells_of_more_speakers_than_a_talk_has(write):
    text = "".join(f"Person {n}: hello there\n" for n in range(5000)) * 2
    transcript = read_transcript(write("a.txt", text))
    assert len(transcript.speakers) == 5000
    assert "5000 speakers are named" in transcript.warnings[0]


def test_read_transcript_tells_where_times_run_backwards(write):
    text = "Ann  0:01\nHi.\n\nBen  9:02\nHo.\n\nAnn  0:03\nSo.\n"
    warnings = read_transcript(write("a.txt", text)).warnings
    assert warnings == (
        "times run backwards at 1 turn, first at turn 3 (3 s); kept in the order of the file",
    )


def test_read_transcript_refuses_more_text_than_a_transcript_has(write, refusal, monkeypatch):
    monkeypatch.setattr(limits, "MOST_TEXT", 1000)
    facts = refusal(write("a.txt", "Ann: hello\n" * 100), read_transcript)
    assert "limit" in facts["fault"]
    assert facts["remedy"] == "Split the file."


def test_read_transcript_reads_captions_pasted_into_word(write):
    document = docx.Document()
    for line in ("A meeting", "0:0:1.0 --> 0:0:2.0", "Hello all", "0:0:3.0 --> 0:0:4.0", "Bye"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    transcript = read_transcript(write("a.docx", stream.getvalue()))
    assert [(t.begin, transcript.words_of(t)) for t in transcript.turns] == [
        (1.0, "Hello all"),
        (3.0, "Bye"),
    ]


@pytest.mark.parametrize("suffix", [".odt", ".txt"])
def test_read_transcript_reads_open_document_whatever_its_name(write, suffix):
    body = "".join(f"<text:p>{line}</text:p>" for line in ("Ann: Hi", "Ben: Ho", "Ann: So"))
    transcript = read_transcript(write(f"a{suffix}", odt(body)))
    assert transcript.source.format == "odt"
    assert said(transcript) == [("Ann", "Hi"), ("Ben", "Ho"), ("Ann", "So")]
