"""Search: the excerpts that a query holds of, or that are like one, to be walked and coded."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.errors import InputError, NotFound, NothingToDo
from ..core.transcript import Span
from ..project.hand_coding import Place
from ..project.reader import Snapshot
from ..project.searching import (
    EVERYTHING,
    Hit,
    SearchOptions,
    SearchResult,
    SearchScope,
    search,
)
from .act_requests import read_undo_state
from .bodies import read_number
from .marks import describe_codes
from .reading import find_name
from .security import session_of
from .served import Served, served, write_clock
from .sight import Sight, codebook_seen, see

_MOST_AT_ONCE = 100
_MOST_SHOWN = 1000
_LONGEST_SHOWN = 600
"""Characters of an excerpt that are shown; of a longer one those around the first mark."""
_LEAD = 160
_LIKE = re.compile(r"(\d{1,9}):(\d{1,9})-(\d{1,9})")


def view_search(
    server: Served, study: Snapshot, coder: str, asked: dict[str, str]
) -> dict[str, Any]:
    """What a search finds for this coder, or why it finds nothing, and what can be done there.

    `asked` is the query of the address: `q`, or `like` (NUMBER:START-END), `from`, `n`.
    """
    sight, possible = see(study, coder), read_undo_state(study, coder)
    result, fault = None, ""
    try:
        result = _find(server, study, sight, asked)
    except (InputError, NotFound, NothingToDo) as error:
        fault = str(error)
    return {
        "coder": coder,
        "is_blind": sight.is_blind,
        "query": asked.get("q", ""),
        "like": asked.get("like", ""),
        "fault": fault,
        "result": result and describe_result(result),
        "codes": describe_codes(codebook_seen(study, sight)),
        "recent": study.recent_codes(coder),
        **possible.describe(sight),
    }


def _find(
    server: Served, study: Snapshot, sight: Sight, asked: dict[str, str]
) -> SearchResult | None:
    scope = EVERYTHING
    if sight.is_blind:
        scope = SearchScope(codebook=sight.codebook, shows=sight.shows, coder=sight.coder)
    options = SearchOptions(
        limit=min(read_number(asked.get("n", ""), _MOST_AT_ONCE), _MOST_SHOWN),
        offset=read_number(asked.get("from", ""), 0),
    )
    if asked.get("like"):
        from ..project.similar_excerpts import find_similar  # numpy only where it is needed

        place = _read_place(study, asked["like"])
        return find_similar(study, place, options=options, scope=scope, memory=server.searches)
    if not asked.get("q", "").strip():
        return None
    return search(study, asked["q"], options=options, scope=scope, memory=server.searches)


def _read_place(study: Snapshot, words: str) -> Place:
    """The place in an address: NUMBER:START-END."""
    parts = _LIKE.fullmatch(words)
    if parts is None:
        raise InputError("An excerpt is named by its transcript and characters, as 2:120-240.")
    number, start, end = map(int, parts.groups())
    return Place(transcript=find_name(study, number), start=start, end=max(start, end))


def digest_words(words: str) -> str:
    """What stands for the words of an excerpt in an act, so that a long list of them fits."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def describe_result(result: SearchResult) -> dict[str, Any]:
    """Hits as the page draws them; `n_hits` counts all, also those that are not sent."""
    return {
        "n_hits": result.n_hits,
        "n_transcripts": result.n_transcripts,
        "offset": result.offset,
        "like": result.like[:_LONGEST_SHOWN],
        "hits": [_describe_hit(hit) for hit in result.hits],
    }


def _describe_hit(hit: Hit) -> dict[str, Any]:
    shown = _choose_window(hit)
    return {
        "number": hit.number,
        "name": hit.transcript,
        "start": hit.span.start,
        "end": hit.span.end,
        "digest": digest_words(hit.excerpt),
        "speaker": hit.speaker or "",
        "case": hit.case or "",
        "turn": hit.turn,
        "clock": None if hit.begin is None else write_clock(hit.begin),
        "words": hit.excerpt[shown.start - hit.span.start : shown.end - hit.span.start],
        "shown": shown.start,
        "marks": [[mark.start, mark.end] for mark in hit.marks if mark.overlap(shown)],
        "before": hit.before,
        "after": hit.after,
        "codings": hit.codes,
        "memos": hit.memos,
        "similarity": hit.similarity,
    }


def _choose_window(hit: Hit) -> Span:
    """What is shown of an excerpt: all of a short one, of others what is around the first mark."""
    start, end = hit.span.start, hit.span.end
    if end - start <= _LONGEST_SHOWN:
        return hit.span
    if hit.marks and hit.marks[0].start - start > _LEAD:
        blank = hit.excerpt.rfind(" ", 0, hit.marks[0].start - _LEAD - start)
        start += blank + 1
    if end - start > _LONGEST_SHOWN:
        blank = hit.excerpt.rfind(
            " ", start - hit.span.start, start - hit.span.start + _LONGEST_SHOWN
        )
        end = hit.span.start + blank if blank > start - hit.span.start else start + _LONGEST_SHOWN
    return Span(start, end)


def show_search(request: Request) -> Response:
    """The search and what it finds."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        state = view_search(server, study, coder, dict(request.query_params))
    return server.render(request, "search.html", state=state)


def send_hits(request: Request) -> Response:
    """What the search finds now, or further hits."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        return JSONResponse(view_search(server, study, coder, dict(request.query_params)))


ROUTES = (Route("/search", show_search), Route("/search/hits", send_hits))
