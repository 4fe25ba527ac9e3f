"""What two coders agree on goes into the consensus as one act, and nothing else does."""

from __future__ import annotations

import shutil

import pytest

from autocode.core.errors import InputError, NothingToDo, StudyChanged
from autocode.core.transcript import Span
from autocode.project import Project
from autocode.project.agreed import find_agreed
from autocode.project.hand_coding import Place
from autocode.project.resolving import ResolveOptions

from ..small_study import write_sources

BOTH = ResolveOptions(one="Amina", other="Jonas")
ANN = "I felt ashamed to ask for help from anybody."


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreed")
    with Project.open(folder / "s.autocode", create_new=True) as project:
        project.import_paths([write_sources(folder / "sources")])
    return folder / "s.autocode"


@pytest.fixture
def project(built, tmp_path):
    with Project.open(shutil.copy(built, tmp_path / "s.autocode")) as project:
        yield project


def taken(project):
    return {(c.transcript, c.code, c.span) for c in project.codings() if c.coder == "Consensus"}


def agreed(project, transcript="t1_ann"):
    with project.snapshot() as study:
        return find_agreed(study, transcript, "Amina", "Jonas")


def test_all_that_both_gave_is_taken_and_one_undo_takes_it_back(project):
    both = {(p.code, p.spans) for p in agreed(project).places}
    assert {code for code, _ in both} == {"wait", "shame"}
    done = project.take_agreed("t1_ann", coder="Lead", options=BOTH, n_expected=2)
    assert taken(project) == {("t1_ann", code, spans[0]) for code, spans in both}
    assert {r.outcome for r in project.resolutions()} == {"both"}
    # Six segments, in one of which only Amina coded: the consensus has read the five others.
    assert done.result.n_units == 5
    assert project.agree(["Amina", "Consensus"]).n_units == 5
    assert agreed(project).places == ()
    project.undo(coder="Lead")
    assert taken(project) == set()
    assert project.resolutions() == []
    assert "Consensus" not in {coder.name for coder in project.coders()}


def test_what_they_differ_on_stays_open(project):
    text = project.transcript("t1_ann").text
    start = text.index(ANN)
    longer = Place(transcript="t1_ann", start=text.index("My sister"), end=start + len(ANN))
    project.uncode(Place(transcript="t1_ann", words=ANN), "shame", coder="Jonas")
    project.code(longer, "shame", coder="Jonas")  # touches words on which they agree
    assert {place.code for place in agreed(project).places} == {"wait"}


def test_both_spans_are_taken_where_only_the_ends_differ(project):
    place = Place(transcript="t1_ann", words=ANN)
    project.uncode(place, "shame", coder="Jonas")
    project.code(Place(transcript="t1_ann", words=ANN[:-10]), "shame", coder="Jonas")
    (shame,) = [p for p in agreed(project).places if p.code == "shame"]
    assert len(shame.spans) == 2
    assert shame.span == Span(shame.spans[0].start, shame.spans[0].start + len(ANN))
    project.take_agreed("t1_ann", coder="Lead", options=BOTH)
    assert sum(code == "shame" for _, code, _ in taken(project)) == 2


def test_a_settled_place_is_not_settled_again(project):
    place = Place(transcript="t1_ann", words=ANN)
    project.resolve(place, "shame", "neither", reason="no", coder="Lead", options=BOTH)
    project.take_agreed("t1_ann", coder="Lead", options=BOTH)
    assert {code for _, code, _ in taken(project)} == {"wait"}
    assert {r.code: r.outcome for r in project.resolutions()} == {
        "shame": "neither", "wait": "both",
    }  # fmt: skip


def test_what_cannot_be_taken_is_said(project):
    with pytest.raises(StudyChanged, match="on 2 places by now, not 3"):
        project.take_agreed("t1_ann", coder="Lead", options=BOTH, n_expected=3)
    with pytest.raises(NothingToDo):
        project.take_agreed("t3_cath", coder="Lead", options=BOTH)
    with pytest.raises(InputError):
        project.take_agreed("t1_ann", coder="Lead", options=ResolveOptions(one="Amina"))
    assert taken(project) == set()


def test_trying_changes_nothing(project):
    options = ResolveOptions(one="Amina", other="Jonas", dry_run=True)
    assert len(project.take_agreed("t1_ann", coder="Lead", options=options).result.places) == 2
    assert taken(project) == set()
