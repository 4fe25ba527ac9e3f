"""Families of codes: their codes are decided only in transcripts where the family is in use.

A family (codes of the interview guide, retired codes, codes of one wave) is in use in a transcript

1. where a person has switched it on, and not where one has switched it off;
2. else, where people have applied one of its codes in that transcript;
3. else, where each of the `LATEST` transcripts that were coded last (of all, where fewer are
   coded) has one of its codes. Retired codes are not judged by these: they are off.

Before anything is coded a family is in use, unless its codes are retired. Where it is not, its
codes are neither likely nor auto-acceptable; where a person or its kind says so, they also rank
below all others. One coding with a code of the family, or one switch, brings it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..core.code_family import CodeFamily
from ..core.codebook import Code
from ..core.counted import say_count
from .protocol import NEVER, Flags, Floats, Ranking, Rows, Task

LATEST = 5
"""How many of the transcripts coded last tell whether a family is in use."""
_BELOW = 20.0
"""What is taken off the logits of codes that are off: more than any two codes differ by."""
_SHOWN = 3

Basis = Literal["switched", "used here", "used lately", "nothing coded", "retired", "not lately"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyState:
    """Whether a family is in use in a transcript, and what says so."""

    family: CodeFamily
    transcript: str
    is_on: bool
    basis: Basis

    @property
    def ranks_below(self) -> bool:
        """Whether its codes rank below all others there: they were said to be off."""
        return not self.is_on and self.basis in ("switched", "retired")


def judge_families(
    families: Mapping[CodeFamily, Collection[str]],
    coded: Mapping[str, Collection[str]],
    switches: Mapping[tuple[CodeFamily, str], bool],
    transcripts: Iterable[str],
) -> list[FamilyState]:
    """The state of each family in each of `transcripts`.

    `families` gives the codes (ids) of each, `coded` the codes that people applied in each coded
    transcript, the one that was coded last at the end.
    """
    names = list(transcripts)
    latest = list(coded)[-LATEST:]
    states = []
    for family, codes in families.items():
        using = {name for name, applied in coded.items() if not set(codes).isdisjoint(applied)}
        for name in names:
            is_on, basis = _judge(family, switches.get((family, name)), name, using, latest)
            states.append(FamilyState(family=family, transcript=name, is_on=is_on, basis=basis))
    return states


def _judge(
    family: CodeFamily, switched: bool | None, name: str, using: Set[str], latest: Sequence[str]
) -> tuple[bool, Basis]:
    if switched is not None:
        return switched, "switched"
    if family.kind == "retired":
        return False, "retired"
    if name in using:
        return True, "used here"
    if not latest:
        return True, "nothing coded"
    return (True, "used lately") if using >= set(latest) else (False, "not lately")


def find_family_states(task: Task, transcripts: Iterable[str] | None = None) -> list[FamilyState]:
    """The state of each family of the candidate codes in transcripts, by default the targets'."""
    columns = family_columns(task)
    if not columns:
        return []
    codes, names = task.corpus.codes, task.corpus.transcripts
    return judge_families(
        {family: [codes[at].id for at in its] for family, its in columns.items()},
        _coded(task),
        task.families.switches,
        transcripts or dict.fromkeys(names[task.targets].tolist()),
    )


def family_columns(task: Task) -> dict[CodeFamily, Rows]:
    """The columns of each family's codes among the candidates."""
    columns: dict[CodeFamily, list[int]] = {}
    for at, code in enumerate(task.corpus.codes):
        if code.family is not None:
            columns.setdefault(code.family, []).append(at)
    return {family: np.array(at, dtype=np.intp) for family, at in columns.items()}


def _coded(task: Task) -> dict[str, set[str]]:
    """The codes applied in each coded transcript, the one that was coded last at the end."""
    known, names = task.known, task.corpus.transcripts
    applied: dict[str, set[str]] = {}
    for row in np.flatnonzero(known.read & known.applied.any(axis=1)):
        codes = applied.setdefault(names[row].item(), set())
        codes.update(task.corpus.codes[at].id for at in np.flatnonzero(known.applied[row]).tolist())
    order = {name: at for at, name in enumerate(task.families.coded_order)}
    return dict(sorted(applied.items(), key=lambda item: order.get(item[0], -1)))


