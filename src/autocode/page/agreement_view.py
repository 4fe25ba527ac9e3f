"""The agreement of coders, live: numbers with intervals, a plot, and the codes that met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .._version import __version__
from ..agreement.reporting.assistance_text import describe_shown, describe_taken
from ..agreement.reporting.methods_text import (
    describe_caution,
    describe_intervals,
    describe_unit,
    describe_work,
    write_methods,
)
from ..agreement.study.assistance import NO_PASS, CoderAssistance
from ..agreement.study.specs import CoefficientSpec
from ..agreement.study.table import Agreement
from ..agreement.study.units import UnitKind
from ..core.coding import Coder
from ..core.errors import InputError
from ..project.reader import Snapshot
from ..report.agreement_view import name_codes
from ..report.codes_agreement import CodesView, view_codes
from ..report.palette import assign_code_colours
from .agreement_choice import (
    BLIND,
    COEFFICIENTS,
    UNITS,
    AgreementChoice,
    Agreements,
    list_comparable,
    read_choice,
)
from .agreement_excerpts import count_differences
from .confusion_grid import ConfusionGrid, lay_out_confusion
from .marks import describe_codes
from .security import session_of
from .served import served
from .sight import see

_NEEDS_TWO = (
    "Agreement needs two coders who have coded or read the same transcripts. Give transcripts to a "
    "second coder: autocode passes assign, or import their codings."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A coder who is compared: codings, passes by how they were coded, suggestions in words."""

    name: str
    n_codings: int
    passes: str
    suggestions: str
    taken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFigures:
    """The numbers of one agreement, ready to show; `n_differ` are units by code.

    `marks` are the codes as lists show them, by id.
    """

    agreement: Agreement
    unit: str
    work: str
    caution: str
    intervals: str
    compared: tuple[ComparedRow, ...]
    headline: tuple[CoefficientSpec, ...]
    rest: tuple[CoefficientSpec, ...]
    codes: CodesView
    marks: Mapping[str, Mapping[str, Any]]
    n_differ: Mapping[str, int]
    confusion: ConfusionGrid
    methods: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementScreen:
    """What is chosen, what can be, and the figures; `reason` says why there are none."""

    reason: str
    revision: int
    choice: AgreementChoice
    query: str
    coders: tuple[tuple[int, Coder], ...]
    units: Mapping[UnitKind, str] = field(default_factory=lambda: UNITS)
    coefficients: Sequence[CoefficientSpec] = COEFFICIENTS
    figures: AgreementFigures | None = None


def view_agreement_screen(
    study: Snapshot, agreements: Agreements, choice: AgreementChoice
) -> AgreementScreen:
    """The screen with what is chosen, for somebody who is not blind."""
    numbers = study.coder_numbers()
    comparable = list_comparable(study)
    figures, reason = None, ""
    try:
        agreement = agreements.measure(study, choice)
        figures = view_figures(study, choice, agreement)
    except InputError as error:
        reason = str(error) if len(comparable) > 1 else _NEEDS_TWO
    return AgreementScreen(
        reason=reason,
        revision=study.revision().number,
        choice=choice,
        query=choice.write_query(study),
        coders=tuple((numbers[one.name], one) for one in comparable),
        figures=figures,
    )


def view_figures(
    study: Snapshot, choice: AgreementChoice, agreement: Agreement
) -> AgreementFigures:
    """The numbers of an agreement, ready to show."""
    codebook = study.codebook()
    names = name_codes(codebook)
    codes = view_codes(
        agreement,
        names,
        assign_code_colours(codebook),
        coefficient=choice.coefficient,
        shows_limits=False,  # no value is good or bad by itself
    )
    n_differ = count_differences(agreement)
    overall = [spec for spec in agreement.specs if spec.is_overall and spec.is_standard]
    return AgreementFigures(
        agreement=agreement,
        unit=describe_unit(agreement.unit),
        work=describe_work(agreement, agreement.n_units),
        caution=describe_caution(agreement),
        intervals=describe_intervals(agreement),
        compared=tuple(_describe_coder(agreement, one) for one in agreement.assistance),
        headline=tuple(spec for spec in overall if spec.is_headline),
        rest=tuple(spec for spec in overall if not spec.is_headline),
        codes=codes,
        marks={code["id"]: code for code in describe_codes(codebook)},
        n_differ={code.code: n_differ[code.code] for code in agreement.per_code},
        confusion=lay_out_confusion(agreement.confusion, codebook, names),
        methods=write_methods(agreement, codebook, __version__),
    )


def _describe_coder(agreement: Agreement, one: CoderAssistance) -> ComparedRow:
    passes = [p for p in agreement.passes.passes if p.coder == one.coder]
    kinds = {
        "blind": [p for p in passes if p.blind],
        "not blind": [p for p in passes if not p.blind],
    }
    words = [f"{len(those)} {kind}" for kind, those in kinds.items() if those]
    n_open = sum(p.state == "open" for p in passes)
    words += [f"{one.passes[NO_PASS]} without a pass"] if NO_PASS in one.passes else []
    words += [f"{n_open} not finished"] if n_open else []
    return ComparedRow(
        name=one.coder,
        n_codings=one.n_codings,
        passes=", ".join(words),
        suggestions=describe_shown(one).removesuffix(f", {describe_taken(one)}"),
        taken=f"{one.n_taken} of {one.n_codings}",
    )


def show_agreement(request: Request) -> Response:
    """The figures, computed for the state that the study is in."""
    server = served(request)
    with server.project.snapshot() as study:
        if see(study, session_of(request.scope).coder).is_blind:
            return server.render(request, "agreement_blind.html", blind=BLIND, status=403)
        choice = read_choice(study, request.query_params)
        screen = view_agreement_screen(study, server.agreements, choice)
    return server.render(request, "agreement.html", screen=screen)


ROUTES = (Route("/agreement", show_agreement),)
