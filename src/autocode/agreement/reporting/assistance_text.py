"""What suggestions were shown to the coders who are compared, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.counted import say_count
from ..study.assistance import NO_PASS, CoderAssistance

_SOURCES = {
    "none": "none",
    "codebook": "from the codebook",
    "own": "learned from their own codings",
    "all": "learned from all codings",
    NO_PASS: "without a pass",
}


def describe_assistance(accounts: Sequence[CoderAssistance]) -> str:
    """What each coder could see; empty where nothing was suggested and nothing was assigned."""
    if not any(one.is_assisted or _has_pass(one) for one in accounts):
        return ""
    parts = [f"{one.coder}: {describe_shown(one)}" for one in accounts]
    return f"Suggestions that could be seen. {'; '.join(parts)}."


def describe_shown(one: CoderAssistance) -> str:
    """What a coder could see: "learned from all codings, at once; 5 of 12 codings taken"."""
    if not one.is_assisted:
        return "none"
    parts = []
    if one.passes:
        parts.append(describe_sources(one))
    parts.append(describe_showings(one))
    parts.append(describe_taken(one))
    return ", ".join(parts)


def describe_sources(one: CoderAssistance) -> str:
    """What suggestions in the coder's passes were learned from, by number of transcripts."""
    if len(one.passes) == 1:
        return _SOURCES[next(iter(one.passes))]
    counted = [
        f"{_SOURCES[source]} in {say_count(n, 'transcript')}" for source, n in one.passes.items()
    ]
    return ", ".join(counted)


def describe_showings(one: CoderAssistance) -> str:
    """How suggestions were shown to the coder, and from when on if that was changed."""
    if not one.shown:
        return "at once"
    first, *later = one.shown
    changed = [f"from {other.since[:10]} {other.showing.describe()}" for other in later]
    return ", ".join([first.showing.describe(), *changed])


def describe_taken(one: CoderAssistance) -> str:
    """How many of the coder's codings were made by deciding on a suggestion."""
    return f"{one.n_taken} of {say_count(one.n_codings, 'coding')} taken from suggestions"


def _has_pass(one: CoderAssistance) -> bool:
    return any(source != NO_PASS for source in one.passes)
