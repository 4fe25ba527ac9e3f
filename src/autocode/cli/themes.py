"""`autocode themes`: draft themes from what no code covers, and work on them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from ..core.errors import NothingToDo
from . import options, terminal
from .commands import Group
from .progress import progress_on_stderr
from .themes_terminal import show_decision, show_draft, show_update

if TYPE_CHECKING:
    from ..core.theme import ThemeDraft
    from ..encode.protocol import Encoder
    from ..project import Project
    from ..themes.guided import GuidingPhrases

_NO_DRAFT = "No themes have been drafted. First run: autocode themes draft STUDY"
_ACTIONS = ["code", "merge", "split", "drop", "rename"]


@click.group(
    "themes",
    cls=Group,
    examples=[
        "autocode themes draft study.autocode",
        "autocode themes show study.autocode",
        "autocode themes decide study.autocode merge T01 T04 --coder Amina",
    ],
)
def command() -> None:
    """Draft themes from what no code covers, and revise them.

    Draft themes are a first look at the text, not a result: they group segments that have neither
    a coding nor a likely suggestion. Their keys (T01, T02, ...) stay through later changes.
    """


@command.command(
    "draft",
    examples=[
        "autocode themes draft study.autocode",
        "autocode themes draft study.autocode --themes 8 --draws 100",
        'autocode themes draft study.autocode --about "money: cost of travel; cannot afford it"',
    ],
)
@options.study
@click.option(
    "--about",
    "phrases",
    multiple=True,
    metavar="[NAME:] PHRASE[; PHRASE]",
    help="Ask for a theme about these phrases. Repeatable.",
)
@click.option(
    "--about-file",
    "phrase_file",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Ask for the themes in a table with the columns name and phrase.",
)
@click.option(
    "--themes",
    "n_themes",
    type=click.IntRange(1),
    metavar="N",
    help="How many themes besides those asked for (default: the number that stands out from the "
    "data, if one does, else by the number of segments).",
)
@click.option(
    "--method",
    type=click.Choice(["combined", "ward", "hdbscan"]),
    default="combined",
    show_default=True,
    help="How segments are grouped.",
)
@click.option(
    "--draws",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="Bootstrap draws that measure stability, with a draw of noise beside each (ten at most), "
    "which takes about as long again; 0 leaves both out.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="Language of the stop words, such as de. Repeatable (default: that of the segments).",
)
@click.option(
    "--stop-word",
    "added_stop_words",
    multiple=True,
    metavar="WORD",
    help="A word that names no theme. Repeatable.",
)
@click.option(
    "--ignore-codings",
    is_flag=True,
    help="Do not learn from what people have coded which differences between segments matter.",
)
@options.interviewer
@options.encoder
@options.as_json
def draft_themes(
    study: Path,
    phrases: tuple[str, ...],
    phrase_file: Path | None,
    include_interviewer: bool,
    ignore_codings: bool,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - click passes options
) -> None:
    """Draft themes anew.

    Groups the segments of STUDY that have neither a coding nor a likely suggestion. Each theme says
    how many segments and participants support it, and how stable it is: whether it comes back when
    segments are drawn again or one participant is left out. Segments that fit no theme stay
    unassigned, with the reason. Where nothing has changed since the same was asked, the draft
    stands.

    Where people have coded enough, what they code alike counts as closer than what they do not;
    the output says what was learned from.

    A theme asked for with --about takes the segments that clearly match its phrases. You are warned
    if no segment matches a phrase. The other segments are grouped as usual.
    """
    from ..pipeline import PartitionOptions, ThemeOptions
    from ..project import Project
    from ..text.stop_words import StopWords

    drafting = ThemeOptions(
        partition=PartitionOptions(chosen["method"], chosen["n_themes"]),
        n_draws=chosen["draws"],
        guiding=_guides(phrases, phrase_file),
        stop_words=StopWords(chosen["languages"], chosen["added_stop_words"]),
        learn_from_codings=not ignore_codings,
    )
    with progress_on_stderr() as progress, Project.open(study) as project:
        draft = project.draft_themes(
            _encoder(chosen),
            options=drafting,
            include_interviewer=include_interviewer,
            progress=progress,
        )
        counted = _counted(project)
    _show(draft, counted, as_json=as_json)


@command.command("update", examples=["autocode themes update study.autocode"])
@options.study
@options.encoder
@options.as_json
def update_themes(study: Path, as_json: bool, **chosen: Any) -> None:  # noqa: ANN401 - click passes options
    """Sort segments that came later into the draft.

    After more transcripts are imported, assigns their segments to the themes there are. Names, keys
    and decisions stay. Segments that fit no theme may form new themes.
    """
    from ..project import Project

    with Project.open(study) as project, progress_on_stderr() as progress:
        update = project.update_themes(_encoder(chosen), progress=progress)
        counted = _counted(project)
    if as_json:
        terminal.print_json(update.to_dict())
    else:
        show_update(update)
        show_draft(update.draft, counted)


@command.command(
    "assign",
    examples=[
        "autocode themes assign study.autocode",
        "autocode themes assign study.autocode --undo",
    ],
)
@options.study
@click.option("--undo", is_flag=True, help="Take these segments out of the themes again.")
@options.as_json
def assign_rest(study: Path, undo: bool, as_json: bool) -> None:
    """Assign what is left over to the nearest theme.

    Each segment keeps the reason for which it was left unassigned. Segments that are near no theme
    stay unassigned.
    """
    from ..project import Project

    with Project.open(study) as project:
        draft = project.assign_rest(undo=undo)
        counted = _counted(project)
    _show(draft, counted, as_json=as_json)


@command.command(
    "decide",
    examples=[
        'autocode themes decide study.autocode code T03 --coder Amina --name "Late buses"',
        "autocode themes decide study.autocode merge T01 T04 --coder Amina",
        "autocode themes decide study.autocode split T02 --coder Amina",
        "autocode themes decide study.autocode drop T05 --coder Amina",
        'autocode themes decide study.autocode rename T01 --coder Amina --name "The bus"',
    ],
)
@options.study
@click.argument("action", metavar="ACTION", type=click.Choice(_ACTIONS))
@click.argument("themes", metavar="THEME...", nargs=-1, required=True)
@click.option("--coder", metavar="NAME", required=True, help="Who decides.")
@click.option(
    "--name",
    metavar="NAME",
    default="",
    help="The name of the new code, or of the merged or renamed theme.",
)  # fmt: skip
@options.as_json
def decide_themes(
    study: Path,
    action: str,
    themes: tuple[str, ...],
    coder: str,
    name: str,
    as_json: bool,
) -> None:
    """Turn a theme into a code, merge, split, drop or rename it.

    ACTION is code, merge, split, drop or rename; THEME is a key such as T03. A theme that becomes a
    code gives it its typical excerpts as examples; nothing is coded with it yet ('themes apply'
    does that). Every decision is kept
    with the name of the person who made it.
    """
    from ..core.coding import ThemeDecision
    from ..project import Project

    decision = ThemeDecision(action=action, themes=themes, coder=coder, name=name)
    with Project.open(study) as project:
        draft, counted = project.decide_theme(decision), _counted(project)
    if not as_json:
        show_decision(decision, draft)
    _show(draft, counted, as_json=as_json)


@command.command(
    "move",
    examples=[
        "autocode themes move study.autocode 01_dean 512 --to T03 --coder Amina",
        "autocode themes move study.autocode 01_dean 512 --out --coder Amina",
    ],
)
@options.study
@click.argument("transcript", metavar="TRANSCRIPT")
@click.argument("start", metavar="START", type=click.IntRange(0))
@click.option("--to", metavar="THEME", help="The theme that it goes to, by its key.")
@click.option("--out", is_flag=True, help="Take it out of its theme instead.")
@click.option("--coder", metavar="NAME", required=True, help="Who decides.")
@options.as_json
def move_segment(
    study: Path,
    transcript: str,
    start: int,
    to: str | None,
    out: bool,
    coder: str,
    as_json: bool,
) -> None:
    """Move one segment to another theme.

    The segment is the one of TRANSCRIPT that holds the character START, as themes.csv of 'autocode
    export' gives it. Names and figures of the themes stay those of the draft.
    """
    from ..core.transcript import Span
    from ..project import Project
    from ..project.theme_segments import SegmentMove

    if (to is None) != out:
        raise click.UsageError("Give either --to THEME or --out.")
    move = SegmentMove(transcript=transcript, span=Span(start, start + 1), to=to, coder=coder)
    with Project.open(study) as project:
        draft = project.move_segment(move)
        counted = _counted(project)
    _show(draft, counted, as_json=as_json)


@command.command(
    "apply",
    examples=["autocode themes apply study.autocode T03 --code buses --coder Amina"],
)
@options.study
@click.argument("theme", metavar="THEME")
@click.option("--code", metavar="CODE", required=True, help="The code to apply, by key or name.")
@click.option("--coder", metavar="NAME", required=True, help="Who codes.")
@options.new_coder
@click.option("--yes", is_flag=True, help="Do not ask; for scripts, after the list was read.")
@options.as_json
def apply_theme(
    study: Path, theme: str, code: str, coder: str, new_coder: bool, yes: bool, as_json: bool
) -> None:
    """Code the segments of a theme.

    Lists every segment of THEME, asks, and codes them with CODE as the coder's own work. Move what
    does not belong there first, with 'themes move'.
    """
    from ..page.coder import choose_coder
    from ..project import Project
    from ..project.coding_list import CodingList
    from ..project.theme_segments import find_theme

    with Project.open(study) as project:
        coder = choose_coder(project, coder, new=new_coder)
        draft = project.themes()
        if draft is None:
            raise NothingToDo(_NO_DRAFT)
        chosen = find_theme(draft, theme)
        name = project.codebook().find(code).name
        if not as_json:
            for member in chosen.members:
                click.echo(f"  {member.segment.transcript}: {member.segment.excerpt}")
        if not yes:
            _ask(
                f"Code these {say_count(len(chosen.members), 'segment')} with '{name}' as {coder}?"
            )
        codings = project.code_theme(theme, code=code, coder=coder)
    if as_json:
        terminal.print_json(CodingList(tuple(codings)).to_dict())
    else:
        click.echo(f"{coder}: {say_count(len(codings), 'segment')} coded with '{name}'")


@command.command(
    "show",
    examples=[
        "autocode themes show study.autocode",
        "autocode themes show study.autocode --json",
    ],
)
@options.study
@options.as_json
def show_themes(study: Path, as_json: bool) -> None:
    """Show the last draft."""
    from ..project import Project

    with Project.open(study) as project:
        draft, counted = project.themes(), _counted(project)
    if draft is None:
        raise NothingToDo(_NO_DRAFT)
    _show(draft, counted, as_json=as_json)


def _ask(question: str) -> None:
    """Go on if the answer is yes; raises NothingToDo for no, and where nobody can be asked."""
    if not sys.stdin.isatty():
        raise NothingToDo("Nothing was coded: nobody can be asked. Read the list and add --yes.")
    if not click.confirm(question, err=True):
        raise NothingToDo("Nothing was coded.")


def _counted(project: Project) -> str:
    """What the participants of a study are called."""
    from ..analysis.attribute_values import name_participants

    return name_participants(project.cases())


def _show(draft: ThemeDraft, counted: str, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json(draft.to_dict())
    else:
        show_draft(draft, counted)


def _encoder(chosen: dict[str, Any]) -> Encoder:
    from ..encode.load import load_encoder

    return load_encoder(chosen["model"], allow_download=chosen["allow_download"])


def _guides(phrases: tuple[str, ...], table: Path | None) -> tuple[GuidingPhrases, ...]:
    from ..project.seeds import read_seeds, seed_of

    return (*map(seed_of, phrases), *(read_seeds(table) if table else ()))
