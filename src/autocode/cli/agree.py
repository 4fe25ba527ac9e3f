"""`autocode agree`: how coders agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..agreement.against import MachineReport
    from ..agreement.result import Coefficient
    from ..agreement.table import Agreement, CodeAgreement, Disagreement
    from ..coding import Coding
    from ..pipeline import Comparison, Study

_UNITS = ["segment", "turn", "paragraph", "sentence", "character", "overlap"]
_COLUMNS = ("percent", "cohen_kappa", "krippendorff_alpha", "gwet_ac1", "positive_agreement")


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
    machine: str | None,
    margin: float,
    **how: Any,  # noqa: ANN401 - options of the comparison
) -> None:
    """Compare the coders of a STUDY, or of a corpus FOLDER, on what two or more have read.

    Per code and overall, with intervals that draw whole transcripts. A number that is undefined is
    reported as undefined, with the reason.
    """
    from ..pipeline import agree

    found_study = _study(study)
    wanted = _comparison((*(coders or ()), *more), how)
    found = agree(found_study, wanted)
    beside = _beside(found_study, machine, wanted, margin) if machine else None
    every = _all_units(found_study, wanted) if all_units else {}
    if html is not None:
        _write_html(found_study, found, html)
    if as_json:
        more_parts = {"all_units": _sensitivity(every)} if all_units else {}
        more_parts |= {"machine": machine_as_dict(beside)} if beside else {}
        terminal.dump(as_dict(found, found_study.codings) | more_parts)
        return
    tell(found)
    if all_units:
        _tell_units(every)
    if beside is not None:
        _tell_machine(beside)
    if html is not None:
        click.echo(f"report: {html}")


def tell(found: Agreement) -> None:
    """Print the table of an agreement."""
    click.echo(
        f"{found.n_units} units ({found.unit}) of {found.n_transcripts} transcripts, "
        f"read by two or more of {', '.join(found.coders)}"
    )
    if found.n_transcripts < 10:
        click.echo(
            "Fewer than ten transcripts: intervals are unreliable; read these numbers as a "
            "conversation, not a verdict."
        )
    uses = [f"uses {coder}" for coder in found.coders[:4]]
    terminal.table(
        ["code", *uses, "prev.", "percent", "kappa", "alpha", "AC1", "pos.", "note"],
        [_row(code, found) for code in found.per_code],
    )
    click.echo()
    terminal.table(
        ["overall", "value", "low", "high", "note"],
        [
            [
                name,
                c.value,
                c.interval.low if c.interval else None,
                c.interval.high if c.interval else None,
                _note(c),
            ]
            for name, c in found.overall.items()
        ],
    )
    click.echo(
        f"{len(found.disagreements)} units on which they differ (--json, --html or the report)"
    )


def as_dict(found: Agreement, codings: Sequence[Coding] = ()) -> dict[str, Any]:
    """An agreement for JSON, with the definition of every number and the memos of `codings`."""
    from ..agreement.table import DEFINITIONS

    return {
        "unit": found.unit,
        "n_units": found.n_units,
        "n_documents": found.n_transcripts,
        "coders": list(found.coders),
        "overall": {name: _coefficient(c) for name, c in found.overall.items()},
        "per_code": [
            {
                "code": code.code,
                "uses": dict(code.uses),
                "prevalence": code.prevalence,
                "too_rare_to_say": code.is_rare,
            }
            | {name: _coefficient(c) for name, c in code.of.items()}
            for code in found.per_code
        ],
        "confusion": [
            {"code": one, "met_by": other, "n": n}
            for (one, other), n in sorted(found.confusion.items())
        ],
        "drift": [
            {
                "transcript": step.transcript,
                "n_units": step.n_units,
                "percent": step.percent.value,
                "pooled_kappa": step.pooled_kappa.value,
                "codes_per_unit": dict(step.codes_per_unit),
            }
            for step in found.drift
        ],
        "disagreements": [
            {
                "transcript": d.transcript,
                "start": d.unit.span.start if d.unit.span else None,
                "end": d.unit.span.end if d.unit.span else None,
                "excerpt": d.excerpt,
                "codes": {coder: list(codes) for coder, codes in d.applied.items()},
                "memos": _memos(d, codings),
            }
            for d in found.disagreements
        ],
        "intervals": {
            "n_resamples": found.resampling.n_resamples,
            "seed": found.resampling.seed,
            "level": found.resampling.level,
            "method": found.resampling.method,
            "resampled": "transcripts",
            "unreliable": found.n_transcripts < 10,
        },
        "definitions": DEFINITIONS,
    }


def _memos(disagreement: Disagreement, codings: Sequence[Coding]) -> dict[str, list[str]]:
    """What coders noted on their codings of a unit."""
    span = disagreement.unit.span
    found: dict[str, list[str]] = {}
    for coding in codings:
        here = coding.memo and coding.transcript == disagreement.transcript
        if here and span is not None and coding.span.overlap(span):
            found.setdefault(coding.coder, []).append(coding.memo)
    return found


def _study(path: Path) -> Study:
    if path.is_dir():
        from ..project.folder import study_of_folder

        return study_of_folder(path)
    from ..project import Project

    with Project.open(path) as project:
        return project.in_memory()


def _comparison(coders: tuple[str, ...], how: dict[str, Any]) -> Comparison:
    from ..agreement.table import Resampling
    from ..pipeline import Comparison

    resampling = Resampling(how["resamples"], how["seed"], method=how["interval"])
    return Comparison(coders, how["unit"], how["share"], resampling)


def _all_units(study: Study, wanted: Comparison) -> dict[str, Agreement]:
    from ..agreement.units import KINDS
    from ..pipeline import agree

    return {unit: agree(study, replace(wanted, unit=unit)) for unit in KINDS}


def _beside(study: Study, machine: str, wanted: Comparison, margin: float) -> MachineReport:
    from ..agreement.against import Race
    from ..pipeline import machine_beside_people

    race = Race(margin=margin, resampling=wanted.resampling)
    return machine_beside_people(study, machine, wanted, race=race)


def machine_as_dict(beside: MachineReport) -> dict[str, Any]:
    """A machine beside people for JSON."""
    verdict, test = beside.verdict, beside.alternative_test
    return {
        "machine": beside.machine,
        "humans": list(beside.humans),
        "coefficient": beside.race.kind,
        "n_units": beside.n_units,
        "n_documents": beside.n_transcripts,
        "human_human": _coefficient(beside.comparison.human_human),
        "machine_human": _coefficient(beside.comparison.machine_human),
        "difference": _coefficient(beside.comparison.difference),
        "non_inferiority": {
            "verdict": verdict.verdict,
            "margin": verdict.margin,
            "lower": verdict.lower,
            "upper": verdict.upper,
            "reason": verdict.reason,
        },
        "leave_one_out": {
            "humans": _coefficient(beside.leave_one_out.humans),
            "everyone": _coefficient(beside.leave_one_out.everyone),
            "machine_for": {
                human: _coefficient(c)
                for human, c in zip(beside.humans, beside.leave_one_out.machine_for, strict=True)
            },
        },
        "alternative_test": {
            "winning_rate": _coefficient(test.winning_rate),
            "advantage_probability": test.advantage_probability,
            "passed": test.passed,
        },
        "per_code": [
            {
                "code": code.code,
                "human_human": _coefficient(code.comparison.human_human),
                "machine_human": _coefficient(code.comparison.machine_human),
                "difference": _coefficient(code.comparison.difference),
                "machine_only": code.machine_only,
                "human_only": code.human_only,
            }
            for code in beside.per_code
        ],
    }


def _tell_machine(beside: MachineReport) -> None:
    c = beside.comparison
    click.echo(f"\n'{beside.machine}' beside {', '.join(beside.humans)} ({beside.race.kind}):")
    terminal.table(
        ["", "value", "low", "high", "note"],
        [
            [
                name,
                x.value,
                *((x.interval.low, x.interval.high) if x.interval else (None, None)),
                _note(x),
            ]
            for name, x in (
                ("people with each other", c.human_human),
                ("machine with people", c.machine_human),
                ("difference", c.difference),
            )
        ],
    )
    verdict = beside.verdict
    why = f": {verdict.reason}" if verdict.reason else ""
    click.echo(f"{verdict.verdict} at a margin of {verdict.margin}{why}")


def _tell_units(every: dict[str, Agreement]) -> None:
    names = ("percent", "pooled_kappa", "krippendorff_alpha", "alpha_masi", "gwet_ac1")
    click.echo("\nThe same coders on other units:")
    terminal.table(
        ["unit", "units", *names],
        [[u, a.n_units, *(a.overall[n].value for n in names)] for u, a in every.items()],
    )


def _sensitivity(every: dict[str, Agreement]) -> dict[str, Any]:
    return {
        unit: {
            "n_units": found.n_units,
            "overall": {name: _coefficient(c) for name, c in found.overall.items()},
        }
        for unit, found in every.items()
    }


def _write_html(study: Study, found: Agreement, out: Path) -> None:
    from ..report.agreement import write_agreement

    memos = {
        (c.transcript, c.span.start, c.span.end, c.coder): c.memo for c in study.codings if c.memo
    }
    write_agreement(found, study.codebook, out, memos=memos)


def _row(code: CodeAgreement, found: Agreement) -> list[object]:
    reasons = {code.of[n].reason for n in ("cohen_kappa", "krippendorff_alpha")} - {""}
    remark = "; ".join(sorted(reasons)) or ("too rare to say" if code.is_rare else "")
    return [
        code.code,
        *(round(code.uses[coder]) for coder in found.coders[:4]),
        code.prevalence,
        *(code.of[name].value for name in _COLUMNS),
        remark,
    ]


def _note(c: Coefficient) -> str:
    if c.reason:
        return f"undefined: {c.reason}"
    n_undefined = c.interval.n_undefined if c.interval else 0
    return f"{n_undefined} undefined draws" if n_undefined else ""


def _coefficient(c: Coefficient) -> dict[str, Any]:
    return {
        "value": c.value,
        "low": c.interval.low if c.interval else None,
        "high": c.interval.high if c.interval else None,
        "status": c.status,
        "reason": c.reason,
        "n_units": c.n_units,
        "n_undefined_resamples": c.interval.n_undefined if c.interval else None,
    }
