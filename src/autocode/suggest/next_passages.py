"""What to code next as passages: runs of segments, spread over all transcripts.

A transcript with little coded comes first (share of its segments that are read, or in a passage
proposed before); among equals the one with the best passage. Within a transcript a passage is the
run of segments not yet read whose mean priority is highest (uncertainty, rarity and novelty, as
`active_learning` weighs single segments), in that half of the transcript of which less is coded;
never its opening, unless something else of it is coded. No chance in it; ties keep the order of
the transcripts.

Why: `REASON`, measured by `eval/bench_next.py`. Talk begins unlike it goes on, so that the first
part of each teaches little. Shorter passages teach more and need more reading around them; what
is asked later is then never far from something coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.suggestion import SuggestionDiagnostics
from ..core.transcript import Segment, Span
from ..linalg import one_thread
from ..serialise.plain import to_payload
from ..serialise.result import Result
from .active_learning import criteria_of, nearness_to
from .protocol import Floats, Ranking, Rows, Task

LENGTH = 5
"""Segments of a passage where nobody says otherwise."""
REASON = (
    "Why so: with a fifth of the segments coded, the first code suggested for the rest was right "
    "in .77, .60 and .34 (three corpora) after such passages, in .71, .56 and .16 after whole "
    "transcripts, in .66, .27 and .18 after the first part of each (eval/results/next.md)."
)
_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagePriority:
    """A passage (rows of the corpus, in order) to code next, and why.

    `share_coded` is the share of its transcript's segments that are read or proposed before it;
    `priority` and its three criteria (0..1) are means over its segments.
    """

    rows: tuple[int, ...]
    share_coded: float
    priority: float
    uncertainty: float
    rarity: float
    novelty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPassage:
    """A passage to code next: its segments in reading order, with its priority and criteria."""

    segments: tuple[Segment, ...]
    priority: PassagePriority

    @property
    def transcript(self) -> str:
        """The transcript it stands in."""
        return self.segments[0].transcript

    @property
    def span(self) -> Span:
        """From its first segment to its last."""
        return Span(self.segments[0].span.start, self.segments[-1].span.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageQueue(Result):
    """The passages to code next, best first, and what the suggester says of each code."""

    passages: tuple[QueuedPassage, ...]
    diagnostics: SuggestionDiagnostics
    remarks: tuple[str, ...] = ()
    reason: str = REASON

    def to_dict(self) -> dict[str, Any]:
        """The queue as plain data: `next`, `reason`, `codes`, `auto_accept_from`, `remarks`."""
        return to_payload(
            "passage_queue",
            {
                "next": [
                    {
                        "transcript": queued.transcript,
                        "span": queued.span,
                        "share_coded": queued.priority.share_coded,
                        "priority": queued.priority.priority,
                        "uncertainty": queued.priority.uncertainty,
                        "rarity": queued.priority.rarity,
                        "novelty": queued.priority.novelty,
                        "segments": [
                            {"span": s.span, "speaker": s.speaker, "excerpt": s.excerpt}
                            for s in queued.segments
                        ],
                    }
                    for queued in self.passages
                ],
                "reason": self.reason,
                "codes": self.diagnostics.codes,
                "auto_accept_from": self.diagnostics.auto_accept_from,
                "remarks": self.remarks,
            },
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a passage, best first."""
        return [
            {
                "transcript": queued.transcript,
                "start": queued.span.start,
                "end": queued.span.end,
                "n_segments": len(queued.segments),
                "share_coded": queued.priority.share_coded,
                "priority": queued.priority.priority,
                "uncertainty": queued.priority.uncertainty,
                "rarity": queued.priority.rarity,
                "novelty": queued.priority.novelty,
            }
            for queued in self.passages
        ]


@dataclass(slots=True)
class _Transcript:
    """The codable rows of a transcript in order, and which of them are read or proposed."""

    rows: Rows
    is_taken: np.ndarray[tuple[int], np.dtype[np.bool_]]
    length: int

    @property
    def share(self) -> float:
        return float(self.is_taken.mean())


def prioritise_passages(
    task: Task,
    ranking: Ranking,
    *,
    n_wanted: int,
    n_segments: int | None = None,
    length: int = LENGTH,
) -> list[PassagePriority]:
    """The `n_wanted` passages to code first, of `length` segments where so many stand together.

    With `n_segments` they hold no more segments together; the last one may be cut short.
    """
    if not len(task.targets):
        return []
    with one_thread():
        return _prioritise(task, ranking, n_wanted, n_segments, length)


def _prioritise(
    task: Task, ranking: Ranking, n_wanted: int, n_segments: int | None, length: int
) -> list[PassagePriority]:
    n_left = len(task.targets) if n_segments is None else n_segments
    criteria = criteria_of(task, ranking)
    position = np.zeros(task.corpus.n_segments, dtype=np.intp)
    position[task.targets] = np.arange(len(task.targets))
    transcripts = _list_transcripts(task, length)
    chosen: list[PassagePriority] = []
    nearness = criteria.nearness
    while len(chosen) < n_wanted and n_left > 0:
        novelty = 1 - np.clip(nearness, 0, 1)
        priority = (criteria.uncertainty + criteria.rarity + novelty) / 3
        open_ones = [t for t in transcripts if not t.is_taken.all()]
        if not open_ones:
            break
        least = min(round(t.share, _DECIMALS) for t in open_ones)
        best: tuple[float, _Transcript, Rows] | None = None
        for transcript in open_ones:
            if round(transcript.share, _DECIMALS) > least:
                continue
            # Rows that are taken have a value too, which no passage counts.
            values = priority[position[transcript.rows]]
            at = _place(transcript, values)
            value = round(float(values[at].mean()), _DECIMALS)
            if best is None or value > best[0]:
                best = value, transcript, at
        assert best is not None  # some transcript has the least share
        value, transcript, at = best
        at = at[:n_left]
        n_left -= len(at)
        rows = transcript.rows[at]
        its = position[rows]
        chosen.append(
            PassagePriority(
                rows=tuple(rows.tolist()),
                share_coded=transcript.share,
                priority=value,
                uncertainty=float(criteria.uncertainty[its].mean()),
                rarity=float(criteria.rarity[its].mean()),
                novelty=float(novelty[its].mean()),
            )
        )
        transcript.is_taken[at] = True
        # What is proposed counts as known, so that the next is unlike it too.
        nearness = np.maximum(nearness, nearness_to(task, rows))
    return chosen


def _list_transcripts(task: Task, length: int) -> list[_Transcript]:
    """Transcripts with something to code, in the order of the corpus."""
    codable = np.union1d(task.targets, task.read_rows)
    is_open = np.isin(codable, task.targets)
    names = task.corpus.transcripts[codable]
    transcripts = []
    for name in dict.fromkeys(names.tolist()):
        at = np.flatnonzero(names == name)
        transcripts.append(_Transcript(rows=codable[at], is_taken=~is_open[at], length=length))
    return transcripts


def _place(transcript: _Transcript, values: Floats) -> Rows:
    """The positions of the best passage of a transcript, in the half with less of it coded."""
    taken, n = transcript.is_taken, len(transcript.rows)
    runs = _free_runs(taken, min(transcript.length, n))
    half = n / 2
    starts = np.array([start for start, _ in runs])
    lengths = np.array([length for _, length in runs])
    centres = starts + lengths / 2
    is_first = centres <= half
    shares = taken[: int(np.ceil(half))].mean(), taken[int(half) :].mean()
    preferred = np.ones(len(runs), dtype=bool)
    if shares[0] != shares[1] and n >= 2 * transcript.length:
        preferred = is_first if shares[0] < shares[1] else ~is_first
    if not taken.any() and n >= 2 * transcript.length:
        preferred = preferred & (starts >= transcript.length)  # never its opening first
    if not preferred.any():
        preferred = np.ones(len(runs), dtype=bool)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means = np.round((sums[starts + lengths] - sums[starts]) / lengths, _DECIMALS)
    best = int(np.argmax(np.where(preferred, means, -1.0)))
    return np.arange(starts[best], starts[best] + lengths[best])


def _free_runs(taken: Sequence[bool] | np.ndarray, length: int) -> list[tuple[int, int]]:
    """Runs (start, length) of `length` free segments; where there is none, the longest ones."""
    edges = np.flatnonzero(np.diff(np.concatenate([[1], np.asarray(taken, dtype=int), [1]])))
    gaps = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    longest = min(length, max(end - start for start, end in gaps))
    return [(start, longest) for begin, end in gaps for start in range(begin, end - longest + 1)]
