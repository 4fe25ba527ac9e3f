"""Which part of a comparison was coded blind, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.coding_pass import CodingPass
from ...core.counted import say_count
from ..study.pass_account import PassAccount

_MOST_NAMED = 6


def describe_passes(account: PassAccount, *, thing: str = "unit") -> str:
    """Which part of the comparison was coded blind, and what else its passes say.

    Empty where nothing was assigned.
    """
    if not account.passes:
        return ""
    n, all_of = account.n_blind, account.n_compared
    compared = say_count(all_of, thing, grouped=True)
    verb = "was" if n == 1 else "were"
    where = _list_some(account.blind)
    words = [f"{n:,} of {compared} {verb} coded blind ({where})." if n else "None was coded blind."]
    if account.assisted:
        words.append(f"Blind with suggestions: {_list_passes(account.assisted)}.")
    if account.reopened:
        words.append(f"Opened again after finishing: {_list_passes(account.reopened)}.")
    if account.unfinished:
        words.append(f"Not finished: {_list_passes(account.unfinished)}.")
    return " ".join(words)


def _list_passes(passes: Sequence[CodingPass]) -> str:
    by_coder: dict[str, list[str]] = {}
    for one in passes:
        times = f" ({one.n_reopened}x)" if one.n_reopened > 1 else ""
        by_coder.setdefault(one.coder, []).append(one.transcript + times)
    return "; ".join(f"{coder} in {_list_some(names)}" for coder, names in by_coder.items())


def _list_some(names: Sequence[str]) -> str:
    left = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {left} more" if left > 0 else "")
