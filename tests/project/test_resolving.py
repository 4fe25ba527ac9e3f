"""A consensus is kept beside what two coders did; their agreement stays what it was."""

from __future__ import annotations

import shutil

import pytest

from autocode.agreement.reporting.methods_text import write_methods
from autocode.core.coding import Coder, Coding
from autocode.core.errors import InputError, JoinBlocked, NotFound
from autocode.core.suggestion_scope import SuggestionScope
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.history import UndoOptions
from autocode.project.removing import RemovalTarget
from autocode.project.resolution_list import count_resolutions_left
from autocode.project.resolving import ResolveOptions
from autocode.report.agreement_page import render_agreement
from autocode.report.study_page import write_report


@pytest.fixture
def differing(project):
    """Amina and Jonas coded 'wait' on words of Ann's first answer, each on their own."""
    span = project.transcript("t1_ann").turns[1].span
    own = {"Amina": span, "Jonas": Span(span.start, span.start + 12)}
    for coding in project.codings():
        assert coding.coder in own
    project.add_codings(
        [Coding(transcript="t1_ann", span=at, code="shame", coder=name) for name, at in own.items()]
    )
    return project, own


def without_resolutions(agreement):
    """An agreement as plain data, but for what was settled."""
    payload = agreement.to_dict()
    for unit in payload["disagreements"]:
        del unit["resolutions"]
    return payload


def test_undoing_what_was_settled_leaves_the_resolution_and_counts_it(differing):
    project, _ = differing
    act = project.history()[-1].number
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "both", reason="As defined", coder="Lead")
    tried = project.undo(coder="Lead", options=UndoOptions(act=act, dry_run=True))
    assert count_resolutions_left(project, tried.changes) == 1
    done = project.undo(coder="Lead", options=UndoOptions(act=act))
    assert count_resolutions_left(project, done.changes) == len(project.resolutions()) == 1
    done = project.undo(coder="Lead", options=UndoOptions(act=act + 1))
    assert count_resolutions_left(project, done.changes) == 0


@pytest.mark.parametrize(
    ("outcome", "whose"),
    [
        ("both", {"Amina", "Jonas"}),
        ("one", {"Amina"}),
        ("other", {"Jonas"}),
        ("neither", set()),
        ("stand", set()),
    ],
)
def test_an_outcome_is_the_work_of_a_consensus(differing, outcome, whose):
    project, own = differing
    place = Place(transcript="t1_ann", turn=2)
    digest, agreed = project.content_digest(), without_resolutions(project.agree())
    options = ResolveOptions(note="Ask Ann")
    done = project.resolve(
        place, "shame", outcome, reason="As defined", coder="Lead", options=options
    )
    settled = [c for c in project.codings() if c.coder == "Consensus"]
    assert {c.span for c in settled} == {own[name] for name in whose}
    assert all(c.memo == "As defined" for c in settled)
    assert any(r.coder == "Consensus" for r in project.readings()) == (outcome != "stand")
    (made,) = project.resolutions()
    assert (made.outcome, made.consensus, made.span) == (outcome, "Consensus", own["Amina"])
    assert (made.one, made.other, made.by) == ("Amina", "Jonas", "Lead")
    assert (made.reason, made.note) == ("As defined", "Ask Ann")
    assert {c.name: c.kind for c in project.coders()}["Consensus"] == "consensus"
    with pytest.raises(InputError, match="neither a person nor a machine"):
        project.set_coder(Coder("Consensus", "machine"))
    assert without_resolutions(project.agree()) == agreed  # blind agreement stays
    assert done.result.codings == tuple(settled)
    assert done.result.resolution == made
    project.undo(coder="Lead")
    assert project.content_digest() == digest
    assert project.resolutions() == []
    project.redo(coder="Lead")
    assert project.resolutions() == [made]


