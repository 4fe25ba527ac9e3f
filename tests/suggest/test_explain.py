"""Evidence for suggestions: precedents, counter-examples, marked words, neighbours."""

from __future__ import annotations

from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import describe_neighbour, make_suggestions

from .support import code_segment, make_given, say, suggest


def test_precedents_are_segments_with_the_code_and_counter_examples_are_not():
    segments = [
        say("waiting lists for months", 0),
        say("waiting for the bus fares", 1),
        say("waiting lists again", 2),
    ]
    found = suggest(
        make_given(
            segments, [code_segment(segments[0], "wait"), code_segment(segments[1], "money", "Ben")]
        )
    )
    evidence = next(s.evidence for s in found if s.code == "wait")
    assert [p.excerpt for p in evidence.precedents] == ["waiting lists for months"]
    assert evidence.precedents[0].coders == ("Ana",)
    assert [p.excerpt for p in evidence.counter_examples] == ["waiting for the bus fares"]
    assert evidence.counter_examples[0].codes == ("money",)


def test_a_precedent_shows_the_words_that_were_marked():
    segments = [say("we moved in May, then waiting lists for months", 0), say("waiting", 1)]
    marked = Coding(transcript="t1", span=Span(17, 46), code="wait", coder="Ana")
    evidence = suggest(make_given(segments, [marked]))[0].evidence
    assert [(p.span, p.excerpt) for p in evidence.precedents] == [
        (Span(17, 46), "then waiting lists for months")
    ]


def test_a_neighbour_that_raises_a_code_is_named():
    said = ["We waited months for the list.", "So the bus fare was the rent again.", "Hm, well."]
    segments = [
        Segment(
            transcript=f"t{talk}",
            span=Span(at * 100, at * 100 + len(words)),
            excerpt=words,
            speaker="AB"[at % 2],
        )
        for talk in range(5)
        for at, words in enumerate(said[:2] * 5 + [said[0], said[2]])
    ]
    codings = [
        Coding(
            transcript=s.transcript,
            span=s.span,
            code="wait" if s.speaker == "A" else "money",
            coder="Kim",
        )
        for s in segments
        if s.transcript != "t4"
    ]
    given = make_given(segments, codings, [Reading(c.transcript, c.span, "Kim") for c in codings])
    ranking = CodebookSuggester().rank(given.task)
    found = make_suggestions(given.task, ranking, aligned=given.aligned, top=1)
    last = found[-1]
    assert (last.transcript, last.code) == ("t4", "money")
    assert ("wait", True, False) in {
        (b.code, b.is_before, b.known) for b in last.evidence.neighbours
    }
    assert all(b.part >= 0.1 for b in last.evidence.neighbours)
    waiting = next(b for b in last.evidence.neighbours if b.code == "wait")
    assert describe_neighbour(waiting, "Waiting") == "after Waiting (likely)"
