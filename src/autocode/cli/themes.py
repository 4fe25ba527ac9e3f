"""`autocode themes`: draft themes from what no code covers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from . import options, terminal
from .crossing import show_crossing
from .themes_payload import as_dict, update_as_dict
from .themes_terminal import tell, tell_decision, tell_update

if TYPE_CHECKING:
    from ..core.coding import ThemeDecision
    from ..core.theme import ThemeDraft
    from ..project import Project
    from ..themes.seeded import Seed
    from ..themes.update import Update

_DRAFTING = ("", "--seed")
_NO_DRAFTING = ("--update", "--assign-rest", "--decide", "--by")
_PART_IN = {
    "--method": _DRAFTING,
    "--themes": _DRAFTING,
    "--draws": _DRAFTING,
    "--include-interviewer": _DRAFTING,
    "--encoder": (*_DRAFTING, "--update"),
    "--allow-download": (*_DRAFTING, "--update"),
    "--coder": ("--decide",),
    "--name": ("--decide",),
}
"""What else must be asked for ("": a plain draft) so that an option plays a part."""


@click.command("themes")
@options.study
@click.option(
    "--method",
    type=click.Choice(["combined", "ward", "hdbscan"]),
    default="combined",
    show_default=True,
    help="How segments are grouped.",
)
@click.option(
    "--themes",
    "n_themes",
    type=click.IntRange(1),
    help="How many, besides the ones asked for (default: by the data's size).",
)
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    metavar="[NAME:] PHRASE[; PHRASE]",
    help="Ask for a theme, as in --seed 'money: cost of travel; cannot afford'. Repeatable.",
)
@click.option(
    "--seeds",
    "seed_table",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="Ask for the themes of a table with the columns name and phrase (a phrase or an excerpt).",
)
@click.option(
    "--draws",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Bootstrap draws that stability is measured on (0: not measured).",
)
@click.option(
    "--update",
    is_flag=True,
    help="Draft nothing anew: take what came since the last draft into its themes.",
)
@click.option(
    "--assign-rest/--unassign-rest",
    "rest",
    default=None,
    help="Draft nothing: put what the last draft left out into the nearest theme, or undo that.",
)
@click.option(
    "--decide",
    nargs=2,
    metavar="code|merge|split|drop THEMES",
    help="Draft nothing: change the last draft, as in --decide merge T01,T04. Kept for good.",
)
@click.option(
    "--by",
    metavar="ATTRIBUTE",
    help="Draft nothing: show the last draft's themes, and people's codes, by an attribute.",
)
@click.option("--coder", default="", help="Who decides.")
@click.option("--name", default="", help="The name of the new code or the merged theme.")
@options.interviewer
@options.encoder
@options.as_json
def command(study: Path, as_json: bool, **how: Any) -> None:  # noqa: ANN401 - options
    """Draft themes of STUDY's segments that have neither a coding nor a likely suggestion.

    A draft theme says how many segments and how many participants support it, and whether it is
    found again when segments are drawn anew or a participant is left out. What fits nowhere is
    counted with its reason, never forced in.

    A theme asked for (--seed) takes the segments that clearly speak of it; where none do, that is
    said. The rest is drafted as usual.

    After more transcripts are imported, --update sorts their segments into the themes there are,
    whose names, numbers and decisions stay, and drafts new themes of what fits nowhere.
    """
    from ..project import Project

    _check(how)
    with Project.open(study) as project:
        if how["update"]:
            _show_update(_updated(project, how, quiet=as_json), as_json=as_json)
            return
        if how["by"] is not None:
            show_crossing(project.by_attribute(how["by"]), as_json=as_json)
            return
        if how["decide"]:
            decision = _decision(how)
            draft = project.decide_theme(decision)
            if not as_json:
                tell_decision(decision, draft)
        elif how["rest"] is None:
            draft = _drafted(project, how, quiet=as_json)
        else:
            draft = project.assign_rest(undo=not how["rest"])
    if as_json:
        terminal.dump(as_dict(draft))
    else:
        tell(draft)


def _check(how: dict[str, Any]) -> None:
    """Refuse options that ask for two things at once."""
    asked = {
        "--update": how["update"],
        "--assign-rest": how["rest"] is not None,
        "--decide": how["decide"],
        "--by": how["by"] is not None,
        "--seed": how["seeds"] or how["seed_table"],
    }
    given = [name for name, value in asked.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{given[0]} and {given[1]} are two things: give them one by one.")
    asked_for = given[0] if given else ""
    for option in _typed():
        if asked_for not in _PART_IN.get(option, (asked_for,)):
            beside = f"beside {asked_for}" if asked_for in _NO_DRAFTING else "without --decide"
            raise click.UsageError(f"{option} plays no part {beside}; leave it out.")


def _typed() -> list[str]:
    """The options that stand on the command line itself, by the first of their names."""
    ctx = click.get_current_context()
    return [
        option.opts[0]
        for option in ctx.command.params
        if ctx.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    ]


def _show_update(found: Update, *, as_json: bool) -> None:
    if as_json:
        terminal.dump(update_as_dict(found))
    else:
        tell_update(found)
        tell(found.draft)


def _updated(project: Project, how: dict[str, Any], *, quiet: bool) -> Update:
    from ..encode.load import load_encoder

    with terminal.bars(quiet=quiet) as progress:
        return project.update_themes(
            load_encoder(how["model"], allow_download=how["allow_download"]), progress=progress
        )


def _decision(how: dict[str, Any]) -> ThemeDecision:
    from ..core.coding import ThemeDecision

    action, themes = how["decide"]
    keys = tuple(key.strip() for key in themes.split(",") if key.strip())
    return ThemeDecision(action=action, themes=keys, coder=how["coder"], name=how["name"])


def _seeds(how: dict[str, Any]) -> tuple[Seed, ...]:
    from ..project.seeds import read_seeds, seed_of

    table = read_seeds(how["seed_table"]) if how["seed_table"] else ()
    return (*map(seed_of, how["seeds"]), *table)


def _drafted(project: Project, how: dict[str, Any], *, quiet: bool) -> ThemeDraft:
    from ..encode.load import load_encoder
    from ..pipeline import Cut, Drafting

    drafting = Drafting(Cut(how["method"], how["n_themes"]), how["draws"], _seeds(how))
    with terminal.bars(quiet=quiet) as progress:
        return project.draft_themes(
            load_encoder(how["model"], allow_download=how["allow_download"]),
            options=drafting,
            include_interviewer=how["include_interviewer"],
            progress=progress,
        )
