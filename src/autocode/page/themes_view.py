"""The themes board: themes of the map as columns, codes and draft themes as cards in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..analysis.code_counts import list_codes_below
from ..analysis.map_counts import MapCount
from ..analysis.people import keep_people
from ..core.coding import ThemeDecision
from ..core.errors import InputError, NotFound, NothingToDo
from ..core.theme import Theme, ThemeDraft
from ..core.transcript import Span
from ..project.reader import Snapshot
from ..project.theme_segments import find_theme
from ..project.theming import DecideOptions
from ..themes.wording import describe_cautions
from .act_requests import read_undo_state
from .marks import describe_codes
from .refit import RefitState
from .security import session_of
from .served import served
from .sight import see

MOST_EXCERPTS = 300
"""Excerpts of one card that are sent; how many there are is said."""


def view_board(study: Snapshot, coder: str) -> dict[str, Any]:
    """Themes, codes and draft themes with their counts; nothing of them to a blind coder."""
    sight, possible = see(study, coder), read_undo_state(study, coder)
    state: dict[str, Any] = {
        "coder": coder,
        "is_blind": sight.is_blind,
        "themes": [],
        "relations": [],
        "codes": [],
        "drafts": [],
        "n_unassigned": 0,
        "is_drafted": False,
        **possible.describe(sight),
    }
    if sight.is_blind:
        return state
    draft, view = study.themes(), study.thematic_map()
    memos = [memo for memo in study.memos() if memo.about == "theme"]
    return state | {
        "themes": [
            _describe_theme(count)
            | {
                "memos": [
                    {"text": memo.text, "coder": memo.coder or ""}
                    for memo in memos
                    if memo.subject == count.theme.key
                ]
            }
            for count in view.themes
        ],
        "relations": [{"one": r.one, "other": r.other, "name": r.name} for r in view.map.relations],
        "codes": list(_list_codes(study)),
        "drafts": [_describe_draft(study, theme) for theme in draft.themes] if draft else [],
        "n_unassigned": len(draft.unassigned) if draft else 0,
        "is_drafted": draft is not None,
    }


def _describe_theme(count: MapCount) -> dict[str, Any]:
    """A theme of the map; `drafts` says how many of its segments came from which draft theme."""
    theme = count.theme
    placed = Counter(segment.draft for segment in theme.segments)
    return {
        "key": theme.key,
        "name": theme.name,
        "definition": theme.definition,
        "parent": theme.parent,
        "depth": count.depth,
        "is_central": theme.is_central,
        "codes": list(theme.codes),
        "drafts": [{"key": key, "n_segments": n} for key, n in placed.items()],
        "n_segments": count.n_segments,
        "n_participants": len(count.participants),
        "position": list(theme.position or ()),
    }


def _list_codes(study: Snapshot) -> Iterator[dict[str, Any]]:
    """Every code with its counts, those of the codes below it included."""
    codebook = study.codebook()
    counts = study.code_counts()
    for code in describe_codes(codebook):
        count = counts[code["id"]].rolled_up
        yield code | {
            "parent": codebook.by_id[code["id"]].parent,
            "n_segments": count.n_segments,
            "n_participants": len(count.participants),
        }


def _describe_draft(study: Snapshot, theme: Theme) -> dict[str, Any]:
    codebook = study.codebook()
    near = [code for code, _ in theme.near[:1] if code in codebook]
    return {
        "key": theme.key,
        "name": theme.name,
        "terms": list(theme.terms),
        "n_segments": theme.n_segments,
        "n_participants": len(theme.participants),
        "cautions": describe_cautions(theme),
        "stability": theme.stability and round(theme.stability.jaccard, 2),
        "near": codebook.by_id[near[0]].name if near else "",
        "parts": [{"key": part.key, "name": part.name} for part in theme.parts],
    }


def list_excerpts(study: Snapshot, *, code: str, draft: str, theme: str) -> dict[str, Any]:
    """What stands behind a code, a draft theme or a theme of the map, each with its address.

    Raises:
        NotFound: if there is no such code or theme.
        NothingToDo: if no themes have been drafted.
    """
    if draft:
        rows = list(_excerpts_of_draft(study, _find_draft(study, draft)))
    elif theme:
        known = study.thematic_map().map.find(theme)
        places = [(p.transcript, p.span, "") for p in known.segments]
        rows = _describe_places(study, [*_places_of(study, known.codes), *places])
    else:
        rows = _describe_places(study, _places_of(study, [study.codebook().find(code).id]))
    return {"n": len(rows), "excerpts": rows[:MOST_EXCERPTS]}


def _find_draft(study: Snapshot, key: str) -> Theme:
    draft = study.themes()
    if draft is None:
        raise NothingToDo("No themes are drafted. First run: autocode themes draft STUDY")
    return find_theme(draft, key)


def _excerpts_of_draft(study: Snapshot, theme: Theme) -> Iterator[dict[str, Any]]:
    """The typical ones first, then in the order of the text."""
    numbers = study.transcript_numbers()
    for member in sorted(theme.members, key=lambda m: m.exemplar or len(theme.members) + 1):
        segment = member.segment
        yield {
            "transcript": segment.transcript,
            "address": _address(numbers[segment.transcript], segment.span),
            "participant": segment.participant,
            "words": segment.excerpt,
            "note": "typical" if member.exemplar else "",
        }


def _places_of(study: Snapshot, codes: Sequence[str]) -> list[tuple[str, Span, str]]:
    """Where people applied codes, or codes below them."""
    below = list_codes_below(study.codebook())
    wanted = {key for code in codes for key in (code, *below.get(code, ()))}
    kept = keep_people(study.codings(), (), study.coders()).codings
    return [(c.transcript, c.span, c.coder) for c in kept if c.code in wanted]


def _describe_places(
    study: Snapshot, places: Sequence[tuple[str, Span, str]]
) -> list[dict[str, Any]]:
    """Each place once, with everybody who coded it so."""
    numbers = study.transcript_numbers()
    whose: dict[tuple[str, Span], list[str]] = {}
    for transcript, span, coder in places:
        whose.setdefault((transcript, span), []).append(coder)
    texts = {transcript.name: transcript.text for transcript in study.transcripts()}
    return [
        {
            "transcript": transcript,
            "address": _address(numbers[transcript], span),
            "participant": "",
            "words": span.of(texts[transcript]),
            "note": ", ".join(sorted({coder for coder in coders if coder})),
        }
        for (transcript, span), coders in sorted(whose.items())
    ]


def _address(number: int, span: Span) -> str:
    return f"/t/{number}#{span.start}-{span.end}"


def preview_decision(before: ThemeDraft, after: ThemeDraft) -> dict[str, Any]:
    """What a decision would do: the draft themes that are new or other, and what it leaves over."""
    known = {theme.key: theme.members for theme in before.themes}
    return {
        "themes": [
            {
                "key": theme.key,
                "name": theme.name,
                "n_segments": theme.n_segments,
                "n_participants": len(theme.participants),
            }
            for theme in after.themes
            if known.get(theme.key) != theme.members
        ],
        "n_left": len(after.unassigned) - len(before.unassigned),
    }


def show_board(request: Request) -> Response:
    """The themes board."""
    server = served(request)
    with server.project.snapshot() as study:
        state = view_board(study, session_of(request.scope).coder)
    return server.render(request, "themes.html", state=state)


def send_board(request: Request) -> Response:
    """The board as it is now."""
    with served(request).project.snapshot() as study:
        return JSONResponse(view_board(study, session_of(request.scope).coder))


def send_excerpts(request: Request) -> Response:
    """The excerpts of a card."""
    wanted = {name: request.query_params.get(name, "") for name in ("code", "draft", "theme")}
    with served(request).project.snapshot() as study:
        if see(study, session_of(request.scope).coder).is_blind:
            return JSONResponse({"n": 0, "excerpts": []})
        return JSONResponse(list_excerpts(study, **wanted))


def send_preview(request: Request) -> Response:
    """What a decision on draft themes would do: it is carried out and taken back at once."""
    project, coder = served(request).project, session_of(request.scope).coder
    drafts = tuple(request.query_params.get("drafts", "").split(","))
    action = request.query_params.get("action", "")
    with project.snapshot() as study:
        if see(study, coder).is_blind:
            return JSONResponse({"themes": [], "n_left": 0})
        before = study.themes()
    decision = ThemeDecision(action=action, themes=drafts, coder=coder, name="-")
    try:
        done = project.decide_draft(decision, DecideOptions(dry_run=True))
    except (InputError, NotFound) as error:
        return JSONResponse({"error": str(error)}, 422)
    if before is None or done.result is None:
        return JSONResponse({"themes": [], "n_left": 0})
    return JSONResponse(preview_decision(before, done.result))


def send_drafting(request: Request) -> Response:
    """How far drafting anew is; for a blind coder there is none."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        is_blind = see(study, coder).is_blind
    state = RefitState() if is_blind else served(request).refits.state(coder, "themes")
    return JSONResponse({"state": state.state, "number": state.number, "message": state.message})


def start_drafting(request: Request) -> Response:
    """Draft themes anew beside the server."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        if see(study, coder).is_blind:
            return JSONResponse({"error": "Blind: no themes are drafted in a blind pass."}, 422)
    state = server.refits.start(coder, made="themes")
    return JSONResponse({"state": state.state, "number": state.number, "message": state.message})


ROUTES = (
    Route("/themes/draft", send_drafting),
    Route("/themes/draft", start_drafting, methods=["POST"]),
    Route("/themes", show_board),
    Route("/themes/state", send_board),
    Route("/themes/excerpts", send_excerpts),
    Route("/themes/preview", send_preview),
)
