"""Units that span turns: a question with its short answer, and runs of short turns.

An answer such as "Not really, no." says little without its question (the adjacency pair of
conversation analysis: Schegloff & Sacks 1973). Only when asked for: people who mark exact passages
hardly ever mark across speakers (`eval/results/units.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.transcript import Role, Span, Transcript, Turn
from ..text.speakers import asks
from ..text.words import n_words

SHORT, LONGEST = 8, 60
"""Words: a unit with fewer is short; one that spans turns has at most so many."""

Said = tuple[Turn, Span]


def join_adjacent(transcript: Transcript, units: Sequence[Said]) -> list[Said]:
    """`units` with short ones joined to what comes before them in another turn.

    A short unit that asks nothing follows a question of somebody else, or another short unit.
    What nobody said (notes) joins nothing. The turn given for a joined unit is that of the
    participant who says most in it.
    """
    talk = _Talk(transcript.text, {s.name: s.role for s in transcript.speakers})
    groups: list[list[Said]] = []
    for unit in units:
        if groups and talk.belongs(groups[-1], unit):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    return [(talk.find_turn(group), _whole(group)) for group in groups]


@dataclass(frozen=True, slots=True)
class _Talk:
    text: str
    roles: Mapping[str, Role]

    def belongs(self, group: Sequence[Said], unit: Said) -> bool:
        """Whether `unit` goes with the units of `group`, which come just before it."""
        (before, said), (turn, span) = group[-1], unit
        if turn is before or "note" in (self.role(before), self.role(turn)):
            return False
        if self.n_words(span) >= SHORT or asks(span.of(self.text)):
            return False
        if self.n_words(_whole([*group, unit])) > LONGEST:
            return False
        answers = turn.speaker != before.speaker and asks(said.of(self.text))
        return answers or self.n_words(said) < SHORT

    def find_turn(self, group: Sequence[Said]) -> Turn:
        """The turn whose speaker a joined unit belongs to: of those who answer, who says most."""
        answering = [unit for unit in group if self.role(unit[0]) != "interviewer"]
        return max(answering or group, key=lambda unit: self.n_words(unit[1]))[0]

    def role(self, turn: Turn) -> Role:
        return self.roles.get(turn.speaker or "", "unknown")

    def n_words(self, span: Span) -> float:
        return n_words(span.of(self.text))


def _whole(group: Sequence[Said]) -> Span:
    return Span(group[0][1].start, group[-1][1].end)
