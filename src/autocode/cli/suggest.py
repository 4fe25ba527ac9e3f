"""`autocode suggest`: ranked codes with evidence for what nobody has coded."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..core.codebook import Codebook
    from ..core.suggestion import Suggestion
    from ..core.transcript import Segment

_SHOWN = 12


@click.command("suggest")
@options.study
@click.option(
    "--top", default=3, show_default=True, type=click.IntRange(1), help="Codes a segment."
)
@click.option("--transcript", help="Show the suggestions of this transcript.")
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path,
    top: int,
    transcript: str | None,
    include_interviewer: bool,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Rank the codes of STUDY's codebook for every participant segment nobody has read.

    Without codings the codebook's own words decide; with codings the ranking learns from them. A
    suggestion is likely when its probability passes a threshold chosen on held-out transcripts;
    where none is likely, "none of these" is the machine's answer.
    """
    from ..core.errors import NotFound
    from ..encode.load import load_encoder
    from ..project import Project

    with terminal.bars(quiet=as_json) as progress, Project.open(study) as project:
        names = {t.name for t in project.transcripts()}
        if transcript is not None and transcript not in names:
            raise NotFound.among("transcript", transcript, names)
        encoder = load_encoder(model, allow_download=allow_download)
        found = project.suggest(
            encoder, top=top, include_interviewer=include_interviewer, progress=progress
        )
        codebook = project.codebook()
        segments = {(s.transcript, s.span): s for s in project.segments()}
        run = project.last_run("suggest")
    shown = [s for s in found if transcript in (None, s.transcript)]
    if as_json:
        parameters = run.parameters if run else {}
        terminal.dump(
            {
                "n_suggestions": len(found),
                "parameters": parameters,
                "suggestions": [as_dict(s, segments[s.transcript, s.span]) for s in shown],
            }
        )
        return
    if not found:
        click.echo("Every participant segment is coded or read; there is nothing to suggest for.")
        return
    click.echo(account(found))
    if run is not None and not run.parameters["calibrated"]:
        click.echo(
            "Probabilities are not calibrated yet: that takes 3 coded transcripts with 30 codings."
        )
    _tell(shown, segments, codebook, everything=transcript is not None)


def account(found: list[Suggestion]) -> str:
    """How many segments got a likely suggestion, and at what probability."""
    places = {(s.transcript, s.span) for s in found}
    likely = [s for s in found if s.likely]
    segments = {(s.transcript, s.span) for s in likely}
    told = (
        f"{len(found)} suggestions for {len(places)} segments; {len(likely)} of them likely, "
        f"on {len(segments)} segments"
    )
    if likely:
        median = sorted(s.probability for s in likely)[len(likely) // 2]
        told += f" (median probability {median:.2f})"
    return f"{told}; 'none of these' for {len(places) - len(segments)}"


def as_dict(suggestion: Suggestion, segment: Segment) -> dict[str, Any]:
    """A suggestion for JSON, with the words it is about."""
    return asdict(suggestion) | {"speaker": segment.speaker, "excerpt": segment.excerpt}


def _tell(
    shown: list[Suggestion],
    segments: dict[Any, Segment],
    codebook: Codebook,
    *,
    everything: bool,
) -> None:
    firsts = [s for s in shown if s.rank == 1]
    if not everything:
        firsts = sorted(firsts, key=lambda s: -s.probability)[:_SHOWN]
        click.echo(
            f"The {len(firsts)} surest (all: autocode export, autocode report, --transcript):"
        )
    for suggestion in firsts:
        segment = segments[suggestion.transcript, suggestion.span]
        words = " ".join(segment.excerpt.split())
        click.echo(f"\n{segment.transcript}, {segment.speaker or 'unnamed'}: {words[:160]}")
        for other in shown:
            if (other.transcript, other.span) != (suggestion.transcript, suggestion.span):
                continue
            sign = "*" if other.likely else " "
            name = codebook.by_id[other.code].name
            click.echo(f"  {sign} {other.probability:.2f}  {name}{_because(other, codebook)}")


def _because(suggestion: Suggestion, codebook: Codebook) -> str:
    from ..suggest.explain import describe_neighbour

    phrase = suggestion.evidence.phrase
    told = f"\n          {phrase.part}: {phrase.text[:100]}" if phrase else ""
    for precedent in suggestion.evidence.precedents[:1]:
        words = " ".join(precedent.excerpt.split())[:90]
        told += f"\n          coded so by {', '.join(precedent.coders)}: {words}"
    if suggestion.evidence.words:
        told += f"\n          words: {', '.join(word for word, _ in suggestion.evidence.words)}"
    for neighbour in suggestion.evidence.neighbours[:1]:
        words = describe_neighbour(neighbour, codebook.by_id[neighbour.code].name)
        told += f"\n          neighbour: {words}"
    return told
