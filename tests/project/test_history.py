"""Undo and redo through `Project`: exact, itself an act, and never leaving anything dangling."""

from __future__ import annotations

import ast
import contextlib
import sqlite3
from pathlib import Path
from typing import get_args

import pytest

import autocode
from autocode import HashEncoder, UndoOptions
from autocode.core.acts import ACT_KINDS
from autocode.core.code_change import CodeAction
from autocode.core.coding import Coding, Memo, ThemeDecision
from autocode.core.errors import InputError, NotFound, NothingToDo, StudyError, UndoBlocked
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.history import HistoryFilter
from autocode.project.speakers import SpeakerChanges

from ..small_study import write_sources


@pytest.fixture
def study(tmp_path):
    """A study with the acts: 2 codebook, 3 cases (or so), transcripts, codings."""
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        sources = write_sources(tmp_path / "sources")
        for name in ("codebook.csv", "t1_ann.txt", "t2_bob.txt", "codings.csv"):
            project.import_paths([sources / name])
        yield project


def coded(project, code="shame", coder="Amina", at=0, transcript="t1_ann"):
    turn = project.transcript(transcript).turns[at]
    return project.add_codings(
        [Coding(transcript=transcript, span=turn.span, code=code, coder=coder)]
    )


def undo(project, act=None, coder="Amina", **more):
    return project.undo(coder=coder, options=UndoOptions(act=act, **more))


def numbers(acts):
    return [act.number for act in acts]


def test_each_import_and_coding_is_an_act_with_its_coder(study):
    coded(study)
    acts = study.history()
    assert [act.kind for act in acts] == ["begin", *["import"] * 4, "code"]
    assert acts[-1].coder == "Amina"
    assert [act.summary for act in acts[1:3]] == ["codebook.csv imported", "t1_ann.txt imported"]
    assert study.verify_history().is_sound


def test_history_can_be_asked_for_by_coder_and_from_an_act_or_time_on(study):
    coded(study)
    assert numbers(study.history(HistoryFilter(coder="Amina"))) == [6]
    assert study.history(HistoryFilter(coder="Jonas")) == []
    assert numbers(study.history(HistoryFilter(since=5))) == [5, 6]
    assert study.history(HistoryFilter(since="2999-01-01")) == []
    assert numbers(study.history(HistoryFilter(limit=2))) == [5, 6]
    with pytest.raises(NotFound, match="Did you mean 'Amina'"):
        study.history(HistoryFilter(coder="Amnia"))


def test_a_kind_of_act_that_is_none_is_refused_and_one_that_is_not_there_yet_is_not(study):
    there = ", ".join(sorted(study.act_kinds()))
    with pytest.raises(NotFound, match=f"kind 'typo'.* in this study: {there}"):
        study.history(HistoryFilter(kind="typo"))
    assert study.history(HistoryFilter(kind="erase")) == []


def test_every_kind_that_the_source_names_is_known():
    sources = [path.read_text("utf-8") for path in Path(autocode.__file__).parent.rglob("*.py")]
    calls = [
        node
        for source in sources
        if "NewAct(" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
    ]
    kinds = {
        word.value.value
        for call in calls
        if getattr(call.func, "id", "") == "NewAct"
        for word in call.keywords
        if word.arg == "kind" and isinstance(word.value, ast.Constant)
    }
    assert len(kinds) > 20
    assert kinds | {f"{action}-code" for action in get_args(CodeAction)} <= ACT_KINDS


def test_undo_takes_back_the_coders_last_act_and_redo_has_it_again(study):
    before, digest = study.codings(), study.content_digest()
    coded(study)
    coded(study, coder="Jonas")
    done = undo(study)
    assert numbers(done.result) == [6]
    assert (done.act.number, done.act.kind, done.act.undoes) == (8, "undo", (6,))
    assert [c for c in study.codings() if c.coder != "Jonas"] == [
        c for c in before if c.coder != "Jonas"
    ]
    assert study.history()[5].undone_by == 8
    undo(study, coder="Jonas")
    assert study.content_digest() == digest
    assert numbers(study.redo(coder="Amina").result) == [8]
    assert study.history()[5].undone_by is None
    assert {c.code for c in study.codings() if c not in before} == {"shame"}
    with pytest.raises(NothingToDo, match="Amina has no act to redo"):
        study.redo(coder="Amina")
    undo(study)
    assert study.content_digest() == digest
    assert study.verify_history().is_sound


