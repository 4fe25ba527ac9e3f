"""A coder followed through a transcript: what each coding moves, and who is learned from."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from autocode.core.code_family import CodeFamily
from autocode.core.errors import InputError
from autocode.core.followed import Followed
from autocode.core.suggestion_scope import SuggestionScope
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import FitMemory, Tools
from autocode.pipeline.suggesting import ask
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.following import BorrowedVectors
from autocode.project.hand_coding import HandOptions, Place
from autocode.store.file import open_study
from autocode.store.fits import drop_fits, list_fits
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.text import terms

from ..small_study import write_sources


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("following")
    with Project.open(folder / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(folder / "sources")])
        project.suggest(HashEncoder())
    return folder / "s.autocode"


@pytest.fixture
def project(built, tmp_path):
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:
        yield project


def place(project, at, transcript="t3_cath"):
    answers = [s for s in project.segments(transcript) if s.role != "interviewer"]
    span = answers[at].span
    return Place(transcript=transcript, start=span.start, end=span.end)


def begin(project, coder="Amina", **options):
    return project.follow("t3_cath", coder=coder, encoder=HashEncoder(), **options)


def shares(moved, code):
    return {one.span: one.probability for one in moved if one.code == code}


@pytest.mark.slow
def test_the_ranking_is_that_of_the_suggesters_own_follow(project):
    following, scope = begin(project), SuggestionScope(coder="Amina", learn_from="all")
    for at in (2, 0, 1):  # the order in which it was coded makes no difference
        project.code(place(project, at), "wait", coder="Amina")
        moved = following.move()
    vectors = BorrowedVectors(open_study(project.path))
    study, tools = project.in_memory(), Tools(HashEncoder(), vectors)
    task = ask(study, tools, scope, include_interviewer=False).task
    rows = np.flatnonzero(task.corpus.transcripts == "t3_cath")
    follower = CodebookSuggester().fit(task.hold_out(rows)).follow(rows)
    known, column = task.history, [code.id for code in task.corpus.codes].index("wait")
    for row in rows[known.read[rows]]:
        follower.observe(int(row), known.applied[row])
    unread = np.intersect1d(rows, task.targets)
    expected = follower.rank(unread)
    ranking = following._follower._follower.rank(unread)
    assert np.array_equal(ranking.logits, expected.logits)
    assert np.array_equal(ranking.likely, expected.likely)
    spans = [task.corpus.segments[row].span for row in unread]
    probabilities = expected.probabilities[:, column]
    assert shares(moved, "wait") == {
        span: round(float(one), 4) for span, one in zip(spans, probabilities, strict=True)
    }


@pytest.mark.slow
def test_each_coding_moves_what_comes_next_and_taking_it_back_moves_it_back(project):
    fits, revision = FitMemory(), project.revision()
    following = begin(project, fits=fits)
    before = following.move()
    assert project.revision() == revision  # nothing is written
    for at in range(3):
        project.code(place(project, at), "shame", coder="Amina")
    after = following.move()
    was, now = shares(before, "shame"), shares(after, "shame")
    assert len(now) == 3
    assert all(now[span] > was[span] for span in now)
    again = begin(project, fits=fits)
    assert again.move() == after
    assert len(fits._fits) == 1
    for _ in range(3):
        project.undo(coder="Amina")
    assert following.move() == before


@pytest.mark.slow
def test_what_is_rejected_does_not_come_back_and_a_new_code_asks_for_a_fit(project):
    following = begin(project)
    first = following.move()[0]
    where = Place(transcript="t3_cath", start=first.span.start, end=first.span.end)
    shown = Followed(following.run, [first])
    options = HandOptions(followed=shown)
    project.decide_at(where, first.code, "reject", coder="Amina", options=options)
    assert (first.span, first.code) not in {(one.span, one.code) for one in following.move()}
    assert not following.is_stale
    project.code_anew(place(project, 3), "Garden", coder="Amina")
    following.move()
    assert following.is_stale


@pytest.mark.slow
@pytest.mark.parametrize("action", ["accept", "reject-all"])
def test_what_was_shown_is_kept_before_it_is_decided_on(project, action):
    project.suggest(HashEncoder(), top=1)
    stored = {(s.span, s.code) for s in project.suggestions(status="all", transcript="t3_cath")}
    following = begin(project)
    shown = next(one for one in following.move() if (one.span, one.code) not in stored)
    where = Place(transcript="t3_cath", start=shown.span.start, end=shown.span.end)
    options = HandOptions(followed=Followed(following.run, [shown]))
    if action == "accept":
        project.decide_at(where, shown.code, "accept", coder="Amina", options=options)
    else:
        project.reject_all_at(where, [shown.code], coder="Amina", options=options)
    (made,) = [one for one in project.decisions() if one.suggested == shown.code]
    kept = project.suggestion(made.suggestion)
    assert (kept.probability, kept.evidence) == (shown.probability, shown.evidence)
    assert project.last_run("follow").parameters["for"] == "Amina"
    assert project.last_run("suggest").parameters["for"] is None
    project.suggest(HashEncoder())  # made anew, what was decided on stays
    assert project.suggestion(made.suggestion).code == shown.code


@pytest.mark.slow
def test_a_blind_coder_is_followed_by_their_own_work_alone(built, tmp_path):
    studies = []
    for name in ("alone", "beside"):
        (tmp_path / name).mkdir()
        studies.append(shutil.copy(built, tmp_path / name / "s.autocode"))
        with Project.open(studies[-1]) as project:
            options = AssignOptions(blind=True, double=1.0, assistance="own")
            project.assign_passes(["Ben", "Zelda"], coder="Lead", options=options)
    with Project.open(studies[1]) as project:
        for at in range(5):
            project.code(place(project, at), "family", coder="Zelda")
            project.code(place(project, at, "t2_bob"), "family", coder="Zelda")
        project.code_anew(place(project, 1), "Dread", coder="Zelda")
    moved = []
    for study in studies:
        with Project.open(study) as project:
            project.code(place(project, 0, "t2_bob"), "wait", coder="Ben")
            following = begin(project, coder="Ben")
            project.code(place(project, 0), "shame", coder="Ben")
            moved.append((following.move(), following.is_stale, following.run.parameters))
    assert moved[0] == moved[1]
    assert moved[0][0]


def test_where_nothing_may_be_learned_from_codings_nobody_is_followed(project):
    options = AssignOptions(assistance="codebook", transcripts=["t3_cath"])
    project.assign_passes(["Amina"], coder="Lead", options=options)
    with pytest.raises(InputError, match="codebook alone"):
        begin(project)


def read_fits(project):
    with project._study.reading() as connection:
        return list_fits(connection)


@pytest.mark.slow
def test_what_a_study_keeps_is_not_fitted_again_and_changes_nothing(built, tmp_path, monkeypatch):
    anew, kept = (shutil.copy(built, tmp_path / f"{n}.autocode") for n in range(2))
    with Project.open(anew) as project:
        with project._study.keeping() as connection:
            assert drop_fits(connection)
        expected = begin(project).move()
    with Project.open(kept) as project:
        before = read_fits(project)
        for name in ("fit_word_space", "fit_char_factors", "lexical_similarity"):
            monkeypatch.setattr(terms, name, None)
        assert begin(project).move() == expected
        assert read_fits(project) == before


def likely(following, code):
    return {one.span.start for one in following.move() if one.code == code and one.likely}


@pytest.mark.slow
def test_a_family_comes_back_with_the_first_of_its_codes_and_goes_with_a_switch(project):
    family, editor = CodeFamily("structural"), project.edit_codebook(coder="Kim")
    plain = begin(project)
    expected = likely(plain, "shame")
    editor.assign_family(["shame"], family)
    following = begin(project)
    assert expected
    assert not likely(following, "shame"), "not in use in the transcripts coded last"
    editor.switch_family(family, ["t3_cath"], on=True)
    assert likely(following, "shame") == expected, "without another fit"
    editor.switch_family(family, ["t3_cath"], on=None)
    assert not likely(following, "shame")
    project.code(place(project, 0), "shame", coder="Amina")
    found = likely(following, "shame")
    assert found
    editor.switch_family(family, ["t3_cath"], on=False)
    assert not likely(following, "shame")
    editor.assign_family(["shame"], None)
    assert likely(begin(project), "shame") == found, "as where it is in no family"


@pytest.mark.slow
def test_what_was_coded_before_counts_as_suggest_counts_it(project):
    project.edit_codebook(coder="Kim").assign_family(["wait"], CodeFamily("structural"))
    following = begin(project)
    assert likely(following, "wait"), "used in each of the transcripts coded last"
    project.code(place(project, 1), "family", coder="Amina")
    scope = SuggestionScope(coder="Amina", learn_from="all")
    made = project.suggest(HashEncoder(), scope=scope)
    suggested = [one for one in made if one.transcript == "t3_cath" and one.code == "wait"]
    assert suggested
    assert not any(one.likely for one in suggested)
    assert not likely(following, "wait")
