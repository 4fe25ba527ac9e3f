"""`autocode export`: a study as files for other tools."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..project.export_formats import ExportFormat, Tool
    from ..project.grids import GridOf


@click.command(
    "export",
    cls=Command,
    examples=[
        "autocode export study.autocode out/",
        "autocode export study.autocode out/ --format xlsx",
        "autocode export study.autocode out/ --grid coders --coders Amina,Noor",
        "autocode export study.autocode interviews.qdpx --for nvivo",
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
@click.option(
    "--for",
    "whom",
    metavar="TOOL|NAME",
    help="Write a project for a tool: refi (any), atlasti, maxqda, nvivo, qualcoder or taguette. "
    "Any other name is a coder's: the suggestions made for them ('autocode suggest --for').",
)
@options.as_json
def command(
    study: Path,
    folder: Path,
    grid: GridOf | None,
    coders: tuple[str, ...],
    format: ExportFormat,
    whom: str | None,
    as_json: bool,
) -> None:
    """Write a study as files for other tools.

    Writes into FOLDER: codings.csv, suggestions.csv (with empty columns for decisions),
    decisions.csv, themes.csv, codebook.csv, and codebook.qdc (REFI-QDA, for NVivo, ATLAS.ti, MAXQDA
    and QualCoder).

    A cell that begins like a formula is kept from being run: by an apostrophe in CSV, as text in
    Excel.

    With --grid, writes a table to code in with a spreadsheet. A cell holds codes (or coders),
    separated by semicolons; "(read)" says that a coder read the segment and applied nothing. FOLDER
    may be the file itself (.xlsx, .csv). Import it again to take what is new; what a grid does not
    show stays.

    With --for a tool, writes one project that it opens: FOLDER itself where it ends in .qdpx, .qde
    or .sqlite3, else a file in it. What people coded goes with its coders; suggestions are codings
    of "autocode (machine)". The last lines say what was kept, changed, and lost.
    """
    from ..core.errors import NotFound
    from ..project import Project
    from ..project.export_formats import TOOLS
    from ..project.listing import ExportedFiles

    # "NVivo" and "ATLAS.ti", as the tools write themselves, are those tools.
    asked = "".join(filter(str.isalnum, (whom or "").casefold()))
    tool = next((name for name in TOOLS if name == asked), None)
    if tool is not None and grid is None:
        _export_project(study, folder, tool, as_json=as_json)
        return
    coder = whom
    with Project.open(study) as project:
        if grid is None:
            try:
                written = project.export(folder, coder=coder, format=format)
            except NotFound as error:
                near = get_close_matches(asked, TOOLS, n=1, cutoff=0.7)
                hint = f". If a tool is meant: --for {near[0]}" if near else ""
                raise NotFound(f"{error}{hint}", kind=error.kind, name=error.name) from None
        else:
            path = folder if folder.suffix.lower() in (".xlsx", ".csv") else folder / "grid.xlsx"
            written = {path: project.export_grid(path, grid, coders=coders)}
    if as_json:
        terminal.print_json(ExportedFiles(written).to_dict())
        return
    for path, rows in written.items():
        click.echo(f"{click.format_filename(path)}: {say_count(rows, 'row')}")


def _export_project(study: Path, out: Path, tool: Tool, *, as_json: bool) -> None:
    """Write the project for a tool, and show what became of everything."""
    from ..project import Project
    from ..project.tool_exporting import ExportedProject, choose_path

    path = choose_path(out, study, tool)
    with Project.open(study) as project:
        losses = project.export_project(path, tool)
    if as_json:
        terminal.print_json(ExportedProject(path, losses).to_dict())
        return
    click.echo(click.format_filename(path))
    for line in losses.to_lines():
        click.echo(f"    {line}")
