"""How many statements frequent requests send to SQLite, counted as SQLAlchemy sends them."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.project.speakers import SpeakerChanges
from autocode.report.study_page import render_report


@contextmanager
def counted():
    """The statements sent within the block, BEGIN included."""
    statements = []

    def note(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("action", "code"), [("accept", None), ("reject", None), ("change", "family")]
)
def test_a_decision_takes_at_most_ten_statements(suggesting, action, code):
    first = suggesting.suggestions()[0]
    with counted() as statements:
        suggesting.decide(first, action, coder="Kim", code=code)
    assert len(statements) <= 10


def test_a_batch_takes_as_many_statements_as_a_decision(suggesting, tmp_path):
    rows = [
        f"{s.number},{'reject' if at % 2 else 'accept'},Kim"
        for at, s in enumerate(suggesting.suggestions())
    ]
    table = tmp_path / "decisions.csv"
    table.write_text("\n".join(["suggestion,decision,coder", *rows]))
    with counted() as statements:
        made = suggesting.apply_decisions(table).kept
    assert len(made) == len(rows) > 10
    assert len(statements) <= 10


def test_roles_of_many_speakers_are_set_at_once(project):
    names = sorted({s.name for speakers in project.speakers().values() for s in speakers})
    with counted() as statements:
        project.change_speakers(SpeakerChanges(roles=dict.fromkeys(names, "participant")))
    assert len(names) > 2
    assert len(statements) <= 5


def test_a_report_is_of_one_state_and_takes_at_most_30_statements(suggesting):
    suggesting.draft_themes(HashEncoder())
    with counted() as statements:
        render_report(suggesting)
    assert sum(statement.startswith("BEGIN") for statement in statements) == 1
    assert len(statements) <= 30


def test_adding_a_transcript_reads_that_one_only(project, sources):
    path = sources / "new.txt"
    path.write_text("Interviewer: And?\nEve: No, never.\nInterviewer: Oh?\nEve: No, not at all.\n")
    with counted() as statements:
        project.add_transcript(path)
    assert not [s for s in statements if "FROM turns" in s and "WHERE" not in s]


def test_suggesting_does_not_read_back_what_it_wrote(project):
    with counted() as statements:
        made = project.suggest(HashEncoder())
    assert not [s for s in statements if s.startswith("SELECT") and "suggestions.evidence" in s]
    assert made == project.suggestions()


def test_evidence_takes_at_most_400_bytes_a_suggestion(suggesting):
    with suggesting._study.reading() as connection:
        sizes = connection.exec_driver_sql(
            "SELECT length(CAST(evidence AS BLOB)) FROM suggestions"
        ).scalars()
        assert max(sizes) <= 400


# Filters and pages


def test_suggestions_are_filtered_and_paged(suggesting):
    every = suggesting.suggestions()
    name, code = every[0].transcript, every[0].code
    assert suggesting.suggestions(transcript=name) == [s for s in every if s.transcript == name]
    assert suggesting.suggestions(code=code) == [s for s in every if s.code == code]
    assert suggesting.suggestions(likely=True) == [s for s in every if s.likely]
    assert suggesting.suggestions(limit=3, offset=2) == every[2:5]
    assert suggesting.suggestions(offset=4) == every[4:]
    suggesting.decide(every[0], "accept", coder="Kim")
    assert suggesting.suggestions(status="decided") == every[:1]
    here = [s for s in every[1:] if (s.transcript, s.span) == (name, every[0].span)]
    assert suggesting.suggestions(status="superseded") == here != []
    assert suggesting.suggestions(status="open") == [s for s in every[1:] if s not in here]
    assert suggesting.suggestions(status="all") == every
    assert suggesting.suggestion(every[5].number) == every[5]


def test_codings_and_segments_are_filtered_and_paged(project):
    codings, segments = project.codings(), project.segments()
    coder, code = codings[0].coder, codings[0].code
    assert project.codings(coder=coder) == [c for c in codings if c.coder == coder]
    assert project.codings(code=code, limit=1) == [c for c in codings if c.code == code][:1]
    assert project.segments(role="interviewer") == [s for s in segments if s.role == "interviewer"]
    assert project.segments(limit=4, offset=3) == segments[3:7]
    assert all(isinstance(s.span, Span) for s in project.segments(segments[0].transcript))
