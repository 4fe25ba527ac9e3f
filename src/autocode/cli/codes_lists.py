"""Lists about codes: codings to look at again, codes that may be one, acts on a code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options, terminal
from .codes_edit import code, edit_options, open_book
from .commands import Command


@click.command(
    "outdated",
    cls=Command,
    examples=["autocode codes outdated study.autocode --code waiting"],
)
@options.study
@click.option("--code", "name", metavar="CODE", help="Codings of this code only.")
@options.as_json
def outdated(study: Path, name: str | None, as_json: bool) -> None:
    """List codings made before their code got another meaning."""
    from ..project import Project
    from ..project.code_lists import OutdatedCodings

    with Project.open(study) as project:
        listed = OutdatedCodings.of(project, project.outdated_codings(name))
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    for row in listed.to_rows():
        click.echo(
            f"{row['name']}: coded under revision {row['coded_under']} of {row['revision']}, by "
            f"{row['coder']}, {row['transcript']}, {row['position']}"
        )
        click.echo(f"    {terminal.excerpt(row['excerpt'], 140)}")
    n = len(listed.codings)
    click.echo(
        f"{n} to look at again; note that you did with: autocode codes confirm STUDY CODE"
        if n
        else "Every coding was made, or looked at, under the present meaning of its code."
    )


@click.command(
    "confirm",
    cls=Command,
    examples=["autocode codes confirm study.autocode waiting --coder Amina"],
)
@options.study
@code
@click.option("--of", metavar="NAME", help="Only the codings of this coder.")
@edit_options
def confirm(study: Path, code: str, of: str | None, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Note that the codings of a code were looked at again."""
    from ..project import Project
    from ..project.code_lists import ConfirmedCodings

    with Project.open(study) as project:
        n = open_book(project, chosen).confirm(code, of=of)
    if chosen["as_json"]:
        terminal.print_json(ConfirmedCodings(code, n).to_dict())
    else:
        would = "would be" if chosen["dry_run"] else "are"
        click.echo(f"{n} codings of '{code}' {would} noted as looked at")


@click.command(
    "similar", cls=Command, examples=["autocode codes similar study.autocode --by-words"]
)
@options.study
@click.option("--by-words", is_flag=True, help="Compare names alone, not meanings.")
@options.encoder
@options.as_json
def similar(study: Path, by_words: bool, model: str, allow_download: bool, as_json: bool) -> None:
    """List codes that may be one.

    Points out names that are nearly the same, and names with definitions that mean nearly the same
    to the encoder. It only points: merge what is one with 'autocode codes merge'.
    """
    from ..encode.load import load_encoder
    from ..project import Project
    from ..project.code_lists import SimilarCodeList

    with Project.open(study) as project:
        encoder = None if by_words else load_encoder(model, allow_download=allow_download)
        pairs = project.similar_codes(encoder, by_meaning=not by_words)
        listed = SimilarCodeList(tuple(pairs), project.codebook())
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    if not pairs:
        click.echo("No two codes are nearly the same.")
        return
    terminal.print_table(
        ["code", "and", "alike", "by"],
        [[r["one_name"], r["other_name"], r["similarity"], r["by"]] for r in listed.to_rows()],
    )


@click.command("history", cls=Command, examples=["autocode codes history study.autocode waiting"])
@options.study
@code
@options.as_json
def history(study: Path, code: str, as_json: bool) -> None:
    """List the acts that changed a code."""
    from ..project import Project
    from ..project.listing import HistoryList

    with Project.open(study) as project:
        listed = HistoryList(tuple(project.code_history(code)), None)
    if as_json:
        terminal.print_json(listed.to_dict())
        return
    columns = ["act", "made_at", "coder", "kind", "summary", "undone_by"]
    rows = [[row[name] for name in columns] for row in listed.to_rows()]
    terminal.print_table(["act", "when", "coder", "kind", "what", "undone by"], rows)
