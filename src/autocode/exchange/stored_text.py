"""A text as a tool stores it, and where its positions are in the text that we keep.

Tools keep line ends of Windows, which count two, and byte order marks; we keep neither.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredText:
    """`text` has LF line ends and no mark; `dropped` are stored positions that are not in it."""

    text: str
    n_stored: int
    dropped: tuple[int, ...] = ()

    @classmethod
    def of(cls, stored: str) -> StoredText:
        """What we keep of a stored text."""
        dropped = [0] if stored.startswith("\ufeff") else []
        at = stored.find("\r\n")
        while at >= 0:
            dropped.append(at)
            at = stored.find("\r\n", at + 2)
        return cls(fold_line_ends(stored.removeprefix("\ufeff")), len(stored), tuple(dropped))

    def find(self, position: int) -> int:
        """A stored position (code points from 0) in the text; one beyond it stays beyond it."""
        return position - bisect_left(self.dropped, position)


def fold_line_ends(text: str) -> str:
    """The text with LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
