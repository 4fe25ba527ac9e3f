"""Suggestions, decisions and theme drafts: what is replaced and what stays for good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.core.coding import Coding, Decision, Reading
from autocode.core.errors import NotFound
from autocode.core.suggestion import Evidence
from autocode.core.theme import (
    ThemeDraft,
    Unassigned,
    UnassignedReason,
)
from autocode.core.transcript import Span
from autocode.store import codings, decisions, runs, suggestions, themes
from autocode.store import segments as segment_store
from autocode.store.runs import last_run
from autocode.store.suggestions import SuggestionFilter

from .support import RUN, suggested, theme_draft


def decided(suggestion, action="accept", applied="wait"):
    return Decision(
        suggestion=suggestion.number,
        action=action,
        coder="Amina",
        transcript=suggestion.transcript,
        span=suggestion.span,
        suggested=suggestion.code,
        applied=applied,
        made_at="2024-05-05T00:00:00+00:00",
        memo="because",
    )


def decide(connection, *made):
    """Keep decisions, as `Project.decide` does once it has checked them."""
    known = decisions.targets(connection, [d.suggestion for d in made])
    decisions.add_decisions(connection, [(d, known[d.suggestion]) for d in made])


@pytest.fixture
def suggesting(filled):
    with filled.writing() as connection:
        suggestions.replace_suggestions(connection, RUN, suggested(connection))
    return filled


def open_ones(study, **options):
    with study.reading() as connection:
        return suggestions.suggestions(connection, SuggestionFilter(**options))


def test_suggestions_come_back_with_their_evidence(suggesting):
    with suggesting.reading() as connection:
        made = suggested(connection)
        found = suggestions.suggestions(connection)
    assert [replace(s, number=None) for s in found] == made
    assert len({s.number for s in found}) == len(made) == 8


def test_suggestions_are_read_without_their_evidence(suggesting):
    with suggesting.reading() as connection:
        made = [replace(s, evidence=Evidence()) for s in suggestions.suggestions(connection)]
        run = runs.last_run_number(connection)
        assert suggestions.suggestions_of_run(connection, run, with_evidence=False) == made
    assert open_ones(suggesting, with_evidence=False) == made
    assert any(s.evidence != Evidence() for s in open_ones(suggesting))


def test_suggestions_are_found_by_run_and_by_number(suggesting):
    first = open_ones(suggesting)
    with suggesting.writing() as connection:
        kept = suggestions.suggestions_numbered(connection, [first[4].number, first[1].number, 999])
        only = replace(RUN, parameters={"only_codes": [first[0].code]})
        later = [replace(s, number=None) for s in first if s.code == first[0].code]
        suggestions.replace_suggestions(connection, only, later)
        newest = runs.last_run_number(connection)
    assert kept == [first[1], first[4]]
    with suggesting.reading() as connection:
        assert suggestions.open_numbers(connection, newest) == {
            one.number for one in open_ones(suggesting, run=newest)
        }
    assert [replace(s, number=None) for s in open_ones(suggesting, run=newest)] == later
    others = [s for s in first if s.code != first[0].code]
    assert open_ones(suggesting, run=newest - 1) == others


def test_suggestion_is_found_by_its_number(suggesting):
    found = open_ones(suggesting)
    with suggesting.reading() as connection:
        assert suggestions.suggestion(connection, found[3].number) == found[3]
        with pytest.raises(NotFound, match="No suggestion 999"):
            suggestions.suggestion(connection, 999)


def test_last_run_is_the_newest_of_its_kind(suggesting):
    later = replace(RUN, method="newer", made_at="2020-01-01")
    with suggesting.writing() as connection:
        suggestions.replace_suggestions(connection, later, [])
    with suggesting.reading() as connection:
        assert last_run(connection, "suggest") == replace(later, number=2)
        assert last_run(connection, "themes") is None


def test_new_suggestions_replace_the_undecided_and_never_reuse_a_number(suggesting):
    before = open_ones(suggesting)
    with suggesting.writing() as connection:
        decide(connection, decided(before[0]))
        suggestions.replace_suggestions(connection, RUN, suggested(connection)[:2])
    everything = open_ones(suggesting, status="all")
    # What was decided keeps its suggestion; the other new one is for a segment that is coded now.
    left = open_ones(suggesting, status="superseded")
    assert before[0] in everything
    assert len(everything) == 2
    assert len(left) == 1
    assert open_ones(suggesting) == []
    assert min(s.number for s in left) > max(s.number for s in before)


def test_decision_makes_a_coding_and_a_reading(suggesting):
    first = open_ones(suggesting)[0]
    with suggesting.writing() as connection:
        decide(connection, decided(first))
    with suggesting.reading() as connection:
        assert decisions.decisions(connection) == [decided(first)]
        (coding,) = codings.codings(connection)
        (reading,) = codings.readings(connection)
    assert (coding.transcript, coding.span, coding.code) == (first.transcript, first.span, "wait")
    assert (coding.coder, coding.basis, coding.memo) == ("Amina", "decision", "because")
    assert (reading.transcript, reading.span, reading.coder) == (
        first.transcript,
        first.span,
        "Amina",
    )
    assert first not in open_ones(suggesting)


def test_segment_counts_as_read_once_all_its_suggestions_are_rejected(suggesting):
    first, second = open_ones(suggesting)[:2]
    assert first.span == second.span
    for suggestion, n_readings in ((first, 0), (second, 1)):
        with suggesting.writing() as connection:
            decide(connection, decided(suggestion, "reject", None))
        with suggesting.reading() as connection:
            assert len(codings.readings(connection)) == n_readings
            assert codings.codings(connection) == []


def test_rejecting_what_others_left_is_not_reading(suggesting):
    first, second = open_ones(suggesting)[:2]
    with suggesting.writing() as connection:
        decide(connection, decided(first))
        decide(connection, replace(decided(second, "reject", None), coder="Yuri"))
    with suggesting.reading() as connection:
        assert [reading.coder for reading in codings.readings(connection)] == ["Amina"]


def test_rejecting_a_suggestion_for_another_span_of_the_same_start_is_not_reading(suggesting):
    first, second = open_ones(suggesting)[:2]
    with suggesting.writing() as connection:
        connection.exec_driver_sql(
            f'UPDATE suggestions SET "end" = "end" - 2 WHERE id = {second.number}'
        )
        decide(connection, *(decided(s, "reject", None) for s in (first, second)))
    with suggesting.reading() as connection:
        assert codings.readings(connection) == []


def test_rejecting_all_in_one_batch_is_reading(suggesting):
    with suggesting.writing() as connection:
        decide(connection, *(decided(s, "reject", None) for s in open_ones(suggesting)[:2]))
    with suggesting.reading() as connection:
        assert len(codings.readings(connection)) == 1


def _mark(study, kind, coder, span, machines=()):
    with study.writing() as connection:
        if kind == "coding":
            made = Coding(transcript="a", span=span, code="wait", coder=coder)
            codings.add_codings(connection, [made], machines=machines)
        else:
            codings.add_readings(connection, [Reading("a", span, coder)], machines=machines)


@pytest.mark.parametrize("kind", ["coding", "reading"])
def test_suggestions_on_a_segment_since_coded_or_read_are_no_longer_open(suggesting, kind):
    before = open_ones(suggesting)
    span = before[0].span
    here = [s for s in before if (s.transcript, s.span) == ("a", span)]
    # Less than half of the segment, which is how `align` counts; then half of it; a machine.
    _mark(suggesting, kind, "Bot", span, machines={"Bot"})
    _mark(suggesting, kind, "Kim", Span(max(0, span.start - len(span)), span.start + 1))
    assert open_ones(suggesting) == before
    _mark(suggesting, kind, "Kim", Span(span.start, span.start + (len(span) + 1) // 2))
    assert open_ones(suggesting) == [s for s in before if s not in here]
    assert open_ones(suggesting, status="superseded") == here
    assert open_ones(suggesting, status="all") == before


def test_what_is_superseded_is_not_auto_accepted(suggesting):
    first = open_ones(suggesting)[0]
    with suggesting.writing() as connection:
        connection.exec_driver_sql("UPDATE suggestions SET auto_acceptable = 1")
        n_before = len(decisions.targets(connection))
        codings.add_readings(connection, [Reading(first.transcript, first.span, "Kim")])
        left = decisions.targets(connection)
        assert first.number in decisions.targets(connection, [first.number])
    assert 0 < len(left) < n_before
    assert first.number not in left


# Themes


@pytest.fixture
def themed(filled):
    with filled.writing() as connection:
        draft = theme_draft(segment_store.segments(connection))
        run = replace(RUN, kind="themes", parameters=draft.diagnostics.to_stored())
        themes.replace_themes(connection, run, draft)
    return filled


def test_theme_draft_comes_back_as_it_went_in(themed):
    with themed.reading() as connection:
        made = theme_draft(segment_store.segments(connection))
        found = themes.theme_draft(connection)
    # 'b' was imported before 'a'; members stand in the order of the names all the same.
    assert found == made


def test_new_theme_draft_replaces_the_old_one(themed):
    with themed.writing() as connection:
        segments = segment_store.segments(connection)
        short = ThemeDraft((), (Unassigned(segment=segments[0], reason=UnassignedReason.OUTLIER),))
        themes.replace_themes(connection, replace(RUN, kind="themes", parameters={}), short)
    with themed.reading() as connection:
        assert themes.theme_draft(connection) == short
        for table in ("themes", "members"):
            n_rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            assert n_rows == {"themes": 0, "members": 1}[table]


def test_members_whose_segment_was_cut_anew_keep_their_span_and_theme(themed):
    with themed.reading() as connection:
        before = themes.theme_draft(connection)
    with themed.writing() as connection:
        for name in ("a", "b"):
            rows = [
                {
                    "start": s.span.start,
                    "end": s.span.end - 3,
                    "speaker": s.speaker,
                    "unit": "sentence",
                    "given": False,
                    "name": None,
                    "domain": None,
                }
                for s in segment_store.segments(connection)
                if s.transcript == name
            ]
            segment_store.replace_segments(connection, name, rows)
    with themed.reading() as connection:
        after = themes.theme_draft(connection)

    def spans(draft):
        members = [
            (t.key, m.segment.span, m.segment.excerpt) for t in draft.themes for m in t.members
        ]
        return members + [(u.reason, u.segment.span, u.segment.excerpt) for u in draft.unassigned]

    assert spans(after) == spans(before)
    assert {m.segment.speaker for t in after.themes for m in t.members} == {"Ann"}


def test_no_theme_draft_is_none(filled):
    with filled.reading() as connection:
        assert themes.theme_draft(connection) is None


def test_forgetting_drafts_keeps_decided_suggestions_and_other_transcripts(themed):
    with themed.writing() as connection:
        suggestions.replace_suggestions(connection, RUN, suggested(connection))
        first = suggestions.suggestions(connection)[0]
        decide(connection, decided(first))
        suggestions.forget_drafts_of(connection, ["a"])
    left = open_ones(themed, status="all")
    assert [s.transcript for s in left] == ["a"] + ["b"] * 4
    assert left[0] == first
    with themed.reading() as connection:
        assert themes.theme_draft(connection) is None


def test_decisions_on_one_span_are_those_that_lie_there(suggesting):
    first = open_ones(suggesting)[0]
    other = next(one for one in open_ones(suggesting) if one.span != first.span)
    with suggesting.writing() as connection:
        decide(connection, decided(first), decided(other, "reject", None))
    with suggesting.reading() as connection:
        here = (first.transcript, first.span)
        assert decisions.decisions(connection, ["Amina"], at=here) == [decided(first)]
        assert decisions.decisions(connection, at=here) == [decided(first)]
        assert decisions.decisions(connection, ["Jonas"], at=here) == []
        assert decisions.decisions(connection, at=("a", Span(0, 1))) == []
        assert len(decisions.decisions(connection, ["Amina", "Jonas"])) == 2
