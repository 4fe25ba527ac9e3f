"""Projects of other tools: into a study, changed there, and back with their identities."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from autocode.cli.main import run
from autocode.core.coding import Case, Coding, Memo
from autocode.core.errors import FileRefused
from autocode.core.transcript import Span
from autocode.exchange.compare import compare_projects
from autocode.exchange.formats import read_project
from autocode.exchange.project import (
    MACHINE,
    Collection,
    Graph,
    Link,
    Note,
    Part,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
    Value,
    Variable,
    Vertex,
    make_guid,
)
from autocode.exchange.refi.write import validate_refi, write_refi
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.history import UndoOptions
from autocode.project.removing import RemovalTarget
from autocode.project.round_trip import round_trip
from autocode.project.tool_reading import NOBODY

from ..exchange.refi.support import projects
from ..shared import SHARED, present

FOLDER = SHARED / "interop" / "refi-qda"
REAL = sorted(FOLDER.glob("*.qd[ep]*")) or [FOLDER / "none"]

WORDS = "Interviewer: How was it?\nAnn: We waited 🌱 for nine months.\nAnn: Nobody rang.\n"
WAITED = (WORDS.index("We waited"), WORDS.index(" for nine"))
RANG = (WORDS.index("Nobody"), WORDS.index(" rang"))


def guid(name: str) -> str:
    return make_guid("test", name).upper()


def make_project() -> ToolProject:
    """A project with something of everything that a study shows, and of what it does not."""
    kim, other = guid("kim"), guid("other kim")

    def coding(name: str, code: str, coder: str | None = kim) -> ToolCoding:
        return ToolCoding(
            guid=guid(name), code=guid(code), coder=coder, made_at="2024-01-02T03:04:05Z"
        )

    return ToolProject(
        name="garden",
        description="A study of waiting",
        coders=(ToolCoder(guid=kim, name="Kim"), ToolCoder(guid=other, name="Kim")),
        codes=(
            ToolCode(guid=guid("care"), name="Care", codable=False),
            ToolCode(guid=guid("wait"), name="Waiting", parent=guid("care"), colour="#ff8800",
                     description="Being kept\nInclude: lists", notes=(guid("code note"),)),
            ToolCode(guid=guid("wait 2"), name="Waiting"),
            ToolCode(guid=guid("calls"), name="Calls"),
        ),
        variables=(Variable(guid=guid("age"), name="age", kind="Integer"),),
        sources=(
            Source(guid=guid("ann"), name="Ann.docx", text=WORDS, description="First talk",
                   codings=(coding("whole", "calls", other),), notes=(guid("source note"),),
                   original=Part(name=f"{guid('ann')}.docx", size=4, content=b"docx")),
            Source(guid=guid("ben"), name="Ben.docx", text="Ben: I came by bus.\n",
                   values=(Value(variable=guid("age"), value="30"),)),
            Source(guid=guid("blank"), name="blank", text="\n"),
            Source(guid=guid("photo"), name="a.jpg", kind="picture",
                   original=Part(name=f"{guid('photo')}.jpg", size=3, content=b"jpg")),
        ),
        selections=(
            Selection(guid=guid("s1"), source=guid("ann"), start=WAITED[0], end=WAITED[1],
                      name="We waited 🌱", description="first", coder=kim,
                      codings=(coding("c1", "wait"), coding("c2", "calls", other))),
            Selection(guid=guid("s2"), source=guid("ann"), start=RANG[0], end=RANG[1],
                      codings=(coding("c3", "wait 2", None),)),
            Selection(guid=guid("s3"), source=guid("ann"), start=0, end=11,
                      description="Who asks?"),
            Selection(guid=guid("s4"), source=guid("photo"), kind="picture",
                      place=(("firstX", "1"), ("firstY", "2"), ("secondX", "3"), ("secondY", "4")),
                      codings=(coding("c4", "wait"),)),
        ),
        notes=(
            Note(guid=guid("code note"), text="Think again"),
            Note(guid=guid("source note"), name="On Ann", text="Rushed", coder=kim),
            Note(guid=guid("free"), text="A thought"),
        ),
        cases=(
            ToolCase(guid=guid("case"), name="Ann", description="Older",
                     values=(Value(variable=guid("age"), value="71"),), sources=(guid("ann"),)),
        ),
        links=(Link(guid=guid("link"), name="leads to", one=guid("s1"), other=guid("s2")),),
        collections=(Collection(guid=guid("set"), name="North", sources=(guid("ann"),)),),
        graphs=(Graph(guid=guid("graph"), name="g",
                      vertices=(Vertex(guid=guid("v"), represents=guid("wait")),)),),
    )  # fmt: skip


@pytest.fixture
def came(tmp_path):
    """The project as a file."""
    path = tmp_path / "garden.qdpx"
    write_refi(make_project(), path)
    return path


@pytest.fixture
def taken(came, tmp_path):
    """A study that took it in."""
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        report = project.import_paths([came])
        assert not report.refused
        yield project


def export(project: Project, tmp_path: Path) -> ToolProject:
    path = tmp_path / "back.qdpx"
    project.export_project(path)
    assert validate_refi(path) == []
    return read_project(path).project


def described(before: ToolProject, after: ToolProject) -> list[str]:
    return [item.describe() for item in compare_projects(before, after).differences]


def test_a_study_shows_who_coded_what_where(taken):
    assert [t.name for t in taken.transcripts()] == ["Ann", "Ben"]
    names = {code.id: code.name for code in taken.codebook()}
    seen = {(c.span.start, c.span.end, names[c.code], c.coder, c.memo) for c in taken.codings()}
    assert seen == {
        (*WAITED, "Waiting", "Kim", "first"),
        (*WAITED, "Calls", "Kim (2)", ""),
        (*RANG, "Waiting", NOBODY, ""),
        (0, len(WORDS), "Calls", "Kim (2)", ""),
    }
    assert taken.codebook().find("Waiting").inclusion == "lists"
    assert not taken.codebook().find("Care").codable


def test_a_study_shows_memos_and_cases(taken):
    memos = {(m.about, m.text, m.coder) for m in taken.memos()}
    assert memos == {
        ("study", "A study of waiting", None),
        ("study", "A thought", None),
        ("transcript", "First talk", None),
        ("transcript", "On Ann\nRushed", "Kim"),
        ("span", "Who asks?", None),
        ("code", "Think again", None),
        ("case", "Older", None),
    }
    assert taken.cases() == [Case("Ann", {"age": "71"}), Case("Ben", {"age": "30"})]


def test_what_is_untouched_goes_back_without_a_difference(taken, came, tmp_path):
    assert described(read_project(came).project, export(taken, tmp_path)) == []


def test_the_loss_report_counts_what_a_study_does_not_show(came, tmp_path):
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        (file,) = project.import_paths([came]).imported
    assert file.losses is not None
    kept = {item.what: item.count for item in file.losses.items if item.outcome == "kept"}
    assert kept["links, kept unseen"] == 1
    assert kept["pictures, recordings and PDFs, kept unseen"] == 1
    assert kept["texts without words, kept unseen"] == 1
    assert kept["codings"] == 4
    assert file.losses.count("changed", "codings") == 2  # one of a whole source, one by nobody


def test_a_second_import_of_the_same_file_changes_nothing(taken, came):
    before = taken.revision().number
    (file,) = taken.import_paths([came]).imported
    assert not file.new
    assert taken.revision().number == before


def test_an_import_is_one_act_that_can_be_undone(taken, came):
    acts = [act for act in taken.history() if act.kind == "import"]
    assert len(acts) == 1
    taken.undo(coder="Kim", options=UndoOptions(act=acts[0].number))
    assert taken.transcripts() == []
    assert len(taken.codebook()) == 0
    (file,) = taken.import_paths([came]).imported
    assert file.new


def test_work_done_in_the_study_goes_out_beside_what_came(taken, tmp_path):
    before = make_project()
    codings = taken.codings()
    wait = next(c for c in codings if c.memo == "first")
    taken.uncode(Place(transcript="Ann", start=RANG[0], end=RANG[1]), "Waiting (2)", coder=NOBODY)
    taken.add_codings(
        [Coding(transcript="Ben", span=Span(5, 18), code=wait.code, coder="Lou", memo="new")]
    )
    taken.add_memo(Memo(about="span", subject="Ben", text="by bus", coder="Lou", span=Span(7, 11)))
    after = export(taken, tmp_path)
    gone = {c.guid for c in before.walk_codings()} - {c.guid for c in after.walk_codings()}
    assert gone == {guid("c3")}
    (new,) = [
        c for c in after.walk_codings() if c.guid not in {b.guid for b in before.walk_codings()}
    ]
    coders = {coder.guid: coder.name for coder in after.coders}
    notes = {note.guid: note.text for note in after.notes}
    assert coders[new.coder or ""] == "Lou"
    assert new.code == guid("wait")
    assert [notes[n] for n in new.notes] == ["new"]
    words = [s for s in after.selections if s.description == "by bus"]
    assert [(s.start, s.end, s.name) for s in words] == [(7, 11, "came")]
    assert after.links == ()  # one of its ends was taken back
    again = export(taken, tmp_path)
    assert described(after, again) == []


def test_a_code_that_was_renamed_keeps_its_identifier(taken, tmp_path):
    code = taken.codebook().find("Calls")
    taken.edit_codebook(coder="Kim").rename(code.id, "Phone")
    after = export(taken, tmp_path)
    assert {c.guid: c.name for c in after.codes}[guid("calls")] == "Phone"


def test_cases_in_a_conversation_of_several_are_selections_of_their_turns(tmp_path):
    talk = tmp_path / "group.txt"
    talk.write_text("Ann: We waited.\nBen: Nobody rang.\nAnn: Never.\n" * 3)
    table = tmp_path / "cases.csv"
    table.write_text("case,transcript,speaker,age\nA,group,Ann,71\nB,group,Ben,30\n")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        assert not project.import_paths([talk, table]).refused
        after = export(project, tmp_path)
    words = {s.guid: s.name for s in after.selections}
    turns = {case.name: {words[guid] for guid in case.selections} for case in after.cases}
    assert turns == {"A": {"We waited.", "Never."}, "B": {"Nobody rang."}}


@pytest.mark.slow
def test_suggestions_go_as_one_more_coder(suggesting, tmp_path):
    likely = [s for s in suggesting.suggestions() if s.likely]
    after = export(suggesting, tmp_path)
    machine = {coder.guid for coder in after.coders if coder.name == MACHINE}
    theirs = [c for c in after.walk_codings() if c.coder in machine]
    notes = {note.guid: note.text or "" for note in after.notes}
    assert len(theirs) == len(likely)
    assert all("probability" in notes[c.notes[0]] for c in theirs)


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["refi", "maxqda"])
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_projects_go_through_a_study_without_a_difference(path, tool):
    trip = round_trip(present(path), tool)
    assert [item.describe() for item in trip.differences.differences] == []
    assert trip.same_codings


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(project=projects())
def test_random_projects_go_through_a_study_without_a_difference(project):
    with TemporaryDirectory() as folder:
        came = Path(folder) / "came.qdpx"
        write_refi(project, came)
        with Project.open(Path(folder) / "s.autocode", create_new=True) as study:
            assert not study.import_paths([came]).refused
            assert described(project, export(study, Path(folder))) == []


def test_memos_on_no_words_and_codings_that_stand_twice_go_back_as_they_came(tmp_path):
    project = make_project()
    twice = replace(project.selections[0], guid=guid("s1 again"), description="", codings=(
        replace(project.selections[0].codings[0], guid=guid("c1 again")),
    ))  # fmt: skip
    empty = Selection(guid=guid("s0"), source=guid("ann"), start=3, end=3, description="here")
    project = replace(project, selections=(*project.selections, twice, empty))
    write_refi(project, tmp_path / "came.qdpx")
    with Project.open(tmp_path / "s.autocode", create_new=True) as study:
        (file,) = study.import_paths([tmp_path / "came.qdpx"]).imported
        assert len(study.codings()) == 4
        assert file.losses is not None
        assert file.losses.count("kept", "memos on no words, kept unseen") == 1
        assert described(project, export(study, tmp_path)) == []


def test_a_blind_file_holds_nothing_of_the_project_that_came(taken, tmp_path):
    taken.share(tmp_path / "lou.autocode", coder="Lou", blind=True)
    raw = (tmp_path / "lou.autocode").read_bytes()
    assert b"Who asks?" not in raw
    assert guid("c1").encode() not in raw


@pytest.mark.slow
def test_erasing_leaves_nothing_of_the_project_that_came(taken, tmp_path):
    taken.erase(RemovalTarget(case="Ann"), coder="Kim")
    taken.close()
    assert guid("s1").encode() not in (tmp_path / "study.autocode").read_bytes()


def test_a_transcript_that_was_taken_out_does_not_go_back(taken, tmp_path):
    taken.remove(RemovalTarget(transcript="Ben"), coder="Kim")
    after = export(taken, tmp_path)
    assert guid("ben") not in {source.guid for source in after.sources}
    assert guid("ann") in {source.guid for source in after.sources}


def test_large_files_are_read_from_where_the_project_lies(tmp_path, came):
    path = tmp_path / "big.qdpx"
    with zipfile.ZipFile(came) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, b"x" * 2_000_000 if name.endswith(".jpg") else content)
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        (file,) = project.import_paths([path]).imported
        assert file.losses is not None
        assert file.losses.count("changed", "files") == 1
        assert described(read_project(path).project, export(project, tmp_path)) == []
        path.unlink()
        report = project.export_project(tmp_path / "back.qdpx")
        assert report.count("lost", "files") == 1


def test_a_damaged_file_beside_the_texts_is_lost_and_said(tmp_path, came):
    path = tmp_path / "bad.qdpx"
    path.write_bytes(came.read_bytes().replace(b"docx", b"dxxx").replace(b".dxxx", b".docx"))
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        (file,) = project.import_paths([path]).imported
        assert file.losses is not None
        assert file.losses.count("lost", "files") == 1
        assert len(project.codings()) == 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
        lambda raw: b"",
        lambda raw: b"not an archive at all",
    ],
)
def test_what_cannot_be_read_leaves_the_study_as_it_was(spoil, came, tmp_path):
    bad = tmp_path / "bad.qdpx"
    bad.write_bytes(spoil(came.read_bytes()))
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        before = project.content_digest()
        try:
            report = project.import_paths([bad])
            reasons = [refused.reason for refused in report.refused]
        except FileRefused as refusal:
            reasons = [str(refusal)]
        assert len(reasons) == 1
        assert "\n" not in reasons[0]
        assert project.content_digest() == before


@pytest.mark.slow
def test_the_command_line_ends_with_what_became_of_it(taken, came, tmp_path):
    study, runner = tmp_path / "study.autocode", CliRunner()
    taken.close()
    done = runner.invoke(run, ["export", str(study), str(tmp_path / "out"), "--for", "maxqda"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "study.qdpx").exists()
    assert "kept" in done.output
    assert "line break" in done.output
    done = runner.invoke(run, ["roundtrip", str(came)])
    assert "differences: none" in done.output
    done = runner.invoke(run, ["roundtrip", str(came), "--for", "maxdqa"])
    assert done.exit_code == 1
    assert "maxqda" in done.output


def test_a_transcript_that_gets_another_name_is_said(tmp_path):
    texts = ("P01", "p01", "P02")
    sources = tuple(
        Source(guid=guid(f"source {name}"), name=name, text=f"Ann: {name} waited for nine months.")
        for name in texts
    )
    write_refi(ToolProject(name="two", sources=sources), tmp_path / "two.qdpx")
    with Project.open(tmp_path / "study.autocode", create_new=True) as project:
        (file,) = project.import_paths([tmp_path / "two.qdpx"]).imported
        assert {t.name for t in project.transcripts()} == {"P01", "p01 (2)", "P02"}
    (said,) = [item for item in file.losses.items if item.what == "transcripts"][1:]
    assert (said.outcome, said.count, said.places) == ("changed", 1, ("p01 (2)",))


def test_sets_named_like_values_stay_sets_and_the_report_says_so(tmp_path):
    text = Source(guid=guid("t"), name="A", text="we waited")
    sets = tuple(
        Collection(guid=guid(name), name=name, sources=(text.guid,))
        for name in ("gender: male", "Text files", "12:30")
    )
    path = tmp_path / "groups.qdpx"
    write_refi(ToolProject(name="p", sources=(text,), collections=sets), path)
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        (file,) = project.import_paths([path]).imported
        assert project.cases() == []
    assert file.losses is not None
    (note,) = [note for note in file.losses.notes if "attributes" in note]
    assert note.startswith("1 sets of documents are named like values of attributes")
    assert "'gender: male'" in note