def test_a_resolution_stands_with_the_unit_on_which_coders_differ(project, tmp_path):
    """Only Amina coded 'family' in Ann's second answer, and both have read it."""
    (unit,) = [d for d in project.agree().disagreements if "family" in d.applied.get("Amina", ())]
    assert unit.resolutions == ()
    place = Place(transcript=unit.transcript, start=unit.unit.span.start, end=unit.unit.span.end)
    options = ResolveOptions(one="Amina", other="Jonas")
    project.resolve(place, "family", "neither", reason="A lift", coder="Lead", options=options)
    before = unit
    (unit,) = [d for d in project.agree().disagreements if d.resolutions]
    assert (unit.applied, unit.memos) == (before.applied, before.memos)
    (made,) = unit.resolutions
    words = made.describe("Family")
    assert words == "Family: not applied, against Amina or Jonas (Lead): A lift"
    agreement = project.agree()
    assert "on 1 of them they settled an outcome" in write_methods(
        agreement, project.codebook(), "1"
    )
    assert f"Settled: {words}" in render_agreement(agreement, project.codebook())
    write_report(project, tmp_path / "r.html")
    assert f"Settled: {words}" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("outcome", "learned"),
    [("one", ["Amina", "Consensus"]), ("neither", []), ("stand", ["Amina", "Jonas"])],
)
def test_suggestions_learn_from_the_outcome_in_place_of_the_readings(differing, outcome, learned):
    project, own = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", outcome, reason="So", coder="Lead")
    settled = project.in_memory().settled_codings
    there = [c for c in settled if c.code == "shame" and c.span.overlap(own["Amina"])]
    expected = ["Consensus"] if outcome == "one" else learned
    assert sorted(c.coder for c in there) == expected
    others = [c for c in project.codings() if c not in there and c.coder != "Consensus"]
    kept = [c for c in settled if c in others]
    n_replaced = 0 if outcome == "stand" else 2
    assert len(others) - len(kept) == n_replaced


def test_what_a_coder_has_coded_is_learned_from_all_the_same_for_that_coder(differing):
    """'own' learns from what Amina did, which a consensus must not change."""
    project, _ = differing
    scope = SuggestionScope(coder="Amina")
    before = project.suggest(HashEncoder(), scope=scope)
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "neither", reason="So", coder="Lead")
    after = project.suggest(HashEncoder(), scope=scope)
    assert [(s.transcript, s.span, s.code, s.score) for s in after] == [
        (s.transcript, s.span, s.code, s.score) for s in before
    ]
    all_before = project.suggest(HashEncoder())
    project.undo(coder="Lead")
    all_after = project.suggest(HashEncoder())
    assert [s.score for s in all_before] != [s.score for s in all_after]


def test_resolutions_follow_codes_coders_texts_and_joins(differing, tmp_path):
    project, _ = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "one", reason="As defined by Ann", coder="Lead")
    with Project.open(tmp_path / "other.autocode", create_new=True) as other:
        for _ in range(2):
            other.join([project.path], coder="Lead")
            assert other.content_digest() == project.content_digest()
    editor = project.edit_codebook(coder="Lead")
    editor.merge("shame", "family")
    assert [made.code for made in project.resolutions()] == ["family"]
    project.undo(coder="Lead")
    editor.delete("shame", with_codings=True)
    assert project.resolutions() == []
    project.undo(coder="Lead")
    project.remove(RemovalTarget(coder="Amina"), coder="Lead")
    (made,) = project.resolutions()
    assert (made.one, made.other, made.by) == (None, "Jonas", "Lead")
    assert made.describe("Shame").startswith("Shame: as somebody removed since has it (Lead)")
    project.undo(coder="Lead")
    assert project.resolutions()[0].one == "Amina"
    removed = project.remove(RemovalTarget(coder="Consensus"), coder="Lead")
    assert removed.rows["resolutions"] == 1
    project.undo(coder="Lead")
    project.remove(RemovalTarget(transcript="t1_ann"), coder="Lead")
    assert project.resolutions() == []


