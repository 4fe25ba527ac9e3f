"""A codebook through a study, its export, and back: same codes, nothing twice, nothing lost."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding
from autocode.core.transcript import Span
from autocode.io.tables.codebook import codebook_to_rows
from autocode.io.tables.table import write_table
from autocode.project import Project
from autocode.project.exporting import CODEBOOK_COLUMNS
from autocode.project.history import UndoOptions
from autocode.project.import_report import ImportOptions

WORDS = st.text(st.sampled_from("ab c>/.:'=-“é"), max_size=8).map(lambda w: " ".join(w.split()))
NAMES = WORDS.filter(bool)
GUIDS = st.uuids().map(str)


@st.composite
def codebooks(draw):
    ids = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    guids = draw(st.lists(GUIDS, min_size=len(ids), max_size=len(ids), unique=True))
    return Codebook(
        tuple(
            Code(
                id=code_id,
                name=draw(NAMES),
                definition=draw(WORDS),
                inclusion=draw(WORDS),
                exclusion=draw(WORDS),
                examples=tuple(draw(st.lists(NAMES, max_size=2))),
                parent=draw(st.sampled_from([None, *ids[:n]])),
                colour=draw(st.sampled_from([None, "#2b6cb0"])),
                memo=draw(WORDS),
                codable=draw(st.booleans()),
                guid=draw(st.sampled_from([None, guids[n]])),
            )
            for n, code_id in enumerate(ids)
        )
    )


UPDATE = ImportOptions(update_codes=True)
TALK = "I: How do you come?\nP: By bus, two of them.\nI: And?\nP: It takes an hour.\n"


@pytest.mark.slow
@settings(max_examples=12)
@given(codebook=codebooks())
def test_any_export_comes_back_without_a_change(tmp_path_factory, codebook):
    check_round_trip(tmp_path_factory.mktemp("study"), codebook)


def test_an_export_comes_back_without_a_change(tmp_path):
    top = Code(id="Access", name="Access > all", codable=False, guid=str(uuid.UUID(int=7)))
    same = Code(id="k1", name="Include: lists", definition="a\nInclude: b", parent="Access")
    check_round_trip(
        tmp_path,
        Codebook(
            (top, same, replace(same, id="k2", examples=("=1", "'x")), Code(id="-", name="."))
        ),
    )


def check_round_trip(folder, codebook):
    """Import, export, import twice more, and once into a fresh study."""
    (folder / "t.txt").write_text(TALK)
    write_table(folder / "codebook.csv", CODEBOOK_COLUMNS, codebook_to_rows(codebook))
    first = codebook.codes[0].id
    with Project.open(folder / "s.autocode", create_new=True) as study:
        assert not study.import_paths([folder / "t.txt", folder / "codebook.csv"]).refused
        study.add_codings([Coding(transcript="t", span=Span(23, 29), code=first, coder="Kim")])
        kept, codings = study.codebook(), study.codings()
        assert {code.id: code for code in kept} == {code.id: code for code in codebook}
        study.export(folder / "out")
        for _ in range(2):
            report = study.import_paths([folder / "out"])
            assert not report.refused
            assert [file.path.name for file in report.imported if file.new] == []
        assert (study.codebook(), study.codings()) == (kept, codings)
    with Project.open(folder / "f.autocode", create_new=True) as fresh:
        report = fresh.import_paths([folder / "t.txt", folder / "out"])
        assert not report.refused
        assert fresh.codebook() == kept
        assert [(c.span, c.code, c.coder) for c in fresh.codings()] == [
            (c.span, c.code, c.coder) for c in codings
        ]


QDC = """<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other"><Codes>
<Code guid="a1111111-1111-4111-8111-111111111111" name="Barriers" isCodable="false">
<Code guid="21111111-1111-4111-8111-11111111111a" name="Cost" color="#AA0000" isCodable="true"/>
</Code><Code guid="31111111-1111-4111-8111-111111111111" name="Cost" isCodable="true"/></Codes>
<Sets><Set guid="61111111-1111-4111-8111-111111111111" name="mine"/></Sets></CodeBook>"""


@pytest.fixture
def study(tmp_path):
    (tmp_path / "other.qdc").write_text(QDC)
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        (file,) = project.import_paths([tmp_path / "other.qdc"]).imported
        assert "1 that cannot be applied" in file.account
        assert "groups of codes not kept: 'mine'" in file.warnings
        yield project, tmp_path


@pytest.mark.slow
def test_a_qdc_keeps_guids_colours_and_what_may_be_coded(study):
    project, folder = study
    project.export(folder / "out")
    text = (folder / "out" / "codebook.qdc").read_text()
    assert 'guid="a1111111-1111-4111-8111-111111111111" name="Barriers" isCodable="false"' in text
    assert 'name="Cost" isCodable="true" color="#AA0000"' in text
    assert text.count("<Code ") == 3


def test_a_code_renamed_and_moved_elsewhere_stays_itself(study):
    project, folder = study
    (folder / "other.qdc").write_text(
        QDC.replace('name="Cost" color', 'name="Price" color').replace("Barriers", "Hurdles")
    )
    before = project.content_digest()
    (file,) = project.import_paths([folder / "other.qdc"]).imported
    assert project.content_digest() == before
    assert not file.new
    assert "'Cost': name 'Cost' in the study, 'Price' in the file" in file.warnings
    assert file.account.endswith("; 2 that differ: not taken; add --update-codes")
    (file,) = project.import_paths([folder / "other.qdc"], UPDATE).imported
    assert [code.name for code in project.codebook()] == ["Hurdles", "Price", "Cost"]
    assert "'Cost': name 'Cost' is now 'Price'" in file.warnings
    assert file.account.endswith("; 2 changed")


def test_categories_are_not_suggested(study):
    project, _ = study
    assert [code.name for code in project.codebook().candidates()] == ["Cost", "Cost"]


def test_two_files_that_disagree_are_named_change_by_change(study):
    project, folder = study
    (folder / "a.csv").write_text("Code,Definition\nBarriers > Cost,Money\nBarriers,What is hard\n")
    (file,) = project.import_paths([folder / "a.csv"], UPDATE).imported
    assert set(file.warnings) == {
        "'Cost': definition empty is now 'Money'",
        "'Barriers': definition empty is now 'What is hard'",
        "1 code of the study, not in this file, unchanged: Cost",
    }
    assert [code.codable for code in project.codebook()] == [False, True, True]


BOOK = """Code,Definition
Barriers,What is hard
Barriers > Cost,Money
Barriers > Distance,Far away
Helps,What helps
"""


@pytest.fixture
def framed(tmp_path):
    """A study with a codebook by names, and the file it came from."""
    (tmp_path / "book.csv").write_text(BOOK)
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        assert not project.import_paths([tmp_path / "book.csv"]).refused
        yield project, tmp_path / "book.csv"


def proposed(project, path, **options):
    """What an import of one codebook says: whether anything is new, the account, the notes."""
    (file,) = project.import_paths([path], ImportOptions(**options)).imported
    return file.new, file.account.rpartition(" parent; ")[2], file.warnings


def test_a_second_codebook_is_a_proposal_whose_new_codes_are_taken(framed):
    project, path = framed
    path.write_text(
        "Code,Definition\nBarriers,What is hard\nBarriers > Cost,Fares and fees\n"
        "Barriers > Shame,Being ashamed\nTime,Hours\n"
    )
    new, account, notes = proposed(project, path)
    assert new
    assert account == "2 new codes, 1 that differs: not taken; add --update-codes"
    assert notes == (
        "'Cost': definition 'Money' in the study, 'Fares and fees' in the file",
        "2 codes of the study, not in this file, unchanged: Distance, Helps",
    )
    by_name = {code.name: code for code in project.codebook()}
    assert set(by_name) == {"Barriers", "Cost", "Distance", "Helps", "Shame", "Time"}
    assert by_name["Cost"].definition == "Money"
    assert by_name["Cost"].revision == 1
    assert proposed(project, path, update_codes=True)[1] == "1 changed"
    assert {code.name: code for code in project.codebook()}["Cost"].revision == 2
    assert proposed(project, path)[:2] == (False, "already in the study")


def test_an_older_file_reverses_nothing(framed):
    project, path = framed
    editor = project.edit_codebook(coder="Kim")
    editor.rename("Cost", "Price")
    editor.merge("Distance", "Barriers")
    editor.archive("Helps")
    before = project.content_digest()
    new, account, notes = proposed(project, path)
    assert project.content_digest() == before
    assert not new
    assert account == "1 that differs and 1 taken out before: not taken; add --update-codes"
    act = project.history()[-2].number
    assert notes == (
        "'Cost' is taken for 'Price', which was called so",
        f"'Distance' was taken out of the study (act {act}); not added",
        "'Price': name 'Price' in the study, 'Cost' in the file",
    )
    assert proposed(project, path, update_codes=True)[1] == "1 new code, 1 changed"
    by_name = {code.name: code for code in project.codebook()}
    assert set(by_name) == {"Barriers", "Cost", "Distance", "Helps"}
    assert by_name["Helps"].archived


def test_a_new_code_below_one_that_was_taken_out_stands_below_its_parent(framed):
    project, path = framed
    project.edit_codebook(coder="Kim").delete("Barriers")
    path.write_text(BOOK + "Barriers > Shame,Being ashamed\n")
    _, account, _ = proposed(project, path)
    assert account.startswith("1 new code, ")
    assert {c.name: c.parent for c in project.codebook()}["Shame"] is None


def test_an_import_that_was_undone_can_be_made_again(framed):
    project, path = framed
    kept = project.codebook()
    project.undo(coder="Kim", options=UndoOptions(act=project.history()[-1].number))
    assert not project.codebook().codes
    assert proposed(project, path)[:2] == (True, "4 new codes")
    assert project.codebook() == kept
