"""`autocode suggest`: ranked codes with evidence for what nobody has coded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Any

import click

from ..core.counted import say_count
from ..core.suggestion_scope import LEARN_FROM, SuggestionScope
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.codebook import Codebook
    from ..core.suggestion import Evidence, Suggestion
    from ..core.suggestion_scope import LearnFrom
    from ..core.transcript import Segment, Span
    from ..project import Project
    from ..project.listing import SuggestedSegment
    from ..suggest.readable import EvidenceReader

_SHOWN = 12
_OURS = "autocode"


@click.command(
    "suggest",
    cls=Command,
    examples=[
        "autocode suggest study.autocode",
        "autocode suggest study.autocode --top 5 --transcript 02_grace",
        "autocode suggest study.autocode --code night --coded-too",
        "autocode suggest study.autocode --for Jonas --learn-from own",
        "autocode suggest study.autocode --method mymethods:Nearest",
    ],
)
@options.study
@options.top("segment")
@options.transcript
@click.option(
    "--method",
    default=_OURS,
    show_default=True,
    metavar="NAME|MODULE:OBJECT",
    help="autocode, codebook (the codebook's words alone), or a suggester of your own.",
)
@click.option(
    "--code",
    "codes",
    multiple=True,
    metavar="KEY",
    help="Suggest only this code; may be given again. Open suggestions of other codes stay.",
)
@click.option(
    "--coded-too",
    is_flag=True,
    help="Suggest the codes of --code in segments coded before as well, unless the code is applied "
    "or was rejected there.",
)
@click.option(
    "--for",
    "coder",
    metavar="NAME",
    help="Suggest for what NAME has not coded or read, whoever else has.",
)
@click.option(
    "--learn-from",
    type=click.Choice(LEARN_FROM),
    help="Whose codings are learned from: everybody's (all), those of --for (own), nobody's "
    "(codebook). Default: own with --for, else all.",
)
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path,
    top: int,
    transcript: str | None,
    method: str,
    codes: tuple[str, ...],
    coded_too: bool,
    coder: str | None,
    learn_from: LearnFrom | None,
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

    New suggestions take the place of all that are open; with --code, of those of its codes alone;
    with --for, of those made for NAME. With --for and what it learns by default, nothing of what
    others have coded or decided reaches the suggestions or their evidence.
    """
    if coded_too and not codes:
        raise click.UsageError("--coded-too needs the codes to suggest: --code KEY")
    if learn_from == "own" and coder is None:
        raise click.UsageError("--learn-from own needs the coder: --for NAME")
    scope = SuggestionScope(codes=codes, coded_too=coded_too, coder=coder, learn_from=learn_from)
    from ..core.errors import NotFound
    from ..encode.load import load_encoder
    from ..project import Project
    from ..project.listing import list_suggestions

    with (
        _method_called(method) as suggester,
        progress_on_stderr() as progress,
        Project.open(study) as project,
    ):
        names = project.transcript_numbers()
        if transcript is not None and transcript not in names:
            raise NotFound.among("transcript", transcript, names)
        run = project.refresh_suggestions(
            load_encoder(model, allow_download=allow_download),
            top=top,
            suggester=suggester,
            include_interviewer=include_interviewer,
            scope=scope,
            progress=progress,
        )
        if as_json:
            listed = list_suggestions(project, transcript, coder=coder, run=run)
            terminal.print_json(listed.to_dict())
            return
        _print(project, run, scope, transcript)


@contextmanager
def _method_called(name: str) -> Iterator[Any]:
    """The method of this name; None for ours, which is loaded where something has to be made."""
    if name == _OURS:
        yield None
        return
    from ..evaluate.methods import load_suggester, refuse_faults_of

    method = load_suggester(name)
    with refuse_faults_of(name):
        yield method


def _print(project: Project, run: int, scope: SuggestionScope, transcript: str | None) -> None:
    """What a run suggested, and the most probable of it, or all of a transcript."""
    from ..core.suggestion import SuggestionDiagnostics
    from ..project.listing import list_suggested_segments
    from ..suggest.readable import EvidenceReader

    suggestions = project.suggestions_of_run(run, with_evidence=False)
    if not suggestions:
        click.echo(_describe_nothing(scope))
        return
    click.echo(summarise(suggestions))
    runs = project.suggest_runs(scope.coder)
    parameters = runs[-1].parameters if runs else {}
    if SuggestionDiagnostics.from_plain(parameters).calibrated is False and not scope.coded_too:
        click.echo(
            "Probabilities are not calibrated yet: that takes 3 coded transcripts with 30 codings."
        )
    for remark in parameters.get("remarks", ()):
        click.echo(remark)
    segments, codebook = project.segments(), project.codebook()
    is_open = project.open_suggestion_numbers(run)
    made = [
        one for one in suggestions if one.number in is_open and transcript in (None, one.transcript)
    ]
    chosen = _choose(made, segments, everything=transcript is not None)
    with_evidence = project.suggestions_numbered(chosen)
    items = list_suggested_segments(project, with_evidence, segments)
    ranked = sorted(items, key=lambda item: chosen[item.suggestion.number or 0])
    _show(ranked, codebook, EvidenceReader(segments, codebook))


