"""Studies of several coders put together: what is united, what is asked, what is refused."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from autocode.core import map_edits as edits
from autocode.core.codebook import Code
from autocode.core.coding import Coding, Memo
from autocode.core.errors import FileRefused, InputError, JoinBlocked, StudyError
from autocode.core.joining import JoinDecisions
from autocode.project import Project
from autocode.project.assigning import AssignOptions
from autocode.project.coders import list_coders
from autocode.project.joining import JoinOptions, decisions_of
from autocode.project.pass_states import PassOptions
from autocode.project.removing import RemovalTarget
from autocode.project.speakers import SpeakerChanges
from autocode.store.codebook import put_codes


@pytest.fixture
def copy(project, tmp_path):
    """Gives a copy of the study, changed as the function says, by name."""

    def made(name, change):
        path = tmp_path / f"{name}.autocode"
        shutil.copyfile(project.path, path)
        with Project.open(path) as other:
            change(other)
        return path

    return made


def code_turn(study, turn, code, coder, **more):
    place = study.transcripts()[0]
    study.add_codings(
        [Coding(transcript=place.name, span=place.turns[turn].span, code=code, coder=coder, **more)]
    )


def put(study, *codes):
    with study._study.writing() as connection:
        put_codes(connection, codes)


def taking(word):
    return JoinOptions(decisions=JoinDecisions(of_all=word))


def conflicts_of(study, *others):
    with pytest.raises(JoinBlocked) as blocked:
        study.join(others, coder="Lead")
    return [(c.what, c.field, c.this, c.other) for c in blocked.value.conflicts]


@pytest.mark.slow
def test_nine_coders_work_is_one_study_whoever_is_joined_first(project, copy, tmp_path):
    names = [f"Coder {letter}" for letter in "ABCDEFGHI"]

    def work_of(name):
        def work(study):
            at = names.index(name)
            put(study, Code(id=f"new-{at}", name=f"New of {name}", parent="access"))
            code_turn(study, at % 6 * 2 + 1, f"new-{at}", name)
            code_turn(study, 1, "wait", name, memo=f"memo of {name}")
            study.add_memo(Memo(about="study", subject="", text=f"note {at}", coder=name))

        return work

    paths = [copy(name, work_of(name)) for name in names]
    digests, draw = set(), random.Random(0)
    for n in range(3):
        first, *rest = draw.sample(paths, k=len(paths))
        into = tmp_path / f"into{n}.autocode"
        shutil.copyfile(first, into)
        with Project.open(into) as study:
            before = study.content_digest()
            done = study.join(rest, coder="Lead")
            digests.add(study.content_digest())
            assert len(study.codings()) == len(project.codings()) + 18
            assert len(study.memos()) == 9
            assert len(study.codebook()) == len(project.codebook()) + 9
            assert study.join(rest, coder="Lead").act is None
            study.undo(coder="Lead")
            assert study.content_digest() == before
            assert done.result.added["codings"] == 16
    assert len(digests) == 1


def test_what_differs_is_listed_and_nothing_is_joined(project, copy):
    first = project.transcripts()[0].name

    def change(study):
        put(study, Code(id="wait", name="Waiting long", definition="Otherwise", parent=None))
        study.change_speakers(SpeakerChanges(roles={"Ann": "interviewer"}), transcript=first)
        code_turn(study, 3, "family", "amina")

    project.change_speakers(SpeakerChanges(roles={"Ann": "participant"}), transcript=first)
    digest = project.content_digest()
    other = copy("other", change)
    with Project.open(other) as study:
        study.change_speakers(SpeakerChanges(roles={"Ann": "interviewer"}), transcript=first)
    listed = conflicts_of(project, other)
    assert ("code", "name", "Waiting", "Waiting long") in listed
    assert ("code", "parent", "access", "") in listed
    assert ("speaker", "role", "participant", "interviewer") in listed
    assert ("coder", "spelling", "Amina", "amina") in listed
    assert any(what == "code" and field == "definition" for what, field, *_ in listed)
    assert project.content_digest() == digest


@pytest.mark.parametrize(
    ("word", "name", "coder"), [("this", "Waiting", "Amina"), ("other", "Waits", "amina")]
)
def test_a_decision_settles_every_file(project, copy, word, name, coder):
    def rename(study):
        put(
            study,
            Code(
                id="wait",
                name="Waits",
                definition="Waiting for an assessment or a letter",
                examples=("I was months on a waiting list",),
                parent="access",
            ),
        )
        code_turn(study, 3, "family", "amina")

    paths = [
        copy("renamed", rename),
        copy("plain", lambda study: code_turn(study, 5, "wait", "Bo")),
    ]
    project.join(paths, coder="Lead", options=taking(word))
    assert project.codebook().by_id["wait"].name == name
    coders = {one.name for one in project.coders()}
    assert coders == {coder, "Jonas", "Bo"}
    assert project.join(paths, coder="Lead", options=taking("this")).act is None


def test_conflicts_are_decided_in_a_table(project, copy, tmp_path):
    other = copy("other", lambda study: code_turn(study, 3, "family", "AMINA"))
    tried = project.join([other], coder="Lead", options=JoinOptions(dry_run=True))
    table = tmp_path / "conflicts.csv"
    assert tried.result.write_conflicts(table) == 1
    assert "both" in table.read_text(encoding="utf-8")
    table.write_text(table.read_text(encoding="utf-8").replace("this or other or both,", "x,both"))
    project.join([other], coder="Lead", options=JoinOptions(decisions=decisions_of(str(table))))
    assert {"Amina", "AMINA"} < {one.name for one in project.coders()}
    table.write_text("conflict,take\nc-1,perhaps\n")
    with pytest.raises(FileRefused, match="'perhaps' is nothing to take"):
        decisions_of(str(table))


def test_another_text_of_one_name_is_left_out_or_taken_under_another(project, empty, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "t1_ann.txt").write_text("Interviewer: So?\nAnn: Quite another talk.\n")
    empty.import_paths([folder / "t1_ann.txt"])
    (conflict,) = conflicts_of(project, empty.path)
    assert conflict[:2] == ("transcript", "text")
    n = len(project.transcripts())
    left = project.join([empty.path], coder="Lead", options=taking("this"))
    assert left.result.files[0].left_out == ("t1_ann",)
    assert len(project.transcripts()) == n
    project.join([empty.path], coder="Lead", options=taking("both"))
    assert "t1_ann (empty)" in {transcript.name for transcript in project.transcripts()}
    assert any(segment.transcript == "t1_ann (empty)" for segment in project.segments())


def test_codes_of_one_name_and_two_ids_are_asked_about(project, copy):
    put(project, Code(id="trust", name="Trust"))
    other = copy("other", lambda study: put(study, Code(id="T1", name="Mistrust")))
    with Project.open(other) as study:
        put(study, Code(id="vertrauen", name="trust"))
        study.add_codings(
            [Coding(transcript="t1_ann", span=study.transcripts()[0].turns[1].span,
                    code="vertrauen", coder="Bo")]
        )  # fmt: skip
    with Project.open(other) as study, study._study.writing() as connection:
        connection.exec_driver_sql("DELETE FROM codes WHERE code = 'trust'")
    assert ("code", "id", "trust", "vertrauen") in conflicts_of(project, other)
    project.join([other], coder="Lead", options=taking("this"))
    assert {c.code for c in project.codings() if c.coder == "Bo"} == {"trust"}
    assert "vertrauen" not in project.codebook()


def test_whoever_was_erased_comes_back_only_if_somebody_says_so(project, copy):
    other = copy("other", lambda study: code_turn(study, 3, "family", "Bo"))
    project.erase(RemovalTarget(transcript="t1_ann"), coder="Lead")
    assert ("transcript", "erased?") in {c[:2] for c in conflicts_of(project, other)}
    project.join([other], coder="Lead", options=taking("this"))
    assert "t1_ann" not in {transcript.name for transcript in project.transcripts()}


def test_joined_files_are_only_read_and_older_ones_brought_up_in_a_copy(project, copy):
    other = copy("other", lambda study: code_turn(study, 3, "family", "Bo"))
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = hashlib.sha256(other.read_bytes()).hexdigest()
    project.join([other], coder="Lead")
    assert hashlib.sha256(other.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("PRAGMA user_version = 999", "newer autocode"),
        ("UPDATE changes SET after = x'00' WHERE act = 3", "history was changed"),
    ],
)
def test_newer_and_altered_studies_are_refused(project, copy, sql, says):
    other = copy("other", lambda study: code_turn(study, 3, "family", "Bo"))
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute(sql)
    with pytest.raises(StudyError, match=says):
        project.join([other], coder="Lead")


def test_the_study_itself_and_a_nameless_coder_are_refused(project, tmp_path):
    with pytest.raises(InputError, match="is the study itself"):
        project.join([project.path], coder="Lead")
    with pytest.raises(InputError, match="Nobody is named"):
        project.join([tmp_path / "other"], coder=" ")


def test_coders_are_listed_renamed_and_made_one(project):
    code_turn(project, 1, "wait", "amina")
    code_turn(project, 3, "family", "amina")
    with project.snapshot() as study:
        assert list_coders(study).alike == (("Amina", "amina"),)
    digest, n = project.content_digest(), len(project.codings())
    project.merge_coders("amina", "Amina", coder="Lead")
    assert {one.name for one in project.coders()} == {"Amina", "Jonas"}
    assert len(project.codings()) == n - 2  # Amina had coded both places so
    project.undo(coder="Lead")
    assert project.content_digest() == digest
    project.rename_coder("amina", "Ana", coder="Lead")
    assert {one.name for one in project.coders()} == {"Amina", "Ana", "Jonas"}
    with pytest.raises(InputError, match="There is a coder 'Jonas' already"):
        project.rename_coder("Ana", "Jonas", coder="Lead")


def test_work_that_comes_after_its_pass_was_revealed_is_left_out(project, copy):
    name = project.transcripts()[0].name
    assign = AssignOptions(transcripts=[name])
    for coder in ("Amina", "Jonas"):
        project.assign_passes([coder], options=assign)
    late = copy("late", lambda study: code_turn(study, 3, "wait", "Jonas"))
    elsewhere = copy("elsewhere", lambda study: code_turn(study, 3, "wait", "Kim"))
    for coder in ("Amina", "Jonas"):
        project.finish_pass(coder, [name], options=PassOptions(unread="leave"))
    project.reveal_passes(coder="Lead")
    before = project.content_digest()
    done = project.join([late], coder="Lead")
    assert [file.n_fixed for file in done.result.files] == [1]
    assert project.content_digest() == before
    done = project.join([elsewhere], coder="Lead")
    assert done.result.added == {"coders": 1, "codings": 1}
    # Joined into the late copy it comes to the same.
    with Project.open(late) as study:
        study.join([project.path], coder="Lead")
        assert study.content_digest() == project.content_digest()


def test_a_card_of_the_map_that_two_moved_lies_at_one_of_the_two_and_nobody_is_asked(project, copy):
    project.edit_map(lambda m: edits.add_theme(m, "Care"), coder="Lead")
    one, other = (
        copy(name, lambda study, at=at: study.edit_map(
            lambda m: edits.move_card(m, "Care", at), coder="Lead"))
        for name, at in (("one", (400, 100)), ("other", (300, 700)))
    )  # fmt: skip
    project.join([one, other], coder="Lead")
    assert project.thematic_map().map.find("Care").position == (300, 700)
