"""Who has read what survives an export, and agreement with it."""

from __future__ import annotations

import csv
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autocode.core.coding import Reading
from autocode.core.errors import InputError
from autocode.pipeline import AgreementOptions
from autocode.project import Project
from autocode.project.folder import study_of_folder
from autocode.store import study_file

from ..evaluate.support import write_folder
from ..small_study import write_sources

CODERS = ("Amina", "Jonas", "Kim")
TABLE = ("transcript", "start", "end", "coder", "code", "basis")
N_TURNS = 5
NAMES = ("one", "two")


def turns(name):
    """Where each turn of a transcript lies."""
    at, spans = 0, []
    for number in range(N_TURNS):
        opening, words = "Ann: ", f"{name} speaks of matter number {number} at last."
        spans.append((at + len(opening), at + len(opening) + len(words)))
        at = spans[-1][1] + 1
    return spans


def write_study(folder, rows):
    for name in NAMES:
        text = "".join(
            f"Ann: {name} speaks of matter number {number} at last.\n" for number in range(N_TURNS)
        )
        (folder / f"{name}.txt").write_text(text)
    (folder / "codebook.csv").write_text("code,name\nx,X\ny,Y\nz,Z\n")
    with (folder / "codings.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(TABLE)
        writer.writerows(rows)


def import_all(path, *sources):
    with Project.open(path, create_new=True) as project:
        project.segment("turn")
        report = project.import_paths(sources)
        assert not report.refused
        yield project


def measure(project, reading):
    try:
        agreement = project.agree(options=AgreementOptions(reading=reading))
    except InputError as error:
        return str(error)
    return (
        agreement.n_units,
        {name: c.value for name, c in agreement.overall.items()},
        agreement.reading,
    )


places = st.tuples(st.sampled_from(NAMES), st.integers(0, N_TURNS - 1))
marks = st.tuples(
    places,
    st.sampled_from(CODERS),
    st.sampled_from(["x", "y", "z", "", ""]),
    st.sampled_from(["imported", "decision", "person"]),
)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(marks, min_size=1, max_size=25))
def test_export_and_import_give_the_same_agreement(drawn):
    check_round_trip(drawn)


def test_one_study_comes_back_the_same():
    by_hand = [(("one", at), "Amina", "x", "imported") for at in range(N_TURNS)]
    by_hand += [(("one", 0), "Jonas", "x", "imported"), (("two", 0), "Amina", "y", "person")]
    decided = [(("one", 1), "Jonas", "", "decision"), (("two", 1), "Jonas", "y", "decision")]
    recorded = [(("two", at), "Amina", "", "imported") for at in (0, 1, 2)]
    assumed, marked = check_round_trip([*by_hand, *decided, *recorded])
    assert assumed[0] == N_TURNS + 1
    assert assumed[2].n_assumed == 3
    assert marked[0] == 3


def check_round_trip(drawn):
    """The agreement of a study and of its export; returns it by both rules."""
    rows = [
        (name, *turns(name)[number], coder, code, basis)
        for (name, number), coder, code, basis in drawn
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "sources").mkdir()
        write_study(folder / "sources", rows)
        results = []
        for project in import_all(folder / "a.autocode", folder / "sources"):
            results.append([measure(project, rule) for rule in ("assumed", "marked")])
            before = (sorted_readings(project), len(project.codings()))
            project.export(folder / "out")
        talk = [folder / "sources" / f"{name}.txt" for name in NAMES]
        tables = [folder / "out" / "codebook.csv", folder / "out" / "codings.csv"]
        for project in import_all(folder / "b.autocode", *talk, *tables):
            results.append([measure(project, rule) for rule in ("assumed", "marked")])
            assert (sorted_readings(project), len(project.codings())) == before
    assert results[0] == results[1]
    return results[0]


def sorted_readings(project):
    return sorted((r.transcript, r.span, r.coder, r.basis) for r in project.readings())


def test_an_export_writes_stored_readings_and_no_assumed_one(project, tmp_path):
    project.export(tmp_path / "out")
    with (tmp_path / "out" / "codings.csv").open(newline="", encoding="utf-8") as stream:
        empty = [row for row in csv.DictReader(stream) if not row["code"]]
    assert project.agree().reading.assumed
    assert len(empty) == len(project.readings())


def test_suggestions_and_learning_keep_to_stored_readings(project):
    """The assumption would leave nothing to suggest for in a transcript that somebody coded."""
    from autocode.encode.hashing import HashEncoder

    project.suggest(HashEncoder())
    coded = {(c.transcript, c.span) for c in project.codings()}
    transcripts = {c.transcript for c in project.codings()}
    suggested = {(s.transcript, s.span) for s in project.suggestions()}
    assert any(name in transcripts for name, _ in suggested)
    assert not suggested & coded


