"""What leaves a study comes back the same, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from autocode.core.coding import Coding
from autocode.core.errors import FileRefused
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.io.tables.qdc import read_qdc
from autocode.pipeline import GuidingPhrases, PartitionOptions, ThemeOptions
from autocode.project import Project, exporting
from autocode.project.exporting import (
    CODEBOOK_COLUMNS,
    DECISION_COLUMNS,
    SUGGESTION_COLUMNS,
    THEME_COLUMNS,
    suggestion_columns,
)

from ..small_study import contents

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def key(coding):
    """A coding without how it came to be: an import is always "imported"."""
    return (
        coding.transcript,
        coding.span,
        coding.code,
        coding.coder,
        coding.made_at,
        coding.memo,
    )


@pytest.fixture
def full(suggesting):
    """A study with decisions, memos and themes."""
    first, second, third = [s for s in suggesting.suggestions() if s.rank == 1][:3]
    suggesting.decide(first, "accept", coder="Kim", memo='plain, "quoted"\nsecond line')
    suggesting.decide(second, "reject", coder="Kim")
    suggesting.decide(third, "change", code="access", coder="Kim", memo="=1+1")
    suggesting.add_codings(
        [
            Coding(
                transcript="t4_dev", span=Span(13, 20), code="shame", coder="Zoë", memo="ünïcode 😀"
            )
        ]
    )
    suggesting.draft_themes(HashEncoder())
    return suggesting


def test_export_writes_every_table_and_counts_its_rows(full, tmp_path):
    out = tmp_path / "deep" / "out"
    written = full.export(out)
    assert {path.name for path in written} == {
        "codings.csv",
        "suggestions.csv",
        "decisions.csv",
        "themes.csv",
        "codebook.csv",
        "codebook.qdc",
    }
    assert {path.name for path in out.iterdir()} == {path.name for path in written}
    for path, n_rows in written.items():
        if path.suffix == ".csv":
            assert len(read(path)) == n_rows > 0
    draft = full.themes()
    assert written[out / "themes.csv"] == sum(t.n_segments for t in draft.themes) + len(
        draft.unassigned
    )
    assert written[out / "codings.csv"] == len(full.codings()) + len(full.readings())


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("suggestions.csv", SUGGESTION_COLUMNS),
        ("decisions.csv", DECISION_COLUMNS),
        ("themes.csv", THEME_COLUMNS),
        ("codebook.csv", CODEBOOK_COLUMNS),
    ],
)
def test_tables_have_their_columns(full, tmp_path, name, columns):
    full.export(tmp_path / "out")
    written = [column for column in columns if column != "in_set"]
    assert list(read(tmp_path / "out" / name)[0]) == written


def test_the_prediction_set_is_a_column_only_where_it_leaves_a_code_out(full):
    suggestions = full.suggestions()
    assert all(suggestion.in_set for suggestion in suggestions)
    assert "in_set" not in suggestion_columns(suggestions)
    outside = [replace(suggestions[0], in_set=False), *suggestions[1:]]
    assert tuple(suggestion_columns(outside)) == SUGGESTION_COLUMNS


def test_offsets_give_the_words_back(full, tmp_path):
    full.export(tmp_path / "out")
    texts = {t.name: t.text for t in full.transcripts()}
    for name in ("codings.csv", "suggestions.csv", "themes.csv"):
        for row in read(tmp_path / "out" / name):
            if name == "codings.csv" and not row["code"]:
                continue  # A reading may be a whole transcript; it has no words of its own here.
            assert texts[row["transcript"]][int(row["start"]) : int(row["end"])] == row["excerpt"]


def test_decisions_are_exported_as_they_were_made(full, tmp_path):
    full.export(tmp_path / "out")
    rows = read(tmp_path / "out" / "decisions.csv")
    assert [(r["decision"], r["suggested"], r["applied"]) for r in rows] == [
        (d.action, d.suggested, d.applied or "") for d in full.decisions()
    ]


@pytest.mark.slow
def test_themes_say_what_guided_them_and_what_came_later(project, tmp_path):
    encoder = HashEncoder(n_dimensions=2048)
    seeds = (GuidingPhrases(("onions and beans in the garden", "the garden"), "Garden"),)
    project.draft_themes(
        encoder,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0, guiding=seeds),
    )
    words = "The coach never came that morning and I sat waiting in the rain."
    (tmp_path / "t5.txt").write_text(f"Interviewer: And?\nEve: {words}\nEve: Zebras!\n")
    project.import_paths([tmp_path / "t5.txt"])
    project.update_themes(encoder)
    project.export(tmp_path / "out")
    rows = read(tmp_path / "out" / "themes.csv")
    guided = {row["theme"]: row["guided_by"] for row in rows}
    assert guided["T01"] == "onions and beans in the garden; the garden"
    assert {guided[key] for key in guided if key != "T01"} == {""}
    assert {row["transcript"] for row in rows if row["later"] == "yes"} == {"t5"}
    assert {row["later"] for row in rows if row["transcript"] != "t5"} == {"no"}
    parts = {m.part for t in project.themes().themes for m in t.members if m.part}
    assert parts
    assert {row["sub_theme"] for row in rows} - {""} == parts


@pytest.mark.slow
def test_exporting_changes_nothing_and_twice_gives_the_same_bytes(full, tmp_path):
    before = contents(full.path)
    first, second = full.export(tmp_path / "1"), full.export(tmp_path / "2")
    assert contents(full.path) == before
    for path in first:
        if path.suffix == ".csv":
            assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()
    assert list(first.values()) == list(second.values())


def fresh_from(project, sources, out, path):
    """A new study from the transcripts and the exported codebook and codings."""
    project.export(out)
    with Project.open(path, create_new=True) as fresh:
        report = fresh.import_paths(
            [out / "codebook.csv", out / "codings.csv", *sorted(sources.glob("*.txt"))]
        )
        assert report.refused == ()
        return fresh.codings(), fresh.codebook()


def test_exported_codings_come_back_in_a_fresh_study(full, sources, tmp_path):
    codings, codebook = fresh_from(full, sources, tmp_path / "out", tmp_path / "fresh.autocode")
    assert [key(c) for c in codings] == [key(c) for c in full.codings()]
    assert codebook == full.codebook()


def test_exported_codings_are_known_to_their_own_study(full, tmp_path):
    full.export(tmp_path / "out")
    before = contents(full.path)
    report = full.import_paths([tmp_path / "out" / n for n in ("codings.csv", "codebook.csv")])
    assert report.refused == ()
    assert [t.path.name for t in report.imported if t.new] == []
    assert contents(full.path) == before


def test_codebook_qdc_holds_the_same_codes(full, tmp_path):
    full.export(tmp_path / "out")
    found = read_qdc(tmp_path / "out" / "codebook.qdc")
    assert [code.name for code in found] == [code.name for code in full.codebook()]


@pytest.fixture
def hostile(empty, tmp_path):
    """A study in which everything that can be named begins like a formula."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "=cmd.txt").write_text(
        "Interviewer: What then?\nPat: =HYPERLINK(1) is what I typed.\n"
        "Interviewer: And?\nPat: +44 was the number I waited on.\n"
        "Interviewer: So?\nPat: -5 degrees it was, waiting there.\n"
    )
    (folder / "codebook.csv").write_text(
        "code,name,definition\n-wait,=Waiting,@waiting on the number\n+cold,+Cold,-5 degrees\n"
    )
    (folder / "participants.csv").write_text("case,transcript,speaker,x\n@P1,=cmd,Pat,1\n")
    report = empty.import_paths([folder])
    assert report.refused == ()
    empty.draft_themes(HashEncoder())
    text = empty.transcripts()[0].text
    at = text.index("=HYPERLINK")
    empty.add_codings(
        [Coding(transcript="=cmd", span=Span(at, at + 8), code="-wait", coder="@Kim", memo="=1+1")]
    )
    first, second = [s for s in empty.suggest(HashEncoder()) if s.rank == 1][:2]
    empty.decide(first, "accept", coder="=Lee", memo="+more")
    assert second.number in {s.number for s in empty.suggestions()}
    return empty, folder


