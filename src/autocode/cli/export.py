"""`autocode export`: a study as files for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.export_formats import ExportFormat
    from ..project.grids import GridOf


@click.command(
    "export",
    cls=Command,
    examples=[
        "autocode export study.autocode out/",
        "autocode export study.autocode out/ --format xlsx",
        "autocode export study.autocode out/ --grid coders --coders Amina,Noor",
    ],
)
@options.study
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--grid",
    "grid",
    type=click.Choice(["coders", "codes"]),
    help="Write grid.xlsx instead: a row a segment, a column a coder (or a code), to be filled in "
    "and imported.",
)
@click.option(
    "--coders",
    metavar="A,B",
    callback=options.split_names,
    help="The coders of the grid, new ones too (default: everybody who coded).",
)
@click.option(
    "--format",
    "format",
    type=click.Choice(["csv", "csv-excel", "xlsx", "parquet", "dataset"]),
    default="csv",
    show_default=True,
    help="Of the tables; csv-excel opens in Excel with accents whole; dataset adds the segments "
    "for Hugging Face datasets.",
)
@options.for_coder
@options.as_json
def command(
    study: Path,
    folder: Path,
    grid: GridOf | None,
    coders: tuple[str, ...],
    format: ExportFormat,
    coder: str | None,
    as_json: bool,
) -> None:
    """Write a study as files for other tools.

    Writes into FOLDER: codings.csv, suggestions.csv (with empty columns for decisions),
    decisions.csv, themes.csv, codebook.csv, and codebook.qdc (REFI-QDA, for NVivo, ATLAS.ti, MAXQDA
    and QualCoder).

    A cell that begins like a formula is kept from being run: by an apostrophe in CSV, as text in
    Excel.

    With --grid, writes a table to code in with a spreadsheet. A cell holds codes (or coders),
    separated by semicolons; "(read)" says that a coder read the segment and applied nothing. Import
    it again to take what is new; what a grid does not show stays.
    """
    from ..project import Project
    from ..project.listing import ExportedFiles

    with Project.open(study) as project:
        if grid is None:
            written = project.export(folder, coder=coder, format=format)
        else:
            path = folder / "grid.xlsx"
            written = {path: project.export_grid(path, grid, coders=coders)}
    if as_json:
        terminal.print_json(ExportedFiles(written).to_dict())
        return
    for path, rows in written.items():
        click.echo(f"{click.format_filename(path)}: {rows} rows")
