"""Dealing transcripts to coders by their length, and drawing those that are coded twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import floor
from random import Random


def deal_evenly(
    n_words: Mapping[str, int], loads: dict[str, int], chance: Random
) -> list[tuple[str, str]]:
    """Give each transcript to a coder, so that all have about as many words; (transcript, coder).

    The longest are dealt first, each to whoever has least (Graham 1969, longest processing time);
    chance decides between equals. `loads`, words by coder, is brought up to date.
    """
    order = sorted(n_words)
    chance.shuffle(order)
    order.sort(key=lambda name: -n_words[name])
    turns = _shuffled(loads, chance)
    dealt = []
    for name in order:
        coder = min(turns, key=lambda one: loads[one])
        loads[coder] += n_words[name]
        dealt.append((name, coder))
    return dealt


def deal_again(
    drawn: Sequence[str],
    n_words: Mapping[str, int],
    readers: Mapping[str, Collection[str]],
    loads: dict[str, int],
    chance: Random,
) -> list[tuple[str, str]]:
    """Give each drawn transcript to the coder with the fewest words who does not have it yet.

    `readers` are those who have it. One that every coder has is left out.
    """
    turns = _shuffled(loads, chance)
    dealt = []
    for name in drawn:
        others = [coder for coder in turns if coder not in readers[name]]
        if others:
            coder = min(others, key=lambda one: loads[one])
            loads[coder] += n_words[name]
            dealt.append((name, coder))
    return dealt


def draw_share(
    strata: Mapping[str, str], drawn_before: Collection[str], share: float, chance: Random
) -> list[str]:
    """Draw a share of the transcripts, from each stratum in proportion; in the order drawn.

    The number is rounded, and at least one; it goes to the strata by largest remainders. Those
    drawn before count, so that drawing again adds only what is missing.

    Args:
        strata: the stratum of each transcript; one for all draws without strata.
        drawn_before: those that are coded twice already.
        share: above 0, at most 1.
        chance: the source of random numbers.
    """
    members: dict[str, list[str]] = {}
    for name in sorted(strata):
        members.setdefault(strata[name], []).append(name)
    n_wanted = max(1, floor(share * len(strata) + 0.5)) if strata else 0
    drawn: list[str] = []
    for stratum, quota in _quotas(members, share, n_wanted).items():
        before = [name for name in members[stratum] if name in drawn_before]
        rest = [name for name in members[stratum] if name not in drawn_before]
        drawn += chance.sample(rest, min(max(quota - len(before), 0), len(rest)))
    chance.shuffle(drawn)
    return drawn


def _quotas(members: Mapping[str, Sequence[str]], share: float, n_wanted: int) -> dict[str, int]:
    exact = {stratum: share * len(names) for stratum, names in members.items()}
    quotas = {stratum: floor(wanted) for stratum, wanted in exact.items()}
    by_remainder = sorted(exact, key=lambda stratum: (quotas[stratum] - exact[stratum], stratum))
    for stratum in by_remainder[: max(0, n_wanted - sum(quotas.values()))]:
        quotas[stratum] += 1
    return quotas


def _shuffled(coders: Collection[str], chance: Random) -> list[str]:
    order = sorted(coders)
    chance.shuffle(order)
    return order
