"""What suggestions were shown to the coders who are compared, and what they took from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.coding import Coding
from ...core.coding_pass import ASSISTANCE, CodingPass
from ...core.showing import ShowingSince
from ...serialise.plain import to_plain

NO_PASS = "no pass"
"""Of a transcript in which the coder has no pass: nothing limits what may be suggested there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderAssistance:
    """What was shown to a coder in the transcripts that are compared.

    `passes` counts these transcripts by what suggestions in the coder's pass may be learned from,
    or `NO_PASS`. `was_suggested` says that codes were suggested for the coder or for everybody,
    `shown` how, oldest first; none where nothing was set, which is at once. Of the coder's
    `n_codings` there, `n_taken` were made by deciding on a suggestion, and `n_imported` came with
    files.
    """

    coder: str
    passes: Mapping[str, int]
    was_suggested: bool
    shown: tuple[ShowingSince, ...]
    n_codings: int
    n_taken: int
    n_imported: int

    @property
    def is_assisted(self) -> bool:
        """Whether the coder could see suggestions, not where all of their work was imported."""
        may = any(n for source, n in self.passes.items() if source != "none")
        is_imported = 0 < self.n_codings == self.n_imported
        return self.n_taken > 0 or (self.was_suggested and may and not is_imported)

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "coder": self.coder,
            "assisted": self.is_assisted,
            "passes": [{"assistance": source, "n": n} for source, n in self.passes.items()],
            "suggested": self.was_suggested,
            "shown": [
                {"since": one.since, "as": one.showing.describe(), **to_plain(one.showing)}
                for one in self.shown
            ],
            "n_codings": self.n_codings,
            "n_taken": self.n_taken,
            "n_imported": self.n_imported,
        }


@dataclass(frozen=True, slots=True)
class Suggested:
    """For whom codes were suggested (None: for everybody), and how that was shown to whom."""

    whom: frozenset[str | None] = frozenset()
    showings: Sequence[ShowingSince] = ()


def account_assistance(
    compared: Iterable[tuple[str, Collection[str]]],
    coders: Sequence[str],
    *,
    codings: Iterable[Coding],
    passes: Sequence[CodingPass],
    suggested: Suggested,
) -> tuple[CoderAssistance, ...]:
    """What was shown to each of the coders.

    Args:
        compared: each a transcript, and who of the coders has read there.
        coders: those compared, in order.
        codings: all of the study.
        passes: all of the study.
        suggested: what was suggested, and how it was shown.
    """
    read: dict[str, set[str]] = {coder: set() for coder in coders}
    for transcript, readers in compared:
        if len(set(readers) & set(coders)) > 1:
            for coder in set(readers) & set(coders):
                read[coder].add(transcript)
    allowed = {(one.coder, one.transcript): one.assistance for one in passes}
    made = Counter(
        (coding.coder, coding.basis)
        for coding in codings
        if coding.transcript in read.get(coding.coder, ())
    )
    accounts = []
    for coder in coders:
        sources = Counter(allowed.get((coder, name), NO_PASS) for name in read[coder])
        accounts.append(
            CoderAssistance(
                coder=coder,
                passes={s: sources[s] for s in (*ASSISTANCE, NO_PASS) if sources[s]},
                was_suggested=bool({None, coder} & suggested.whom),
                shown=tuple(one for one in suggested.showings if one.coder == coder),
                n_codings=sum(n for (name, _), n in made.items() if name == coder),
                n_taken=made[coder, "decision"],
                n_imported=made[coder, "imported"],
            )
        )
    return tuple(accounts)
