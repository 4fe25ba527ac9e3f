"""Where a consensus differs from what a coder did, for that coder to see afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.coding import Coding, Resolution
from ..project.reader import Snapshot
from ..report.agreement_view import name_codes
from .security import session_of
from .served import served
from .sight import Sight, see


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRow:
    """A place at which the consensus differs: the code, the coder's own answer, what was settled.

    `read` is the address of the place after "/t/".
    """

    code: str
    excerpt: str
    position: str
    own: str
    settled: str
    read: str


def list_settled_otherwise(study: Snapshot, sight: Sight) -> list[Resolution]:
    """What was settled otherwise than the coder had it, by transcript and place.

    Where both readings stand, or only the ends of both differ, nothing is otherwise.
    """
    numbers = study.transcript_numbers()
    return [
        made
        for made in study.resolutions()
        if sight.coder in (made.one, made.other)
        and (not sight.is_blind or made.transcript in sight.revealed)
        and made.transcript in numbers
        and _is_otherwise(study, made, sight.coder)
    ]


def _is_otherwise(study: Snapshot, made: Resolution, coder: str) -> bool:
    if made.outcome == "stand":
        return False
    own = [c.span for c in _find_there(study, made, coder)]
    settled = [c.span for c in _find_there(study, made, made.consensus)]
    return bool(own) != bool(settled) or (made.outcome == "span" and own != settled)


def _find_there(study: Snapshot, made: Resolution, coder: str) -> Sequence[Coding]:
    """A coder's codings of the code in question at its place."""
    return [
        coding
        for coding in study.codings(transcript=made.transcript)
        if (coding.coder, coding.code) == (coder, made.code) and coding.span.overlap(made.span)
    ]


def view_settled(study: Snapshot, sight: Sight) -> list[SettledRow]:
    """The places at which the consensus differs from the coder, ready to show."""
    transcripts = {one.name: one for one in study.transcripts()}
    numbers, names = study.transcript_numbers(), name_codes(study.codebook())
    rows = []
    for made in list_settled_otherwise(study, sight):
        transcript, name = transcripts[made.transcript], names.get(made.code, made.code)
        rows.append(
            SettledRow(
                code=name,
                excerpt=made.span.of(transcript.text),
                position=f"{made.transcript}, {transcript.locate(made.span)}",
                own="coded" if _find_there(study, made, sight.coder) else "not coded",
                settled=made.describe(name).removeprefix(f"{name}: "),
                read=f"{numbers[made.transcript]}#{made.span.start}-{made.span.end}",
            )
        )
    return rows


def show_settled(request: Request) -> Response:
    """The places at which the consensus differs from whoever asks."""
    server = served(request)
    with server.project.snapshot() as study:
        rows = view_settled(study, see(study, session_of(request.scope).coder))
    return server.render(request, "settled.html", rows=rows)


ROUTES = (Route("/settled", show_settled),)
