"""The history: every act in words, by coder and kind; what can be undone, and the audit trail."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..core.acts import BEGIN, REVEAL, UNDO, Act
from ..core.counted import say_count
from ..core.errors import NotFound
from ..project.history import HistoryFilter
from ..project.history_file import format_history
from ..project.listing import HistoryList
from ..project.reader import Snapshot
from .act_requests import perform, read_undo_state
from .bodies import read_number
from .history_requests import HISTORY_KINDS
from .roles import Role, may
from .security import role_in, session_of
from .served import served
from .sight import Sight, see

PAGE_LENGTH = 50
_NOT_TAKEN_BACK = (BEGIN, REVEAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """An act as it is shown; a number that counts what everybody did is None for a blind coder."""

    act: Act
    number: int | None
    words: str
    undone_by: int | None
    verb: str

    @property
    def when(self) -> str:
        """When it was made, in UTC, to the minute."""
        return self.act.made_at[:16].replace("T", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """A page of the history, the newest act first, and what it can be narrowed to."""

    rows: tuple[ActRow, ...]
    n_acts: int
    first: int
    coder: str
    kind: str
    coders: tuple[str, ...]
    kinds: dict[str, int]
    is_blind: bool
    fault: str

    def query(self, first: int) -> str:
        """What another part of this very list adds to the address, from this act on."""
        parts = {"coder": self.coder, "kind": self.kind, "from": str(first) if first else ""}
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"?{query}" if query else ""

    @property
    def newer(self) -> str | None:
        """What the page before adds to the address."""
        return self.query(max(0, self.first - PAGE_LENGTH)) if self.first else None

    @property
    def older(self) -> str | None:
        """What the page after adds to the address."""
        after = self.first + PAGE_LENGTH
        return self.query(after) if after < self.n_acts else None


def view_history(
    study: Snapshot, sight: Sight, asked: dict[str, str], role: Role = "lead"
) -> HistoryView:
    """The acts that are asked for: `coder`, `kind`, `from`. A blind coder's are their own."""
    wanted, fault = _read_filter(study, sight, asked), ""
    first = read_number(asked.get("from", ""))
    kinds = study.act_kinds(replace(wanted, kind=None))
    n_acts = sum(kinds.values()) if wanted.kind is None else kinds.get(wanted.kind, 0)
    try:
        acts = study.history(replace(wanted, limit=PAGE_LENGTH, skip=first))
    except NotFound as error:
        acts, fault = [], "" if sight.is_blind else str(error)
    return HistoryView(
        rows=tuple(_describe_act(act, sight, role) for act in reversed(acts)),
        n_acts=n_acts,
        first=first,
        coder="" if sight.is_blind else wanted.coder or "",
        kind=wanted.kind or "",
        coders=() if sight.is_blind else tuple(study.act_coders()),
        kinds=kinds,
        is_blind=sight.is_blind,
        fault=fault,
    )


def _read_filter(study: Snapshot, sight: Sight, asked: dict[str, str]) -> HistoryFilter:
    coder = sight.coder if sight.is_blind else asked.get("coder") or None
    return HistoryFilter(coder=coder, kind=asked.get("kind") or None)


def _describe_act(act: Act, sight: Sight, role: Role) -> ActRow:
    is_theirs = role == "lead" or (act.coder == sight.coder and may(role, "coder"))
    can_undo = is_theirs and not sight.is_blind and act.undone_by is None and act.n_changes > 0
    verb = "Redo" if act.kind == UNDO else "Undo"
    return ActRow(
        act=act,
        number=sight.number(act.number),
        words=sight.describe(act) if act.summary is not None else "(its words were erased)",
        undone_by=act.undone_by,
        verb=verb if can_undo and act.kind not in _NOT_TAKEN_BACK else "",
    )


def show_history(request: Request) -> Response:
    """A page of the history."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        sight = see(study, coder)
        view = view_history(study, sight, dict(request.query_params), role_in(request.scope))
        state = read_undo_state(study, coder).describe(sight)
    return server.render(request, "history.html", history=view, state=state)


def send_check(request: Request) -> Response:
    """Whether every act is as it was made, in words."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        sight, check = see(study, coder), study.verify_history()
    if sight.is_blind:
        words = (
            "Every act is as it was made." if check.is_sound else "Acts are not as they were made."
        )
        return JSONResponse({"is_sound": check.is_sound, "words": words})
    erased = f"; the words of {check.n_erased} were erased" if check.n_erased else ""
    words = f"{say_count(check.n_acts, 'act')}, each as it was made{erased}."
    if not check.is_sound:
        faults = "; ".join(f"act {fault.act} {fault.fault}" for fault in check.faults[:5])
        more = f"; and {len(check.faults) - 5} more" if len(check.faults) > 5 else ""
        words = f"Not as it was made: {faults}{more}. Go back to your last copy of the study."
    return JSONResponse({"is_sound": check.is_sound, "words": words})


async def preview(request: Request) -> Response:
    """What taking back an act would take back; nothing is changed."""
    server, coder = served(request), session_of(request.scope).coder
    raw, role = await request.body(), role_in(request.scope)
    answer = await run_in_threadpool(
        perform, raw, HISTORY_KINDS, server.project, coder, role=role, dry_run=True
    )
    return JSONResponse(answer.payload, answer.status)


def send_csv(request: Request) -> Response:
    """The acts that are asked for as a table to keep."""
    acts, name = _list_exported(request)
    return _attach(format_history(acts).encode("utf-8", "replace"), f"{name}.csv", "text/csv")


def send_json(request: Request) -> Response:
    """The acts that are asked for as `autocode history --json` prints them."""
    acts, name = _list_exported(request)
    body = JSONResponse(HistoryList(tuple(acts)).to_dict()).body
    return _attach(bytes(body), f"{name}.json", "application/json")


def _list_exported(request: Request) -> tuple[list[Act], str]:
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        sight = see(study, coder)
        wanted = _read_filter(study, sight, dict(request.query_params))
        try:
            acts = study.history(wanted)
        except NotFound:
            acts = []
    if sight.is_blind:
        acts = [_hide_numbers(act, sight) for act in acts]
    return acts, f"{server.study_name}-history"


def _hide_numbers(act: Act, sight: Sight) -> Act:
    """An act without its number and those it names, which count what everybody did."""
    return replace(act, number=0, undoes=(), undone_by=None, summary=sight.describe(act))


def _attach(body: bytes, name: str, kind: str) -> Response:
    """A file to be saved, never shown: its name holds nothing that a header could be cut at."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".")
    return Response(
        body,
        media_type=kind,
        headers={"content-disposition": f'attachment; filename="{safe}"'},
    )


ROUTES = (
    Route("/history", show_history),
    Route("/history/check", send_check),
    Route("/history/preview", preview, methods=["POST"]),
    Route("/history.csv", send_csv),
    Route("/history.json", send_json),
)
