"""From the codebook's words to what people code: ranking, learning, evidence, silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import expit

from autocode.core.alignment import Aligned, align
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.errors import NothingToDo
from autocode.core.transcript import Segment, Span
from autocode.encode.hashing import HashEncoder
from autocode.suggest import linear
from autocode.suggest.calibration import platt
from autocode.suggest.calibration.held_out import deal_folds
from autocode.suggest.code_text import clean_name, phrases
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.corpus import EncodedCorpus
from autocode.suggest.explain import describe_neighbour, make_suggestions
from autocode.suggest.protocol import Task, collect_known_codings

CODEBOOK = Codebook(
    (
        Code(id="wait", name="Waiting", definition="Waiting lists and months without news"),
        Code(id="money", name="Money", definition="Bus fares, rent and benefits"),
        Code(id="trust", name="Trust", definition="A worker who keeps promises"),
    )
)


def segment(words: str, place: int, transcript: str = "t1", domain: str | None = None) -> Segment:
    span = Span(place * 1000, place * 1000 + len(words))
    return Segment(
        transcript=transcript,
        span=span,
        excerpt=words,
        speaker="P",
        role="participant",
        domain=domain,
    )


@dataclass(frozen=True)
class Given:
    """A task and the people's known it was made from."""

    task: Task
    aligned: Aligned


def task(segments, codings=(), readings=(), codebook=CODEBOOK, codes=None) -> Given:
    encoder = HashEncoder(n_dimensions=256)
    aligned = align(segments, codings, readings)
    chosen = list(codes or codebook.candidates())
    found = phrases(chosen)
    corpus = EncodedCorpus(
        segments=segments,
        vectors=encoder.encode([s.excerpt for s in segments]),
        codebook=codebook,
        codes=chosen,
        phrases=found,
        phrase_vectors=encoder.encode([p.text for p in found]),
    )
    known = collect_known_codings(aligned, chosen)
    return Given(Task(corpus=corpus, known=known, targets=np.flatnonzero(~known.read)), aligned)


def run(given: Given, top: int = 3):
    ranking = CodebookSuggester().rank(given.task)
    return make_suggestions(given.task, ranking, aligned=given.aligned, top=top)


def coded(segment: Segment, code: str, coder: str = "Ana") -> Coding:
    return Coding(transcript=segment.transcript, span=segment.span, code=code, coder=coder)


def test_codebook_alone_ranks_by_its_words():
    segments = [segment("months on the waiting lists without any news", 0)]
    found = run(task(segments))
    assert found[0].code == "wait"
    assert [s.rank for s in found] == [1, 2, 3]
    assert found[0].evidence.phrase.text.startswith("Waiting")
    assert found[0].evidence.precedents == ()


def test_codings_teach_words_the_codebook_lacks():
    # "kettle" means trust to these coders; the codebook does not say so.
    known = [segment(f"she put the kettle on again number {i}", i, f"k{i}") for i in range(8)]
    other = [segment(f"the council letter for forms {i}", i, f"o{i}") for i in range(8)]
    fresh = segment("he put the kettle on once more", 50)
    codings = [coded(s, "trust") for s in known] + [coded(s, "money") for s in other]
    everything = [*known, *other, fresh]

    def lead(suggested):
        scores = {x.code: x.score for x in suggested if x.span == fresh.span}
        return scores["trust"] - scores["money"]

    assert lead(run(task(everything))) < 0, "the codebook alone should not know this"
    assert lead(run(task(everything, codings))) > lead(run(task(everything))) + 0.5


def test_each_coding_moves_the_score_only_a_little():
    segments = [segment("waiting lists and no news for months", 0), segment("a kettle", 1)]
    cold = {s.code: s.score for s in run(task(segments)) if s.span == segments[0].span}
    one = [*segments, segment("a kettle again", 2)]
    warm = run(task(one, [coded(one[2], "trust")]))
    moved = {s.code: s.score for s in warm if s.span == segments[0].span}
    assert max(abs(moved[code] - cold[code]) for code in cold) < 0.5


def test_precedents_are_segments_with_the_code_and_counter_examples_are_not():
    segments = [
        segment("waiting lists for months", 0),
        segment("waiting for the bus fares", 1),
        segment("waiting lists again", 2),
    ]
    found = run(task(segments, [coded(segments[0], "wait"), coded(segments[1], "money", "Ben")]))
    evidence = next(s.evidence for s in found if s.code == "wait")
    assert [p.excerpt for p in evidence.precedents] == ["waiting lists for months"]
    assert evidence.precedents[0].coders == ("Ana",)
    assert [p.excerpt for p in evidence.counter_examples] == ["waiting for the bus fares"]
    assert evidence.counter_examples[0].codes == ("money",)


