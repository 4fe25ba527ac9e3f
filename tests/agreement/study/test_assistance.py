"""Agreement says which suggestions were shown to whom, and what was taken from them."""

from __future__ import annotations

from autocode.agreement.reporting.assistance_text import describe_assistance
from autocode.agreement.study.assistance import NO_PASS, Suggested, account_assistance
from autocode.core.coding import Coding
from autocode.core.coding_pass import CodingPass
from autocode.core.showing import Showing, ShowingSince
from autocode.core.transcript import Span

BOTH = ("Ana", "Ben")
READ = [("a", BOTH), ("b", BOTH), ("c", ("Ana",))]


def coded(transcript, coder, basis):
    return Coding(transcript=transcript, span=Span(0, 5), code="x", coder=coder, basis=basis)


def account(*, passes=(), suggested=None, codings=()):
    suggested = suggested or Suggested()
    return account_assistance(READ, BOTH, codings=codings, passes=passes, suggested=suggested)


def test_nothing_is_said_where_nothing_was_suggested_or_assigned():
    assert describe_assistance(account()) == ""
    assert [one.passes for one in account()] == [{NO_PASS: 2}, {NO_PASS: 2}]
    assert not any(one.is_assisted for one in account())


def test_only_what_is_compared_counts():
    codings = [
        coded("a", "Ana", "decision"),
        coded("b", "Ana", "person"),
        coded("c", "Ana", "decision"),
    ]
    ana, ben = account(suggested=Suggested(frozenset({None})), codings=codings)
    assert (ana.n_codings, ana.n_taken, ben.n_codings) == (2, 1, 0)
    assert describe_assistance([ana, ben]) == (
        "Suggestions that could be seen. Ana: without a pass, at once, 1 of 2 codings taken from "
        "suggestions; Ben: without a pass, at once, 0 of 0 codings taken from suggestions."
    )


def test_passes_and_the_way_of_showing_are_named():
    passes = [
        CodingPass(transcript="a", coder="Ana", assistance="none", blind=True),
        CodingPass(transcript="b", coder="Ana", assistance="none", blind=True),
        CodingPass(transcript="a", coder="Ben", assistance="own"),
        CodingPass(transcript="b", coder="Ben", assistance="none"),
    ]
    first = ShowingSince(coder="Ben", showing=Showing(), since="2026-05-01T10:00:00+00:00")
    later = Showing(own_code_first=True, unassisted=0.1, random_state=7)
    second = ShowingSince(coder="Ben", showing=later, since="2026-05-04T10:00:00+00:00")
    suggested = Suggested(frozenset({"Ben"}), (first, second))
    ana, ben = account(passes=passes, suggested=suggested)
    assert (ana.is_assisted, ben.is_assisted) == (False, True)
    assert describe_assistance([ana, ben]) == (
        "Suggestions that could be seen. Ana: none; Ben: none in 1 transcript, learned from their "
        "own codings in 1 transcript, at once, from 2026-05-04 after the coder's own answer, not "
        "in 10% of the segments (seed 7), 0 of 0 codings taken from suggestions."
    )
    assert [one["as"] for one in ben.to_plain()["shown"]] == ["at once", later.describe()]


def test_what_was_taken_counts_whatever_the_passes_say():
    passes = [CodingPass(transcript=name, coder="Ana", assistance="none") for name in "ab"]
    ana, _ = account(passes=passes, codings=[coded("a", "Ana", "decision")])
    assert ana.is_assisted
    assert "1 of 1 coding taken" in describe_assistance([ana])


def test_who_coded_elsewhere_and_imported_it_saw_none():
    codings = [coded("a", "Ana", "imported"), coded("b", "Ana", "imported")]
    ana, ben = account(suggested=Suggested(frozenset({None})), codings=codings)
    assert (ana.is_assisted, ben.is_assisted) == (False, True)
    assert ana.to_plain()["n_imported"] == 2
