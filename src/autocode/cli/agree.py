"""`autocode agree`: how coders agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..agreement.result import Coefficient
    from ..agreement.table import Agreement, CodeAgreement


@click.command("agree")
@options.study
@click.option(
    "--coders", nargs=2, metavar="A B", default=None, help="Compare these two (default: everybody)."
)
@options.as_json
def command(study: Path, coders: tuple[str, str] | None, as_json: bool) -> None:
    """Compare the coders of STUDY on the segments that two or more of them have read.

    Per code and overall: percent agreement, Cohen's kappa, Krippendorff's alpha, and prevalence. A
    number that is undefined is reported as undefined, with the reason.
    """
    from ..project import Project

    with Project.open(study) as project:
        found = project.agree(coders or ())
    if as_json:
        terminal.dump(as_dict(found))
    else:
        tell(found)


def tell(found: Agreement) -> None:
    """Print the table of an agreement."""
    click.echo(
        f"{found.n_units} segments ({found.unit}) of {found.n_transcripts} transcripts, "
        f"read by two or more of {', '.join(found.coders)}"
    )
    if found.n_transcripts < 10:
        click.echo(
            "Fewer than ten transcripts: read these numbers as a conversation, not a verdict."
        )
    terminal.table(
        [
            "code",
            *(f"uses {coder}" for coder in found.coders[:4]),
            "prev.",
            "percent",
            "kappa",
            "alpha",
            "note",
        ],
        [_row(code, found) for code in found.per_code],
    )
    click.echo()
    terminal.table(
        ["overall", "value", "note"],
        [
            [name, c.value, f"undefined: {c.reason}" if c.reason else ""]
            for name, c in found.overall.items()
        ],
    )
    click.echo(
        f"{len(found.disagreements)} segments on which they differ (see --json or the report)"
    )


def as_dict(found: Agreement) -> dict[str, Any]:
    """An agreement for JSON, with the definition of every number."""
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
        "disagreements": [
            {
                "transcript": d.transcript,
                "excerpt": d.excerpt,
                "codes": {coder: list(codes) for coder, codes in d.applied.items()},
            }
            for d in found.disagreements
        ],
        "definitions": DEFINITIONS,
    }


def _row(code: CodeAgreement, found: Agreement) -> list[object]:
    reasons = {code.of[n].reason for n in ("cohen_kappa", "krippendorff_alpha")} - {""}
    remark = "; ".join(sorted(reasons)) or ("too rare to say" if code.is_rare else "")
    return [
        code.code,
        *(code.uses[coder] for coder in found.coders[:4]),
        code.prevalence,
        *(code.of[name].value for name in ("percent", "cohen_kappa", "krippendorff_alpha")),
        remark,
    ]


def _coefficient(c: Coefficient) -> dict[str, Any]:
    return {
        "value": c.value,
        "low": c.interval.low if c.interval else None,
        "high": c.interval.high if c.interval else None,
        "n_undefined_resamples": c.interval.n_undefined if c.interval else None,
        "status": c.status,
        "reason": c.reason,
        "n_units": c.n_units,
        "observed": c.observed,
        "expected": c.expected,
    }
