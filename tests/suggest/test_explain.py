"""Evidence for suggestions: precedents, counter-examples, marked words, neighbours."""

from __future__ import annotations

from dataclasses import replace

from autocode.core.coding import Coding, Reading
from autocode.core.transcript import Segment, Span
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import describe_neighbour, make_suggestions
from autocode.suggest.readable import EvidenceReader

from .support import SERVICE_CODEBOOK, code_segment, make_given, say, suggest


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
    assert describe_neighbour(waiting, "Waiting") == "after Waiting (coded)"
    shown = EvidenceReader(segments, SERVICE_CODEBOOK).read(last)
    assert all(neighbour.known for neighbour in shown.neighbours)
    assert waiting not in shown.neighbours


class Spoken:
    """An explanation that gives the same words for every score."""

    def __init__(self, *words: str) -> None:
        self._words = [(word, 1 / (1 + at)) for at, word in enumerate(words)]

    def words(self, row, code):
        return self._words

    def neighbours(self, row, code):
        return []


def test_content_words_are_kept_behind_any_number_of_function_words():
    segments = [
        say("and then it was the waiting lists for me", 0),
        say("and then it was the bus fares for all of us", 1),
        say("and then it was the waiting again, for months", 2),
    ]
    given = make_given(segments, [code_segment(segments[0], "wait")])
    spoken = Spoken("and", "it", "then", "was", "the", "for", "me", "waiting", "lists")
    ranking = replace(CodebookSuggester().rank(given.task), explanation=spoken)
    first = make_suggestions(given.task, ranking, aligned=given.aligned, top=1)[0]
    kept = [word for word, _ in first.evidence.words]
    assert kept == ["and", "it", "then", "was", "the", "waiting", "lists"]
    shown = EvidenceReader(segments, SERVICE_CODEBOOK).read(first).words
    assert [word for word, _ in shown] == ["waiting", "lists"]