def test_resolutions_move_with_a_corrected_transcript(differing, sources):
    project, _ = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "one", reason="So", coder="Lead")
    words = project.resolutions()[0].span.of(project.transcript("t1_ann").text)
    corrected = sources / "t1_ann.txt"
    text = corrected.read_text(encoding="utf-8")
    corrected.write_text(f"Interviewer: Welcome.\nAnn: Hello.\n{text}", encoding="utf-8")
    project.replace_transcript("t1_ann", corrected, coder="Lead")
    (made,) = project.resolutions()
    assert made.span.of(project.transcript("t1_ann").text) == words


def test_studies_that_settled_otherwise_are_a_conflict(differing, tmp_path):
    project, _ = differing
    shutil.copyfile(project.path, tmp_path / "other.autocode")
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "one", reason="So", coder="Lead")
    with Project.open(tmp_path / "other.autocode") as other:
        other.resolve(place, "shame", "neither", reason="No", coder="Lead")
        with pytest.raises(JoinBlocked, match="resolution"):
            project.join([other.path], coder="Lead")


def test_nothing_of_a_resolution_is_in_a_blind_file(differing, tmp_path):
    project, _ = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "one", reason="Secretly agreed", coder="Lead")
    project.share(tmp_path / "a.autocode", coder="Amina", blind=True)
    with Project.open(tmp_path / "a.autocode") as shared:
        assert shared.resolutions() == []
    assert b"Secretly" not in (tmp_path / "a.autocode").read_bytes()


def test_the_later_outcome_counts(differing):
    project, own = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "both", reason="At first", coder="Lead")
    to = Span(own["Jonas"].start, own["Jonas"].end + 5)
    options = ResolveOptions(to=to)
    project.resolve(place, "shame", "span", reason="Too short", coder="Lead", options=options)
    assert [c.span for c in project.codings() if c.coder == "Consensus"] == [to]
    assert [(made.outcome, made.reason) for made in project.resolutions()] == [
        ("span", "Too short")
    ]


def test_what_is_not_clear_is_refused(differing):
    project, _ = differing
    place = Place(transcript="t1_ann", turn=2)
    digest = project.content_digest()
    for outcome, reason, options, says in (
        ("one", " ", ResolveOptions(), "needs a reason"),
        ("span", "So", ResolveOptions(), "needs the new start and end"),
        ("one", "So", ResolveOptions(to=Span(0, 3)), "only it does"),
        ("span", "So", ResolveOptions(to=Span(0, 3)), "shares no words with the place"),
        ("one", "So", ResolveOptions(consensus="Amina"), "is a person in this study"),
    ):
        with pytest.raises(InputError, match=says):
            project.resolve(place, "shame", outcome, reason=reason, coder="Lead", options=options)
    with pytest.raises(NotFound, match="No coder 'Nobody'"):
        project.resolve(
            place, "shame", "one", reason="So", coder="L", options=ResolveOptions(one="Nobody")
        )
    far = Place(transcript="t1_ann", turn=12)
    with pytest.raises(InputError, match="0 coders worked at this place"):
        project.resolve(far, "shame", "one", reason="So", coder="Lead")
    assert project.content_digest() == digest


@pytest.mark.parametrize("outcome", ["one", "both", "neither", "stand"])
def test_a_code_that_neither_has_at_a_place_is_not_settled(differing, outcome):
    project, own = differing
    digest = project.content_digest()
    far = own["Amina"].start - 20, own["Amina"].start - 1
    for place, code in (
        (Place(transcript="t1_ann", turn=2), "family"),
        (Place(transcript="t1_ann", start=far[0], end=far[1]), "shame"),
    ):
        with pytest.raises(InputError, match=r"Neither Amina nor Jonas has the code .*nothing to"):
            project.resolve(
                place,
                code,
                outcome,
                reason="A slip",
                coder="Lead",
                options=ResolveOptions(one="Amina", other="Jonas"),
            )
    assert project.content_digest() == digest
