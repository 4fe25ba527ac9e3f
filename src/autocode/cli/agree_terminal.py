"""The agreement of coders on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..agreement.coefficients.result import Coefficient
    from ..agreement.machine.plan import MachinePlan
    from ..agreement.machine.report import MachineReport
    from ..agreement.study.span_table import CodeSpans, SpanAgreement
    from ..agreement.study.specs import CoefficientSpec
    from ..agreement.study.table import Agreement, CodeAgreement
    from ..core.codebook import Codebook

_MOST_STEPS = 6
_MOST_CODERS = 4


def show_units(agreement: Agreement, codebook: Codebook) -> None:
    """Print the table of an agreement; the codebook names its codes."""
    from ..agreement.reporting.methods_text import (
        describe_caution,
        describe_intervals,
        describe_work,
        format_count,
    )

    click.echo(
        f"{format_count(agreement.n_units, 'unit')} ({agreement.unit}) of"
        f" {format_count(agreement.n_transcripts, 'transcript')}, read by two or more of"
        f" {', '.join(agreement.coders)}"
    )
    click.echo(describe_work(agreement, agreement.n_units))
    caution = describe_caution(agreement)
    if caution:
        click.echo(caution)
    uses = [f"uses {coder}" for coder in agreement.coders[:_MOST_CODERS]]
    _print_codes(
        [*uses, "prev.", *(spec.column for spec in _columns(agreement)), "note"],
        [_row(code, agreement) for code in agreement.per_code],
        codebook,
    )
    if left_out := len(agreement.coders[_MOST_CODERS:]):
        click.echo(f"(uses by {left_out} more coders are not shown: --json)")
    click.echo()
    terminal.print_table(
        ["overall", "value", "low", "high", "note"],
        [[name, *_value_and_limits(c), _note(c)] for name, c in agreement.overall.items()],
    )
    if any(c.interval for c in agreement.overall.values()):
        click.echo(f"low, high: {describe_intervals(agreement)}")
    _show_drift(agreement)
    click.echo(
        f"{say_count(len(agreement.disagreements), 'unit')} on which they differ "
        "(see --json, --output, or autocode report)"
    )


def _print_codes(
    columns: Sequence[str], rows: Sequence[Sequence[object]], codebook: Codebook
) -> None:
    """A row a code, the key first; with the names where one of them is not its code's key."""
    names = [codebook.by_id[str(row[0])].name if row[0] in codebook else "" for row in rows]
    if all(name in ("", row[0]) for name, row in zip(names, rows, strict=True)):
        terminal.print_table(["code", *columns], rows)
        return
    named = [[row[0], name, *row[1:]] for name, row in zip(names, rows, strict=True)]
    terminal.print_table(["code", "name", *columns], named)


def _show_drift(agreement: Agreement) -> None:
    """Agreement from transcript to transcript, the first and last of many, and in which order."""
    from ..agreement.study.table import ORDERS

    steps = agreement.drift
    if len(steps) < 2:
        return
    click.echo(f"\nTranscript by transcript, {ORDERS[agreement.drift_order]}:")
    left_out = max(len(steps) - 2 * _MOST_STEPS, 0)
    ends = (*steps[:_MOST_STEPS], *steps[_MOST_STEPS + left_out :])
    dated = agreement.drift_order == "coded"
    terminal.print_table(
        ["transcript", *(["coded"] if dated else []), "units", "percent", "kappa"],
        [
            [
                s.transcript,
                *([s.coded_at[:16].replace("T", " ")] if dated else []),
                s.n_units,
                _write(s.percent.value),
                _write(s.pooled_kappa.value),
            ]
            for s in ends
        ],
    )
    if left_out:
        click.echo(f"({left_out} between the first and the last {_MOST_STEPS} are not shown)")
    click.echo()


def show_spans(spans: SpanAgreement, codebook: Codebook) -> None:
    """Print the agreement on coders' own spans; the codebook names their codes."""
    from ..agreement.reporting.methods_text import describe_work

    click.echo(
        f"The coders' own spans, on {spans.n_characters:,} characters of {spans.n_transcripts} "
        "transcripts that both of a pair have read:"
    )
    click.echo(describe_work(spans, spans.n_characters, thing="character"))
    terminal.print_table(
        ["spans", "value", "low", "high", "note"],
        [[name, *_value_and_limits(c), _span_note(c, spans)] for name, c in spans.overall.items()],
    )
    if spans.overlapping:
        click.echo(
            f"Overlapping codes: {', '.join(spans.overlapping)} gave one place several codes; "
            "u-alpha, cu-alpha and (k)u-alpha need codes that exclude each other. Read the codes "
            "one by one."
        )
    if not spans.per_code:
        return
    from ..agreement.study.span_specs import SPAN_CODE_SPECS

    counted = [f"spans {coder}" for coder in spans.coders[:_MOST_CODERS]]
    click.echo()
    _print_codes(
        [*counted, *(spec.column for spec in SPAN_CODE_SPECS), "note"],
        [_span_row(code, spans) for code in spans.per_code],
        codebook,
    )
    if left_out := len(spans.coders[_MOST_CODERS:]):
        click.echo(f"(spans of {left_out} more coders are not shown: --json)")


