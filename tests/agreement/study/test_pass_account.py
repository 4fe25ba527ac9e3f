"""Agreement says which part of it was coded blind, and what else the passes say."""

from __future__ import annotations

import pytest

from autocode.agreement.reporting.pass_text import describe_passes
from autocode.agreement.study.pass_account import PassAccount, account_passes
from autocode.core.coding_pass import CodingPass

PASSES = [
    CodingPass(transcript="a", coder="Ana", blind=True, assistance="none", state="revealed"),
    CodingPass(transcript="a", coder="Ben", blind=True, assistance="own", state="revealed"),
    CodingPass(transcript="b", coder="Ana", blind=True, assistance="none", n_reopened=2),
    CodingPass(transcript="b", coder="Ben", state="finished"),
    CodingPass(transcript="c", coder="Cleo", blind=True, assistance="none"),
]
BOTH = ("Ana", "Ben")


def test_only_what_each_of_those_compared_read_blind_is_blind():
    compared = [("a", BOTH, 1), ("a", BOTH, 1), ("a", ("Ana",), 1), ("b", BOTH, 1), ("c", BOTH, 1)]
    account = account_passes(compared, BOTH, PASSES)
    assert (account.n_compared, account.n_blind, account.blind) == (4, 2, ("a",))
    assert account.passes == tuple(PASSES[:4])
    assert describe_passes(account) == (
        "2 of 4 units were coded blind (a). Blind with suggestions: Ben in a. Opened again after "
        "finishing: Ana in b (2x). Not finished: Ana in b (2x)."
    )
    plain = account.to_plain()
    assert plain["reopened"] == [
        {"transcript": "b", "coder": "Ana", "assistance": "none", "state": "open", "n_reopened": 2}
    ]


def test_a_third_coder_who_is_not_compared_does_not_count():
    account = account_passes([("a", (*BOTH, "Cleo"), 10)], BOTH, PASSES)
    assert (account.n_compared, account.n_blind) == (10, 10)
    account = account_passes([("a", (*BOTH, "Cleo"), 10)], (*BOTH, "Cleo"), PASSES)
    assert account.n_blind == 0
    assert describe_passes(account).startswith("None was coded blind.")


@pytest.mark.parametrize("passes", [[], [PASSES[-1]]])
def test_nothing_is_said_where_nothing_compared_was_assigned(passes):
    account = account_passes([("a", BOTH, 1)], BOTH, passes)
    assert describe_passes(account) == describe_passes(PassAccount()) == ""
