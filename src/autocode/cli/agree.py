"""`autocode agree`: how coders agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..agreement.reporting import payload as agree_json
from . import agree_terminal, options, terminal

if TYPE_CHECKING:
    from ..agreement.machine.report import MachineReport
    from ..agreement.study.span_table import SpanAgreement
    from ..agreement.study.table import Agreement
    from ..pipeline import Comparison, Study

_UNITS = ["segment", "turn", "paragraph", "sentence", "character", "overlap"]


@click.command("agree")
@click.argument("study", metavar="STUDY|FOLDER", type=click.Path(path_type=Path))
@click.option("--coders", nargs=2, metavar="A B", default=None, help="Compare these two.")
@click.option(
    "--coder",
    "more",
    multiple=True,
    metavar="NAME",
    help="Compare these coders (repeatable; default: everybody).",
)
@click.option(
    "--unit",
    type=click.Choice(_UNITS),
    default="segment",
    show_default=True,
    help="What is compared; 'segment' takes the study's own units.",
)
@click.option("--all-units", is_flag=True, help="Show how much the numbers depend on the unit.")
@click.option(
    "--spans",
    "own_spans",
    is_flag=True,
    help="Compare the coders' own spans as well: u-alpha, gamma, character by character.",
)
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.5,
    show_default=True,
    help="For --unit overlap: how much of two spans must be shared.",
)
@click.option(
    "--resamples",
    type=click.IntRange(0),
    default=2000,
    show_default=True,
    help="Draws of transcripts for the intervals; 0 for none.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the draws.")
@click.option(
    "--interval",
    type=click.Choice(["percentile", "bca"]),
    default="percentile",
    show_default=True,
    help="How intervals are made from the draws.",
)
@click.option("--machine", metavar="NAME", help="Set this coder beside the others as a machine.")
@click.option(
    "--margin",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="For --machine: how much less agreement would still do, fixed beforehand.",
)
@click.option("--html", type=click.Path(path_type=Path), help="Write a report with plots as well.")
@options.as_json
def command(
    study: Path,
    coders: tuple[str, str] | None,
    more: tuple[str, ...],
    as_json: bool,
    html: Path | None,
    all_units: bool,
    own_spans: bool,
    machine: str | None,
    margin: float,
    **how: Any,  # noqa: ANN401 - options of the comparison
) -> None:
    """Compare the coders of a STUDY, or of a corpus FOLDER, on what two or more have read.

    Per code and overall, with intervals that draw whole transcripts. A number that is undefined is
    reported as undefined, with the reason.
    """
    from ..pipeline import agree, agree_on_spans

    found_study = _study(study)
    wanted = _comparison((*(coders or ()), *more), how)
    found = agree(found_study, wanted)
    beside = _beside(found_study, machine, wanted, margin) if machine else None
    every = _all_units(found_study, wanted) if all_units else {}
    spans = agree_on_spans(found_study, wanted) if own_spans else None
    if html is not None:
        _write_html(found_study, found, html, spans=spans)
    if as_json:
        more_parts = {"all_units": agree_json.sensitivity(every)} if all_units else {}
        more_parts |= {"spans": agree_json.spans_as_dict(spans)} if spans else {}
        more_parts |= {"machine": agree_json.machine_as_dict(beside)} if beside else {}
        terminal.dump(agree_json.as_dict(found, found_study.codings) | more_parts)
        return
    agree_terminal.tell(found)
    if all_units:
        agree_terminal.tell_units(every)
    if spans is not None:
        agree_terminal.tell_spans(spans)
    if beside is not None:
        agree_terminal.tell_machine(beside)
    if html is not None:
        click.echo(f"report: {html}")


def _study(path: Path) -> Study:
    if path.is_dir():
        from ..project.folder import study_of_folder

        return study_of_folder(path)
    from ..project import Project

    with Project.open(path) as project:
        return project.in_memory()


def _comparison(coders: tuple[str, ...], how: dict[str, Any]) -> Comparison:
    from ..agreement.study.table import Resampling
    from ..pipeline import Comparison

    resampling = Resampling(n_resamples=how["resamples"], seed=how["seed"], method=how["interval"])
    return Comparison(coders=coders, unit=how["unit"], share=how["share"], resampling=resampling)


def _all_units(study: Study, wanted: Comparison) -> dict[str, Agreement]:
    from ..agreement.study.units import KINDS
    from ..pipeline import agree

    return {unit: agree(study, replace(wanted, unit=unit)) for unit in KINDS}


def _beside(study: Study, machine: str, wanted: Comparison, margin: float) -> MachineReport:
    from ..agreement.machine.report import ComparisonOptions
    from ..pipeline import machine_beside_people

    beside_options = ComparisonOptions(margin=margin, resampling=wanted.resampling)
    return machine_beside_people(study, machine, wanted, options=beside_options)


def _write_html(study: Study, found: Agreement, out: Path, *, spans: SpanAgreement | None) -> None:
    from ..report.agreement_page import write_agreement

    memos = {
        (c.transcript, c.span.start, c.span.end, c.coder): c.memo for c in study.codings if c.memo
    }
    write_agreement(found, study.codebook, out, memos=memos, spans=spans)