def show_machine(beside: MachineReport) -> None:
    """Print a machine beside people."""
    from ..agreement.reporting.methods_text import describe_reading, format_count

    validity = beside.validity
    click.echo(
        f"'{beside.machine}' with {', '.join(beside.humans)} ({beside.options.coefficient}),"
        f" on {format_count(beside.n_units, 'unit')} of"
        f" {format_count(beside.n_transcripts, 'transcript')} that it and two of them have read:"
    )
    terminal.print_table(
        ["", "value", "low", "high", "note"],
        [[name, *_value_and_limits(c), _note(c)] for name, c in beside.list_coefficients()],
    )
    click.echo(describe_reading(beside.reading, beside.n_units))
    if validity is not None and validity.bound.value is not None:
        click.echo(validity.caveat)
    verdict = beside.verdict
    why = f": {verdict.reason}" if verdict.reason else ""
    click.echo(f"{verdict.verdict} at a margin of {verdict.margin}{why}")
    _show_alternative_test(beside)


def _show_alternative_test(beside: MachineReport) -> None:
    test = beside.alternative_test
    click.echo(
        "\nAlternative annotator test: unit by unit, MASI similarity of the sets of codes,"
        f" epsilon {test.epsilon:g}, false discovery rate {test.q:g}"
    )
    if test.advantage_probability is not None:
        rows = zip(beside.humans, test.p_values, test.advantages, test.n_units, strict=True)
        terminal.print_table(
            ["in place of", "p", "as good on", "units"],
            [[human, p, advantage, n] for human, p, advantage, n in rows],
        )
    if test.winning_rate.value is None:
        click.echo(f"undefined: {test.winning_rate.reason}")
    else:
        result = "passed" if test.passed else "not passed"
        click.echo(f"{result}: winning rate {test.winning_rate.value:.2f}")


def show_plan(plan: MachinePlan) -> None:
    """Print what a comparison with a machine could show."""
    from ..agreement.reporting.methods_text import describe_reading

    click.echo(
        f"A machine as good as one more person, beside {', '.join(plan.humans)}"
        f" ({plan.coefficient}, margin {plan.margin:g}):"
    )
    if plan.reason:
        click.echo(f"no plan: {plan.reason}")
        return
    terminal.print_table(
        ["transcripts coded twice", "standard error", "power", "smallest detectable difference"],
        [[s.n_transcripts, s.standard_error, s.power, s.detectable] for s in plan.studies],
    )
    click.echo(
        "Power: how often it would be called non-inferior. Smallest detectable difference: found in"
        f" four studies of five. {plan.assumption}"
    )
    click.echo(describe_reading(plan.reading, plan.n_units))


def show_every_unit(by_unit: dict[str, Agreement]) -> None:
    """Print how the numbers depend on the unit."""
    from ..agreement.study.specs import HEADLINE as names

    click.echo("\nThe same coders on other units:")
    terminal.print_table(
        ["unit", "units", *names],
        [[u, a.n_units, *(_write(a.overall[n].value) for n in names)] for u, a in by_unit.items()],
    )


def _columns(agreement: Agreement) -> list[CoefficientSpec]:
    """The coefficients of the table code by code that have a short heading."""
    return [spec for spec in agreement.specs if spec.column and spec.per_code is not None]


def _row(code: CodeAgreement, agreement: Agreement) -> list[object]:
    reasons = {code.coefficients[n].reason for n in ("cohen_kappa", "krippendorff_alpha")} - {""}
    remark = "; ".join(sorted(reasons)) or ("too rare to say" if code.is_rare else "")
    return [
        code.code,
        *(round(code.uses[coder]) for coder in agreement.coders[:_MOST_CODERS]),
        terminal.Written(code.prevalence, f"{code.prevalence:.3f}"),
        *(_write(code.coefficients[spec.name].value) for spec in _columns(agreement)),
        remark,
    ]


def _span_note(c: Coefficient, spans: SpanAgreement) -> str:
    from ..agreement.study.span_specs import SPAN_SPECS

    # Why, in full, is said once, below.
    needs = {spec.name for spec in SPAN_SPECS if spec.needs_exclusive}
    return "undefined: overlapping codes" if spans.overlapping and c.name in needs else _note(c)


def _span_row(code: CodeSpans, spans: SpanAgreement) -> list[object]:
    # What overlapping codes leave undefined has been said above.
    reasons = {
        c.reason for n, c in code.coefficients.items() if not (spans.overlapping and n == "k_alpha")
    }
    return [
        code.code,
        *(code.n_spans.get(coder, 0) for coder in spans.coders[:_MOST_CODERS]),
        *(_write(c.value) for c in code.coefficients.values()),
        "; ".join(sorted(reasons - {""})),
    ]


def _value_and_limits(c: Coefficient) -> tuple[float | None, ...]:
    limits = (None, None) if c.interval is None else (c.interval.low, c.interval.high)
    return tuple(_write(value) for value in (c.value, *limits))


def _write(value: float | None) -> terminal.Written | None:
    """A coefficient with as many digits as a report has: .9986 does not look perfect."""
    from ..agreement.reporting.methods_text import format_value

    return None if value is None else terminal.Written(value, format_value(value, minus="-"))


def _note(c: Coefficient) -> str:
    if c.reason:
        return f"undefined: {c.reason}"
    if c.no_interval:
        return c.no_interval
    n_undefined = c.interval.n_undefined if c.interval else 0
    return f"{n_undefined} undefined draws" if n_undefined else ""
