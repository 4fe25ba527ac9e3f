"""`autocode suggest`: ranked codes with evidence for what nobody has coded."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.codebook import Codebook
    from ..core.suggestion import Suggestion
    from ..core.transcript import Segment

_SHOWN = 12


@click.command(
    "suggest",
    cls=Command,
    examples=[
        "autocode suggest study.autocode",
        "autocode suggest study.autocode --top 5 --transcript 02_grace",
        "autocode suggest study.autocode --method mymethods:Nearest",
    ],
)
@options.study
@click.option(
    "--top",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Codes per segment.",
)
@options.transcript
@click.option(
    "--method",
    default="autocode",
    show_default=True,
    metavar="NAME|MODULE:OBJECT",
    help="autocode, codebook (the codebook's words alone), or a suggester of your own.",
)
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path,
    top: int,
    transcript: str | None,
    method: str,
    include_interviewer: bool,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Suggest codes for every uncoded segment.

    Ranks the codes of STUDY's codebook for each participant segment that nobody has coded or read.
    Without codings, only the codebook's words count; with codings, the ranking learns from them. A
    suggestion is likely (marked *) when its probability passes a threshold set on held-out
    transcripts. Where no suggestion is likely, the answer is "none of these".
    """
    from ..core.errors import NotFound
    from ..encode.load import load_encoder
    from ..evaluate.methods import faults_of_method_refused, load_suggester
    from ..project import Project

    suggester = load_suggester(method)
    with (
        faults_of_method_refused(method),
        progress_on_stderr() as progress,
        Project.open(study) as project,
    ):
        names = {t.name for t in project.transcripts()}
        if transcript is not None and transcript not in names:
            raise NotFound.among("transcript", transcript, names)
        encoder = load_encoder(model, allow_download=allow_download)
        suggestions = project.suggest(
            encoder,
            top=top,
            suggester=suggester,
            include_interviewer=include_interviewer,
            progress=progress,
        )
        codebook = project.codebook()
        segments = {(s.transcript, s.span): s for s in project.segments()}
        run = project.last_run("suggest")
    shown = [s for s in suggestions if transcript in (None, s.transcript)]
    if as_json:
        parameters = run.parameters if run else {}
        terminal.print_json(
            {
                "n_suggestions": len(suggestions),
                "parameters": parameters,
                "suggestions": [_as_plain(s, segments[s.transcript, s.span]) for s in shown],
            }
        )
        return
    if not suggestions:
        click.echo("Every participant segment is coded or read; there is nothing to suggest for.")
        return
    click.echo(summarise(suggestions))
    if run is not None and run.parameters.get("calibrated") is False:
        click.echo(
            "Probabilities are not calibrated yet: that takes 3 coded transcripts with 30 codings."
        )
    _show(shown, segments, codebook, everything=transcript is not None)


def summarise(suggestions: list[Suggestion]) -> str:
    """How many segments got a likely suggestion, and at what probability."""
    segments = {(s.transcript, s.span) for s in suggestions}
    likely = [s for s in suggestions if s.likely]
    n_with_likely = len({(s.transcript, s.span) for s in likely})
    summary = (
        f"{len(suggestions)} suggestions for {len(segments)} segments; {len(likely)} of them "
        f"likely, on {n_with_likely} segments"
    )
    if likely:
        summary += f" (median probability {median_high(s.probability for s in likely):.2f})"
    return f"{summary}; 'none of these' for {len(segments) - n_with_likely}"


def _as_plain(suggestion: Suggestion, segment: Segment) -> dict[str, Any]:
    return asdict(suggestion) | {"speaker": segment.speaker, "excerpt": segment.excerpt}


def _show(
    shown: list[Suggestion],
    segments: dict[Any, Segment],
    codebook: Codebook,
    *,
    everything: bool,
) -> None:
    firsts = [s for s in shown if s.rank == 1]
    if not everything:
        firsts = sorted(firsts, key=lambda s: -s.probability)[:_SHOWN]
        click.echo(f"The {len(firsts)} most probable (all: autocode export, autocode report):")
    for suggestion in firsts:
        segment = segments[suggestion.transcript, suggestion.span]
        words = terminal.excerpt(segment.excerpt, 160)
        click.echo(f"\n{segment.transcript}, {segment.speaker or 'unnamed'}: {words}")
        for other in shown:
            if (other.transcript, other.span) != (suggestion.transcript, suggestion.span):
                continue
            sign = "*" if other.likely else " "
            name = codebook.by_id[other.code].name
            click.echo(f"  {sign} {other.probability:.2f}  {name}")
            for line in _evidence_lines(other, codebook):
                click.echo(f"          {line}")


def _evidence_lines(suggestion: Suggestion, codebook: Codebook) -> list[str]:
    from ..suggest.explain import describe_neighbour

    evidence = suggestion.evidence
    lines = []
    if evidence.phrase:
        lines.append(f"{evidence.phrase.part}: {terminal.excerpt(evidence.phrase.text, 100)}")
    for precedent in evidence.precedents[:1]:
        words = terminal.excerpt(precedent.excerpt, 90)
        lines.append(f"coded so by {', '.join(precedent.coders)}: {words}")
    if evidence.words:
        lines.append(f"words: {', '.join(word for word, _ in evidence.words)}")
    for neighbour in evidence.neighbours[:1]:
        words = describe_neighbour(neighbour, codebook.by_id[neighbour.code].name)
        lines.append(f"neighbour: {words}")
    return lines