@dataclass(frozen=True, slots=True)
class OffCodes:
    """Codes whose family is off, for a transcript of no name here and for those of `names`.

    `is_off` and `is_below` are (1 + n_names, n_codes), the row of other transcripts first.
    """

    names: tuple[str, ...]
    is_off: Flags
    is_below: Flags

    def find(self, transcripts: Sequence[str]) -> Flags:
        """Which codes are off in each of these, (n, n_codes)."""
        return np.asarray(self.is_off[self._locate(transcripts)])

    def lower(
        self, logits: Floats, probabilities: Floats, transcripts: Sequence[str]
    ) -> tuple[Floats, Floats]:
        """Both, (n, n_codes), with the codes that were said to be off below all others."""
        if not self.is_below.any():
            return logits, probabilities
        is_below = self.is_below[self._locate(transcripts)] & (logits > NEVER)
        return _lower(logits, probabilities, is_below)

    def _locate(self, transcripts: Sequence[str]) -> list[int]:
        at = {name: row for row, name in enumerate(self.names, start=1)}
        return [at.get(name, 0) for name in transcripts]


def find_off_codes(task: Task) -> OffCodes:
    """Which codes are off, in the transcripts of a task and in any that comes later."""
    columns = family_columns(task)
    names = tuple(dict.fromkeys(task.corpus.transcripts.tolist())) if columns else ()
    none = np.zeros((1 + len(names), task.corpus.n_codes), dtype=bool)
    off = OffCodes(names, none, none.copy())
    row = {name: at for at, name in enumerate(names, start=1)}
    # No transcript has an empty name.
    for state in find_family_states(task, ("", *names)):
        if not state.is_on:
            off.is_off[row.get(state.transcript, 0), columns[state.family]] = True
            off.is_below[row.get(state.transcript, 0), columns[state.family]] = state.ranks_below
    return off


def _lower(logits: Floats, probabilities: Floats, is_below: Flags) -> tuple[Floats, Floats]:
    lowered = np.maximum(logits - _BELOW, NEVER / 2)
    odds = probabilities / np.maximum(1 - probabilities, 1e-12) * np.exp(-_BELOW)
    return (
        np.where(is_below, lowered, logits),
        np.where(is_below, odds / (1 + odds), probabilities),
    )


def withhold_families(task: Task, ranking: Ranking) -> Ranking:
    """The ranking without decisions on codes whose family is not in use where they are ranked."""
    states = [state for state in find_family_states(task) if not state.is_on]
    if not states:
        return ranking
    columns, names = family_columns(task), task.corpus.transcripts[task.targets]
    is_off = np.zeros(ranking.likely.shape, dtype=bool)
    is_below = np.zeros(ranking.likely.shape, dtype=bool)
    for state in states:
        rows = np.flatnonzero(names == state.transcript)
        is_off[np.ix_(rows, columns[state.family])] = True
        if state.ranks_below:
            is_below[np.ix_(rows, columns[state.family])] = True
    is_below &= ranking.logits > NEVER
    logits, probabilities = _lower(ranking.logits, ranking.probabilities, is_below)
    return replace(
        ranking,
        logits=logits,
        probabilities=probabilities,
        likely=ranking.likely & ~is_off,
        auto_acceptable=ranking.auto_acceptable & ~is_off,
    )


def describe_families(states: Iterable[FamilyState], codes: Iterable[Code]) -> Iterator[str]:
    """A remark for each family and reason for which its codes are not decided, in words."""
    n_codes = Counter(code.family for code in codes)
    groups: dict[tuple[CodeFamily, Basis], list[str]] = {}
    for state in states:
        if not state.is_on:
            groups.setdefault((state.family, state.basis), []).append(state.transcript)
    for (family, basis), names in groups.items():
        n = say_count(n_codes[family], "code")
        shown = ", ".join(names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield (
            f"Not decided, only ranked: the {n} of the family '{family}' in {shown}{more} "
            f"({_REASONS[basis]}). Where they apply: autocode codes family STUDY --as '{family}' "
            "--on TRANSCRIPT"
        )


_REASONS: Mapping[Basis, str] = {
    "switched": "switched off there",
    "retired": "retired codes",
    "not lately": f"not used in each of the {LATEST} transcripts coded last",
}
