"""The recording of a transcript as the coding view plays it: its bytes, and when what is said.

Only what the study knows of is sent, under its transcript's number, as one of a fixed table of
types, and only as long as it holds what it held when it was noted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.errors import FileRefused, NotFound
from ..core.transcript import Span, Transcript, Turn
from ..project.reader import Snapshot
from ..project.recordings import OpenRecording
from .reading import TranscriptView, find_name
from .security import Receive, Scope, Send
from .served import served

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `start` to before `end` of a file."""

    start: int
    end: int


class NoSuchPart(Exception):
    """A range that lies outside of the file."""


def find_part(header: str, n_bytes: int) -> Part | None:
    """The part of a file that a Range header asks for; None for the whole file.

    One range is answered. Several, or anything else that is no single range, get the whole file,
    as RFC 9110 allows: putting many together costs much and is asked for by nobody who listens.

    Raises:
        NoSuchPart: if the range lies outside of the file.
    """
    asked = _RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if first:
        start, end = int(first), min(n_bytes, int(last) + 1) if last else n_bytes
    else:
        start, end = max(0, n_bytes - int(last)), n_bytes
    if start >= end:
        raise NoSuchPart
    return Part(start, end)


class RecordingResponse(Response):
    """A part of an open recording, read as it is sent; the file is closed at the end."""

    def __init__(self, recording: OpenRecording, part: Part | None) -> None:
        whole = Part(0, recording.n_bytes)
        sent = part or whole
        headers = {
            "accept-ranges": "bytes",
            "content-length": str(sent.end - sent.start),
            "etag": f'"{recording.digest}"',
        }
        if part is not None:
            headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{recording.n_bytes}"
        status = 200 if part is None else 206
        super().__init__(None, status, headers, media_type=recording.media_type)
        self._descriptor, self._sent = recording.descriptor, sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, block by block."""
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            at, end = self._sent.start, self._sent.end
            if scope["method"] == "HEAD":
                at = end
            os.lseek(self._descriptor, at, os.SEEK_SET)
            while at < end:
                n = min(_BLOCK, end - at)
                block = await run_in_threadpool(os.read, self._descriptor, n)
                if not block:
                    raise OSError("the recording became shorter while it was sent")
                at += len(block)
                body = {"type": "http.response.body", "body": block, "more_body": True}
                await send(body)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            os.close(self._descriptor)


def send_recording(request: Request) -> Response:
    """The recording of a transcript, or a part of it; 404 where there is none, 409 if changed."""
    server = served(request)
    with server.project.snapshot() as study:
        name = find_name(study, request.path_params["number"])
        known = study.recording(name)
    if known is None:
        raise NotFound("This transcript has no recording.", kind="recording")
    try:
        opened = server.recordings.open(server.project.path, known)
    except FileRefused as error:
        return JSONResponse({"error": str(error)}, 409)
    is_current = request.headers.get("if-range", f'"{known.digest}"') == f'"{known.digest}"'
    header = request.headers.get("range", "") if is_current else ""
    try:
        return RecordingResponse(opened, find_part(header, opened.n_bytes))
    except NoSuchPart:
        os.close(opened.descriptor)
        fault = {"error": "There is no such part of the recording."}
        return JSONResponse(fault, 416, {"content-range": f"bytes */{opened.n_bytes}"})


def view_cues(study: Snapshot, shown: TranscriptView) -> list[list[float]] | None:
    """When each unit of a transcript is said, as the player takes it; None without a recording."""
    if study.recording(shown.name) is None:
        return None
    cues = find_cues(study.transcript(shown.name), shown.units)
    return [[start, round(begin, 2)] for start, begin in cues]


def find_cues(transcript: Transcript, units: Sequence[Span]) -> Iterator[tuple[int, float]]:
    """The first character of each unit whose time is known, with the second when it is said.

    Where only turns have times, a unit inside of one begins after as much of the turn's time as of
    its words; the turn then lasts until the next one begins, if its end is not known.
    """
    turns = transcript.turns
    ends = [turn.finish for turn in turns]
    for i, turn in enumerate(turns[:-1]):
        if turn.finish is None:
            ends[i] = turns[i + 1].begin
    at = 0
    for unit in sorted(units, key=lambda span: span.start):
        while at < len(turns) and turns[at].span.end <= unit.start:
            at += 1
        begin = _finer(transcript, unit)
        if begin is None and at < len(turns) and turns[at].span.overlap(unit):
            begin = _within(turns[at], ends[at], unit)
        if begin is not None:
            yield unit.start, begin


def _finer(transcript: Transcript, unit: Span) -> float | None:
    """When a unit begins by times of words or cues, if one of them begins in it."""
    if not transcript.times:
        return None
    begin, _ = transcript.times_of(unit)
    return begin


def _within(turn: Turn, end: float | None, unit: Span) -> float | None:
    if turn.begin is None or end is None or end <= turn.begin:
        return turn.begin
    share = max(0, unit.start - turn.span.start) / len(turn.span)
    return turn.begin + share * (end - turn.begin)


ROUTES = (Route("/media/{number:int}", send_recording),)
