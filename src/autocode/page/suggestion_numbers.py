"""The numbers of suggestions as a coder is sent them.

A row's number grows with every run for anybody. A blind coder is therefore sent the places of
suggestions among those ever made for them, which say nothing of others; as these begin anew when
codes are suggested anew, the page says which run its numbers are of.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from ..core.errors import NotFound
from ..project.reader import StudyReader
from ..project.suggested_to import is_blind, read_run


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionNumbers:
    """Numbers of rows, and the numbers that a coder is sent; `own` are the rows of a blind coder.

    `run` is when the run was made that the numbers are of.
    """

    own: tuple[int, ...] | None = None
    run: str | None = None

    def show(self, number: int | None) -> int | None:
        """The number that is sent for a row."""
        if number is None:
            return None
        return number if self.own is None else bisect_left(self.own, number) + 1

    def find(self, shown: int, run: str | None) -> int:
        """The row that a number sent before stands for.

        Raises:
            NotFound: if there is none, or codes were suggested anew since (`run` is another).
        """
        if self.own is None:
            return shown
        if run != self.run or not 0 < shown <= len(self.own):
            raise NotFound("This was suggested anew since.", kind="suggestion", name=str(shown))
        return self.own[shown - 1]


def number_suggestions(study: StudyReader, coder: str) -> SuggestionNumbers:
    """How suggestions are numbered for a coder."""
    if not is_blind(study, coder):
        return SuggestionNumbers()
    run = read_run(study, coder)
    own = () if run is None else tuple(study.suggestion_numbers(coder))
    return SuggestionNumbers(own=own, run=None if run is None else run.made_at)
