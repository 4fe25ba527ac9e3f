"""The file that a coder takes away: blind, nothing of others is in it, and it joins back."""

from __future__ import annotations

import shutil

import pytest

from autocode.core.coding import Coding, Memo
from autocode.core.errors import InputError, JoinBlocked, StudyError
from autocode.encode.hashing import HashEncoder
from autocode.page.coder import choose_coder
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import HandOptions, Place
from autocode.project.pass_states import PassOptions
from autocode.project.resolving import ResolveOptions

from ..small_study import TALK


def test_a_blind_file_holds_nobody_elses_work_and_joins_back(suggesting, tmp_path):
    suggesting.add_memo(Memo(about="study", subject="", text="Irony everywhere", coder="Amina"))
    out = tmp_path / "lou.autocode"
    shared = suggesting.share(out, coder="Lou", blind=True)
    assert shared.rows["transcripts"] == 4
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("lou.autocode*"))
    for words in (b"Amina", b"Jonas", b"Irony", b"codings.csv"):
        assert words not in raw
    with Project.open(out) as study:
        assert not study.codings()
        assert not study.memos()
        assert not study.suggestions()
        assert len(study.segments()) == len(suggesting.segments())
        span = study.transcripts()[0].turns[1].span
        name = study.transcripts()[0].name
        study.add_codings([Coding(transcript=name, span=span, code="shame", coder="Lou")])
    before = suggesting.content_digest()
    done = suggesting.join([out], coder="Lead")
    assert done.result.added == {"coders": 1, "codings": 1}
    assert not done.result.changed
    suggesting.undo(coder="Lead")
    assert suggesting.content_digest() == before


def test_a_shared_file_is_the_study_and_own_work_stays_in_a_blind_one(project, tmp_path):
    project.share(tmp_path / "all.autocode", coder="Lou")
    with Project.open(tmp_path / "all.autocode") as study:
        assert study.content_digest() == project.content_digest()
    project.share(tmp_path / "jonas.autocode", coder="Jonas", blind=True)
    with Project.open(tmp_path / "jonas.autocode") as study:
        own = [coding for coding in project.codings() if coding.coder == "Jonas"]
        assert study.codings() == own
    with pytest.raises(StudyError, match="exists already"):
        project.share(tmp_path / "jonas.autocode", coder="Jonas")


def test_the_coder_of_a_file_codes_in_it_at_once_though_the_name_is_like_a_known_one(
    project, tmp_path
):
    place = Place(transcript=project.transcripts()[0].name, turn=2)
    project.share(tmp_path / "amin.autocode", coder="Amin")
    with Project.open(tmp_path / "amin.autocode") as study:
        with pytest.raises(InputError, match="but 'Amin'"):
            study.code(place, "shame", coder="Amiin")
        assert choose_coder(study, None) == choose_coder(study, "Amin") == "Amin"
        study.code(place, "shame", coder="Amin")
    with pytest.raises(InputError, match="but 'Amina'"):
        project.code(place, "shame", coder="Amin")


BOB = Place(transcript="t2_bob", turn=4)


def bytes_of(path):
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(f"{path.name}*")))


@pytest.fixture(scope="module")
def gone_on(_masters, tmp_path_factory):
    path = shutil.copy(_masters / "suggested.autocode", tmp_path_factory.mktemp("gone_on"))
    with Project.open(path) as study:
        _go_on(study)
    return path


@pytest.fixture
def team(gone_on, tmp_path):
    """Lou has two transcripts blind, Amina three; since then Amina and Jonas went on."""
    with Project.open(shutil.copy(gone_on, tmp_path / "study.autocode")) as study:
        yield study


def _go_on(study):
    for coder, names in (("Lou", ["t2_bob", "t3_cath"]), ("Amina", ["t1_ann", "t2_bob"])):
        study.assign_passes([coder], options=AssignOptions(transcripts=names, blind=True))
    study.code(Place(transcript="t2_bob", turn=6), "shame", coder="Lou")
    edit = study.edit_codebook(coder="Amina")
    edit.add("Betrayal", definition="Let down by Grimble")
    edit.add("Tree", key="tree")
    edit.move("family", "tree")
    edit.rename("shame", "Humiliation")
    edit.define("wait", {"definition": f"Languishing, as in {TALK['t1_ann'][1]}"})
    study.edit_codebook(coder="Lou").add("Gardens", key="gardens")
    study.code(BOB, "betrayal", coder="Amina", options=HandOptions(memo="Outrageous"))
    study.note_span(BOB, coder="Jonas", options=HandOptions(memo="Sarcastic"))
    study.add_memo(Memo(about="code", subject="wait", text="Wobbly", coder="Amina"))
    two = ResolveOptions(one="Amina", other="Lou", consensus="Verdict")
    study.resolve(BOB, "betrayal", "neither", reason="Stalemate", coder="Jonas", options=two)
    study.suggest(HashEncoder())
    study.draft_themes(HashEncoder())


