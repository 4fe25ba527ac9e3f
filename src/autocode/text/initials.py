"""Names of speakers that may be another speaker's initials: "HL" beside "Hana Lowe"."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INITIALS = re.compile(r"[^\W\d_]{2,5}")
_PART = re.compile(r"[^\W\d_]+")


def find_initials(names: Sequence[str]) -> list[tuple[str, str]]:
    """Each name that consists of the initials of one other, with that other, in order of `names`.

    "H.L." and "HL" are initials of "Hana Lowe"; a single letter, and what may be the initials of
    several names, are not.
    """
    whole: dict[str, list[str]] = {}
    for name in names:
        parts = _PART.findall(name)
        if len(parts) > 1 and len(max(parts, key=len)) > 1:
            whole.setdefault("".join(part[0] for part in parts).upper(), []).append(name)
    pairs = []
    for name in names:
        letters = re.sub(r"[.\s-]", "", name)
        if _INITIALS.fullmatch(letters) and letters == letters.upper():
            others = [other for other in whole.get(letters, ()) if other != name]
            if len(others) == 1:
                pairs.append((name, others[0]))
    return pairs
