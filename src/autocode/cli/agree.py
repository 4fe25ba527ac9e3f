"""`autocode agree`: how coders agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import agree_terminal, options, terminal
from .commands import Group

if TYPE_CHECKING:
    from ..agreement.machine.report import MachineReport
    from ..agreement.study.span_table import SpanAgreement
    from ..agreement.study.table import Agreement
    from ..pipeline import AgreementOptions, Study

_UNITS = ["segment", "turn", "paragraph", "sentence", "character", "overlap"]
_material = click.argument("study", metavar="STUDY|FOLDER", type=click.Path(path_type=Path))


def _draws(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the intervals: --resamples, --interval, --random-state."""
    with_interval = click.option(
        "--interval",
        type=click.Choice(["jackknife", "percentile", "bca"]),
        default="jackknife",
        show_default=True,
        help="How intervals are made: leaving out each transcript, or drawing transcripts.",
    )(options.random_state("the draws")(command))
    return click.option(
        "--resamples",
        type=click.IntRange(0),
        default=2000,
        show_default=True,
        metavar="N",
        help="Draws of transcripts for the intervals; 0 for none.",
    )(with_interval)


def _read(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of what counts as read: --read."""
    return click.option(
        "--read",
        type=click.Choice(["assumed", "marked"]),
        default="assumed",
        show_default=True,
        help="What counts as read without a code: all of a transcript that a coder coded by hand "
        "(unless readings of theirs are recorded in it), or only what is recorded.",
    )(command)


def _unit(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the unit: --unit and --min-overlap."""
    command = click.option(
        "--min-overlap",
        type=click.FloatRange(0, 1, min_open=True),
        default=0.5,
        show_default=True,
        metavar="SHARE",
        help="For --unit overlap: the share of two spans that must overlap.",
    )(command)
    return click.option(
        "--unit",
        type=click.Choice(_UNITS),
        default="segment",
        show_default=True,
        help="The unit compared; 'segment' means the study's own units.",
    )(command)


@click.group(
    "agree",
    cls=Group,
    default="units",
    subcommand_metavar="[units|spans|machine] STUDY|FOLDER [OPTIONS]",
    examples=[
        "autocode agree study.autocode",
        "autocode agree spans study.autocode",
        "autocode agree machine study.autocode Model",
    ],
)
def command() -> None:
    """Measure how coders agree.

    Takes a STUDY or a corpus FOLDER. 'autocode agree STUDY' means 'autocode agree units STUDY'.
    Intervals take whole transcripts as the unit. A coefficient that is undefined is reported as
    undefined, with the reason.
    """


@command.command(
    "units",
    examples=[
        "autocode agree units study.autocode --coders Amina,Jonas",
        "autocode agree study.autocode --all-units --output agreement.html",
    ],
)
@_material
@options.coders
@_unit
@click.option("--all-units", is_flag=True, help="Show how the coefficients depend on the unit.")
@_read
@_draws
@options.output("Also write a report with plots (HTML).")
@options.as_json
def agree_on_units(
    study: Path,
    all_units: bool,
    output: Path | None,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Compare coders unit by unit.

    Compares, per code and overall, the units that two or more coders have read. "Read, nothing
    applied" counts; "not read" does not. Whoever coded a transcript by hand is taken to have read
    all of it, unless readings of theirs are recorded in it; see --read.
    """
    from ..pipeline import agree

    material = _load(study)
    comparison = _comparison(chosen)
    agreement = agree(material, comparison)
    by_unit = _agree_by_unit(material, comparison) if all_units else {}
    if output is not None:
        _write_report(material, agreement, output)
    if as_json:
        more = {"all_units": {unit: other.summarise() for unit, other in by_unit.items()}}
        terminal.print_json(agreement.to_dict() | (more if all_units else {}))
        return
    agree_terminal.show_units(agreement, material.codebook)
    if all_units:
        agree_terminal.show_every_unit(by_unit)
    _name_report(output)


@command.command(
    "spans",
    examples=["autocode agree spans study.autocode --coders Amina,Jonas --resamples 500"],
)
@_material
@options.coders
@_read
@_draws
@options.output("Also write a report with plots (HTML).")
@options.as_json
def agree_on_spans(study: Path, output: Path | None, as_json: bool, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Compare the coders' own spans.

    Computes the unitizing alphas, gamma, and agreement character by character, on the text that
    both coders of a pair have read.
    """
    from ..pipeline import agree, agree_on_spans

    material = _load(study)
    comparison = _comparison(chosen)
    spans = agree_on_spans(material, comparison)
    if output is not None:
        _write_report(material, agree(material, comparison), output, spans=spans)
    if as_json:
        terminal.print_json(spans.to_dict())
        return
    agree_terminal.show_spans(spans, material.codebook)
    _name_report(output)


@command.command(
    "machine",
    examples=[
        "autocode agree machine study.autocode --plan",
        "autocode agree machine study.autocode Model --margin 0.05",
    ],
)
@_material
@click.argument("machine", metavar="[NAME]", required=False)
@click.option(
    "--plan",
    is_flag=True,
    help="Before there is a machine: what the people's codings would allow to show.",
)
@options.coders
@_unit
@click.option(
    "--margin",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    metavar="M",
    help="Non-inferiority margin, chosen before looking at the data.",
)
@_read
@_draws
@options.output("Also write a report with plots (HTML).")
@options.as_json
def agree_with_machine(
    study: Path,
    machine: str | None,
    plan: bool,
    margin: float,
    output: Path | None,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Compare a machine with the people.

    NAME is the coder to be compared as a machine with the others. Shows how the people agree with
    each other, how the machine agrees with them, the paired difference, whether the machine is
    non-inferior at the margin, and the alternative annotator test. NAME may be left out with
    --plan, which tells the power and the smallest detectable difference beforehand.
    """
    from ..agreement.machine.report import ComparisonOptions
    from ..pipeline import agree, machine_beside_people, plan_machine_beside_people

    comparison = _comparison(chosen)
    if plan and output is not None:
        raise click.UsageError("A plan has no page: leave out --output.")
    if plan:
        planned = plan_machine_beside_people(_load(study), machine, comparison, margin=margin)
        if as_json:
            terminal.print_json(planned.to_dict())
        else:
            agree_terminal.show_plan(planned)
        return
    if machine is None:
        raise click.UsageError("Name the coder to compare as a machine, or give --plan.")
    machine_options = ComparisonOptions(margin=margin, resampling=comparison.resampling)
    material = _load(study)
    report = machine_beside_people(material, machine, comparison, options=machine_options)
    if output is not None:
        of_people = agree(material, replace(comparison, coders=report.humans))
        _write_report(material, of_people, output, machine=report)
    if as_json:
        terminal.print_json(report.to_dict())
        return
    agree_terminal.show_machine(report)
    _name_report(output)


def _load(path: Path) -> Study:
    if path.is_dir():
        from ..project.folder import study_of_folder

        return study_of_folder(path)
    from ..project import Project

    with Project.open(path) as project:
        return project.in_memory()


def _comparison(chosen: dict[str, Any]) -> AgreementOptions:
    from ..agreement.resampling.intervals import Resampling
    from ..pipeline import AgreementOptions

    resampling = Resampling(
        n_resamples=chosen["resamples"], seed=chosen["random_state"], method=chosen["interval"]
    )
    return AgreementOptions(
        coders=chosen["coders"],
        unit=chosen.get("unit", "segment"),
        share=chosen.get("min_overlap", 0.5),
        reading=chosen["read"],
        resampling=resampling,
    )


def _agree_by_unit(material: Study, comparison: AgreementOptions) -> dict[str, Agreement]:
    from ..agreement.study.units import KINDS
    from ..pipeline import agree

    return {unit: agree(material, replace(comparison, unit=unit)) for unit in KINDS}


def _write_report(
    material: Study,
    agreement: Agreement,
    path: Path,
    *,
    spans: SpanAgreement | None = None,
    machine: MachineReport | None = None,
) -> None:
    from ..report.agreement_page import write_agreement

    memos = {
        (c.transcript, c.span.start, c.span.end, c.coder): c.memo
        for c in material.codings
        if c.memo
    }
    write_agreement(
        agreement,
        material.codebook,
        path,
        memos=memos,
        spans=spans,
        machine=machine,
        transcripts=material.transcripts,
    )


def _name_report(path: Path | None) -> None:
    if path is not None:
        click.echo(f"report: {click.format_filename(path)}")
