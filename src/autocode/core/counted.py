"""A number of things in words, in the singular for one."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ONWARDS = re.compile(r",| (?:of|in|on|to|with|without|under) ")
_SIBILANTS = ("sses", "xes", "ches", "shes")
_IRREGULAR = {"person": "people"}


def say_count(n: float, thing: str, *, grouped: bool = False) -> str:
    """A number of things: "1 unit", "2 units", "0 passes", "2 families of codes".

    What follows "of", "in" or "on" stays as it is. `grouped` parts thousands, as in "12,000 rows".
    """
    shown = f"{n:,.0f}" if grouped else f"{n:.0f}"
    return f"{shown} {thing if round(n) == 1 else _to_plural(thing)}"


def say_counts(counts: Mapping[str, int]) -> str:
    """Counts by the plurals of what they count: "1 transcript, 24 turns, 0 codings"."""
    return ", ".join(say_plural(n, things) for things, n in counts.items())


def say_plural(n: int, things: str) -> str:
    """A number of things that are named in the plural, as "memos on words" or "draft themes"."""
    return f"{n} {things if n != 1 else _to_singular(things)}"


def say_size(n_bytes: int) -> str:
    """The size of a file: "640 bytes", "16 kB", "1.5 MB", "91 MB"; never "0.0 MB"."""
    if n_bytes < 1000:
        return say_count(n_bytes, "byte")
    if n_bytes < 999_500:
        return f"{n_bytes / 1e3:.0f} kB"
    return f"{n_bytes / 1e6:.{1 if n_bytes < 9_950_000 else 0}f} MB"


def _to_singular(things: str) -> str:
    """The last word before what follows "of", "in" and such stands in the singular."""
    mark = _ONWARDS.search(things)
    head, rest = (things[: mark.start()], things[mark.start() :]) if mark else (things, "")
    if head.endswith("ies"):
        return f"{head[:-3]}y{rest}"
    return f"{head.removesuffix('es' if head.endswith(_SIBILANTS) else 's')}{rest}"


def _to_plural(thing: str) -> str:
    if " or " in thing:
        return " or ".join(_to_plural(one) for one in thing.split(" or "))
    for mark in (" of ", " in ", " on "):
        if mark in thing:
            before, _, after = thing.partition(mark)
            return f"{_to_plural(before)}{mark}{after}"
    rest, space, word = thing.rpartition(" ")
    if word in _IRREGULAR:
        plural = _IRREGULAR[word]
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        plural = f"{word[:-1]}ies"
    else:
        plural = f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
    return f"{rest}{space}{plural}"
