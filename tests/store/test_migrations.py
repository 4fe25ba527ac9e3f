"""A study of every earlier schema opens and shows what it showed."""

from __future__ import annotations

import contextlib
import json
import sqlite3

import pytest

from autocode.core.errors import StudyError
from autocode.core.suggestion import (
    CodebookPhrase,
    Evidence,
    NeighbourContribution,
    Precedent,
)
from autocode.core.theme import UnassignedReason
from autocode.core.transcript import Span
from autocode.store import codings, decisions, runs, suggestions, themes
from autocode.store.file import create, open_study, revision
from autocode.store.migrations import MIGRATIONS
from autocode.store.schema import APPLICATION_ID

TEXT = "Ann: I waited a year.\nAnn: My sister came.\n"
EVIDENCE = {
    "phrase": {"part": "definition", "text": "Waiting for help.", "similarity": 0.3},
    "precedents": [
        {
            "transcript": "a",
            "span": {"start": 5, "end": 21},
            "excerpt": "I waited a year.",
            "coders": ["Kim"],
            "similarity": 0.333,
            "codes": ["wait"],
        },
        {
            "transcript": "a",
            "span": {"start": 5, "end": 21},
            "excerpt": "words that are no slice of the text",
            "coders": ["Kim"],
            "similarity": 1 / 3,
            "codes": [],
        },
    ],
    "counter_examples": [],
    "words": [["waited", 0.25]],
    "beside": [
        {
            "span": {"start": 5, "end": 21},
            "is_before": True,
            "code": "wait",
            "known": True,
            "part": 0.1,
        }
    ],
}
READ = Evidence(
    phrase=CodebookPhrase("definition", "Waiting for help.", 0.3),
    precedents=(
        Precedent(
            transcript="a",
            span=Span(5, 21),
            excerpt="I waited a year.",
            coders=("Kim",),
            similarity=0.333,
            codes=("wait",),
        ),
        Precedent(
            transcript="a",
            span=Span(5, 21),
            excerpt="words that are no slice of the text",
            coders=("Kim",),
            similarity=1 / 3,
        ),
    ),
    words=(("waited", 0.25),),
    neighbours=(
        NeighbourContribution(span=Span(5, 21), is_before=True, code="wait", known=True, part=0.1),
    ),
)
# What the runs of each kind held; the newest keys came with the schema they are listed under.
SUGGESTED = {
    "calibrated": True,
    "sure_from": {"wait": 0.9},
    "extra_cold": 0.5,
    "codes": [{"code": "wait", "uses": 3, "transcripts": 2, "found": 0.5, "by_words": 0.7}],
}
DRAFTED = {
    "method": "ward",
    "n_own_idea": 1,
    "n_near_two": 0,
    "n_drafted": 1,
    "stability": {
        "n_draws": 2,
        "seed": 0,
        "bootstrap_ari": {"mean": 0.5, "low": 0.4, "high": 0.6},
        "left_out_ari": None,
        "n_left_out": 0,
    },
}
DETAIL = {"stability": {"jaccard": 0.7, "low": 0.5, "high": 0.9, "left_out": 0.4, "voice": "Ann"}}