def test_no_cell_begins_like_a_formula(hostile, tmp_path):
    project, _ = hostile
    written = project.export(tmp_path / "out")
    tables = [path for path in written if path.suffix == ".csv"]
    assert len(tables) == 5
    n_guarded = 0
    for path in tables:
        for row in read(path):
            assert [cell for cell in row.values() if cell.startswith(FORMULA)] == [], path.name
            n_guarded += sum(cell.startswith("'") for cell in row.values())
    assert n_guarded > 10


@pytest.mark.slow
def test_names_that_begin_like_a_formula_come_back(hostile, tmp_path):
    project, folder = hostile
    codings, codebook = fresh_from(project, folder, tmp_path / "out", tmp_path / "f.autocode")
    assert [code.id for code in codebook] == [code.id for code in project.codebook()]
    assert [key(c) for c in codings] == [key(c) for c in project.codings()]


def test_coder_that_begins_like_a_formula_can_decide(hostile, tmp_path):
    project, _ = hostile
    project.export(tmp_path / "out")
    number = project.suggestions()[0].number
    path = tmp_path / "d.csv"
    path.write_text(f"suggestion,decision,to,coder\n{number},change,'+cold,'@Kim\n")
    (made,) = project.apply_decisions(path).kept
    assert (made.coder, made.applied) == ("@Kim", "+cold")


def test_folder_that_cannot_be_made_is_one_line(project, tmp_path):
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file", tmp_path / "file" / "under"):
        with pytest.raises(FileRefused) as caught:
            project.export(place)
        assert "\n" not in str(caught.value)
        assert str(place) in str(caught.value)
    assert (tmp_path / "file").read_text() == "in the way"


def test_export_without_themes_leaves_no_old_themes_behind(full, tmp_path):
    full.export(tmp_path / "out")
    assert (tmp_path / "out" / "themes.csv").exists()
    full.segment("paragraph")
    full.export(tmp_path / "out")
    path = tmp_path / "out" / "themes.csv"
    assert not path.exists() or read(path) == [], "themes of a draft that was dropped"


def test_export_that_fails_half_way_changes_no_file(full, tmp_path, monkeypatch):
    out = tmp_path / "out"
    full.export(out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    full.set_role("Ann", "unknown")

    def full_disk(codebook, path):
        raise FileRefused.because(path, "cannot be written (no space left)", remedy="Free some.")

    monkeypatch.setattr(exporting, "write_qdc", full_disk)
    first = full.suggestions()[0]
    full.decide(first, "accept", coder="Kim")
    with pytest.raises(FileRefused, match=r"codebook\.qdc: cannot be written") as caught:
        full.export(out)
    assert ".export." not in str(caught.value)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
