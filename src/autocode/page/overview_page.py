"""The first page: the transcripts with what each coder has done in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.coding import Coding, Reading
from ..core.transcript import CODABLE_ROLES, Span
from ..project.reader import Snapshot
from .compare_view import list_pairs
from .passes_seen import PassRow, view_passes_seen
from .roles import may
from .security import role_in, session_of
from .served import served
from .settled_view import list_settled_otherwise
from .sight import see


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptRow:
    """A transcript and how far its coders are; counts are of segments that people code."""

    number: int
    name: str
    n_turns: int
    n_segments: int
    n_done: int
    n_codings: dict[str, int]
    can_compare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """The transcripts of a study, whoever codes in it, and the passes.

    A blind coder sees what is theirs. `n_settled_otherwise` counts places where a consensus differs
    from the coder.
    """

    rows: tuple[TranscriptRow, ...]
    coders: tuple[str, ...]
    passes: tuple[PassRow, ...]
    is_blind: bool
    n_settled_otherwise: int

    def without_idle(self, coder: str) -> OverviewView:
        """The same, without the column of somebody who reads only, and has coded nothing."""
        if any(row.n_codings[coder] for row in self.rows):
            return self
        return replace(self, coders=tuple(who for who in self.coders if who != coder))


def view_overview(study: Snapshot, coder: str) -> OverviewView:
    """What the study holds for this coder."""
    numbers, sight = study.transcript_numbers(), see(study, coder)
    spans: dict[str, list[Span]] = {name: [] for name in numbers}
    for segment in study.segments():
        if segment.role in CODABLE_ROLES:
            spans[segment.transcript].append(segment.span)
    codings = study.codings()
    done: dict[str, list[Span]] = {name: [] for name in numbers}
    readings = [r for name in numbers for r in study.readings(transcript=name)]
    marks: list[Coding | Reading] = [*codings, *readings]
    for mark in marks:
        if mark.coder == coder:
            done[mark.transcript].append(mark.span)
    counts = Counter((coding.transcript, coding.coder) for coding in codings)
    others = set() if sight.is_blind else {coding.coder for coding in codings}
    coders = tuple(sorted(others | {coder}))
    turns = {transcript.name: len(transcript.turns) for transcript in study.transcripts()}
    return OverviewView(
        rows=tuple(
            TranscriptRow(
                number=number,
                name=name,
                n_turns=turns[name],
                n_segments=len(spans[name]),
                n_done=count_touched(spans[name], done[name]),
                n_codings={who: counts[name, who] for who in coders},
                can_compare=bool(list_pairs(study, sight, name)),
            )
            for name, number in numbers.items()
        ),
        coders=coders,
        passes=view_passes_seen(study, sight),
        is_blind=sight.is_blind,
        n_settled_otherwise=len(list_settled_otherwise(study, sight)),
    )


def count_touched(segments: list[Span], marks: list[Span]) -> int:
    """How many segments some mark touches."""
    ordered, n_touched, reach, at = sorted(marks), 0, 0, 0
    for segment in sorted(segments):
        while at < len(ordered) and ordered[at].start < segment.end:
            reach = max(reach, ordered[at].end)
            at += 1
        n_touched += reach > segment.start
    return n_touched


def show_overview(request: Request) -> Response:
    """The first page."""
    server = served(request)
    coder = session_of(request.scope).coder
    with server.project.snapshot() as study:
        view = view_overview(study, coder)
    if not may(role_in(request.scope), "coder"):
        view = view.without_idle(coder)
    return server.render(request, "overview.html", overview=view)


def send_progress(request: Request) -> Response:
    """How far the coder is in each transcript."""
    with served(request).project.snapshot() as study:
        view = view_overview(study, session_of(request.scope).coder)
    rows = [
        {"number": row.number, "n_segments": row.n_segments, "n_done": row.n_done}
        for row in view.rows
    ]
    return JSONResponse({"transcripts": rows})


ROUTES = (Route("/", show_overview), Route("/progress", send_progress))
