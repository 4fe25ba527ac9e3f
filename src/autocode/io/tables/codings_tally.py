"""What reading a table of codings should say: how columns, codes and excerpts were taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...core.counted import say_count
from ...core.errors import one_line
from ...text.folding import Strength
from .codings_cells import fold
from .codings_columns import CodingColumns
from .codings_places import Place

_SHOWN = 6
_WITHOUT = {
    Strength.TYPOGRAPHY: "but for quotation marks, dashes, blanks or how letters are composed",
    Strength.CASE: "but for upper and lower case",
    Strength.PUNCTUATION: "but for punctuation",
}


@dataclass(slots=True)
class Tally:
    """Counts of what was not to the letter while a table was read; `notes` says them."""

    coders: Counter[str] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict)
    transcripts: dict[str, str] = field(default_factory=dict)
    strengths: Counter[Strength] = field(default_factory=Counter)
    n_elided: int = 0
    n_unlabelled: int = 0
    n_by_position: int = 0
    n_moved: int = 0
    n_searched: int = 0
    n_whole_turns: int = 0
    n_uncoded: int = 0
    n_undated: int = 0

    def count_place(self, place: Place) -> None:
        """Count how the words of one row were found."""
        self.strengths[place.location.strength] += 1
        self.n_elided += place.location.elided
        self.n_unlabelled += place.location.unlabelled
        self.n_by_position += place.by_position
        self.n_moved += place.moved
        self.n_whole_turns += place.whole_turn

    def notes(self, columns: CodingColumns, known_coders: Iterable[str]) -> Iterator[str]:
        """One line for each thing that was not plain."""
        if columns.tool not in ("", "autocode"):
            yield f"looks like an export of {columns.tool}; {columns.describe()}"
        elif columns.tool == "" or columns.inferred:
            yield columns.describe()
        yield from _list_renamed("transcript", self.transcripts)
        yield from _list_renamed("code", self.codes)
        yield from self._excerpt_notes()
        if self.n_whole_turns:
            yield f"{say_count(self.n_whole_turns, 'row')} of a whole turn, by its number from 1"
        if self.n_uncoded:
            yield f"{say_count(self.n_uncoded, 'row')} without a code left out"
        if self.n_undated:
            yield (
                f"{say_count(self.n_undated, 'date')} not kept: only dates such as 2024-03-01 have "
                "one meaning; these codings bear the time of this import"
            )
        yield from describe_spellings(self.coders, known_coders)

    def _excerpt_notes(self) -> Iterator[str]:
        for strength, words in _WITHOUT.items():
            if n := self.strengths[strength]:
                yield f"{say_count(n, 'excerpt')} found to the letter {words}"
        for n, words in (
            (self.n_elided, "with words left out; the coding runs over them"),
            (self.n_unlabelled, "found without the name in front"),
            (self.n_by_position, "in several places told apart by turn, paragraph or offset"),
            (self.n_moved, "placed by the words: the offsets count characters in another text"),
            (self.n_searched, "found in one transcript only; no column names the transcript"),
        ):
            if n:
                yield f"{say_count(n, 'excerpt')} {words}"


def describe_spellings(coders: Mapping[str, int], known: Iterable[str]) -> Iterator[str]:
    """A line for each coder whose name is spelled in several ways, in a table or the study."""
    spellings: dict[str, list[str]] = {}
    for name in dict.fromkeys([*coders, *sorted(known)]):
        spellings.setdefault(fold(name).replace(".", ""), []).append(name)
    for names in spellings.values():
        if len(names) > 1 and any(name in coders for name in names):
            shown = " and ".join(
                f"'{one_line(name, 60)}' ({say_count(coders[name], 'row')})"
                if coders.get(name)
                else f"'{one_line(name, 60)}' (in the study)"
                for name in names[:_SHOWN]
            )
            yield f"{shown} count as {len(names)} coders; write them alike if they are one"


def _list_renamed(kind: str, names: Mapping[str, str]) -> Iterator[str]:
    """What names were taken for, where they are not written as in the study."""
    renamed = [
        f"'{one_line(written, 60)}' for '{one_line(name, 60)}'"
        for written, name in names.items()
        if fold(name) not in (fold(written), fold(written).rsplit(".", 1)[0])
    ]
    if renamed:
        more = f" and {len(renamed) - _SHOWN} more" if len(renamed) > _SHOWN else ""
        yield f"{kind} taken: {', '.join(renamed[:_SHOWN])}{more}"
