"""Families of codes in a study: acts that can be undone, joined, and that suggestions heed."""

from __future__ import annotations

import pytest

from autocode.core.code_family import CodeFamily
from autocode.core.coding import Coding
from autocode.core.errors import InputError, JoinBlocked, NotFound
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.removing import RemovalTarget

GUIDE = CodeFamily("structural")


def edit(project, **options):
    return project.edit_codebook(coder="Kim", **options)


def family_of(project, code):
    return project.codebook().by_id[code].family


def test_marking_codes_is_an_act_that_is_tried_undone_and_done_again(project):
    before = project.content_digest()
    edit(project, dry_run=True).assign_family(["Waiting", "family"], GUIDE)
    assert project.content_digest() == before
    change = edit(project).assign_family(["Waiting", "family"], GUIDE)
    assert change.codes == ("wait", "family")
    assert [c.id for c in project.codebook().families[GUIDE]] == ["wait", "family"]
    assert project.codebook().by_id["wait"].revision == 1  # its meaning is what it was
    project.undo(coder="Kim")
    assert project.content_digest() == before
    project.redo(coder="Kim")
    assert family_of(project, "wait") == GUIDE
    edit(project).assign_family(["wait", "family"], None)
    assert not project.codebook().families


def test_saying_what_is_so_already_is_no_act(project):
    edit(project).assign_family(["wait"], GUIDE)
    assert edit(project).assign_family(["wait"], GUIDE).act is None


def test_switching_is_an_act_by_transcript(project):
    edit(project).assign_family(["wait"], GUIDE)
    before = project.content_digest()
    edit(project).switch_family(None, ["t3_cath", "t4_dev"], on=True)
    edit(project).switch_family(GUIDE, ["t4_dev"], on=False)
    assert project.family_switches() == {(GUIDE, "t3_cath"): True, (GUIDE, "t4_dev"): False}
    edit(project).switch_family(GUIDE, ["t3_cath", "t4_dev"], on=None)
    assert project.content_digest() == before
    for _ in range(2):
        project.undo(coder="Kim")
    assert project.family_switches()[GUIDE, "t4_dev"] is True


def test_what_cannot_be_meant_is_named(project):
    with pytest.raises(NotFound, match="code 'wat'"):
        edit(project).assign_family(["wat"], GUIDE)
    with pytest.raises(InputError, match="No code is in a family"):
        edit(project).switch_family(None, ["t1_ann"], on=True)
    edit(project).assign_family(["wait"], CodeFamily("wave", "1"))
    edit(project).assign_family(["shame"], CodeFamily("wave", "2"))
    with pytest.raises(InputError, match="several families"):
        edit(project).switch_family(None, ["t1_ann"], on=True)
    with pytest.raises(NotFound, match="No family of codes 'wave'"):
        edit(project).switch_family(CodeFamily("wave"), ["t1_ann"], on=True)
    with pytest.raises(NotFound, match="transcript 't9'"):
        edit(project).switch_family(CodeFamily("wave", "1"), ["t9"], on=True)
    assert not project.family_switches()


def test_suggestions_decide_no_code_that_is_off_and_say_so(project):
    likely = {s.transcript for s in project.suggest(HashEncoder()) if s.code == "wait" and s.likely}
    assert likely
    edit(project).assign_family(["wait"], CodeFamily("retired"))
    made = [s for s in project.suggest(HashEncoder()) if s.code == "wait"]
    assert made
    assert not any(s.likely or s.auto_acceptable for s in made)
    run = project.last_run("suggest")
    assert run is not None
    (remark,) = [r for r in run.parameters["remarks"] if "retired" in r]
    assert "1 code of the family 'retired'" in remark
    edit(project).switch_family(None, [min(likely)], on=True)
    again = [s for s in project.suggest(HashEncoder()) if s.code == "wait" and s.likely]
    assert {s.transcript for s in again} == {min(likely)}
    assert any("retired" in r for r in project.what_next(HashEncoder()).remarks)


def test_the_transcripts_coded_last_are_told_by_when_they_were_coded(project):
    edit(project).assign_family(["shame"], GUIDE)

    def state(name):
        (view,) = project.code_families().families
        return next((s.is_on, s.basis) for s in view.states if s.transcript == name)

    assert state("t1_ann") == (True, "used here")
    assert state("t4_dev") == (False, "not lately")  # t2_bob is coded without it
    span = project.segments("t2_bob", role="participant")[0].span
    late = Coding(
        transcript="t2_bob", span=span, code="shame", coder="Amina", made_at="2100-01-01T00:00:00"
    )
    project.add_codings([late])
    assert state("t4_dev") == (True, "used lately")


def test_families_come_back_from_an_exported_codebook(project, empty, tmp_path):
    edit(project).assign_family(["wait"], CodeFamily("structural", "guide B"))
    project.export(tmp_path / "out")
    report = empty.import_paths([tmp_path / "out" / "codebook.csv"])
    assert not report.refused
    assert family_of(empty, "wait") == CodeFamily("structural", "guide B")
    assert family_of(empty, "shame") is None


def test_a_codebook_that_says_nothing_of_families_leaves_them(project, tmp_path):
    edit(project).assign_family(["wait"], GUIDE)
    path = tmp_path / "codebook.csv"
    path.write_text("code,name,definition,family\nwait,Waiting,Being kept waiting,Barriers\n")
    report = project.import_paths([path])
    assert family_of(project, "wait") == GUIDE
    notes = str(report.to_dict())
    assert "families not read: 'Barriers'" in notes


