"""Transcripts in the order in which they were coded, so that a trend in agreement can be drift.

Times come from the codings. Data brought in from elsewhere often has none, or only the moment of
the import; then the order stays that of the names, and the result says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import fmean, median

from ...core.coding import Coding
from .table import Agreement, TranscriptAgreement


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingOrderConfig:
    """When times of coding are believed.

    `known_share` of the transcripts must have a time; and transcripts must lie `least_seconds`
    apart on average: nobody codes faster, times closer together are those of an import.
    """

    known_share: float = 0.9
    least_seconds: float = 60


CODING_ORDER_CONFIG = CodingOrderConfig()


def order_by_coding_time(agreement: Agreement, codings: Sequence[Coding]) -> Agreement:
    """The same agreement, its steps in the order of coding where the codings tell it.

    A transcript's time is the mean over the compared coders of the median time of their codings.
    """
    ours = [coding for coding in codings if coding.coder in agreement.coders]
    times = _find_times(ours, {step.transcript for step in agreement.drift})
    if not _tells_order(times, len(agreement.drift)):
        return agreement
    steps = sorted(
        agreement.drift, key=lambda s: (times.get(s.transcript, float("inf")), s.transcript)
    )
    return replace(agreement, drift=tuple(_add_time(s, times) for s in steps), drift_order="coded")


def _find_times(codings: Sequence[Coding], wanted: set[str]) -> dict[str, float]:
    """Seconds since 1970 at which each transcript was coded, where known."""
    timed = [
        (coding.coder, coding.transcript, at)
        for coding in codings
        if coding.transcript in wanted and (at := _parse_seconds(coding.made_at)) is not None
    ]
    transcripts_at: dict[tuple[str, int], set[str]] = defaultdict(set)
    for coder, transcript, at in timed:
        transcripts_at[coder, int(at)].add(transcript)
    by_coder: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for coder, transcript, at in timed:
        # One second in two transcripts is the stamp of an import, not the time of a decision.
        if len(transcripts_at[coder, int(at)]) == 1:
            by_coder[transcript][coder].append(at)
    return {
        transcript: fmean(median(at) for at in coders.values())
        for transcript, coders in by_coder.items()
    }


def _parse_seconds(made_at: str) -> float | None:
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _tells_order(times: Mapping[str, float], n_transcripts: int) -> bool:
    if len(times) < 2 or len(times) < CODING_ORDER_CONFIG.known_share * n_transcripts:
        return False
    return max(times.values()) - min(times.values()) >= CODING_ORDER_CONFIG.least_seconds * (
        len(times) - 1
    )


def _add_time(step: TranscriptAgreement, times: Mapping[str, float]) -> TranscriptAgreement:
    at = times.get(step.transcript)
    if at is None:
        return step
    return replace(step, coded_at=datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds"))
