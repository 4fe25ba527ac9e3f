"""A corrected version takes a transcript's place: work moves with its words, and undo is exact."""

from __future__ import annotations

import pytest

from autocode.core.coding import Memo
from autocode.core.errors import FileRefused, NotFound, NothingToDo
from autocode.core.map_edits import add_theme, place_segments
from autocode.core.thematic_map import PlacedSegment
from autocode.encode.hashing import HashEncoder
from autocode.project.replacing import ReplaceOptions
from autocode.project.speakers import SpeakerChanges

from ..small_study import write_corpus


def words_coded(project, transcript="t1_ann"):
    """What each coder applied to which words of a transcript."""
    text = project.transcript(transcript).text
    return {
        (c.coder, c.code, c.span.of(text)) for c in project.codings() if c.transcript == transcript
    }


@pytest.fixture
def worked(suggesting):
    """Ann's transcript with a decision, a memo, a role and a case set, and a place on the map."""
    project = suggesting
    project.change_speakers(SpeakerChanges(roles={"Ann": "participant"}, cases={"Ann": "A"}))
    project.add_memo(Memo(about="transcript", subject="t1_ann", text="Tired.", coder="Amina"))
    third = project.transcript("t1_ann").turns[5].span
    project.add_memo(
        Memo(about="span", subject="t1_ann", text="Note this.", coder="Amina", span=third)
    )
    project.draft_themes(HashEncoder())
    first = next(s for s in project.suggestions() if s.transcript == "t1_ann")
    project.decide(first, "accept", coder="Kim")
    turn = project.transcript("t1_ann").turns[11]
    placed = PlacedSegment(transcript="t1_ann", span=turn.span, draft="")
    project.edit_map(lambda m: add_theme(m, "Getting in"), coder="Amina")
    project.edit_map(lambda m: place_segments(m, "M1", [placed]), coder="Amina")
    return project


@pytest.fixture
def corrected(sources):
    """Ann's transcript with slips of the typist corrected and a turn put in."""
    text = (sources / "t1_ann.txt").read_text(encoding="utf-8")
    text = text.replace("I waited nine months", "I waited nearly nine months")
    text = text.replace("Interviewer: And what about part 3?", "Ann: Yes.\nInterviewer: Part 3?")
    path = sources / "corrected.txt"
    path.write_text("Recorded in May.\n\n" + text, encoding="utf-8")
    return path


def test_work_moves_to_where_its_words_stand(worked, corrected):
    before = words_coded(worked)
    replaced = worked.replace_transcript("t1_ann", corrected, coder="Amina")
    assert "I waited nearly nine months" in worked.transcript("t1_ann").text
    old = "I waited nine months on the waiting list for an assessment."
    new = old.replace("nine", "nearly nine")
    assert words_coded(worked) == {
        (coder, code, new if words == old else words) for coder, code, words in before
    }
    assert replaced.lost == ()
    assert {(w.coder, w.code, w.words, w.now) for w in replaced.changed} >= {
        ("Amina", "Waiting", old, new),
        ("Jonas", "Waiting", old, new),
    }
    text = worked.transcript("t1_ann").text
    (decision,) = worked.decisions()
    assert decision.span.of(text).strip() == decision.span.of(text) != ""
    (theme,) = worked.thematic_map().to_dict()["themes"]
    assert theme["n_segments"] == 1
    (ann,) = [s for s in worked.transcript("t1_ann").speakers if s.name == "Ann"]
    assert (ann.role, ann.basis, ann.case) == ("participant", "set", "A")
    assert [m.subject for m in worked.memos()] == ["t1_ann", "t1_ann"]
    assert worked.memos()[1].span.of(text).startswith("I felt ashamed")
    segments = [s for s in worked.segments() if s.transcript == "t1_ann"]
    assert all(s.excerpt in text for s in segments)
    assert worked.verify_history().is_sound
    worked.suggest(HashEncoder())


def test_undo_brings_the_old_version_back(worked, corrected):
    digest, segments = worked.content_digest(), worked.segments()
    worked.replace_transcript("t1_ann", corrected, coder="Amina")
    changed = worked.content_digest()
    worked.undo(coder="Amina")
    assert worked.content_digest() == digest
    assert worked.segments() == segments
    worked.redo(coder="Amina")
    assert worked.content_digest() == changed


