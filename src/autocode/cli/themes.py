"""`autocode themes`: draft themes from what no code covers."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..coding import ThemeDecision
    from ..draft import ThemeDraft
    from ..project import Project
    from ..transcript import Segment


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
    "--themes", "n_themes", type=click.IntRange(1), help="How many (default: by the data's size)."
)
@click.option(
    "--draws",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Bootstrap draws that stability is measured on (0: not measured).",
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
@click.option("--coder", default="", help="Who decides.")
@click.option("--name", default="", help="The name of the new code or the merged theme.")
@options.interviewer
@options.encoder
@options.as_json
def command(study: Path, rest: bool | None, as_json: bool, **how: Any) -> None:  # noqa: ANN401
    """Draft themes of STUDY's segments that have neither a coding nor a confident suggestion.

    A draft theme says how many segments and how many participants support it, and whether it is
    found again when segments are drawn anew or a participant is left out. What fits nowhere is
    counted with its reason, never forced in.
    """
    from ..project import Project

    with Project.open(study) as project:
        if how["decide"]:
            draft = project.decide_theme(_decision(how))
        elif rest is None:
            draft = _drafted(project, how, quiet=as_json)
        else:
            draft = project.assign_rest(undo=not rest)
    if as_json:
        terminal.dump(as_dict(draft))
    else:
        tell(draft)


def _decision(how: dict[str, Any]) -> ThemeDecision:
    from ..coding import ThemeDecision

    action, themes = how["decide"]
    keys = tuple(key.strip() for key in themes.split(",") if key.strip())
    return ThemeDecision(action, keys, how["coder"], how["name"])


def _drafted(project: Project, how: dict[str, Any], *, quiet: bool) -> ThemeDraft:
    from ..embed.sentence import load_encoder
    from ..pipeline import Cut, Drafting

    with terminal.bars(quiet=quiet) as progress:
        return project.draft_themes(
            load_encoder(how["model"], allow_download=how["allow_download"]),
            how=Drafting(Cut(how["method"], how["n_themes"]), how["draws"]),
            include_interviewer=how["include_interviewer"],
            progress=progress,
        )


def tell(draft: ThemeDraft) -> None:
    """Print the themes as a table, then what fits nowhere."""
    inside = sum(theme.n_segments for theme in draft.themes)
    put = f" ({draft.n_assigned} of them put in afterwards)" if draft.n_assigned else ""
    click.echo(
        f"{len(draft.themes)} draft themes hold {inside} segments{put}; "
        f"{len(draft.nowhere)} fit nowhere"
    )
    terminal.table(
        ["theme", "name", "segments", "participants", "found again", "beware", "an excerpt"],
        [
            [
                t.key,
                t.name,
                t.n_segments,
                len(t.participants),
                f"{t.stability.jaccard:.2f}" if t.stability else "",
                ", ".join(t.remarks),
                t.exemplars[0].segment.excerpt,
            ]
            for t in draft.themes
        ],
    )
    steady = draft.parameters.get("stability")
    if steady:
        ari = steady["bootstrap_ari"]
        click.echo(
            f"found again: mean Jaccard over {steady['n_draws']} bootstrap draws; all themes "
            f"together: adjusted Rand {ari['mean']:.2f} [{ari['low']:.2f}, {ari['high']:.2f}]"
        )
    for reason, n in Counter(n.reason for n in draft.nowhere).most_common():
        click.echo(f"nowhere: {n} {reason}")


def as_dict(draft: ThemeDraft) -> dict[str, Any]:
    """A theme draft for JSON."""
    return {
        "parameters": draft.parameters,
        "themes": [
            {
                "theme": t.key,
                "name": t.name,
                "terms": list(t.terms),
                "n_segments": t.n_segments,
                "n_participants": len(t.participants),
                "participants": list(t.participants),
                "n_transcripts": len(t.transcripts),
                "n_assigned": t.n_assigned,
                "remarks": list(t.remarks),
                "stability": t.stability and asdict(t.stability),
                "contrast": t.contrast and asdict(t.contrast),
                "sub_themes": [asdict(part) for part in t.parts],
                "near_codes": [{"code": code, "cosine": cosine} for code, cosine in t.near],
                "exemplars": [_segment(m.segment) for m in t.exemplars],
                "edge_cases": [_segment(m.segment) for m in t.edges],
                "members": [
                    _segment(m.segment)
                    | {"strength": m.strength, "sub_theme": m.part, "reason": m.reason}
                    for m in t.members
                ],
            }
            for t in draft.themes
        ],
        "nowhere": [
            _segment(n.segment) | {"reason": n.reason, "nearest": n.nearest} for n in draft.nowhere
        ],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }
