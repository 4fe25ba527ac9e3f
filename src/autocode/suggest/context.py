"""Where a segment stands among others: the turns around it and its position in the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..core.transcript import Segment
from ..text.questions import questions

Rows = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Real = TypeVar("Real", bound=np.floating)

NO_ROW = -1
_FEWEST_SEGMENTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Rows of the segments around each segment, shape (n_segments,); -1 where there is none.

    `other` is the last segment of another speaker before it, `question` the one that asks what it
    answers, whatever comes between. `own_previous` and `own_following` are the nearest of the same
    speaker, at most two away, so that one word of somebody else does not part them;
    `other_previous` and `other_following` are the ones just before and after, where somebody else
    says them. `into_turn` and `left_of_turn` count the segments before and after it in one go of
    its speaker; `position` runs from 0 to 1 through the transcript. Transcripts that are no running
    text (one speaker, fewer than ten segments: a survey answer, a list of claims) have no
    neighbours.
    """

    previous: Rows
    following: Rows
    before_previous: Rows
    other: Rows
    question: Rows
    own_previous: Rows
    own_following: Rows
    other_previous: Rows
    other_following: Rows
    into_turn: Rows
    left_of_turn: Rows
    position: Floats

    def add_own_neighbours(self, scores: Floats, weight: float) -> Floats:
        """`scores` plus `weight` times those of what the same speaker says before and after."""
        around = take_rows(scores, self.own_previous)
        around = around + take_rows(scores, self.own_following)
        return scores + weight * around


def stand_alone(n: int) -> Neighbours:
    """No neighbours, for so many segments that each stand by themselves."""
    none = np.full(n, NO_ROW, dtype=np.intp)
    zero = np.zeros(n, dtype=np.intp)
    return Neighbours(
        previous=none,
        following=none,
        before_previous=none,
        other=none,
        question=none,
        own_previous=none,
        own_following=none,
        other_previous=none,
        other_following=none,
        into_turn=zero,
        left_of_turn=zero,
        position=np.zeros(n),
    )


def find_neighbours(segments: Sequence[Segment]) -> Neighbours:
    """The neighbours of every segment, whatever order the segments are given in."""
    n = len(segments)
    previous, following, before, after, other = (
        np.full(n, NO_ROW, dtype=np.intp) for _ in range(5)
    )
    asked = np.array([NO_ROW if row is None else row for row in questions(segments)], dtype=np.intp)
    question = np.full(n, NO_ROW, dtype=np.intp)
    position = np.zeros(n)
    into_turn, left_of_turn = np.zeros((2, n), dtype=np.intp)
    speakers = np.array([segment.speaker or "" for segment in segments], dtype=str)
    for rows in list_running_text(segments):
        previous[rows[1:]] = rows[:-1]
        following[rows[:-1]] = rows[1:]
        before[rows[2:]] = rows[:-2]
        after[rows[:-2]] = rows[2:]
        question[rows] = asked[rows]
        position[rows] = np.linspace(0, 1, len(rows))
        _fill_other(other, rows, segments)
        into_turn[rows], left_of_turn[rows] = _within_turns(speakers[rows])
    own_previous, own_following = (
        _first_own(speakers, near, next_)
        for near, next_ in ((previous, before), (following, after))
    )
    return Neighbours(
        previous=previous,
        following=following,
        before_previous=before,
        other=other,
        question=question,
        own_previous=own_previous,
        own_following=own_following,
        other_previous=_of_others(speakers, previous),
        other_following=_of_others(speakers, following),
        into_turn=into_turn,
        left_of_turn=left_of_turn,
        position=position,
    )


def take_rows(values: npt.NDArray[Real], rows: Rows) -> npt.NDArray[Real]:
    """The `rows` of `values`; zeros where there is none."""
    taken = np.asarray(values[rows])
    taken[rows == NO_ROW] = 0
    return taken


def list_running_text(segments: Sequence[Segment]) -> list[Rows]:
    """The rows of each transcript of running text, in reading order; of no other transcript."""
    by_transcript: dict[str, list[int]] = {}
    for row, segment in enumerate(segments):
        by_transcript.setdefault(segment.transcript, []).append(row)
    running = []
    for rows in by_transcript.values():
        speakers = {segments[row].speaker for row in rows}
        # A monologue of few segments is more often a list of answers than talk.
        if len(speakers) > 1 or len(rows) >= _FEWEST_SEGMENTS:
            rows.sort(key=lambda row: segments[row].span.start)
            running.append(np.array(rows, dtype=np.intp))
    return running


def _first_own(speakers: npt.NDArray[np.str_], *choices: Rows) -> Rows:
    """Of some neighbours of each segment, the first one of the same speaker."""
    nearest = np.full(len(speakers), NO_ROW, dtype=np.intp)
    for rows in choices:
        same = (nearest == NO_ROW) & (rows != NO_ROW) & (speakers[rows] == speakers)
        nearest[same] = rows[same]
    return nearest


def _of_others(speakers: npt.NDArray[np.str_], rows: Rows) -> Rows:
    """The neighbours that another speaker says; -1 elsewhere."""
    return np.where((rows != NO_ROW) & (speakers[rows] != speakers), rows, NO_ROW)


def _within_turns(speakers: npt.NDArray[np.str_]) -> tuple[Rows, Rows]:
    """For one speaker after another, how many of the same come right before, and right after."""
    at = np.arange(len(speakers))
    begins = np.append(True, speakers[1:] != speakers[:-1])
    turn = np.cumsum(begins) - 1
    first = at[begins]
    last = np.append(first[1:], len(speakers)) - 1
    return at - first[turn], last[turn] - at


def _fill_other(other: Rows, rows: Rows, segments: Sequence[Segment]) -> None:
    # Two runs back is enough: whoever spoke last before the present run is another speaker.
    speaker: str | None = None
    last_of_run = before_run = NO_ROW
    for row in rows.tolist():
        if last_of_run != NO_ROW and segments[row].speaker != speaker:
            before_run = last_of_run
        speaker, last_of_run = segments[row].speaker, row
        other[row] = before_run
