"""Sections as a person looks them up."""

from __future__ import annotations

import pytest

from autocode.core.errors import NotFound
from autocode.core.transcript import Span

SEAS = "The ships left the harbour and the captain saw the anchor and the tides go by."
SOIL = "The garden wants compost and watering, and tomatoes come up when seeds are in."


@pytest.fixture
def talk(empty, tmp_path):
    """A long conversation about ships, then about a garden, with another voice."""
    lines = [f"Ann: {SEAS}" if n % 2 else "Int: Yes and then?" for n in range(240)]
    lines += ["Int: Okay, thank you. Let's move on to the next question, the garden at home."]
    lines += [f"Bea: {SOIL}" if n % 2 else "Int: Yes and then?" for n in range(240)]
    (tmp_path / "talk.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "brief.txt").write_text("Int: Well?\nAnn: Yes.\n", encoding="utf-8")
    empty.import_paths([tmp_path / "talk.txt", tmp_path / "brief.txt"])
    return empty


def test_sections_begin_where_talk_turns_to_something_else(talk):
    first, second = talk.sections("talk")
    assert second.opening.startswith("Okay, thank you. Let's move on to the next question,")
    assert len(second.opening.split()) == 12
    assert (first.number, second.number) == (1, 2)
    assert first.turns.last == second.turns.first
    assert (first.speakers, second.speakers) == (("Ann", "Int"), ("Bea", "Int"))
    assert "harbour" in " ".join(first.terms) or "ships" in " ".join(first.terms)
    assert not set(first.terms) & set(second.terms)


def test_sections_slice_their_transcript(talk):
    text = next(t.text for t in talk.transcripts() if t.name == "talk")
    first, second = talk.sections("talk")
    assert first.span.of(text).endswith("Yes and then?") or first.span.of(text).endswith("by.")
    assert second.span.of(text).startswith("Okay, thank you.")
    assert second.span.end == len(text.rstrip())


def test_sections_of_all_transcripts_are_in_order(talk):
    found = talk.sections()
    assert [view.transcript for view in found] == ["brief", "talk", "talk"]
    assert found[0].span == Span(5, 20)
    assert found[0].n_words == 2


def test_sections_are_the_same_again(talk):
    assert talk.sections() == talk.sections()


def test_sections_of_an_empty_study_are_none(empty):
    assert empty.sections() == []


def test_sections_of_what_is_not_there_are_refused(talk):
    with pytest.raises(NotFound, match="talk"):
        talk.sections("tale")