def test_a_redo_names_what_comes_back(study):
    study.code(Place(transcript="t2_bob", turn=2), "family", coder="Amina")
    undo(study)
    study.redo(coder="Amina")
    assert [act.summary for act in study.history()[-3:]] == [
        "coded Family in t2_bob",
        "undone: act 6 (coded Family in t2_bob, by Amina)",
        "redone: act 6 (coded Family in t2_bob, by Amina)",
    ]


@pytest.mark.parametrize("typed", ["SHAME", "shame", " Shame "])
def test_the_history_has_the_name_of_a_code_however_it_was_typed(study, typed):
    study.code(Place(transcript="t2_bob", turn=2), typed, coder="Amina")
    assert study.history()[-1].summary == "coded Shame in t2_bob"


def test_undo_of_an_import_names_what_rests_on_it_and_offers_to_undo_both(study):
    coded(study, code="family")
    before = study.content_digest()
    with pytest.raises(UndoBlocked) as refused:
        undo(study, act=2)
    words = str(refused.value)
    assert "act 2 (codebook.csv imported) cannot be undone alone" in words
    assert "act 5 (codings.csv imported)" in words
    assert words.endswith("To undo all of them, add with_later=True.")
    assert refused.value.on_command_line.endswith("To undo all of them, add --with-later.")
    assert refused.value.acts == (5, 6)
    assert study.content_digest() == before
    done = undo(study, act=2, with_later=True)
    assert numbers(done.result) == [6, 5, 2]
    assert len(study.codebook()) == 0
    assert study.codings() == []
    assert study.coders() == []
    study.redo(coder="Amina")
    assert study.content_digest() == before


def test_undoing_everything_gives_the_study_of_the_beginning(study, tmp_path):
    with Project.open(tmp_path / "empty.autocode", create_new=True) as empty:
        beginning = empty.content_digest()
    coded(study)
    study.change_speakers(SpeakerChanges(merges={"Ann": "Interviewer"}, names={"Bob": "Robert"}))
    study.add_memo(Memo(about="code", subject="shame", text="Perhaps two codes.", coder="Eve"))
    full = study.content_digest()
    for act in reversed(study.history()[1:]):
        undo(study, act=act.number)
    assert study.content_digest() == beginning
    assert not any(n for name, n in study.counts().items())
    for act in reversed(study.history()):
        if act.kind == "undo":
            study.redo(coder="Amina", options=UndoOptions(act=act.number))
    assert study.content_digest() == full
    assert study.verify_history().is_sound


def test_a_transcript_that_comes_back_is_segmented_as_it_was(study):
    segments = study.segments()
    undo(study, act=3, with_later=True)
    assert {s.transcript for s in study.segments()} == {"t2_bob"}
    study.redo(coder="Amina")
    assert study.segments() == segments


def test_segments_follow_when_merged_speakers_are_taken_apart_again(study):
    before = study.segments()
    study.change_speakers(SpeakerChanges(merges={"Ann": "Interviewer"}), transcript="t1_ann")
    assert study.segments() != before
    undo(study, act=study.history()[-1].number)
    assert study.segments() == before


def test_suggestions_go_with_the_transcript_they_are_for(study, tmp_path):
    study.import_paths([tmp_path / "sources" / "t3_cath.txt"])
    study.suggest(HashEncoder())
    study.draft_themes(HashEncoder())
    assert {s.transcript for s in study.suggestions()} > {"t3_cath"}
    undo(study, act=6)
    assert "t3_cath" not in {s.transcript for s in study.suggestions(status="all")}
    assert study.themes() is None


def test_a_decision_that_is_undone_leaves_its_suggestion_open(study):
    study.suggest(HashEncoder())
    before, digest = study.suggestions(), study.content_digest()
    study.decide(before[0], "accept", coder="Kim")
    assert before[0] not in study.suggestions()
    undo(study, coder="Kim")
    assert study.suggestions() == before
    assert study.content_digest() == digest
    study.suggest(HashEncoder())
    study.redo(coder="Kim")
    (decision,) = study.decisions()
    assert (decision.transcript, decision.span) == (before[0].transcript, before[0].span)