def make_old(path, version):
    """A study as the first `version` migrations left it, with some of everything in it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        for number, migration in enumerate(MIGRATIONS[:version], start=1):
            for step in migration.steps:
                connection.execute(step)
            row = (number, migration.name, "2024", "0.0")
            connection.execute("INSERT INTO migrations VALUES (?, ?, ?, ?)", row)
        for table, row in rows_of(version):
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" * len(row))
            connection.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
            )
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()


def rows_of(version):
    """Rows for every table, with the columns that a schema version has."""
    source = {"source_name": "a.txt", "source_format": "txt", "source_digest": "d"}
    source |= {"source_encoding": "utf-8", "text_digest": "t", "added_at": "2024"}
    yield "transcripts", {"id": 1, "name": "a", "text": TEXT} | source
    speaker = {"role": "participant", "basis": "given", "confidence": 1.0}
    yield "speakers", {"id": 1, "transcript_id": 1, "name": "Ann"} | speaker
    for start, end in ((5, 21), (27, 42)):
        place = {"transcript_id": 1, "start": start, "end": end}
        yield "turns", place | {"speaker_id": 1}
        yield "segments", place | {"speaker_id": 1, "unit": "turn", "given": 0}
    blank = dict.fromkeys(("definition", "inclusion", "exclusion", "memo"), "")
    yield (
        "codes",
        {"id": 1, "code": "wait", "name": "Waiting", "examples": "[]"} | blank | {"position": 0},
    )
    yield "coders", {"id": 1, "name": "Kim", "kind": "person"}
    run = {"method": "m", "encoder": "e", "encoder_digest": "d", "versions": "{}"}
    for number, kind, parameters in ((1, "suggest", SUGGESTED), (2, "themes", DRAFTED)):
        yield (
            "runs",
            run
            | {
                "id": number,
                "kind": kind,
                "made_at": "2024",
                "parameters": json.dumps(parameters),
            },
        )
    late = {"in_set": 1, "sure": 1} if version >= 4 else {}
    for number, start, end in ((1, 5, 21), (2, 27, 42)):
        yield (
            "suggestions",
            {
                "id": number,
                "run_id": 1,
                "transcript_id": 1,
                "start": start,
                "end": end,
                "code_id": 1,
                "rank": 1,
                "score": 0.5,
                "probability": 0.6,
                "confident": 1,
                "evidence": json.dumps(EVIDENCE),
            }
            | late,
        )
    decided = {"action": "accept", "coder_id": 1, "code_id": 1, "made_at": "2024", "memo": ""}
    yield "decisions", {"id": 1, "suggestion_id": 1} | decided
    place = {"transcript_id": 1, "start": 5, "end": 21}
    made = {"code_id": 1, "coder_id": 1, "made_at": "2024", "basis": "decision", "memo": ""}
    yield "codings", place | made
    yield "readings", place | {"coder_id": 1}
    theme = {"key": "T01", "name": "year", "terms": '["year"]', "place": "[0.5, 0.25]"}
    detail = {"detail": json.dumps(DETAIL)} if version >= 3 else {}
    yield "themes", theme | {"id": 1, "run_id": 2, "near": '[["wait", 0.5]]'} | detail
    member = {"run_id": 2, "transcript_id": 1, "strength": 0.5, "exemplar": None}
    member |= {"place": "[0.1, 0.2]"} if version >= 6 else {}
    yield "members", member | {"start": 5, "end": 21, "theme_id": 1, "reason": ""}
    yield (
        "members",
        member
        | {
            "start": 27,
            "end": 42,
            "theme_id": None,
            "reason": "an idea of its own",
        },
    )


@pytest.mark.parametrize("version", range(1, 7))
def test_a_study_of_an_earlier_schema_shows_what_it_showed(path, version):
    make_old(path, version)
    study = open_study(path)
    with study.reading() as connection:
        everything = suggestions.SuggestionFilter(status="all")
        both = suggestions.suggestions(connection, everything)
        draft = themes.theme_draft(connection)
        run = runs.last_run(connection, "suggest")
        (decision,) = decisions.decisions(connection)
        (coding,) = codings.codings(connection)
        assert revision(connection).number == 0
    study.close()
    assert [s.number for s in both] == [1, 2]
    assert all(s.evidence == READ and s.likely and s.score == 0.5 for s in both)
    assert all(s.auto_acceptable == (version >= 4) for s in both)
    assert (decision.suggestion, coding.code, coding.coder) == (1, "wait", "Kim")
    assert run.parameters["auto_accept_from"] == {"wait": 0.9}
    assert run.parameters["zero_shot_weight"] == 0.5
    assert run.parameters["codes"] == [
        {"code": "wait", "n_uses": 3, "n_transcripts": 2, "recall": 0.5, "definition_auc": 0.7}
    ]
    (theme,), (left,) = draft.themes, draft.unassigned
    assert (theme.key, theme.terms, theme.position) == ("T01", ("year",), (0.5, 0.25))
    assert left.reason is UnassignedReason.OUTLIER
    assert left.position == ((0.1, 0.2) if version >= 6 else None)
    assert (draft.diagnostics.n_outliers, draft.diagnostics.n_near_two_themes) == (1, 0)
    assert draft.diagnostics.stability.random_state == 0
    if version >= 3:
        assert theme.stability.participant == "Ann"


@pytest.mark.parametrize("version", range(1, 7))
def test_a_migrated_study_has_the_tables_of_a_new_one(path, tmp_path, version):
    make_old(path, version)
    open_study(path).close()
    create(tmp_path / "new.autocode").close()

    def columns(of):
        with contextlib.closing(sqlite3.connect(of)) as connection:
            return sorted(
                tuple(row)
                for row in connection.execute(
                    "SELECT m.name, c.name, c.type FROM sqlite_master m,"
                    " pragma_table_info(m.name) c WHERE m.type = 'table'"
                )
            )

    assert columns(path) == columns(tmp_path / "new.autocode")


def test_sentences_of_old_reasons_become_codes(path):
    make_old(path, 6)
    sentences = {
        "too short to place (no content word)": UnassignedReason.TOO_SHORT,
        "near two themes": UnassignedReason.NEAR_TWO_THEMES,
        "in a theme that Kim dropped": UnassignedReason.DROPPED,
        "left over when T01 was split": UnassignedReason.LEFT_BY_SPLIT,
    }
    for at, (sentence, reason) in enumerate(sentences.items()):
        copy = path.with_name(f"{at}.autocode")
        make_old(copy, 6)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.execute("UPDATE members SET reason = ? WHERE theme_id IS NULL", (sentence,))
            connection.commit()
        study = open_study(copy)
        with study.reading() as connection:
            (left,) = themes.theme_draft(connection).unassigned
        study.close()
        assert left.reason is reason


def test_an_old_study_whose_evidence_is_damaged_is_one_line(path):
    make_old(path, 6)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE suggestions SET evidence = '{\"phrase\": 3}' WHERE id = 2")
        connection.commit()
    with pytest.raises(StudyError, match=r"row 2 of its table 'suggestions'") as caught:
        open_study(path)
    assert "\n" not in str(caught.value)


def test_readings_that_decisions_left_are_told_from_those_recorded(tmp_path):
    path = tmp_path / "old.autocode"
    make_old(path, 4)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM readings")
        connection.execute("DELETE FROM decisions")
        connection.execute("INSERT INTO decisions VALUES (1, 1, 'accept', 1, 1, '2024', '')")
        for start, end in ((5, 21), (27, 42)):
            connection.execute("INSERT INTO readings VALUES (1, ?, ?, 1)", (start, end))
        connection.commit()
    with open_study(path).reading() as connection:
        assert [(r.span.start, r.basis) for r in codings.readings(connection)] == [
            (5, "decision"),
            (27, "imported"),
        ]
