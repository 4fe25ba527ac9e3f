"""What the samples of tools do not hold: made projects with all that their tables can say."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.exchange.formats import read_project
from autocode.exchange.losses import LossReport
from autocode.exchange.project import ToolProject


def items(report: LossReport, outcome: str) -> dict[str, int]:
    return {item.what: item.count for item in report.items if item.outcome == outcome}


def words_of(project: ToolProject) -> list[tuple[str, list[str]]]:
    """The words of every selection, and the codes on them."""
    texts = {source.guid: source.text or "" for source in project.sources}
    names = {code.guid: code.name for code in project.codes}
    return [
        (texts[s.source][s.start : s.end], [names[coding.code] for coding in s.codings])
        for s in project.selections
        if s.start is not None
    ]


def test_qualcoder_with_media_cases_and_a_transcribed_recording(made):
    read = read_project(made / "small.qda")
    project, report = read.project, read.report
    assert words_of(project) == [
        ("I wait", ["waiting"]),
        ("I wait", ["long"]),
        ("Interviewer", []),
        ("Ana: I wait", []),
    ]
    text, recording, picture = project.sources
    assert (text.of, recording.kind, picture.kind) == (recording.guid, "audio", "picture")
    assert picture.address == "images:/home/b.png"
    media = [s for s in project.selections if s.start is None]
    assert [(s.kind, dict(s.place)) for s in media] == [
        ("picture", {"x1": "1", "y1": "2", "width": "30", "height": "40"}),
        ("audio", {"pos0": "0", "pos1": "900"}),
    ]
    ana, ben = project.cases
    assert (ana.sources, ana.selections) == ((text.guid,), ())
    assert (ben.sources, len(ben.selections)) == ((), 1)
    assert [[v.value for v in source.values] for source in project.sources] == [
        ["first"], [None], [],
    ]  # fmt: skip
    assert items(report, "lost") == {
        "marks of importance": 1,
        "links of codings to recordings": 1,
        "colours": 1,
    }


def test_rqda_with_stale_positions_deleted_rows_and_a_code_in_two_categories(made):
    read = read_project(made / "small.rqda")
    project, report = read.project, read.report
    # The second coding's positions are of other words: it is where its words are.
    assert words_of(project) == [
        ("I wait", ["waiting"]),
        ("I wait", ["in two"]),
        ("Ana: I wait", []),
    ]
    assert [code.name for code in project.codes] == ["Care", "Time", "waiting", "in two"]
    assert [(g.name, len(g.codes), len(g.sources)) for g in project.collections] == [
        ("Care", 1, 0), ("Time", 1, 0), ("first round", 0, 1),
    ]  # fmt: skip
    assert [note.text for note in project.notes] == ["who asks?", "It rained."]
    assert items(report, "changed") == {
        "codings": 1,
        "codes in several categories": 1,
        "annotations": 1,
    }
    assert items(report, "lost") == {"codings": 1, "colours": 1}
    assert any("1 sources that were deleted in RQDA" in note for note in report.notes)


def test_requal_counts_from_one_and_includes_the_last_character(made):
    read = read_project(made / "small.requal")
    project = read.project
    assert words_of(project) == [("I wait", ["waiting"]), ("Interviewer", [])]
    assert read.report.is_lossless
    assert {code.name: code.colour for code in project.codes} == {"Care": "", "waiting": "#ff000a"}
    coded, memo = project.selections
    texts = {note.guid: note.text for note in project.notes}
    assert [texts[guid] for guid in coded.codings[0].notes] == ["why"]
    assert [texts[guid] for guid in memo.notes] == ["who asks?"]
    assert project.cases[0].values[0].value == "34"


def test_a_maxqda_exchange_file_says_that_its_words_are_locked_away(made):
    read = read_project(made / "small.mex")
    care, waiting = read.project.codes
    assert (care.colour, waiting.parent) == ("#0000ff", care.guid)
    assert read.project.selections[0].name == "I wait"
    assert items(read.report, "lost") == {"texts": 1, "memos": 1}
    assert items(read.report, "changed") == {"codings": 1}


@pytest.mark.parametrize("name", ["small.qda", "small.rqda", "small.requal", "small.mex"])
def test_a_project_without_a_needed_table_is_refused_by_name(made, tmp_path, name):
    path = tmp_path / name
    path.write_bytes((made / name).read_bytes())
    needed = {
        "small.qda": "project", "small.rqda": "source", "small.requal": "documents",
        "small.mex": "Codings",
    }[name]  # fmt: skip
    connection = sqlite3.connect(path)
    kept = next(c for c in connection.execute(f"PRAGMA table_info({needed})"))[1]
    connection.execute(f"ALTER TABLE {needed} RENAME COLUMN {kept} TO other")
    connection.close()
    with pytest.raises(FileRefused, match=f"has no column '{needed}.{kept}'"):
        read_project(path)


def test_line_ends_of_windows_and_a_mark_do_not_move_codings(made, tmp_path):
    path = tmp_path / "windows.qda"
    path.write_bytes((made / "small.qda").read_bytes())
    connection = sqlite3.connect(path)
    (text,) = connection.execute("SELECT fulltext FROM source WHERE id = 1").fetchone()
    stored = "\ufeff" + text.replace("\n", "\r\n")
    start = stored.index("I wait")
    connection.execute("UPDATE source SET fulltext = ? WHERE id = 1", (stored,))
    connection.execute("UPDATE code_text SET pos0 = ?, pos1 = ?", (start, start + 6))
    connection.commit()
    connection.close()
    project = read_project(path).project
    assert project.sources[0].text == text
    assert words_of(project)[0] == ("I wait", ["waiting"])


def test_a_name_that_no_file_can_have_is_only_a_name(made, tmp_path):
    path = tmp_path / "long.qda"
    path.write_bytes((made / "small.qda").read_bytes())
    connection = sqlite3.connect(path)
    connection.execute("UPDATE source SET name = ? WHERE id = 1", ("x" * 5000,))
    connection.commit()
    connection.close()
    source = read_project(path).project.sources[0]
    assert (len(source.name), source.original) == (5000, None)


def altered(made: Path, path: Path, *statements: str) -> Path:
    """A copy of the made project of this suffix, after some statements."""
    path.write_bytes((made / f"small{path.suffix}").read_bytes())
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_a_file_outside_the_folder_is_never_carried_whatever_link_leads_there(made, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "id_rsa").write_text("secret")
    folder = tmp_path / "p.qda"
    (folder / "kept").mkdir(parents=True)
    (folder / "kept" / "id_rsa").write_text("their own")
    altered(made, tmp_path / "a.qda", "UPDATE source SET name = 'id_rsa' WHERE id = 1").rename(
        folder / "data.qda"
    )
    (folder / "documents").symlink_to(folder / "kept")
    assert read_project(folder).project.sources[0].original is not None
    (folder / "documents").unlink()
    (folder / "documents").symlink_to(tmp_path / "home")
    assert read_project(folder).project.sources[0].original is None


def test_a_database_that_is_a_link_out_of_the_folder_is_refused(made, tmp_path):
    (tmp_path / "p.qda").mkdir()
    (tmp_path / "p.qda" / "data.qda").symlink_to(made / "small.qda")
    with pytest.raises(FileRefused, match="leads to a file elsewhere"):
        read_project(tmp_path / "p.qda")


@pytest.mark.parametrize(
    ("suffix", "statement", "what", "reason"),
    [
        (
            "qda",
            "INSERT INTO attribute VALUES (8, 'age', 'journal', 'x', 1, '', '')",
            "values",
            "only cases and files have attributes",
        ),
        (
            "qda",
            "INSERT INTO attribute VALUES (8, 'gone', 'case', 'x', 1, '', '')",
            "values",
            "their attribute is not there",
        ),
        (
            "sqlite3",
            "INSERT INTO highlight_tags SELECT min(highlight_id), 999 FROM highlight_tags",
            "codings",
            "the code is not there",
        ),
        (
            "qda",
            "UPDATE case_text SET memo = 'why' WHERE id = 1",
            "memos on files of cases",
            "a whole file of a case has none",
        ),
        (
            "requal",
            "INSERT INTO cases_documents_map VALUES (1, 1, 999)",
            "files of cases",
            "the document is not there",
        ),
    ],
)
def test_what_refers_to_nothing_is_named_as_lost(made, tmp_path, suffix, statement, what, reason):
    before = read_project(altered(made, tmp_path / f"b.{suffix}")).report
    report = read_project(altered(made, tmp_path / f"a.{suffix}", statement)).report
    new = [item for item in report.items if item not in before.items]
    assert [(i.outcome, i.what, i.count, i.reason) for i in new] == [("lost", what, 1, reason)]
    assert new[0].places[0].startswith("row ")