def test_merging_and_removing_leave_nothing_behind(project):
    edit(project).assign_family(["wait", "shame"], GUIDE)
    edit(project).switch_family(GUIDE, ["t1_ann"], on=False)
    edit(project).merge("shame", "wait")
    assert [c.id for c in project.codebook().families[GUIDE]] == ["wait"]
    project.remove(RemovalTarget(transcript="t1_ann"), coder="Kim")
    assert not project.family_switches()


def test_a_replaced_transcript_keeps_its_switch(project, sources, tmp_path):
    edit(project).assign_family(["wait"], GUIDE)
    edit(project).switch_family(GUIDE, ["t1_ann"], on=False)
    talk = (sources / "t1_ann.txt").read_text(encoding="utf-8")
    path = tmp_path / "t1_ann.txt"
    path.write_text(talk.replace("nine months", "ten months"), encoding="utf-8")
    project.replace_transcript("t1_ann", path, coder="Kim")
    assert "ten months" in project.transcript("t1_ann").text
    assert project.family_switches() == {(GUIDE, "t1_ann"): False}


def test_shared_files_carry_families_and_joining_asks_where_they_differ(project, tmp_path):
    edit(project).assign_family(["wait"], GUIDE)
    edit(project).switch_family(GUIDE, ["t1_ann"], on=False)
    project.share(tmp_path / "blind.autocode", coder="Lou", blind=True)
    with Project.open(tmp_path / "blind.autocode") as lou:
        assert family_of(lou, "wait") == GUIDE
        assert not lou.family_switches()  # made by others, who may have coded there
    project.share(tmp_path / "lou.autocode", coder="Lou")
    with Project.open(tmp_path / "lou.autocode") as lou:
        assert family_of(lou, "wait") == GUIDE
        assert lou.family_switches() == {(GUIDE, "t1_ann"): False}
        lou.edit_codebook(coder="Lou").switch_family(GUIDE, ["t2_bob"], on=True)
        lou.edit_codebook(coder="Lou").assign_family(["shame"], CodeFamily("retired"))
    project.join([tmp_path / "lou.autocode"], coder="Kim")
    assert project.family_switches() == {(GUIDE, "t1_ann"): False, (GUIDE, "t2_bob"): True}
    assert family_of(project, "shame") == CodeFamily("retired")
    with Project.open(tmp_path / "lou.autocode") as lou:
        lou.edit_codebook(coder="Lou").switch_family(GUIDE, ["t1_ann"], on=True)
    with pytest.raises(JoinBlocked):
        project.join([tmp_path / "lou.autocode"], coder="Kim")


QUESTIONS = (
    "Which kinds of data does your team collect?",
    "Who labels the training examples and checks them?",
    "Where are the finished models deployed?",
)
ANSWERS = ("Pictures, mostly.", "Students do, two for each.", "On a server in the cellar.")


@pytest.fixture
def guided(empty, tmp_path):
    """Two interviews by one guide, of which the codebook has the questions; nothing is coded."""
    for number, words in enumerate(QUESTIONS, start=1):
        edit(empty).add(f"Q{number}", key=f"q{number}", definition=words)
    edit(empty).add("Garden", definition="Beans and onions")
    edit(empty).assign_family(["q1", "q2", "q3"], GUIDE)
    for name in ("first", "second"):
        talk = [
            line
            for question, answer in zip(QUESTIONS, ANSWERS, strict=True)
            for line in (f"Interviewer: {question}", f"Ann: {answer}")
        ]
        text = "\n".join([*talk, "Interviewer: And apart from that?", f"Ann: Nothing {name}.", ""])
        (tmp_path / f"{name}.txt").write_text(text)
    assert not empty.import_paths([tmp_path / "first.txt", tmp_path / "second.txt"]).refused
    return empty


def test_guide_codes_are_suggested_with_their_question_before_anything_is_coded(guided, tmp_path):
    made = guided.suggest(HashEncoder())
    first = {guided.transcript(s.transcript).text[s.span.start : s.span.end]: s
             for s in made if s.rank == 1}  # fmt: skip
    assert [first[answer].code for answer in ANSWERS] == ["q1", "q2", "q3"]
    evidence = first[ANSWERS[1]].evidence.guide
    assert evidence is not None
    assert evidence.describe() == "question 2 of 3 of the guide begins here"
    asked = guided.transcript("first").text[evidence.span.start : evidence.span.end]
    assert asked == QUESTIONS[1]
    stored = {(s.transcript, s.span, s.code): s.evidence.guide for s in guided.suggestions()}
    assert all(stored[s.transcript, s.span, s.code] == s.evidence.guide for s in made)
    guided.export(tmp_path / "out")
    exported = (tmp_path / "out" / "suggestions.csv").read_text(encoding="utf-8")
    assert "within question 3 of 3 of the guide" in exported


def test_codings_may_go_while_suggestions_speak_of_the_guide(guided):
    guided.suggest(HashEncoder())
    span = guided.segments("first", role="participant")[0].span
    coding = Coding(transcript="first", span=span, code="q1", coder="Kim")
    guided.add_codings([coding])
    guided.suggest(HashEncoder())
    guided.remove(RemovalTarget(coder="Kim"), coder="Lou")  # what rests on it is looked for
    assert not guided.codings()
