"""`autocode cache`: what is kept between runs, and dropping it."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.counted import say_count, say_size
from . import options, terminal
from .commands import Group


@click.group(
    "cache",
    cls=Group,
    default=None,
    examples=[
        "autocode cache show",
        "autocode cache show study.autocode",
        "autocode cache prune --older-than 90",
    ],
)
def command() -> None:
    """Show or drop what is kept between runs.

    Exported models are always kept, in the user's cache folder. Vectors are kept in each study; if
    the variable AUTOCODE_CACHE names a folder, studies share them there too, and none is encoded
    twice. What is erased from a study is dropped from there as well.

    Each study also keeps what was fitted to its words and codings, so that only what has changed is
    fitted anew.
    """


_study = click.argument("study", metavar="[STUDY]", required=False, type=click.Path(path_type=Path))


@command.command(
    "show", examples=["autocode cache show", "autocode cache show study.autocode --json"]
)
@_study
@options.as_json
def show(study: Path | None, as_json: bool) -> None:
    """Say what the cache holds; with STUDY, its kept fits too."""
    from ..project.cache_overview import describe_cache

    overview = describe_cache(study)
    if as_json:
        terminal.print_json(overview.to_dict())
        return
    click.echo(f"folder   {overview.folder}")
    click.echo(f"models   {overview.n_models}, {say_size(overview.model_bytes)}")
    if study is not None:
        n_fits = sum(one.n_fits for one in overview.fits)
        n_bytes = sum(one.n_bytes for one in overview.fits)
        click.echo(f"fits     {n_fits} in {study.name}, {say_size(n_bytes)}")
    if not overview.is_shared:
        click.echo("vectors  in each study (AUTOCODE_CACHE is not set)")
        return
    click.echo(f"vectors  shared by studies, {say_size(overview.vector_bytes)}")
    if not overview.encoders:
        return
    terminal.print_table(
        ["encoder", "vectors", "size", "last added"],
        [
            [one.name, one.n_vectors, say_size(one.n_bytes), one.last_day]
            for one in overview.encoders
        ],
    )


@command.command(
    "prune",
    examples=[
        "autocode cache prune --older-than 90",
        "autocode cache prune --everything",
        "autocode cache prune study.autocode",
    ],
)
@_study
@click.option(
    "--older-than",
    type=click.IntRange(min=0, max=36500),
    metavar="DAYS",
    help="Drop vectors that were added so many days ago, or before.",
)
@click.option("--encoder", metavar="NAME", help="Drop those of one encoder, as 'show' names it.")
@click.option("--everything", is_flag=True, help="Drop all vectors and exported models.")
@options.as_json
def prune(
    study: Path | None,
    older_than: int | None,
    encoder: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Drop vectors that studies share, or the fits that STUDY keeps.

    What is needed again is computed again.
    """
    from ..project.cache_overview import prune_cache, prune_fits

    is_outside = older_than is not None or encoder is not None or everything
    if study is not None and is_outside:
        raise click.UsageError("STUDY goes without other options: all of its fits are dropped.")
    if study is not None:
        pruned = prune_fits(study)
        if as_json:
            terminal.print_json(pruned.to_dict())
            return
        click.echo(f"Dropped: {say_count(pruned.n_fits, 'fit')} of {study.name}")
        return
    if not is_outside:
        raise click.UsageError(
            "Say what to drop: --older-than DAYS, --encoder or --everything; or a STUDY, whose "
            "fits are dropped."
        )
    pruned = prune_cache(encoder_digest=encoder, days=older_than or 0, models=everything)
    if as_json:
        terminal.print_json(pruned.to_dict())
        return
    models = say_count(pruned.n_models, "exported model")
    click.echo(f"Dropped: {say_count(pruned.n_vectors, 'vector')}, {models}")
