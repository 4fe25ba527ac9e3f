"""The codebook: the tree of codes with what stands behind each, and one code in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..analysis.code_counts import CodeCount, count_codes
from ..core.codebook import Code
from ..core.coding import Coding
from ..core.similar_codes import find_similar_names
from ..project.reader import Snapshot
from .act_requests import perform, read_undo_state
from .code_detail import Asked, all_codings_seen, view_code
from .code_requests import CODE_KINDS
from .codes_seen import describe_codes_seen, find_code
from .roles import Role, may, role_for_act
from .security import role_in, session_of
from .served import served
from .sight import Sight, codebook_seen, see


def view_codebook(study: Snapshot, coder: str, role: Role) -> dict[str, Any]:
    """Every code that the coder sees: codings, transcripts, participants and coders counted.

    `can_add` and `can_edit` say what of the codebook somebody of this role may change.
    """
    sight, possible = see(study, coder), read_undo_state(study, coder)
    codebook, codings = codebook_seen(study, sight), all_codings_seen(study, sight)
    counts = _count_seen(study, sight)
    transcripts: dict[str, set[str]] = {}
    for coding in codings:
        transcripts.setdefault(coding.code, set()).add(coding.transcript)
    by_coder = Counter((coding.code, coding.coder) for coding in codings)
    outdated = Counter(one.code for one in _outdated(study, sight))
    rows = []
    for row in describe_codes_seen(study, sight):
        code, count = codebook.by_id[row["id"]], counts[row["id"]]
        rows.append(
            row
            | {
                "parent": code.parent,
                "digest": code.digest,
                "n_codings": count.n_codings,
                "n_transcripts": len(transcripts.get(code.id, ())),
                "n_participants": len(count.participants),
                "n_below": count.rolled_up.n_codings - count.n_codings,
                "n_outdated": outdated[code.id],
                "by_coder": {who: n for (of, who), n in by_coder.items() if of == code.id},
            }
        )
    return {
        "coder": coder,
        "is_blind": sight.is_blind,
        "can_add": not sight.is_blind and may(role, role_for_act("code-add")),
        "can_edit": not sight.is_blind and may(role, role_for_act("code-edit")),
        "codes": rows,
        "coders": sorted({coding.coder for coding in codings}),
        "similar": _find_similar(codebook.codes),
        **possible.describe(sight),
    }


def _count_seen(study: Snapshot, sight: Sight) -> Mapping[str, CodeCount]:
    """What stands behind each code of all that is shown."""
    if not sight.is_blind:
        return study.code_counts()
    codebook, codings = codebook_seen(study, sight), all_codings_seen(study, sight)
    counts = count_codes(codebook, study.segments(), codings, (), coders=study.coders())
    return {count.code.id: count for count in counts}


@lru_cache(maxsize=4)
def _find_similar(codes: tuple[Code, ...]) -> list[tuple[str, str]]:
    """Pairs of codes with nearly the same name: of a large codebook the slowest part to see."""
    return [(pair.one, pair.other) for pair in find_similar_names(codes)]


def _outdated(study: Snapshot, sight: Sight) -> list[Coding]:
    """Codings to look at again; what others made of a code is not known to a blind coder."""
    return [] if sight.is_blind else [one.coding for one in study.outdated_codings()]


def show_codes(request: Request) -> Response:
    """The codebook, with the code that the address names."""
    server, coder = served(request), session_of(request.scope).coder
    with server.project.snapshot() as study:
        state = view_codebook(study, coder, role_in(request.scope))
        code = _view_asked(request, study)
    return server.render(request, "codes.html", state=state, code=code)


def send_codes(request: Request) -> Response:
    """The codebook as it is now, and the code that the address names."""
    coder = session_of(request.scope).coder
    with served(request).project.snapshot() as study:
        state = view_codebook(study, coder, role_in(request.scope))
        code = _view_asked(request, study)
    return JSONResponse({"codes": state, "code": code})


def send_code(request: Request) -> Response:
    """One code in full, or more of its excerpts."""
    with served(request).project.snapshot() as study:
        return JSONResponse({"code": _view_asked(request, study)})


async def preview(request: Request) -> Response:
    """What an act on the codebook would do; nothing is changed."""
    server, coder = served(request), session_of(request.scope).coder
    raw, role = await request.body(), role_in(request.scope)
    answer = await run_in_threadpool(
        perform, raw, CODE_KINDS, server.project, coder, role=role, dry_run=True
    )
    return JSONResponse(answer.payload, answer.status)


def _view_asked(request: Request, study: Snapshot) -> dict[str, Any] | None:
    number = request.path_params.get("number")
    if number is None:
        return None
    sight = see(study, session_of(request.scope).coder)
    query = request.query_params
    asked = Asked(first=query.get("from", ""), example=query.get("example", ""))
    return view_code(study, sight, find_code(study, sight, number), asked)


ROUTES = (
    Route("/codes", show_codes),
    Route("/codes/state", send_codes),
    Route("/codes/preview", preview, methods=["POST"]),
    Route("/codes/{number:int}", show_codes),
    Route("/codes/{number:int}/state", send_codes),
    Route("/codes/{number:int}/more", send_code),
)
