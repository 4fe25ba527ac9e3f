"""`autocode themes`: draft themes from what no code covers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..draft import ThemeDraft
    from ..transcript import Segment


@click.command("themes")
@options.study
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path, include_interviewer: bool, model: str, allow_download: bool, as_json: bool
) -> None:
    """Draft themes of STUDY's segments that have neither a coding nor a confident suggestion.

    A draft theme says how many segments and how many participants support it. What fits nowhere is
    counted with its reason, never forced in.
    """
    from ..embed.sentence import load_encoder
    from ..project import Project

    with terminal.bars(quiet=as_json) as progress, Project.open(study) as project:
        encoder = load_encoder(model, allow_download=allow_download)
        draft = project.draft_themes(
            encoder, include_interviewer=include_interviewer, progress=progress
        )
    if as_json:
        terminal.dump(as_dict(draft))
    else:
        tell(draft)


def tell(draft: ThemeDraft) -> None:
    """Print the themes as a table, then what fits nowhere."""
    inside = sum(theme.n_segments for theme in draft.themes)
    click.echo(
        f"{len(draft.themes)} draft themes hold {inside} segments; {len(draft.nowhere)} fit nowhere"
    )
    terminal.table(
        ["theme", "name", "segments", "participants", "an excerpt"],
        [
            [t.key, t.name, t.n_segments, len(t.participants), t.exemplars[0].segment.excerpt]
            for t in draft.themes
        ],
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
                "near_codes": [{"code": code, "cosine": cosine} for code, cosine in t.near],
                "exemplars": [_segment(m.segment) for m in t.exemplars],
                "members": [_segment(m.segment) | {"strength": m.strength} for m in t.members],
            }
            for t in draft.themes
        ],
        "nowhere": [_segment(n.segment) | {"reason": n.reason} for n in draft.nowhere],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }
