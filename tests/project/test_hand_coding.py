"""Codes put on places by hand, taken off, moved and exchanged; memos; each an act that undoes."""

from __future__ import annotations

import pytest

from autocode import HandOptions, Place
from autocode.core.errors import AutocodeError, InputError, NotFound
from autocode.project import Project
from autocode.project.memos import list_memos, note

from ..small_study import write_sources

LONG = "I waited nine months on the waiting list for an assessment."


@pytest.fixture
def study(tmp_path):
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        project.import_paths([write_sources(tmp_path / "sources")])
        yield project


def at(**place):
    return Place(transcript="t2_bob", **place)


def own(project, coder="Amina", transcript="t2_bob"):
    return [(c.span.of(project.transcript(transcript).text), c.code) for c in project.codings()
            if (c.coder, c.transcript) == (coder, transcript)]  # fmt: skip


def test_a_turn_characters_or_exact_words_are_coded(study):
    before = own(study)
    turn = study.transcript("t2_bob").turns[5].span
    study.code(at(turn=6), "shame", coder="Amina")
    study.code(at(start=turn.start, end=turn.start + 12), "Family", coder="Amina")
    done = study.code(at(words="kept me quiet"), "wait", coder="Amina")
    assert done.act.kind == "code"
    assert [pair for pair in own(study) if pair not in before] == [
        ("It was shame", "family"),
        ("It was shame that kept me quiet, I was ashamed in front of everybody.", "shame"),
        ("kept me quiet", "wait"),
    ]
    assert {c.basis for c in study.codings() if c.code == "family"} >= {"person"}


def test_coding_twice_changes_nothing(study):
    study.code(at(turn=6), "shame", coder="Amina")
    before = study.history()
    again = study.code(at(turn=6), "shame", coder="Amina")
    assert again.act is None
    assert again.result.before is not None
    assert study.history() == before


def test_every_change_of_a_coding_is_undone_exactly(study):
    study.code(at(turn=6), "shame", coder="Amina", options=HandOptions(memo="sure?"))
    for change in (
        lambda: study.uncode(at(turn=6), "shame", coder="Amina"),
        lambda: study.respan(at(turn=6), "shame", at(words="It was shame"), coder="Amina"),
        lambda: study.recode(at(words="kept me quiet"), "shame", "family", coder="Amina"),
        lambda: study.note_coding(
            at(turn=6), "shame", coder="Amina", options=HandOptions(memo="x")
        ),
        lambda: study.note_span(at(turn=2), coder="Amina", options=HandOptions(memo="y")),
    ):
        before = study.content_digest()
        change()
        assert study.content_digest() != before
        study.undo(coder="Amina")
        assert study.content_digest() == before


def test_a_coding_moves_and_keeps_its_memo(study):
    study.code(at(turn=6), "shame", coder="Amina", options=HandOptions(memo="sure?"))
    study.respan(at(turn=6), "shame", at(words="It was shame"), coder="Amina")
    study.recode(at(words="It was shame"), "shame", "family", coder="Amina")
    (coding,) = [c for c in study.codings() if c.memo == "sure?"]
    assert (coding.code, len(coding.span)) == ("family", 12)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda p: p.code(at(turn=99), "shame", coder="Amina"), InputError, "turns are 1 to 12"),
        (lambda p: p.code(at(turn=0), "shame", coder="Amina"), InputError, "No turn 0"),
        (lambda p: p.code(at(), "shame", coder="Amina"), InputError, "No place is given"),
        (lambda p: p.code(at(start=3), "shame", coder="Amina"), InputError, "both start and end"),
        (lambda p: p.code(at(words="the"), "shame", coder="Amina"), InputError, "stands in"),
        (lambda p: p.code(at(words="sat waitng for the assessment"), "shame", coder="Amina"),
         InputError, "Nearest: '"),
        (lambda p: p.code(at(turn=2), "shmae", coder="Amina"), NotFound, "shame"),
        (lambda p: p.code(at(turn=2), "shame", coder="amina"), InputError, "but 'Amina'"),
        (lambda p: p.code(at(turn=2), "shame", coder=" "), InputError, "Nobody is named"),
        (lambda p: p.uncode(at(turn=2), "shame", coder="Amnia"), NotFound, "Did you mean 'Amina'"),
        (lambda p: p.uncode(at(turn=4), "shame", coder="Amina"), NotFound, "has not coded 'shame'"),
        (lambda p: p.code(Place(transcript="t9", turn=1), "shame", coder="Amina"), NotFound, "t9"),
        (lambda p: p.respan(at(turn=2), "wait", Place(transcript="t1_ann", turn=1), coder="Amina"),
         InputError, "stays in its transcript"),
    ],
)  # fmt: skip
def test_what_cannot_be_coded_is_one_line_and_changes_nothing(study, call, kind, words):
    before = study.content_digest()
    with pytest.raises(kind, match=words) as raised:
        call(study)
    assert isinstance(raised.value, AutocodeError)
    assert "\n" not in str(raised.value)
    assert study.content_digest() == before


def test_recoding_into_what_is_there_is_refused(study):
    study.code(at(turn=6), "shame", coder="Amina")
    study.code(at(turn=6), "family", coder="Amina")
    with pytest.raises(InputError, match="already"):
        study.recode(at(turn=6), "shame", "family", coder="Amina")


def test_memos_on_coding_words_code_transcript_and_study_are_listed(study):
    study.code(at(turn=6), "shame", coder="Amina")
    for place, code in (
        (at(turn=6), "shame"),
        (at(words="kept me quiet"), None),
        (Place(transcript=""), "shame"),
        (at(), None),
        (Place(transcript=""), None),
    ):
        note(study, place, code, "Amina", HandOptions(memo="A thought."))
    views = list_memos(study).memos
    assert sorted(view.about for view in views) == ["code", "coding", "span", "study", "transcript"]
    assert {view.text for view in views} == {"A thought."}
    assert next(v for v in views if v.about == "span").position == "Bob, turn 6"
