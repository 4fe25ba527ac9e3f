"""Coders see afterwards where the consensus differs from them, and nothing of it while blind."""

from __future__ import annotations

import pytest

from autocode.core.transcript import Span
from autocode.project.assigning import AssignOptions
from autocode.project.hand_coding import Place
from autocode.project.resolving import ResolveOptions

SHAME = "It was shame that kept me quiet, I was ashamed in front of everybody."
PLACE = Place(transcript="t2_bob", words=SHAME)


def settle(page, outcome, **more):
    options = ResolveOptions(one="Amina", other="Jonas", **more)
    page.project.resolve(PLACE, "shame", outcome, reason="we talked", coder="Lead", options=options)


def listed(page, coder):
    page.client.cookies.clear()
    page.sign_in(coder)
    text = page.get("/settled").text
    is_linked = 'href="/settled"' in page.get("/").text
    assert is_linked is (text.count("<blockquote") > 0)
    return text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "of_amina", "of_jonas"),
    [("one", 0, 1), ("other", 1, 0), ("both", 1, 0), ("neither", 0, 1), ("stand", 0, 0)],
)
def test_who_had_it_otherwise_sees_it(page, outcome, of_amina, of_jonas):
    page.project.code(PLACE, "shame", coder="Jonas")
    settle(page, outcome)
    for coder, n in (("Amina", of_amina), ("Jonas", of_jonas)):
        text = listed(page, coder)
        assert text.count("<blockquote") == n
        assert ("we talked" in text) is bool(n)
        assert ("Nothing was settled otherwise" in text) is not bool(n)
    assert listed(page, "Lead").count("<blockquote") == 0


def test_other_ends_are_otherwise_for_whoever_coded_it(page):
    page.project.code(PLACE, "shame", coder="Jonas")
    start = page.project.transcript("t2_bob").text.index(SHAME)
    settle(page, "span", to=Span(start, start + 12))
    assert listed(page, "Jonas").count("<blockquote") == 1
    assert "on other words" in listed(page, "Jonas")


def test_a_blind_coder_sees_none_of_it(page):
    page.project.code(PLACE, "shame", coder="Jonas")
    settle(page, "one")
    options = AssignOptions(blind=True, assistance="none", transcripts=["t2_bob"])
    page.project.assign_passes(["Jonas"], coder="Lead", options=options)
    assert listed(page, "Jonas").count("<blockquote") == 0
