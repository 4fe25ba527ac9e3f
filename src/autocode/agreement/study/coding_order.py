"""Transcripts in the order in which they were coded, so that a trend in agreement can be drift.

Times come from the codings. Data brought in from elsewhere often has none, or only the moment of
the import; then the order stays that of the names, and the result says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from statistics import fmean, median

from ...core.coding import Coding
from .table import Agreement, TranscriptAgreement

KNOWN_SHARE = 0.9
"""Share of the transcripts whose time must be known before the order is taken from time."""

LEAST_SECONDS = 60
"""Nobody codes a transcript faster than this: times closer together are those of an import."""


def order_by_coding_time(found: Agreement, codings: Sequence[Coding]) -> Agreement:
    """The same agreement, its steps in the order of coding where the codings tell it.

    A transcript's time is the mean over the compared coders of the median time of their codings.
    """
    ours = [coding for coding in codings if coding.coder in found.coders]
    times = _times(ours, {step.transcript for step in found.drift})
    if not _tells_order(times, len(found.drift)):
        return found
    steps = sorted(found.drift, key=lambda s: (times.get(s.transcript, float("inf")), s.transcript))
    return replace(found, drift=tuple(_dated(s, times) for s in steps), drift_order="coded")


def _times(codings: Sequence[Coding], wanted: set[str]) -> dict[str, float]:
    """Seconds since 1970 at which each transcript was coded, where known."""
    told = [
        (coding.coder, coding.transcript, at)
        for coding in codings
        if coding.transcript in wanted and (at := _seconds(coding.made_at)) is not None
    ]
    places: dict[tuple[str, int], set[str]] = defaultdict(set)
    for coder, transcript, at in told:
        places[coder, int(at)].add(transcript)
    by_coder: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for coder, transcript, at in told:
        # One second in two transcripts is the stamp of an import, not the time of a decision.
        if len(places[coder, int(at)]) == 1:
            by_coder[transcript][coder].append(at)
    return {
        transcript: fmean(median(at) for at in coders.values())
        for transcript, coders in by_coder.items()
    }


def _seconds(made_at: str) -> float | None:
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _tells_order(times: Mapping[str, float], n_transcripts: int) -> bool:
    if len(times) < 2 or len(times) < KNOWN_SHARE * n_transcripts:
        return False
    return max(times.values()) - min(times.values()) >= LEAST_SECONDS * (len(times) - 1)


def _dated(step: TranscriptAgreement, times: Mapping[str, float]) -> TranscriptAgreement:
    at = times.get(step.transcript)
    if at is None:
        return step
    return replace(step, coded_at=datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds"))