@pytest.mark.parametrize("action", ["drop", "merge", "split", "code"])
def test_a_decision_on_themes_is_undone_with_the_draft_it_changed(study, action):
    study.draft_themes(HashEncoder())
    before, digest = study.themes(), study.content_digest()
    keys = [theme.key for theme in before.themes]
    if action == "split":
        # A merged theme has the two as its parts, which the small draft's own themes lack.
        merged = ThemeDecision(action="merge", themes=tuple(keys[:2]), coder="Kim")
        study.decide_theme(merged)
        before, digest = study.themes(), study.content_digest()
    themes = tuple(keys[: 2 if action == "merge" else 1])
    study.decide_theme(ThemeDecision(action=action, themes=themes, coder="Kim", name="New name"))
    after = study.themes()
    undo(study, coder="Kim")
    assert study.themes() == before
    assert study.content_digest() == digest
    study.redo(coder="Kim")
    assert study.themes() == after


def test_a_decision_on_a_draft_that_was_replaced_is_undone_without_the_draft(study):
    study.draft_themes(HashEncoder())
    study.decide_theme(ThemeDecision(action="drop", themes=("T01",), coder="Kim"))
    again = study.draft_themes(HashEncoder())
    undo(study, coder="Kim")
    assert study.theme_decisions() == []
    assert study.themes() == again


def test_a_dry_run_changes_nothing_and_says_what_would_be(study):
    before = study.history()
    done = undo(study, act=5, dry_run=True)
    assert done.act is None
    assert numbers(done.result) == [5]
    assert {change.table for change in done.changes} >= {"codings", "coders"}
    assert study.history() == before


def test_a_repeated_request_is_one_act(study):
    coded(study)
    first = undo(study, key="u1", act=6)
    again = study.undo(coder="Amina", options=UndoOptions(key="u1", act=6))
    assert again.repeated
    assert again.act.number == first.act.number


def test_a_coder_whom_others_need_stays_until_the_last_of_the_work_goes(study):
    beginning = study.content_digest()
    coded(study, coder="Eve", code="family")
    coded(study, coder="Eve", code="shame")
    undo(study, act=6)
    assert "Eve" in {c.name for c in study.coders()}
    undo(study, act=7)
    assert study.content_digest() == beginning
    study.redo(coder="Amina", options=UndoOptions(act=8))
    assert [c.code for c in study.codings() if c.coder == "Eve"] == ["family"]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda p: undo(p, act=99), NotFound, "No act 99 in this study; its acts are 1 to 5"),
        (lambda p: undo(p, act=1), StudyError, "nothing to undo in act 1"),
        (lambda p: undo(p), NothingToDo, "Amina has no act to undo"),
        (lambda p: undo(p, act=5, coder="Amnia"), NotFound, "Did you mean 'Amina'"),
        (lambda p: undo(p, act=5, coder=" "), InputError, "Nobody is named"),
        (lambda p: (undo(p, act=5), undo(p, act=5)), StudyError, "undone already, by act 6"),
        (
            lambda p: p.redo(coder="Amina", options=UndoOptions(act=5)),
            InputError,
            "Act 5 is no undo",
        ),
    ],
    ids=["absent", "begin", "none", "coder", "nobody", "twice", "redo"],
)
def test_what_cannot_be_undone_is_one_line_and_changes_nothing(study, call, kind, words):
    if "already" not in words:
        before = study.content_digest()
    with pytest.raises(kind, match=words):
        call(study)
    if "already" not in words:
        assert study.content_digest() == before


def test_a_row_changed_outside_the_history_is_not_written_over(study):
    coded(study)
    with contextlib.closing(sqlite3.connect(study.path)) as connection, connection:
        connection.execute("UPDATE codings SET memo = 'other' WHERE id = 8")
    with pytest.raises(StudyError, match="not as the history left it"):
        undo(study)


def test_content_digest_is_of_names_not_of_numbers(tmp_path):
    digests = set()
    for order in (("t1_ann", "t2_bob"), ("t2_bob", "t1_ann")):
        folder = tmp_path / order[0]
        sources = write_sources(folder)
        with Project.open(folder / "s.autocode", create_new=True) as project:
            project.import_paths([sources / "codebook.csv"])
            for name in order:
                project.import_paths([sources / f"{name}.txt"])
            turn = project.transcript("t1_ann").turns[0]
            coding = Coding(
                transcript="t1_ann", span=turn.span, code="shame", coder="Eve", made_at="2024"
            )
            project.add_codings([coding])
            digests.add(project.content_digest())
    assert len(digests) == 1
