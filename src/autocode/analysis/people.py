"""What people did, apart from what machines did: every table of this package counts people only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.coding import Coder, Coding, Reading


@dataclass(frozen=True, slots=True)
class PeoplesWork:
    """Codings and readings of people."""

    codings: tuple[Coding, ...]
    readings: tuple[Reading, ...]


def keep_people(
    codings: Iterable[Coding], readings: Iterable[Reading], coders: Iterable[Coder]
) -> PeoplesWork:
    """Codings and readings without those of the `coders` that are machines.

    A name that is not among the coders is a person's.
    """
    machines = {coder.name for coder in coders if coder.kind == "machine"}
    return PeoplesWork(
        tuple(coding for coding in codings if coding.coder not in machines),
        tuple(reading for reading in readings if reading.coder not in machines),
    )
