"""`autocode join`: what several people did in copies of one study, put together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from ..core.errors import JoinBlocked
from . import options, terminal
from .commands import Command

if TYPE_CHECKING:
    from ..core.joining import JoinConflict
    from ..project.joining import Joined

take_option = click.option(
    "--take",
    metavar="this|other|FILE",
    help="What to take where they differ: the value of STUDY, the other one, or a table.",
)


@click.command(
    "join",
    cls=Command,
    examples=[
        "autocode join study.autocode ana.autocode ben.autocode --coder Lead --dry-run",
        "autocode join study.autocode ana.autocode --coder Lead --write-conflicts c.csv",
        "autocode join study.autocode ana.autocode --coder Lead --take c.csv",
    ],
)
@options.study
@options.paths
@click.option("--coder", required=True, metavar="NAME", help="Who joins them.")
@take_option
@click.option(
    "--write-conflicts",
    "table",
    type=click.Path(path_type=Path),
    metavar="FILE",
    callback=options.refuse_study,
    help="Write the conflicts into a table to decide in; change nothing.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@options.as_json
def command(
    study: Path, paths: tuple[Path, ...], coder: str, take: str | None, table: Path | None,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take the work in other studies into one study.

    PATH... are copies that others coded in; they are only read. Transcripts are one where their
    texts are the same, codes by identifier, then id, then name, coders by name. What differs in one
    thing (a code's name, a role, an attribute, a coder's spelling) is listed, and nothing is joined
    until it is decided. 'autocode undo' takes the whole back.
    """
    from ..project import Project
    from ..project.joining import JoinOptions, decisions_of

    wanted = JoinOptions(decisions=decisions_of(take), dry_run=dry_run or table is not None)
    with Project.open(study) as project:
        try:
            done = project.join(paths, coder=coder, options=wanted)
        except JoinBlocked as blocked:
            if not as_json:
                show_conflicts(blocked.conflicts)
            raise
    assert done.result is not None  # a request without a key is never a repeated one
    if table is not None:
        n_rows = done.result.write_conflicts(table)
        click.echo(
            f"{table}: {say_count(n_rows, 'conflict')} to decide in the column 'take'", err=as_json
        )
    if as_json:
        terminal.print_json(done.result.to_dict())
    else:
        show_joined(done.result, dry_run=wanted.dry_run)


def show_joined(joined: Joined, *, dry_run: bool) -> None:
    """Print what came from each file, what was decided, and what changed."""
    names = list(joined.files[0].new) if joined.files else []
    if joined.files:
        terminal.print_table(
            ["new from", *names, "coders"],
            [[f.file, *f.new.values(), ", ".join(f.coders)] for f in joined.files],
        )
    for file in joined.files:
        for name in file.left_out:
            click.echo(f"{file.file}: '{name}' has another text; it and its codings are left out")
        if file.n_fixed:
            click.echo(
                f"{file.file}: {file.n_fixed} codings, readings or decisions came after their pass "
                "was revealed, which fixed it; they are left out"
            )
    show_conflicts(joined.conflicts)
    undecided = sum(conflict.take is None for conflict in joined.conflicts)
    if undecided:
        them = "it is" if undecided == 1 else "they are"
        click.echo(
            f"{say_count(undecided, 'conflict')} undecided; nothing is joined until {them} decided"
        )
    verb = "Would change" if dry_run else "Changed"
    counts = [
        f"{word} {sum(rows.values())}"
        for word, rows in (
            ("added", joined.added),
            ("changed", joined.changed),
            ("removed", joined.removed),
        )
    ]
    number = f" (act {joined.act})" if joined.act else ""
    nothing = not (joined.added or joined.changed or joined.removed)
    click.echo("Nothing is new" if nothing else f"{verb} rows: {', '.join(counts)}{number}")


def show_conflicts(conflicts: Sequence[JoinConflict]) -> None:
    """Print conflicts with both sides."""
    if conflicts:
        terminal.print_table(
            ["conflict in", "field", "this", "other", "in", "take"],
            [
                [
                    f"{conflict.what} {conflict.subject}",
                    conflict.field,
                    conflict.this,
                    conflict.other,
                    ", ".join(conflict.files),
                    conflict.take or " | ".join(conflict.options),
                ]
                for conflict in conflicts
            ],
            shorten=("this", "other"),
        )
