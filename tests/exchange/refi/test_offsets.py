"""The rule by which positions count is found out from the selections."""

from __future__ import annotations

import pytest

from autocode.exchange.project import Selection
from autocode.exchange.refi.offsets import OffsetRule, StoredText, find_rule
from autocode.exchange.refi.read import read_refi

from .support import coded_text, project_xml, write_qdpx

WORDS = (
    "Interviewer: How did you hear of it? 🌱\n\nAna: My neighbour told me 🎉 about it.\n"
    "She said come along on Saturday 🌱🌱.\nI was not so certain at first.\n"
)
PHRASES = ("My neighbour told me 🎉 about it.", "come along on Saturday 🌱🌱.", "not so certain")
RULES = [OffsetRule(b, u, m) for b in (1, 2) for u in (1, 2) for m in (0, 1)]


def file_of(rule: OffsetRule, path, *, named: bool, origin: str = "Some tool"):
    """A project whose positions count by `rule`, and where the phrases really stand."""
    stored = StoredText.of(("\ufeff" if rule.mark else "") + WORDS)
    spans = [(WORDS.index(phrase), WORDS.index(phrase) + len(phrase)) for phrase in PHRASES]
    selections = [
        (stored.to_theirs(start, rule), stored.to_theirs(end, rule), WORDS[start:end] * named)
        for start, end in spans
    ]
    words = ("\ufeff" if rule.mark else "") + WORDS.replace("\n", "\r\n")
    xml = project_xml(coded_text(*selections), origin=origin)
    return write_qdpx(path, xml, text=words.encode()), spans


def places(selections: tuple[Selection, ...]) -> list[tuple[int | None, int | None]]:
    return [(selection.start, selection.end) for selection in selections]


@pytest.mark.parametrize("rule", RULES, ids=OffsetRule.describe)
def test_names_of_selections_tell_the_rule(rule, tmp_path):
    path, spans = file_of(rule, tmp_path / "p.qdpx", named=True)
    read = read_refi(path)
    assert places(read.project.selections) == spans
    assert rule.describe() in read.report.notes[0]
    assert "100%" in read.report.notes[0]


@pytest.mark.parametrize("rule", RULES, ids=OffsetRule.describe)
def test_edges_of_words_tell_it_where_there_are_no_names(rule, tmp_path):
    path, spans = file_of(rule, tmp_path / "p.qdpx", named=False)
    assert places(read_refi(path).project.selections) == spans


def test_a_tie_goes_to_what_the_program_is_known_to_do():
    text = {"a": StoredText.of("a b\r\n\r\nc d")}
    selections = [("a", 5, 8, "")]
    assert find_rule(text, selections, origin="ATLAS.ti 23").rule.line_break == 1
    assert find_rule({"a": StoredText.of("x\r\n\r\n\r\n\r\n")}, [("a", 3, 3, "")],
                     origin="MAXQDA 24").rule.line_break == 2  # fmt: skip


def test_without_selections_nothing_is_claimed():
    assert find_rule({"a": StoredText.of("a\nb")}, []).describe().endswith("tells otherwise")


@pytest.mark.parametrize("rule", RULES, ids=OffsetRule.describe)
def test_positions_there_and_back(rule):
    stored = StoredText.of("\ufeff" + WORDS)
    for at in range(len(WORDS) + 1):
        assert stored.to_ours(stored.to_theirs(at, rule), rule) == at


def test_a_position_inside_a_doubled_character_is_before_it():
    stored = StoredText.of("ab\r\ncd")
    assert [stored.to_ours(at, OffsetRule(line_break=2)) for at in range(7)] == [
        0, 1, 2, 2, 3, 4, 5,
    ]  # fmt: skip
