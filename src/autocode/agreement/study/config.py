"""Limits of what a study's agreement says, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementConfig:
    """From how many uses a code's numbers are read, and from how many transcripts intervals are.

    `min_uses`: codes with fewer uses (units that at least one of a pair gave the code) are marked
    as too rare. `few_transcripts`: with fewer, intervals that draw transcripts are too narrow to be
    relied on, as cluster bootstraps of few clusters are (Cameron, Gelbach & Miller 2008).
    `begun_below`: a coder whose last coding stands before this share of a transcript may only have
    begun it.
    """

    min_uses: int = 10
    few_transcripts: int = 10
    begun_below: float = 0.5


AGREEMENT_CONFIG = AgreementConfig()
