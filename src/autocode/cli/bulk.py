"""`autocode bulk`: draft themes of a corpus that is too large for a study."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr


@click.command(
    "bulk",
    cls=Command,
    examples=[
        "autocode bulk answers.parquet themes/ --text-column answer --group-column person",
        "autocode bulk answers.csv themes/ --encoder fast --keep wave,region --json",
    ],
)
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path, readable=False))
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--text-column", default="text", show_default=True, metavar="NAME", help="Holds the excerpts."
)
@click.option(
    "--group-column", metavar="NAME", help="Names the participant or document of each row."
)
@click.option(
    "--keep",
    metavar="A,B",
    callback=options.split_names,
    help="Columns to carry into the output, separated by commas.",
)
@click.option(
    "--partition-rows",
    type=click.IntRange(min=1),
    default=50_000,
    show_default=True,
    metavar="N",
    help="Rows that are worked on at once: fewer take less memory.",
)
@click.option(
    "--split-from",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    metavar="N",
    help="Draft sub-themes of themes with at least N rows.",
)
@click.option("--refit", is_flag=True, help="Draft themes anew where OUT holds some.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where partitions are worked on.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Of a Dask cluster, as in tcp://host:8786.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    metavar="N",
    help="How many Dask workers to start here where no scheduler is named.",
)
@options.encoder
@options.as_json
def command(
    source: Path,
    folder: Path,
    text_column: str,
    group_column: str | None,
    keep: tuple[str, ...],
    partition_rows: int,
    split_from: int,
    refit: bool,
    engine: str,
    scheduler: str | None,
    workers: int,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Draft themes of a table of millions of excerpts.

    INPUT is a Parquet, CSV or JSON lines file, a text file (a line a row), a folder of such, or a
    saved data set. OUT gets a theme for each row, a table of themes and a report. A run that was
    stopped goes on where it was; rows added to INPUT later are put into the themes of OUT.
    """
    from ..bulk.dask_engine import open_dask
    from ..bulk.options import BulkOptions
    from ..bulk.run import draft_corpus
    from ..encode.load import load_encoder
    from ..report.bulk_page import write_bulk_report

    chosen = BulkOptions(
        text_column=text_column,
        group_column=group_column,
        keep=keep,
        partition_rows=partition_rows,
        split_from=split_from,
        refit=refit,
    )
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler goes with --engine dask.")
    encoder = load_encoder(model, allow_download=allow_download)
    where = open_dask(scheduler, n_workers=workers) if engine == "dask" else nullcontext()
    with where as chosen_engine, progress_on_stderr(has_rates=True) as progress:
        result = draft_corpus(
            source, folder, encoder, chosen, engine=chosen_engine, progress=progress
        )
    write_bulk_report(result, folder / "report.html")
    if as_json:
        terminal.print_json(result.to_dict())
        return
    click.echo(
        f"{result.n_rows} rows, {len(result.first_level)} themes and "
        f"{len(result.themes) - len(result.first_level)} sub-themes in {folder}"
    )
    terminal.print_table(
        ["theme", "name", "rows", "sub-themes"],
        [
            [one.key, one.name, one.n_rows, len(result.list_within(one.key))]
            for one in result.first_level
        ],
    )
    click.echo(f"In no theme: {result.n_unassigned} ({result.describe_reasons()})")
    if result.fit.n_later:
        click.echo(result.fit.describe())