def test_a_precedent_shows_the_words_that_were_marked():
    segments = [segment("we moved in May, then waiting lists for months", 0), segment("waiting", 1)]
    marked = Coding(transcript="t1", span=Span(17, 46), code="wait", coder="Ana")
    evidence = run(task(segments, [marked]))[0].evidence
    assert [(p.span, p.excerpt) for p in evidence.precedents] == [
        (Span(17, 46), "then waiting lists for months")
    ]


def test_what_is_sure_lies_at_or_above_what_its_code_may_be_accepted_from():
    said = {"wait": "waiting lists for months", "money": "bus fares and rent", "": "a kettle"}
    everything = [
        (segment(f"{words} {place % 7}", 9 * at + place, f"t{at}"), code)
        for at in range(14)
        for place, (code, words) in enumerate([*said.items()] * 3)
    ]
    known = everything[: 12 * 9]
    readings = [Reading(s.transcript, s.span, "Ana") for s, _ in known]
    codings = [coded(s, code) for s, code in known if code]
    given = task([s for s, _ in everything], codings, readings)
    ranking = CodebookSuggester().rank(given.task)
    auto_accept_from = ranking.diagnostics.auto_accept_from
    assert set(auto_accept_from) == {"wait", "money"}
    found = make_suggestions(given.task, ranking, aligned=given.aligned, top=3)
    right = {(s.transcript, s.span, code) for s, code in everything}
    sure = [s for s in found if s.auto_acceptable]
    assert sure
    assert all((s.transcript, s.span, s.code) in right for s in sure)
    assert all(s.probability >= auto_accept_from[s.code] - 1e-4 for s in sure)


def test_seen_and_nothing_applied_makes_codes_rarer():
    segments = [segment(f"chat about weather {i}", i) for i in range(40)]
    fresh = segment("more chat about weather", 99)
    read = [Reading("t1", s.span, "Ana") for s in segments]
    before = run(task([*segments, fresh]), top=1)[-1]
    after = run(task([*segments, fresh], readings=read), top=1)[-1]
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
    found = run(task([segment("alpha beta gamma", 0, domain="Q2")], codebook=codebook))
    assert {s.code for s in found} == {"b", "c"}


def test_headings_are_no_candidates_until_somebody_applies_them():
    codebook = Codebook((Code(id="p", name="Parent"), Code(id="c", name="Child", parent="p")))
    assert [c.id for c in codebook.candidates()] == ["c"]
    assert [c.id for c in codebook.candidates({"p"})] == ["p", "c"]


@pytest.mark.parametrize(
    "excerpts", [["", "🙂🙂"], ["?"], ["same words", "same words"], ["一些中文的话", "ещё слова"]]
)
def test_odd_segments_get_finite_scores(excerpts):
    found = run(task([segment(words, i) for i, words in enumerate(excerpts)]))
    assert all(np.isfinite(s.score) and 0 <= s.probability <= 1 for s in found)


def test_codes_with_the_same_words_keep_the_order_of_the_codebook():
    codebook = Codebook((Code(id="b", name="Same"), Code(id="a", name="Same")))
    assert [s.code for s in run(task([segment("same", 0)], codebook=codebook))] == ["b", "a"]


def test_no_codes_is_said():
    with pytest.raises(NothingToDo, match="codebook"):
        CodebookSuggester().rank(task([segment("x", 0)], codebook=Codebook()).task)


def test_calibration_needs_three_transcripts_and_thirty_codings():
    shape = (40, 3)
    generator = np.random.default_rng(1)
    z, applied = generator.normal(size=shape), generator.random(shape) < 0.4
    allowed = np.ones(shape, dtype=bool)
    one = platt.fit_calibration(z, applied, transcripts=["t1"] * 40, allowed=allowed)
    assert not one.calibrated
    names = [f"t{i % 4}" for i in range(40)]
    four = platt.fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert four.calibrated
    assert four.remarks


@pytest.mark.parametrize("size", [0.02, 1.0, 8.0])
def test_calibration_finds_its_curve_however_far_apart_logits_are(size: float):
    generator = np.random.default_rng(3)
    z = 3 * generator.normal(size=(600, 1))
    applied = generator.random(z.shape) < expit(z)
    names = [f"t{i % 6}" for i in range(600)]
    allowed = np.ones(z.shape, dtype=bool)
    found = platt.fit_calibration(size * z, applied, transcripts=names, allowed=allowed)
    np.testing.assert_allclose(found.probabilities(size * z), expit(z), atol=0.08)


