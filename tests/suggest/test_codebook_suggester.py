"""From the codebook's words to what people code: ranking, learning, silence."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Reading
from autocode.core.errors import NothingToDo
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import make_suggestions

from .support import code_segment, make_given, say, suggest


def test_codebook_alone_ranks_by_its_words():
    segments = [say("months on the waiting lists without any news", 0)]
    found = suggest(make_given(segments))
    assert found[0].code == "wait"
    assert [s.rank for s in found] == [1, 2, 3]
    assert found[0].evidence.phrase.text.startswith("Waiting")
    assert found[0].evidence.precedents == ()


def test_codings_teach_words_the_codebook_lacks():
    # "kettle" means trust to these coders; the codebook does not say so.
    known = [say(f"she put the kettle on again number {i}", i, f"k{i}") for i in range(8)]
    other = [say(f"the council letter for forms {i}", i, f"o{i}") for i in range(8)]
    fresh = say("he put the kettle on once more", 50)
    codings = [code_segment(s, "trust") for s in known] + [code_segment(s, "money") for s in other]
    everything = [*known, *other, fresh]

    def lead(suggested):
        scores = {x.code: x.score for x in suggested if x.span == fresh.span}
        return scores["trust"] - scores["money"]

    assert lead(suggest(make_given(everything))) < 0, "the codebook alone should not know this"
    assert (
        lead(suggest(make_given(everything, codings))) > lead(suggest(make_given(everything))) + 0.5
    )


def test_each_coding_moves_the_score_only_a_little():
    segments = [say("waiting lists and no news for months", 0), say("a kettle", 1)]
    zero_shot = {
        s.code: s.score for s in suggest(make_given(segments)) if s.span == segments[0].span
    }
    one = [*segments, say("a kettle again", 2)]
    warm = suggest(make_given(one, [code_segment(one[2], "trust")]))
    moved = {s.code: s.score for s in warm if s.span == segments[0].span}
    assert max(abs(moved[code] - zero_shot[code]) for code in zero_shot) < 0.5


def test_what_is_auto_acceptable_lies_above_the_threshold_of_its_code():
    said = {"wait": "waiting lists for months", "money": "bus fares and rent", "": "a kettle"}
    everything = [
        (say(f"{words} {number % 7}", 9 * at + number, f"t{at}"), code)
        for at in range(14)
        for number, (code, words) in enumerate([*said.items()] * 3)
    ]
    known = everything[: 12 * 9]
    readings = [Reading(s.transcript, s.span, "Ana") for s, _ in known]
    codings = [code_segment(s, code) for s, code in known if code]
    given = make_given([s for s, _ in everything], codings, readings)
    ranking = CodebookSuggester().rank(given.task)
    auto_accept_from = ranking.diagnostics.auto_accept_from
    assert set(auto_accept_from) == {"wait", "money"}
    found = make_suggestions(given.task, ranking, aligned=given.aligned, top=3)
    right = {(s.transcript, s.span, code) for s, code in everything}
    accepted = [s for s in found if s.auto_acceptable]
    assert accepted
    assert all((s.transcript, s.span, s.code) in right for s in accepted)
    assert all(s.probability >= auto_accept_from[s.code] - 1e-4 for s in accepted)


def test_seen_and_nothing_applied_makes_codes_rarer():
    segments = [say(f"chat about weather {i}", i) for i in range(40)]
    fresh = say("more chat about weather", 99)
    read = [Reading("t1", s.span, "Ana") for s in segments]
    before = suggest(make_given([*segments, fresh]), top=1)[-1]
    after = suggest(make_given([*segments, fresh], readings=read), top=1)[-1]
    assert after.probability < before.probability
    assert not after.likely


def test_domains_restrict_the_candidates():
    codebook = Codebook(
        (
            Code(id="a", name="Alpha", domain="Q1"),
            Code(id="b", name="Beta", domain="Q2"),
            Code(id="c", name="Gamma"),
        )
    )
    found = suggest(make_given([say("alpha beta gamma", 0, domain="Q2")], codebook=codebook))
    assert {s.code for s in found} == {"b", "c"}


def test_headings_are_no_candidates_until_somebody_applies_them():
    codebook = Codebook((Code(id="p", name="Parent"), Code(id="c", name="Child", parent="p")))
    assert [c.id for c in codebook.candidates()] == ["c"]
    assert [c.id for c in codebook.candidates({"p"})] == ["p", "c"]


@pytest.mark.parametrize(
    "excerpts", [["", "🙂🙂"], ["?"], ["same words", "same words"], ["一些中文的话", "ещё слова"]]
)
def test_odd_segments_get_finite_scores(excerpts):
    found = suggest(make_given([say(words, i) for i, words in enumerate(excerpts)]))
    assert all(np.isfinite(s.score) and 0 <= s.probability <= 1 for s in found)


def test_codes_with_the_same_words_keep_the_order_of_the_codebook():
    codebook = Codebook((Code(id="b", name="Same"), Code(id="a", name="Same")))
    assert [s.code for s in suggest(make_given([say("same", 0)], codebook=codebook))] == ["b", "a"]


def test_no_codes_is_said():
    with pytest.raises(NothingToDo, match="codebook"):
        CodebookSuggester().rank(make_given([say("x", 0)], codebook=Codebook()).task)
