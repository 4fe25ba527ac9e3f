"""`autocode bulk`: draft themes of a corpus that is too large for a study."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from ..core.errors import InputError
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..bulk.result import BulkSuggestions
    from ..io.url_path import AnyPath

_CODES_SHOWN = 20


@click.command(
    "bulk",
    cls=Command,
    examples=[
        "autocode bulk answers.parquet themes/ --text-column answer --group-column person",
        "autocode bulk answers.csv themes/ --encoder fast --keep wave,region --json",
        "autocode bulk answers.parquet out/ --group-column person --codings study.autocode",
        "autocode bulk s3://survey/answers.parquet s3://survey/themes --engine dask",
    ],
)
@click.argument(
    "source", metavar="INPUT", type=click.Path(readable=False), callback=options.path_or_url
)
@click.argument("folder", metavar="OUT", type=click.Path(), callback=options.path_or_url)
@click.option(
    "--text-column", default="text", show_default=True, metavar="NAME", help="Holds the excerpts."
)
@click.option(
    "--group-column", metavar="NAME", help="Names the participant or document of each row."
)
@click.option(
    "--domain-column",
    metavar="NAME",
    help="Names what each row answers, for codes of a domain.",
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
@click.option(
    "--codebook",
    metavar="FILE",
    type=click.Path(readable=False),
    callback=options.path_or_url,
    help="Suggest the codes of this codebook for every row.",
)
@click.option(
    "--codings",
    metavar="FILE",
    type=click.Path(readable=False),
    callback=options.path_or_url,
    help="Learn from these: a study, a table with columns excerpt and code, or a corpus folder.",
)
@options.top("row, with --codebook or --codings")
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
    source: AnyPath,
    folder: AnyPath,
    text_column: str,
    group_column: str | None,
    domain_column: str | None,
    keep: tuple[str, ...],
    partition_rows: int,
    split_from: int,
    codebook: AnyPath | None,
    codings: AnyPath | None,
    top: int,
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
    stopped goes on where it was; rows added to INPUT later are put into the themes of OUT. INPUT,
    OUT, codebook and codings may be URLs, as in s3://bucket/answers.parquet, gs://,
    https:// or zip://a.csv::file:///b.zip.

    With --codebook or --codings, OUT gets suggestions for each row too, as `autocode suggest`
    makes them: learned from all codings at once, with probabilities measured on held-out
    transcripts. A codebook alone ranks by its words, and nothing is auto-acceptable.
    """
    from ..bulk.dask_engine import open_dask
    from ..bulk.options import BulkOptions
    from ..bulk.run import draft_corpus
    from ..encode.load import load_encoder
    from ..project.bulk_codes import read_bulk_codes
    from ..report.bulk_page import write_bulk_report

    chosen = BulkOptions(
        text_column=text_column,
        group_column=group_column,
        domain_column=domain_column,
        keep=keep,
        partition_rows=partition_rows,
        split_from=split_from,
        refit=refit,
    )
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler goes with --engine dask.")
    encoder = load_encoder(model, allow_download=allow_download)
    where = open_dask(scheduler, n_workers=workers) if engine == "dask" else nullcontext()
    with _explain_stop(), where as chosen_engine, progress_on_stderr(has_rates=True) as progress:
        codes = None
        if codebook or codings:
            codes = read_bulk_codes(encoder, codebook, codings, top=top, progress=progress)
        result = draft_corpus(
            source, folder, encoder, chosen, codes=codes, engine=chosen_engine, progress=progress
        )
    write_bulk_report(result, folder / "report.html")
    if as_json:
        terminal.print_json(result.to_dict())
        return
    click.echo(
        f"{say_count(result.n_rows, 'row')}, {say_count(len(result.first_level), 'theme')} and "
        f"{say_count(len(result.themes) - len(result.first_level), 'sub-theme')} in {folder}"
    )
    if result.themes:
        terminal.print_table(
            ["theme", "name", "rows", "sub-themes"],
            [
                [one.key, one.name, one.n_rows, len(result.list_within(one.key))]
                for one in result.first_level
            ],
        )
    else:
        click.echo(result.describe_missing())
    if result.n_unassigned:
        click.echo(f"In no theme: {result.n_unassigned} ({result.describe_reasons()})")
    if result.fit.n_later:
        click.echo(result.fit.describe())
    if result.suggestions is not None:
        _show_codes(result.suggestions, result.n_rows)


@contextmanager
def _explain_stop() -> Iterator[None]:
    """Say of a run that somebody stops that it can be gone on with."""
    try:
        yield
    except KeyboardInterrupt:
        raise InputError(
            "Stopped. What is finished is kept: the same command goes on from there."
        ) from None


def _show_codes(suggestions: BulkSuggestions, n_rows: int) -> None:
    click.echo(f"\n{suggestions.describe(n_rows)}")
    for remark in suggestions.remarks:
        click.echo(remark)
    shown = sorted(suggestions.codes, key=lambda one: -one.n_likely)[:_CODES_SHOWN]
    terminal.print_table(
        ["code", "name", "likely in", "auto-acceptable", "expected"],
        [
            [one.code, one.name, one.n_likely, one.n_auto_acceptable, one.n_expected]
            for one in shown
        ],
    )
    if len(suggestions.codes) > len(shown):
        click.echo(f"{len(suggestions.codes) - len(shown)} more are in codes.csv")
