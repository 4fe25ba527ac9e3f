"""What the coding view shows: the whole text, each part of it once, and people's work on it."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Source, Span, Transcript, Turn
from autocode.page.marks import abbreviate, describe_codes
from autocode.page.overview_page import count_touched
from autocode.page.reading import cut_pieces, view_transcript
from autocode.page.served import write_clock
from autocode.project.removing import RemovalTarget
from autocode.report.palette import _luminance, choose_letter_colour


def transcript(text, turns):
    source = Source(name="t", format="plain", digest="0")
    return Transcript(name="t", text=text, turns=tuple(turns), source=source)


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=12), st.randoms())
def test_pieces_are_the_text_whole_and_in_order(text, cuts, draw):
    ends = sorted({min(cut, len(text)) for cut in cuts})
    spans = [Span(a, b) for a, b in pairwise(ends) if draw.random() < 0.7]
    halves = [Span(s.start, s.start + len(s) // 2) for s in spans if len(s) > 1]
    segments = [Segment(transcript="t", span=s, excerpt=s.of(text)) for s in halves]
    pieces = list(cut_pieces(transcript(text, [Turn(span=s) for s in spans]), segments))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text == piece.span.of(text) for piece in pieces)
    for piece in pieces:
        if piece.unit is not None:
            assert piece.unit.start <= piece.span.start < piece.span.end <= piece.unit.end
            assert piece.text.strip()
    held = {s for s in halves if s.of(text).strip()}
    assert held <= {piece.unit for piece in pieces}


def test_what_stands_before_the_talk_is_not_in_the_style_of_who_speaks_first(page, tmp_path):
    words = "Interview 3 with Ann, in May\nAnn is 40.\n\nInterviewer: Hello?\nAnn: Hello.\n"
    (tmp_path / "t7.txt").write_text(words, encoding="utf-8")
    page.project.import_paths([tmp_path / "t7.txt"])
    with page.project.snapshot() as study:
        first, second, *_ = view_transcript(study, page.number("t7")).turns
    assert [piece.text for piece in first.context] == [words.partition("Interviewer:")[0]]
    assert [piece.text for piece in first.before] == ["Interviewer: "]
    assert (second.context, second.label) == ((), "")
    shown = page.get(f"/t/{page.number('t7')}").text
    assert '<div class="context"><p' in shown


def test_the_overview_counts_what_is_to_be_coded_and_compares_where_two_have_read(page):
    shown = page.get("/").text
    assert "segments of participants</th>" in shown
    assert (shown.count('<th scope="col">differences</th>'), shown.count("/compare/")) == (1, 2)
    page.project.remove(RemovalTarget(coder="Jonas"), coder="Amina")
    alone = page.get("/").text
    assert "differences" not in alone
    assert "/compare/" not in alone


class Paragraphs(HTMLParser):
    """The words of every <p data-start> of a page, as a browser would have them."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.open = [], None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "p" and "data-start" in facts:
            self.open = [int(facts["data-start"]), int(facts["data-end"]), ""]

    def handle_data(self, data):
        if self.open:
            self.open[2] += data

    def handle_endtag(self, tag):
        if tag == "p" and self.open:
            self.found.append(tuple(self.open))
            self.open = None


@pytest.mark.parametrize("name", ["t1_ann", "t2_bob"])
def test_each_part_of_the_text_lies_in_one_paragraph(page, name):
    parser = Paragraphs()
    parser.feed(page.get(f"/t/{page.number(name)}").text)
    text = page.project.transcript(name).text
    assert [words for _, _, words in parser.found] == [text[a:b] for a, b, _ in parser.found]
    assert "".join(words for _, _, words in parser.found) == text


def test_what_html_would_change_is_sent_as_data(page):
    pieces = list(cut_pieces(transcript("a\rb\0c", [Turn(span=Span(0, 3))]), []))
    assert [piece.is_raw for piece in pieces] == [True, True]


def test_an_unknown_transcript_is_said_in_a_line(page):
    answer = page.get("/t/99")
    assert (answer.status_code, "No transcript 99" in answer.json()["error"]) == (404, True)
    answer = page.get("/t/99", Accept="text/html")
    assert (answer.status_code, "No transcript 99" in answer.text) == (404, True)


def test_the_codes_used_last_come_first(page):
    for code in ("family", "shame", "family"):
        page.act("code", code=code, **page.place("t2_bob", "There was one bus"))
    assert set(page.state("t1_ann")["recent"]) == {"family", "shame", "wait"}


def test_progress_counts_segments_that_are_coded_or_read(page):
    before = {row["number"]: row["n_done"] for row in page.get("/progress").json()["transcripts"]}
    page.act("read", **page.place("t2_bob", "Nobody rang while I sat waiting"))
    page.act("code", code="wait", **page.place("t2_bob", "There was one bus"))
    after = {row["number"]: row["n_done"] for row in page.get("/progress").json()["transcripts"]}
    number = page.number("t2_bob")
    assert after[number] == before[number] + 2


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=8))
def test_touched_segments_are_counted_once(marks):
    segments = [Span(a, a + 4) for a in range(0, 40, 5)]
    spans = [Span(start, start + length) for start, length in marks]
    expected = sum(any(s.overlap(mark) for mark in spans) for s in segments)
    assert count_touched(segments, spans) == expected


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Waiting", "Wa"), ("Waiting and limbo", "Wa"), ("x", "X"), ("...", "?"), ("שלום עולם", "שע")],
)
def test_two_letters_stand_for_a_code(name, letters):
    assert abbreviate(name) == letters


def test_a_colour_that_is_none_is_replaced():
    codes = describe_codes(Codebook((Code(id="a", name="A", colour="red;x:url(//evil)"),)))
    assert codes[0]["colour"] == "#52606d"


@given(st.integers(0, 0xFFFFFF))
def test_letters_can_be_read_on_any_colour(number):
    colour = f"#{number:06x}"
    one, other = sorted([_luminance(colour), _luminance(choose_letter_colour(colour))])
    assert (other + 0.05) / (one + 0.05) >= 4.5


def test_times_are_written_as_on_a_clock():
    assert [write_clock(s) for s in (0, 61.9, 3723)] == ["00:00", "01:01", "1:02:03"]
