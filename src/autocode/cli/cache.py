"""`autocode cache`: what is kept between runs, and dropping it."""

from __future__ import annotations

import click

from . import options, terminal
from .commands import Group


@click.group(
    "cache",
    cls=Group,
    default=None,
    examples=["autocode cache show", "autocode cache prune --older-than 90"],
)
def command() -> None:
    """Show or drop what is kept between runs.

    Exported models are always kept, in the user's cache folder. Vectors are kept in each study; if
    the variable AUTOCODE_CACHE names a folder, studies share them there too, and none is encoded
    twice. What is erased from a study is dropped from there as well.
    """


@command.command("show", examples=["autocode cache show", "autocode cache show --json"])
@options.as_json
def show(as_json: bool) -> None:
    """Say where the cache is and what it holds."""
    from ..project.cache_overview import describe_cache

    overview = describe_cache()
    if as_json:
        terminal.print_json(overview.to_dict())
        return
    click.echo(f"folder   {overview.folder}")
    click.echo(f"models   {overview.n_models}, {overview.model_bytes / 1e6:.0f} MB")
    if not overview.is_shared:
        click.echo("vectors  in each study (AUTOCODE_CACHE is not set)")
        return
    click.echo(f"vectors  shared by studies, {overview.vector_bytes / 1e6:.1f} MB")
    terminal.print_table(
        ["encoder", "vectors", "MB", "last added"],
        [
            [one.name, one.n_vectors, f"{one.n_bytes / 1e6:.1f}", one.last_day]
            for one in overview.encoders
        ],
    )


@command.command(
    "prune",
    examples=["autocode cache prune --older-than 90", "autocode cache prune --everything"],
)
@click.option(
    "--older-than",
    type=click.IntRange(min=0, max=36500),
    metavar="DAYS",
    help="Drop vectors that were added so many days ago, or before.",
)
@click.option("--encoder", metavar="DIGEST", help="Drop those of one encoder, as 'show' names it.")
@click.option("--everything", is_flag=True, help="Drop all vectors and exported models.")
@options.as_json
def prune(older_than: int | None, encoder: str | None, everything: bool, as_json: bool) -> None:
    """Drop vectors that studies share.

    What is needed again is computed again.
    """
    from ..project.cache_overview import prune_cache

    if older_than is None and encoder is None and not everything:
        raise click.UsageError("Say what to drop: --older-than DAYS, --encoder or --everything.")
    pruned = prune_cache(encoder_digest=encoder, days=older_than or 0, models=everything)
    if as_json:
        terminal.print_json(pruned.to_dict())
        return
    click.echo(f"Dropped: {pruned.n_vectors} vectors, {pruned.n_models} exported models")
