"""Quotes: one per coded span, by participant, with what stands around."""

from __future__ import annotations

import pytest

from autocode.analysis.quotes import QuoteOptions, collect_quotes, describe_source
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Case, Coder, Coding
from autocode.core.errors import InputError, NotFound, NothingToDo
from autocode.core.thematic_map import MapTheme, PlacedSegment, ThematicMap
from autocode.core.transcript import Source, Span, Speaker, Transcript, Turn

TEXT = "I: Why?\nAnn: It was late. It was cold.\nBob: Nobody rang me.\nI: And then?\n"


def transcript() -> Transcript:
    spans = [(3, 7), (13, 38), (44, 59), (63, 72)]
    names = ["I", "Ann", "Bob", "I"]
    return Transcript(
        name="focus",
        text=TEXT,
        turns=tuple(
            Turn(span=Span(*span), speaker=name) for span, name in zip(spans, names, strict=True)
        ),
        source=Source(name="focus.txt", format="txt", digest="0" * 64),
        speakers=(
            Speaker(name="Ann", case="P1"),
            Speaker(name="Bob"),
            Speaker(name="I", role="interviewer"),
        ),
    )


CODEBOOK = Codebook(
    (Code(id="access", name="Access"), Code(id="wait", name="Waiting", parent="access"))
)
CODERS = (Coder("Amina"), Coder("Jonas"), Coder("Model", "machine"))


def coding(
    start: int, end: int, coder: str = "Amina", code: str = "wait", memo: str = ""
) -> Coding:
    return Coding(transcript="focus", span=Span(start, end), code=code, coder=coder, memo=memo)


NO_MAP = ThematicMap()


def collect(codings, *, thematic_map=NO_MAP, **options):
    return collect_quotes(
        QuoteOptions(**options),
        transcripts=[transcript()],
        codebook=CODEBOOK,
        codings=codings,
        coders=CODERS,
        cases=[Case("P1", {"role": "nurse"})],
        draft=None,
        thematic_map=thematic_map,
    )


def test_a_span_inside_a_longer_one_of_the_same_code_is_the_same_quote():
    found = collect([coding(13, 38), coding(13, 25, "Jonas", memo="lateness"), coding(44, 59)])
    assert [(q.excerpt, q.coders) for q in found.quotes] == [
        ("It was late. It was cold.", ("Amina", "Jonas")),
        ("Nobody rang me.", ("Amina",)),
    ]
    assert found.quotes[0].memos == ("lateness",)


def test_overlapping_spans_stay_apart_and_so_do_codes():
    found = collect([coding(13, 30), coding(20, 38, "Jonas"), coding(13, 38, code="access")])
    assert [(q.key, q.span) for q in found.quotes] == [
        ("access", Span(13, 38)),
        ("wait", Span(13, 30)),
        ("wait", Span(20, 38)),
    ]


def test_who_said_it_comes_from_the_case_of_most_of_the_words():
    across = collect([coding(32, 59)]).quotes[0]
    assert across.participant == "focus/Bob"
    within = collect([coding(13, 38)]).quotes[0]
    assert (within.participant, within.attributes) == ("P1", {"role": "nurse"})
    assert within.position == "Ann, turn 2"


def test_machines_are_left_out_and_a_parent_brings_its_codes_along():
    codings = [coding(13, 38), coding(44, 59, "Model")]
    assert [q.key for q in collect(codings, codes=("Access",)).quotes] == ["wait"]


def test_at_most_keeps_what_most_people_coded_in_reading_order():
    codings = [coding(13, 25), coding(26, 38), coding(26, 38, "Jonas"), coding(44, 59)]
    found = collect(codings, at_most=1)
    assert [q.span for q in found.quotes] == [Span(26, 38), Span(44, 59)]
    assert found.n_left_out == 1


def test_context_is_the_rest_of_the_turn_and_the_turns_around():
    quote = collect([coding(26, 38)], context=1).quotes[0]
    assert (quote.before, quote.after) == ("Why? Ann: It was late.", "Bob: Nobody rang me.")
    assert collect([coding(26, 38)]).quotes[0].before == ""


def test_sorting_by_an_attribute_keeps_the_order_of_codes():
    codings = [coding(44, 59), coding(13, 38), coding(13, 38, code="access")]
    found = collect(codings, by="role")
    assert [(q.key, q.participant) for q in found.quotes] == [
        ("access", "P1"), ("wait", "focus/Bob"), ("wait", "P1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"codes": ("wiat",)}, NotFound, "wait"),
        ({"coder": "Amena"}, NotFound, "Amina"),
        ({"by": "rolle"}, NotFound, "role"),
        ({"coder": "Jonas"}, NothingToDo, "coded"),
        ({"themes": ("T01",)}, NothingToDo, "themes draft"),
        ({"themes": ("T01",), "codes": ("wait",)}, InputError, "both"),
        ({"themes": ("T01",), "coder": "Amina"}, InputError, "no coders"),
    ],
)
def test_what_is_not_there_is_said(options, error, words):
    with pytest.raises(error, match=words):
        collect([coding(13, 38)], **options)


def test_a_theme_of_the_map_brings_its_codes_segments_and_the_themes_below():
    placed = PlacedSegment(transcript="focus", span=Span(44, 59))
    themes = ThematicMap(
        (
            MapTheme(key="M1", name="Getting in"),
            MapTheme(key="M2", name="The wait", parent="M1", codes=("access",)),
            MapTheme(key="M3", name="Silence", segments=(placed,)),
        )
    )
    codings = [coding(13, 38), coding(13, 38, "Jonas", code="access"), coding(26, 38, "Model")]
    for name in ("M1", "getting in"):
        (quote,) = collect(codings, thematic_map=themes, themes=(name,)).quotes
        assert (quote.key, quote.name, quote.coders) == ("M1", "Getting in", ("Amina", "Jonas"))
    (of_segment,) = collect(codings, thematic_map=themes, themes=("Silence",)).quotes
    assert (of_segment.excerpt, of_segment.coders) == ("Nobody rang me.", ())
    (own,) = collect(codings, thematic_map=themes, themes=("M1",), coder="Jonas").quotes
    assert own.coders == ("Jonas",)
    with pytest.raises(NotFound, match="Did you mean 'Silence'"):
        collect(codings, thematic_map=themes, themes=("Silense",))


def test_words_of_an_interviewer_are_said_to_be_theirs():
    asked, answered, unnamed = collect([coding(3, 7), coding(13, 38), coding(44, 59)]).quotes
    assert [q.role for q in (asked, answered, unnamed)] == ["interviewer", "unknown", "unknown"]
    assert describe_source(asked, []) == "interviewer, focus, I, turn 1"
    assert describe_source(answered, ["nurse"]) == "P1 (nurse), focus, Ann, turn 2"
    assert describe_source(unnamed, []) == "focus, Bob, turn 3"