def test_a_code_is_less_likely_where_another_fits_as_well():
    # One code a segment, drawn by softmax: what each logit means depends on the others.
    generator = np.random.default_rng(4)
    z = 2 * generator.normal(size=(2000, 6))
    share = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    drawn = (generator.random((2000, 1)) > share.cumsum(axis=1)).sum(axis=1)
    applied = np.eye(6, dtype=bool)[np.minimum(drawn, 5)]
    names = [f"t{i % 8}" for i in range(2000)]
    allowed = np.ones(z.shape, dtype=bool)
    found = platt.fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert found.competition > 0.5
    assert np.abs(found.probabilities(z) - share).mean() < 0.03
    alone, crowded = np.array([[2.0, -9, -9, -9, -9, -9]]), np.array([[2.0, 2, -9, -9, -9, -9]])
    assert found.probabilities(alone)[0, 0] > found.probabilities(crowded)[0, 0] + 0.2


def test_no_candidate_crowds_nobody():
    generator = np.random.default_rng(5)
    z = 2 * generator.normal(size=(400, 4))
    applied = generator.random(z.shape) < expit(z - 1)
    names = [f"t{i % 8}" for i in range(400)]
    allowed = np.ones(z.shape, dtype=bool)
    allowed[:, 3] = False
    found = platt.fit_calibration(z, applied, transcripts=names, allowed=allowed)
    z[:, 3] = 40
    again = platt.fit_calibration(z, applied, transcripts=names, allowed=allowed)
    assert (found.slope, found.intercept, found.competition) == (
        again.slope,
        again.intercept,
        again.competition,
    )


def test_calibration_on_noise_promises_no_more_than_the_base_rate():
    # Held-out transcripts must not let the learner believe what it has memorised.
    generator = np.random.default_rng(2)
    n, n_codes = 400, 4
    features = generator.normal(size=(n, 200))
    applied = generator.random((n, n_codes)) < 0.25
    z = np.zeros((n, n_codes))
    cold = linear.FeatureViews((z,), (1.0,))
    names = [f"t{i % 8}" for i in range(n)]
    allowed = np.ones((n, n_codes), dtype=bool)
    logits = np.zeros_like(z)
    fold = deal_folds(names)
    for number in range(5):
        test = fold == number
        model = linear.fit(features[~test], cold.rows(np.flatnonzero(~test)), applied[~test])
        logits[test] = model.logits(features[test], cold.rows(np.flatnonzero(test)))
    found = platt.fit_calibration(logits, applied, transcripts=names, allowed=allowed)
    fresh = linear.fit(features, cold, applied).logits(generator.normal(size=(n, 200)), cold)
    assert found.probabilities(fresh).mean() == pytest.approx(0.25, abs=0.06)


def test_folds_keep_transcripts_whole_and_ignore_row_order():
    names = ["a"] * 5 + ["b"] * 3 + ["c"] * 3 + ["d"]
    fold = deal_folds(names, n_folds=3)
    assert all(
        len({f for n, f in zip(names, fold, strict=True) if n == name}) == 1 for name in "abcd"
    )
    back = deal_folds(names[::-1], n_folds=3)[::-1]
    assert list(fold) == list(back)


def test_without_codings_the_learner_is_the_cold_ranking():
    z = np.array([[2.0, -1.0, 0.5]])
    nothing = linear.FeatureViews((np.zeros((0, 3)), np.zeros((0, 3))), (1.0, 0.0))
    model = linear.fit(np.zeros((0, 4)), nothing, np.zeros((0, 3), dtype=bool))
    logits = model.logits(np.ones((1, 4)), linear.FeatureViews((z, 9 * z[:, ::-1]), (1.0, 0.0)))
    assert list(np.argsort(-logits[0])) == [0, 2, 1]
    assert np.ptp(logits - linear.ZERO_SHOT_SLOPE * z) < 1e-12


def test_clean_name_opens_joints():
    assert clean_name("Data-missing_values:rawInput") == "Data missing values raw Input"
    assert clean_name("--") == "--"


def test_a_neighbour_that_speaks_for_a_code_is_told():
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
    given = task(segments, codings, [Reading(c.transcript, c.span, "Kim") for c in codings])
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
