"""Whose work is counted, and who counts as a participant: every table of this package asks here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.coding import Coder, Coding, Reading
from ..core.transcript import CODABLE_ROLES, Segment


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


def list_participants(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Who speaks in the segments, each once, by name; whoever interviews is no participant."""
    return tuple(sorted({s.participant for s in segments if s.role in CODABLE_ROLES}))
