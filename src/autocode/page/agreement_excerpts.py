"""From a figure of agreement to the excerpts behind it: where coders differ, and on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..agreement.study.table import Agreement, Disagreement
from ..core.codebook import Codebook
from ..core.errors import NotFound
from ..core.transcript import Transcript
from ..project.reader import Snapshot
from ..report.agreement_view import name_codes
from ..report.disagreements import locate_disagreement
from .agreement_choice import BLIND, read_choice
from .compare_view import list_pairs
from .security import session_of
from .served import served
from .sight import Sight, see

NOTHING = "-"
"""In an address: a code that the other coder met with none of their own."""
_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcerptRow:
    """A unit on which coders differ: the codes of each in words, what they noted, what was settled.

    `compare` and `read` are addresses after "/compare/" and "/t/", "" where there is none.
    """

    excerpt: str
    position: str
    given: tuple[tuple[str, str], ...]
    memos: tuple[tuple[str, str], ...]
    settled: tuple[str, ...]
    compare: str
    read: str


def select_differences(
    agreement: Agreement, code: str | None = None, met: str | None = None
) -> list[Disagreement]:
    """The units on which coders differ: all, on a code, or where it met another code or `NOTHING`.

    A code that one coder alone gave meets those that the other alone gave.
    """
    return [
        unit for unit in agreement.disagreements if code is None or _is_difference(unit, code, met)
    ]


def _is_difference(unit: Disagreement, code: str, met: str | None) -> bool:
    for one, other in permutations(map(frozenset, unit.applied.values()), 2):
        left, right = one - other, other - one
        if code in left and (met is None or met in right or (met == NOTHING and not right)):
            return True
    return False


def count_differences(agreement: Agreement) -> Counter[str]:
    """On how many units coders differ by code, as `select_differences` selects them."""
    counts: Counter[str] = Counter()
    for unit in agreement.disagreements:
        given = [frozenset(codes) for codes in unit.applied.values()]
        counts.update(given[0].union(*given) - given[0].intersection(*given))
    return counts


def view_excerpts(
    study: Snapshot, sight: Sight, units: Sequence[Disagreement], codebook: Codebook, code: str
) -> list[ExcerptRow]:
    """The units as they are shown, the first of many."""
    transcripts = {one.name: one for one in study.transcripts()}
    numbers, names = study.transcript_numbers(), name_codes(codebook)
    shown = units[:_MOST]
    pairs = {name: list_pairs(study, sight, name) for name in {u.transcript for u in shown}}
    rows = []
    for unit in shown:
        number, span = numbers[unit.transcript], unit.unit.span
        pair = _find_pair(unit, pairs[unit.transcript], code)
        rows.append(
            ExcerptRow(
                excerpt=unit.excerpt,
                position=_locate(unit, transcripts),
                given=tuple(
                    (coder, ", ".join(names.get(c, c) for c in codes) or "no code")
                    for coder, codes in unit.applied.items()
                ),
                memos=tuple((coder, m) for coder, memos in unit.memos.items() for m in memos),
                settled=tuple(r.describe(names.get(r.code, r.code)) for r in unit.resolutions),
                compare=""
                if pair is None or span is None
                else f"{number}?" + urlencode({"pair": pair, "code": code, "at": span.start}),
                read="" if span is None else f"{number}#{span.start}-{span.end}",
            )
        )
    return rows


def _locate(unit: Disagreement, transcripts: Mapping[str, Transcript]) -> str:
    words = (unit.transcript, locate_disagreement(unit, transcripts))
    return ", ".join(word for word in words if word)


def _find_pair(unit: Disagreement, pairs: Sequence[tuple[str, str]], code: str) -> int | None:
    """The first pair of people who differ there, on the code if there is one."""
    for number, pair in enumerate(pairs):
        given = [set(unit.applied[coder]) for coder in pair if coder in unit.applied]
        if len(given) == 2 and (code in given[0] ^ given[1] if code else given[0] != given[1]):
            return number
    return None


def show_excerpts(request: Request) -> Response:
    """The excerpts behind a figure."""
    server, query = served(request), request.query_params
    with server.project.snapshot() as study:
        sight = see(study, session_of(request.scope).coder)
        if sight.is_blind:
            return server.render(request, "agreement_blind.html", blind=BLIND, status=403)
        choice, codebook = read_choice(study, query), study.codebook()
        code, met = query.get("code", ""), query.get("met")
        if code and code not in codebook:
            raise NotFound.among("code", code, codebook.by_id)
        names = name_codes(codebook)
        units = select_differences(server.agreements.measure(study, choice), code or None, met)
        rows = view_excerpts(study, sight, units, codebook, code)
        back = choice.write_query(study)
    return server.render(
        request,
        "agreement_excerpts.html",
        rows=rows,
        n_rows=len(units),
        back=back,
        coders=choice.coders,
        code=names.get(code, ""),
        met="nothing" if met == NOTHING else names.get(met or "", ""),
    )


ROUTES = (Route("/agreement/excerpts", show_excerpts),)