def test_work_on_words_that_are_gone_is_listed_and_dropped_only_when_asked(worked, sources):
    text = (sources / "t1_ann.txt").read_text(encoding="utf-8")
    shorter = sources / "shorter.txt"
    shorter.write_text(text.replace("I felt ashamed to ask for help from anybody.", "[cut]"))
    digest = worked.content_digest()
    with pytest.raises(FileRefused, match="add drop_lost=True;") as refused:
        worked.replace_transcript("t1_ann", shorter, coder="Amina")
    assert 'coding, Jonas, Shame: "I felt ashamed to ask' in "\n".join(refused.value.details)
    assert worked.content_digest() == digest
    tried = worked.replace_transcript(
        "t1_ann", shorter, coder="Amina", options=ReplaceOptions(dry_run=True)
    )
    assert worked.content_digest() == digest
    done = worked.replace_transcript(
        "t1_ann", shorter, coder="Amina", options=ReplaceOptions(drop_lost=True)
    )
    assert done.lost == tried.lost
    assert {(w.coder, w.code) for w in done.lost if w.kind == "coding"} == {
        ("Amina", "Shame"),
        ("Jonas", "Shame"),
    }
    worked.undo(coder="Amina")
    assert worked.content_digest() == digest


def test_a_passage_that_moved_is_found_where_it_is_now(project, sources):
    lines = (sources / "t1_ann.txt").read_text(encoding="utf-8").splitlines()
    moved = sources / "moved.txt"
    moved.write_text("\n".join([*lines[6:], *lines[:6], ""]), encoding="utf-8")
    before = words_coded(project)
    project.replace_transcript("t1_ann", moved, coder="Amina")
    assert words_coded(project) == before


def test_what_is_no_version_of_the_transcript_is_refused(project, sources):
    other = sources / "other.txt"
    other.write_text("Interviewer: Where do you live?\nZoe: By the sea, mostly.\n")
    with pytest.raises(FileRefused, match="no words in common with 't1_ann'"):
        project.replace_transcript("t1_ann", other, coder="Amina")
    with pytest.raises(FileRefused, match="is in the study already, as 't2_bob'"):
        project.replace_transcript("t1_ann", sources / "t2_bob.txt", coder="Amina")
    with pytest.raises(NothingToDo, match="has already"):
        project.replace_transcript("t1_ann", sources / "t1_ann.txt", coder="Amina")
    with pytest.raises(NotFound, match="t1_ann"):
        project.replace_transcript("t1_an", sources / "t1_ann.txt", coder="Amina")


@pytest.fixture
def corpus(empty, tmp_path):
    """A study whose segments came with a corpus folder."""
    empty.import_paths([write_corpus(tmp_path / "corpus")])
    return empty


def version(tmp_path, text):
    path = tmp_path / "d1_corrected.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_segments_that_came_with_a_corpus_move_with_their_words(corpus, tmp_path):
    digest, before = corpus.content_digest(), words_coded(corpus, "d1")
    text = corpus.transcript("d1").text
    assert "It was cold in the hall." in text
    path = version(
        tmp_path,
        "Interviewer: What was it like?\nPatricia: It was very cold in the hall.\n"
        "Patricia: And nobody said a word.\nInterviewer: Nobody?\n",
    )
    replaced = corpus.replace_transcript("d1", path, coder="Kim")
    segments = [s for s in corpus.segments() if s.transcript == "d1"]
    assert [(s.name, s.excerpt, s.given, s.speaker) for s in segments] == [
        ("s1", "What was it like?", True, "Interviewer"),
        ("s2", "It was very cold in the hall.", True, "Patricia"),
        ("s3", "And nobody said a word.", True, "Patricia"),
    ]
    assert (replaced.lost, replaced.n_turns_uncut) == ((), 1)
    assert ("segment", "s2") in {(w.kind, w.name) for w in replaced.changed}
    cold = ("It was cold in the hall.", "It was very cold in the hall.")
    assert words_coded(corpus, "d1") == {
        (coder, code, words.replace(*cold)) for coder, code, words in before
    }
    corpus.undo(coder="Kim")
    assert corpus.content_digest() == digest


def test_segments_of_a_corpus_whose_words_are_gone_are_listed(corpus, tmp_path):
    path = version(tmp_path, "Interviewer: What was it like?\nPat: It was cold in the hall.\n")
    digest = corpus.content_digest()
    with pytest.raises(FileRefused, match="add drop_lost=True;") as refused:
        corpus.replace_transcript("d1", path, coder="Kim")
    assert 'segment, s3: "And nobody said a word."' in refused.value.details
    assert corpus.content_digest() == digest
    options = ReplaceOptions(drop_lost=True)
    replaced = corpus.replace_transcript("d1", path, coder="Kim", options=options)
    assert {(w.kind, w.name) for w in replaced.lost} == {("segment", "s3"), ("reading", None)}
    assert [s.name for s in corpus.segments() if s.transcript == "d1"] == ["s1", "s2"]
    assert [s.name for s in corpus.segments() if s.transcript == "d2"] == ["s4", "s5"]