def _choose(
    made: Sequence[Suggestion], segments: Iterable[Segment], *, everything: bool
) -> dict[int, int]:
    """The numbers of the suggestions to show, each with its place: of all segments, or the first.

    Segments with a likely code come first, then those whose best code is most probable.
    """
    places = {(segment.transcript, segment.span) for segment in segments}
    by_segment: dict[tuple[str, Span], list[Suggestion]] = {}
    for one in made:
        if (one.transcript, one.span) in places:
            by_segment.setdefault((one.transcript, one.span), []).append(one)
    ranked = list(by_segment.values())
    if not everything:
        ranked.sort(key=lambda its: (not any(s.likely for s in its), -its[0].probability))
        ranked = ranked[:_SHOWN]
        click.echo(f"The {len(ranked)} most probable (all: autocode export, autocode report):")
    numbers = (one.number or 0 for its in ranked for one in its)
    return {number: place for place, number in enumerate(numbers)}


def _describe_nothing(scope: SuggestionScope) -> str:
    if scope.coded_too:
        return "In every participant segment these codes are applied or rejected."
    if scope.coder is not None:
        return f"{scope.coder} has coded or read every participant segment."
    return (
        "Every participant segment is coded or read; there is nothing to suggest for. A new code "
        "is suggested in them with --code KEY --coded-too, a second coder gets suggestions with "
        "--for NAME."
    )


def summarise(suggestions: Sequence[Suggestion]) -> str:
    """How many segments got a likely suggestion, and at what probability."""
    segments = {(s.transcript, s.span) for s in suggestions}
    likely = [s for s in suggestions if s.likely]
    n_with_likely = len({(s.transcript, s.span) for s in likely})
    summary = (
        f"{say_count(len(suggestions), 'suggestion')} for "
        f"{say_count(len(segments), 'segment')}; {len(likely)} of them "
        f"likely, on {say_count(n_with_likely, 'segment')}"
    )
    if likely:
        summary += f" (median probability {median_high(s.probability for s in likely):.2f})"
    return f"{summary}; 'none of these' for {len(segments) - n_with_likely}"


def _show(shown: Sequence[SuggestedSegment], codebook: Codebook, reader: EvidenceReader) -> None:
    by_segment: dict[tuple[str, Span], list[SuggestedSegment]] = {}
    for item in shown:
        key = (item.suggestion.transcript, item.suggestion.span)
        by_segment.setdefault(key, []).append(item)
    for items in by_segment.values():
        words = terminal.excerpt(items[0].excerpt, 160)
        position = items[0].position or "unnamed"
        click.echo(f"\n{items[0].suggestion.transcript}, {position}: {words}")
        if not any(item.suggestion.likely for item in items):
            click.echo("  none of these; the nearest:")
        for item in items:
            suggestion = item.suggestion
            sign = "*" if suggestion.likely else " "
            name = codebook.by_id[suggestion.code].name
            click.echo(f"  {sign} {suggestion.probability:.2f}  {name}")
            for line in _evidence_lines(reader.read(suggestion), suggestion.code, codebook):
                click.echo(terminal.wrap(line, indent=10))


def _evidence_lines(evidence: Evidence, code: str, codebook: Codebook) -> list[str]:
    """The evidence that a reader can judge, in full."""
    from ..suggest.explain import describe_neighbour

    lines = []
    if evidence.phrase:
        lines.append(f"{evidence.phrase.part}: {evidence.phrase.text}")
    for precedent in evidence.precedents[:1]:
        lines.append(f"coded so by {', '.join(precedent.coders)}: {precedent.excerpt}")
    for counter in evidence.counter_examples[:1]:
        names = ", ".join(codebook.by_id[code].name for code in counter.codes if code in codebook)
        lines.append(f"coded otherwise ({names or 'no code applied'}): {counter.excerpt}")
    if evidence.words:
        lines.append(f"words: {', '.join(word for word, _ in evidence.words)}")
    for neighbour in evidence.neighbours[:1]:
        words = describe_neighbour(neighbour, codebook.by_id[neighbour.code].name, of=code)
        lines.append(f"neighbour: {words}")
    if evidence.guide:
        lines.append(f"guide: {evidence.guide.describe()}")
    return lines
