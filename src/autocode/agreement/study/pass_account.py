"""Which part of a comparison was coded blind, and which passes were opened again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.coding_pass import CodingPass
from ...serialise.plain import to_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class PassAccount:
    """What passes say of a comparison of units (characters, for spans).

    `n_blind` of the `n_compared` were read by each of those compared in a blind pass, in the
    transcripts `blind`. `passes` are all that those compared have in the transcripts compared; none
    where nothing was assigned.
    """

    n_compared: int = 0
    n_blind: int = 0
    blind: tuple[str, ...] = ()
    passes: tuple[CodingPass, ...] = ()

    @property
    def assisted(self) -> tuple[CodingPass, ...]:
        """Blind passes whose coder was shown suggestions."""
        return tuple(one for one in self.passes if one.blind and one.assistance != "none")

    @property
    def reopened(self) -> tuple[CodingPass, ...]:
        """Passes that were opened again after they were finished."""
        return tuple(one for one in self.passes if one.n_reopened)

    @property
    def unfinished(self) -> tuple[CodingPass, ...]:
        """Passes that are open, so that the numbers may change."""
        return tuple(one for one in self.passes if one.state == "open")

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "n_blind": self.n_blind,
            "blind": list(self.blind),
            "assisted": _brief(self.assisted),
            "reopened": _brief(self.reopened),
            "unfinished": _brief(self.unfinished),
        }


def account_passes(
    compared: Iterable[tuple[str, Collection[str], int]],
    coders: Collection[str],
    passes: Sequence[CodingPass],
) -> PassAccount:
    """What the passes say of what is compared.

    Args:
        compared: each a transcript, who of the coders has read there, and how much it counts.
        coders: those compared.
        passes: all of the study.
    """
    if not passes:
        return PassAccount()
    blind = {(one.transcript, one.coder) for one in passes if one.blind}
    n_compared = n_blind = 0
    transcripts: set[str] = set()
    blind_in: set[str] = set()
    for transcript, readers, n in compared:
        readers = set(readers) & set(coders)
        if len(readers) < 2:
            continue
        transcripts.add(transcript)
        n_compared += n
        if all((transcript, reader) in blind for reader in readers):
            n_blind += n
            blind_in.add(transcript)
    return PassAccount(
        n_compared=n_compared,
        n_blind=n_blind,
        blind=tuple(sorted(blind_in)),
        passes=tuple(o for o in passes if o.transcript in transcripts and o.coder in coders),
    )


def _brief(passes: Iterable[CodingPass]) -> list[dict[str, Any]]:
    keys = ("transcript", "coder", "assistance", "state", "n_reopened")
    return [{key: to_plain(getattr(one, key)) for key in keys} for one in passes]
