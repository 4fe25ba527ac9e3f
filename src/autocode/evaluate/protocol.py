"""What was asked of an evaluation, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..agreement.study.table import Resampling
from ..core.codebook import Codebook
from ..core.errors import InputError
from ..suggest.protocol import Aims
from .detail import Detail
from .metrics.calibration import AutoAccept, Calibration, PredictionSets
from .metrics.figures import Figure

SHARES = (0.0, 0.1, 0.2, 0.5, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How to evaluate: shares of the transcripts that are coded, folds, repeats, seed, reference.

    Raises:
        InputError: if a share lies outside 0 to 1, or there are fewer than two folds or no repeat.
    """

    shares: tuple[float, ...] = SHARES
    n_folds: int = 5
    n_repeats: int = 1
    seed: int = 0
    reference: str | None = None
    aims: Aims = field(default_factory=Aims)
    resampling: Resampling = field(default_factory=lambda: Resampling(n_resamples=1000))

    def __post_init__(self) -> None:
        if not self.shares:
            raise InputError("No share of coded transcripts is named. Give some, as 0,0.2,0.8.")
        for share in self.shares:
            if not 0 <= share <= 1:
                raise InputError(
                    f"A share of coded transcripts lies between 0 and 1, not {share:g}. "
                    "Write 20 % as 0.2."
                )
        if self.n_folds < 2 or self.n_repeats < 1:
            raise InputError(
                f"An evaluation needs two folds and one repeat; got {self.n_folds} and "
                f"{self.n_repeats}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Everything measured at one share of coded transcripts.

    `figures` are the main ones by name, `beside` those of people and machine on segments that two
    people coded independently ("human_human.pooled_kappa"). `n_train` is a mean over folds.
    """

    share: float
    n_train: float
    n_repeats: int
    n_segments: int
    figures: Mapping[str, Figure]
    beside: Mapping[str, Figure]
    calibration: Calibration
    sets: PredictionSets
    accepts: AutoAccept
    seconds: float
    peak_rss_mb: float | None
    remarks: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The learning curve of one method on one corpus.

    `n_coded` of the `n_transcripts` have a reference; `n_double_coded` segments were coded by two
    people independently.
    """

    corpus: str
    method: str
    n_transcripts: int
    n_coded: int
    n_segments: int
    n_codes: int
    n_double_coded: int
    coders: tuple[str, ...]
    reference: Mapping[str, str]
    independent: frozenset[str]
    twins: tuple[tuple[str, ...], ...]
    n_folds: int
    protocol: Protocol
    encoder: str
    encoder_digest: str
    versions: Mapping[str, str]
    points: tuple[Point, ...]
    detail: Detail
    codebook: Codebook
    seconds: Mapping[str, float]
    remarks: tuple[str, ...] = ()
