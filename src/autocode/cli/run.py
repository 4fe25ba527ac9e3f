"""`autocode run`: the main job on a folder, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr
from .suggest import summarise

if TYPE_CHECKING:
    from ..workflow import RunOutcome


@click.command(
    "run",
    cls=Command,
    examples=["autocode run study.autocode interviews/ codebook.csv codings.csv"],
)
@options.study
@options.paths
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder for the report and the export (default: STUDY's name with -out).",
)
@options.unit
@options.join_turns
@options.coded_share
@options.encoder
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    study: Path,
    paths: tuple[Path, ...],
    output: Path | None,
    unit: Any,  # noqa: ANN401 - one of the unit names
    join_turns: bool,
    coded_share: float,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Run every step: import, suggest, draft, compare, report.

    Imports each PATH into STUDY, suggests codes, drafts themes, compares coders, and writes the
    export and the report. A step that has nothing to work on is left out, with a note.
    """
    from ..encode.load import load_encoder
    from ..project.importing import ImportOptions
    from ..workflow import open_or_make, run_every_step

    encoder = load_encoder(model, allow_download=allow_download)
    with progress_on_stderr() as progress, open_or_make(study) as project:
        outcome = run_every_step(
            project,
            paths,
            output or study.with_name(f"{study.stem}-out"),
            encoder=encoder,
            options=ImportOptions(
                unit=unit, join_turns=join_turns, coded_share=coded_share, progress=progress
            ),
            progress=progress,
        )
    show_outcome(outcome, as_json=as_json)
    if outcome.imported.refused:
        ctx.exit(1)


def show_outcome(outcome: RunOutcome, *, as_json: bool) -> None:
    """Print what a run came to, and where its files are."""
    if as_json:
        terminal.print_json(outcome.to_dict())
    else:
        _print_outcome(outcome)


def _print_outcome(outcome: RunOutcome) -> None:
    kinds = [item.kind for item in outcome.imported.imported]
    read = ", ".join(f"{kinds.count(k)} {_plural(k, kinds.count(k))}" for k in dict.fromkeys(kinds))
    click.echo(f"read        {read}")
    click.echo(f"segments    {outcome.n_participant_segments} of {outcome.counted}")
    if outcome.suggestions:
        click.echo(f"suggested   {summarise(outcome.suggestions)}")
    if outcome.themes is not None:
        inside = sum(theme.n_segments for theme in outcome.themes.themes)
        n_themes, n_left = len(outcome.themes.themes), len(outcome.themes.unassigned)
        click.echo(
            f"themes      {say_count(n_themes, 'draft')} {'holds' if n_themes == 1 else 'hold'} "
            f"{say_count(inside, 'segment')}; {n_left} {'is' if n_left == 1 else 'are'} unassigned"
        )
        for theme in outcome.themes.themes[:8]:
            click.echo(
                f"            {theme.key} {theme.name}: {say_count(theme.n_segments, 'segment')}, "
                f"{len(theme.participants)} {outcome.counted}"
            )
    if outcome.agreement is not None:
        from ..agreement.study.specs import HEADLINE

        shown = {name: outcome.agreement.overall[name].value for name in HEADLINE}
        values = ", ".join(
            f"{name} {'undefined' if value is None else format(value, '.2f')}"
            for name, value in shown.items()
        )
        coders = outcome.agreement.coders
        who = " and ".join(coders) if len(coders) <= 4 else say_count(len(coders), "coder")
        units = say_count(outcome.agreement.n_units, "segment")
        click.echo(f"agreement   {who} on {units}: {values}")
    for remark in outcome.remarks:
        click.echo(f"note        {remark}")
    click.echo(f"export      {outcome.files['export']}")
    click.echo(f"report      {outcome.files['report']}   ({outcome.seconds:.0f} s)")


def _plural(kind: str, n: int) -> str:
    if n == 1 or kind in ("codings", "cases"):
        return f"table of {kind}" if kind in ("codings", "cases") else kind
    return "corpora" if kind == "corpus" else f"{kind}s"