def test_a_blind_pass_takes_its_transcripts_and_the_codebook_of_its_day(team, tmp_path):
    out = tmp_path / "out" / "lou.autocode"
    out.parent.mkdir()
    shared = team.share(out, coder="Lou")
    assert shared.blind
    raw = bytes_of(out)
    others = (
        *(b"Amina", b"Jonas", b"Betrayal", b"betrayal", b"Grimble", b"Tree", b"Humiliation"),
        *(
            b"Languishing",
            b"Outrageous",
            b"Sarcastic",
            b"Stalemate",
            b"Verdict",
            b"Wobbly",
            b"codings.csv",
            b"t1_ann",
        ),
        *(words.encode() for words in TALK["t1_ann"]),
    )
    assert [words for words in others if words in raw] == []
    with Project.open(out) as study:
        assert {t.name for t in study.transcripts()} == {"t2_bob", "t3_cath"}
        names = {code.id: (code.name, code.parent) for code in study.codebook()}
        assert names["shame"] == ("Shame", None)
        assert names["family"] == ("Family", None)
        assert "gardens" in names
        assert study.codebook().by_id["wait"].definition == "Waiting for an assessment or a letter"
        assert [(c.coder, c.code) for c in study.codings()] == [("Lou", "shame")]
        assert [(p.transcript, p.coder) for p in study.coding_passes()] == [
            ("t2_bob", "Lou"), ("t3_cath", "Lou"),
        ]  # fmt: skip
        assert not study.suggestions()
        assert study.themes() is None
        assert [case.name for case in study.cases()] == ["B"]
        assert [act.coder for act in study.history() if act.coder] == ["Lou"]


def test_it_joins_back_without_a_conflict_though_the_codebook_went_on(team, tmp_path):
    out = tmp_path / "lou.autocode"
    team.share(out, coder="Lou")
    with Project.open(out) as study:
        study.code(BOB, "family", coder="Lou")
        study.edit_codebook(coder="Lou").add("Onions", key="onions", parent="gardens")
        study.finish_pass("Lou", options=PassOptions(unread="read"))
    before = team.codebook()
    done = team.join([out], coder="Lead")
    assert not done.result.conflicts
    assert {c: team.codebook().by_id[c.id] for c in before} == {c: c for c in before}
    assert "onions" in team.codebook()
    assert {p.state for p in team.coding_passes() if p.coder == "Lou"} == {"finished"}
    again = team.content_digest()
    team.join([out], coder="Lead")
    assert team.content_digest() == again


def test_a_code_that_was_changed_in_the_file_is_still_a_conflict(team, tmp_path):
    out = tmp_path / "lou.autocode"
    team.share(out, coder="Lou")
    with Project.open(out) as study:
        study.edit_codebook(coder="Lou").rename("shame", "Shyness")
    with pytest.raises(JoinBlocked) as blocked:
        team.join([out], coder="Lead")
    assert {(c.field, c.other) for c in blocked.value.conflicts} >= {("name", "Shyness")}


def test_once_revealed_a_file_is_not_blind_and_others_get_what_they_are_assigned(team, tmp_path):
    team.share(tmp_path / "amina.autocode", coder="Amina")
    for coder in ("Lou", "Amina"):
        team.finish_pass(coder, ["t2_bob"], options=PassOptions(unread="read"))
    team.reveal_passes(coder="Lead")
    assert team.share(tmp_path / "still.autocode", coder="Lou").blind
    team.finish_pass("Lou", options=PassOptions(unread="read"))
    team.assign_passes(["Jonas"], options=AssignOptions(transcripts=["t3_cath"], blind=True))
    team.finish_pass("Jonas", options=PassOptions(unread="read"))
    team.reveal_passes(coder="Lead")
    assert not team.share(tmp_path / "open.autocode", coder="Lou").blind
    with Project.open(tmp_path / "open.autocode") as study:
        assert "Amina" in {coding.coder for coding in study.codings()}
        assert {t.name for t in study.transcripts()} == {"t2_bob", "t3_cath"}
    with pytest.raises(InputError, match="No transcript is assigned to Kim, but to Amina"):
        team.share(tmp_path / "kim.autocode", coder="Kim")
    shared = team.share(tmp_path / "kim.autocode", coder="Kim", every_transcript=True)
    assert shared.rows["transcripts"] == 4


def test_the_codebook_of_the_day_survives_undoing_and_a_corrected_transcript(team, tmp_path):
    text = team.transcript("t3_cath").text.replace("A year of waiting", "Two years of waiting")
    (tmp_path / "t3_cath.txt").write_text(text, encoding="utf-8")
    team.replace_transcript("t3_cath", tmp_path / "t3_cath.txt", coder="Lead")
    team.rename_coder("Lou", "Lucy", coder="Lead")
    team.undo(coder="Lead")
    team.share(tmp_path / "lou.autocode", coder="Lou")
    assert b"Betrayal" not in bytes_of(tmp_path / "lou.autocode")
