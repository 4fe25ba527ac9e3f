"""What to code next, and the answer kept until the study changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .. import pipeline
from ..core.suggestion import CodeStatus
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Segment
from ..suggest.active_learning import CodingQueue, QueuedSegment, SegmentPriority
from ..suggest.diagnostics import CodebookDiagnostics
from ..suggest.next_passages import LENGTH, PassagePriority, PassageQueue, QueuedPassage
from .last_answers import digest_question

if TYPE_CHECKING:
    from ..suggest.kept_fits import FitCache
    from ..suggest.protocol import Scorer, Suggester
    from .reader import StudyReader

_Queue = TypeVar("_Queue", CodingQueue, PassageQueue)
_Place = tuple[str, int, int]
"""A segment by its transcript, start and end."""
_SegmentsOf = Callable[[str], Iterable[Segment]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOptions:
    """How many are wanted (passages of `length` segments), by which method, and in which scope."""

    n_wanted: int = 10
    length: int = LENGTH
    suggester: Suggester | Scorer | None = None
    include_interviewer: bool = False
    scope: SuggestionScope = field(default_factory=SuggestionScope)


def what_next(study: StudyReader, tools: pipeline.Tools, options: QueueOptions) -> CodingQueue:
    """The segments to code next; see `Project.what_next`."""

    def make(in_memory: pipeline.Study) -> CodingQueue:
        return pipeline.what_next(
            in_memory,
            tools,
            n_wanted=options.n_wanted,
            suggester=options.suggester,
            include_interviewer=options.include_interviewer,
        )

    asked = "segments", options.n_wanted, options.include_interviewer
    digest = digest_question("queue", tools.encoder, options.suggester, asked)
    return _take_or_make(study, tools.fits, digest, make, _build_coding_queue)


def next_passages(study: StudyReader, tools: pipeline.Tools, options: QueueOptions) -> PassageQueue:
    """The passages to code next; see `Project.next_passages`."""

    def make(in_memory: pipeline.Study) -> PassageQueue:
        return pipeline.next_passages(
            in_memory,
            tools,
            n_wanted=options.n_wanted,
            length=options.length,
            suggester=options.suggester,
            include_interviewer=options.include_interviewer,
            scope=options.scope,
        )

    asked = options.n_wanted, options.length, options.include_interviewer, options.scope
    digest = digest_question("queue", tools.encoder, options.suggester, ("passages", *asked))
    return _take_or_make(study, tools.fits, digest, make, _build_passage_queue)


def _take_or_make(
    study: StudyReader,
    fits: FitCache,
    digest: str | None,
    make: Callable[[pipeline.Study], _Queue],
    build: Callable[[_Parts], _Queue],
) -> _Queue:
    """The queue kept for this state of the study, else the one made now; it is kept if it can be.

    Kept are places and numbers; the words are read from the study. Without a digest none is kept.
    """
    kept = None if digest is None else fits.get(digest)
    with study.snapshot() as state:
        at = state.revision().number
        if kept is not None and kept["made_at"].tolist() == [at]:
            parts = _unpack(kept["queue"].tobytes(), state.segments)
            if parts is not None:
                return build(parts)
        in_memory = state.in_memory()
    made = make(in_memory)
    if digest is None or not isinstance(made.diagnostics, CodebookDiagnostics):
        return made
    packed = _pack(made)
    parts = _unpack(packed, lambda name: [s for s in in_memory.segments if s.transcript == name])
    # Only what is read back equal may take its place.
    if parts is not None and build(parts) == made:
        content = np.frombuffer(packed, dtype=np.uint8)
        fits.put("queue", digest, {"made_at": np.array([at], dtype=np.int64), "queue": content})
    return made


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a queue is made of: the segments and the priority, as plain data, of each entry."""

    segments: Sequence[tuple[Segment, ...]]
    priorities: Sequence[Mapping[str, Any]]
    diagnostics: CodebookDiagnostics
    remarks: tuple[str, ...]


def _build_coding_queue(parts: _Parts) -> CodingQueue:
    entries = zip(parts.segments, parts.priorities, strict=True)
    return CodingQueue(
        segments=tuple(
            QueuedSegment(segment=segment, priority=SegmentPriority(**priority))
            for (segment,), priority in entries
        ),
        diagnostics=parts.diagnostics,
        remarks=parts.remarks,
    )


def _build_passage_queue(parts: _Parts) -> PassageQueue:
    entries = zip(parts.segments, parts.priorities, strict=True)
    return PassageQueue(
        passages=tuple(
            QueuedPassage(
                segments=segments,
                priority=PassagePriority(**{**priority, "rows": tuple(priority["rows"])}),
            )
            for segments, priority in entries
        ),
        diagnostics=parts.diagnostics,
        remarks=parts.remarks,
    )


def _pack(queue: CodingQueue | PassageQueue) -> bytes:
    entries: list[tuple[tuple[Segment, ...], SegmentPriority | PassagePriority]]
    if isinstance(queue, CodingQueue):
        entries = [((one.segment,), one.priority) for one in queue.segments]
    else:
        entries = [(one.segments, one.priority) for one in queue.passages]
    content = {
        "places": [[_place_of(segment) for segment in segments] for segments, _ in entries],
        "priorities": [asdict(priority) for _, priority in entries],
        "diagnostics": asdict(queue.diagnostics),
        "remarks": queue.remarks,
    }
    return json.dumps(content).encode()


def _unpack(packed: bytes, segments_of: _SegmentsOf) -> _Parts | None:
    """What was packed, with the words of the study; None where a place is not in it."""
    stored = json.loads(packed)
    places: list[list[_Place]] = [[(n, a, b) for n, a, b in its] for its in stored["places"]]
    names = dict.fromkeys(place[0] for its in places for place in its)
    by_place = {_place_of(segment): segment for name in names for segment in segments_of(name)}
    if not all(place in by_place for its in places for place in its):
        return None
    said = stored["diagnostics"]
    codes = tuple(CodeStatus(**status) for status in said["codes"])
    return _Parts(
        segments=[tuple(by_place[place] for place in its) for its in places],
        priorities=stored["priorities"],
        diagnostics=CodebookDiagnostics(**{**said, "codes": codes}),
        remarks=tuple(stored["remarks"]),
    )


def _place_of(segment: Segment) -> _Place:
    return segment.transcript, segment.span.start, segment.span.end