def test_deciding_leaves_readings_of_its_own_kind(suggesting):
    first = next(s for s in suggesting.suggestions() if s.rank == 1)
    suggesting.decide(first, "accept", coder="Kim")
    (left,) = [r for r in suggesting.readings(timed=True) if r.coder == "Kim"]
    assert left == Reading(first.transcript, first.span, "Kim", "decision")
    assert all(a.coder != "Kim" for a in suggesting.agree().reading.assumed)


def test_a_recorded_reading_takes_the_place_of_one_a_decision_left(suggesting, tmp_path):
    first = next(s for s in suggesting.suggestions() if s.rank == 1)
    suggesting.decide(first, "accept", coder="Kim")
    table = tmp_path / "read.csv"
    row = f"{first.transcript},{first.span.start},{first.span.end},Kim,"
    table.write_text(f"transcript,start,end,coder,code\n{row}\n")
    suggesting.import_paths([table])
    assert [r.basis for r in suggesting.readings(timed=True) if r.coder == "Kim"] == ["imported"]


def test_a_corpus_keeps_its_own_readings(tmp_path):
    """Corpora say who read what; nothing is assumed of them."""
    material = study_of_folder(write_folder(tmp_path / "towns"))
    from autocode.pipeline import agree

    assumed, marked = (agree(material, AgreementOptions(reading=r)) for r in ("assumed", "marked"))
    assert assumed.reading.assumed == ()
    assert assumed.overall == marked.overall


def test_decisions_come_back_as_no_record_of_reading(suggesting, tmp_path):
    """Jonas codes by hand, then rejects all that is suggested for a segment of the transcript."""
    hand_coded = {c.transcript for c in suggesting.codings() if c.coder == "Jonas"}
    first = next(s for s in suggesting.suggestions() if s.transcript in hand_coded)
    for suggestion in suggesting.suggestions():
        if (suggestion.transcript, suggestion.span) == (first.transcript, first.span):
            suggesting.decide(suggestion, "reject", coder="Jonas")
    assert [r.basis for r in suggesting.readings() if r.coder == "Jonas"] == ["decision"]
    expected = [measure(suggesting, rule) for rule in ("assumed", "marked")]
    assert expected[0][0] > expected[1][0]
    suggesting.export(tmp_path / "out")
    sources = write_sources(tmp_path / "sources")
    talk = [path for path in sources.iterdir() if path.stem.startswith("t")]
    tables = [tmp_path / "out" / "codebook.csv", tmp_path / "out" / "codings.csv"]
    with Project.open(tmp_path / "again.autocode", create_new=True) as other:
        assert not other.import_paths([*talk, *tables]).refused
        assert [measure(other, rule) for rule in ("assumed", "marked")] == expected


def test_a_reading_has_the_time_of_the_act_that_brought_it(suggesting, tmp_path, monkeypatch):
    minutes = count()
    monkeypatch.setattr(study_file, "now", lambda: f"2030-01-01T00:{next(minutes):02}:00+00:00")
    first = suggesting.suggestions()[0]
    suggesting.decide(first, "accept", coder="Kim")
    (reading,) = [r for r in suggesting.readings(timed=True) if r.coder == "Kim"]
    act = suggesting.history()[-1]
    assert reading.made_at == act.made_at
    suggesting.undo(coder="Kim")
    suggesting.redo(coder="Kim")
    (again,) = [r for r in suggesting.readings(timed=True) if r.coder == "Kim"]
    assert again.made_at == act.made_at  # what was taken back and restored is as old as it was
    suggesting.export(tmp_path)
    with (tmp_path / "codings.csv").open(newline="", encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if (row["coder"], row["code"]) == ("Kim", "")]
    assert [row["made_at"] for row in rows] == [act.made_at]


@pytest.mark.parametrize("unit", ["segment", "span"])
def test_transcripts_that_only_one_coder_coded_are_no_part_of_the_account(tmp_path, unit):
    both, alone = turns("one")[0], turns("two")[0]
    rows = [("one", *both, who, "x", "person") for who in ("Amina", "Jonas")]
    write_study(tmp_path, [*rows, ("two", *alone, "Amina", "x", "person")])
    (project,) = import_all(tmp_path / "s.autocode", tmp_path)
    compared = project.agree() if unit == "segment" else project.agree_on_spans()
    assert {reading.transcript for reading in compared.reading.assumed} == {"one"}
