"""`autocode next`: what to code next, and the status of each code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.codebook import Codebook
    from ..core.suggestion import CodeStatus, SuggestionDiagnostics
    from ..core.transcript import Transcript
    from ..suggest.active_learning import CodingQueue, SegmentPriority
    from ..suggest.next_passages import PassagePriority, PassageQueue

_NOTHING_LEFT = "Every participant segment is coded or read."
NEVER = "no"
"""Shown for a code whose suggestions cannot be auto-accepted, however much is coded."""


@click.command(
    "next",
    cls=Command,
    examples=[
        "autocode next study.autocode",
        "autocode next study.autocode --n 4 --length 8 --for Amina",
        "autocode next study.autocode --segments --n 25",
    ],
)
@options.study
@click.option(
    "--n", "n_wanted", default=10, show_default=True, type=click.IntRange(1), metavar="N",
    help="How many passages (or segments) to name.",
)  # fmt: skip
@click.option(
    "--length",
    type=click.IntRange(1),
    metavar="N",
    help="Segments of a passage (default 5).",
)
@click.option("--segments", is_flag=True, help="Name single segments in place of passages.")
@click.option(
    "--for",
    "coder",
    metavar="NAME",
    help="What NAME has not coded or read, whoever else has; learns from NAME's codings.",
)
@options.interviewer
@options.encoder
@options.as_json
def command(
    study: Path,
    n_wanted: int,
    length: int | None,
    segments: bool,
    coder: str | None,
    include_interviewer: bool,
    model: str,
    allow_download: bool,
    as_json: bool,
) -> None:
    """Name the passages to code next, and each code's status.

    A passage is a run of segments. Transcripts with little coded come first, so that all of them
    are coded in part; within a transcript, the run whose coding would teach the suggester most: its
    codes are uncertain, may be rare ones, and it is unlike what is coded. It is never the opening
    of a transcript of which nothing else is coded.

    The table shows for each code whether enough is coded to find it, whether its definition alone
    finds it, and the probability above which a suggestion may be accepted without reading it
    (auto-accept; "no" where the codings do not show that few enough would be wrong).
    """
    if segments and (length is not None or coder is not None):
        raise click.UsageError("--segments goes without --length and --for.")
    from ..core.suggestion_scope import SuggestionScope
    from ..encode.load import load_encoder
    from ..project import Project
    from ..project.listing import read_transcripts

    queue: CodingQueue | PassageQueue
    with progress_on_stderr() as progress, Project.open(study) as project:
        encoder = load_encoder(model, allow_download=allow_download)
        codebook = project.codebook()
        show: Callable[[], None]
        if segments:
            queue = singles = project.what_next(
                encoder,
                n_wanted=n_wanted,
                include_interviewer=include_interviewer,
                progress=progress,
            )
            names = {queued.segment.transcript for queued in singles.segments}
            transcripts = read_transcripts(project, names)
            show = partial(_show_segments, singles, transcripts)
        else:
            queue = passages = project.next_passages(
                encoder,
                n_wanted=n_wanted,
                length=length,
                include_interviewer=include_interviewer,
                scope=SuggestionScope(coder=coder),
                progress=progress,
            )
            names = {queued.transcript for queued in passages.passages}
            transcripts = read_transcripts(project, names)
            show = partial(_show_passages, passages, transcripts)
    if as_json:
        terminal.print_json(queue.to_dict())
        return
    show()
    click.echo()
    _show_codes(queue.diagnostics, codebook)
    for remark in queue.remarks:
        click.echo(remark)


def _show_segments(queue: CodingQueue, transcripts: Mapping[str, Transcript]) -> None:
    for queued in queue.segments:
        segment, priority = queued.segment, queued.priority
        words = terminal.excerpt(segment.excerpt, 140)
        position = transcripts[segment.transcript].locate(segment.span)
        source = f"{segment.transcript}, {position or 'unnamed'}"
        click.echo(f"{priority.priority:.2f}  {source}: {words}")
        click.echo(_describe(priority))
    if not queue.segments:
        click.echo(_NOTHING_LEFT)


def _show_passages(queue: PassageQueue, transcripts: Mapping[str, Transcript]) -> None:
    for queued in queue.passages:
        first, last, priority = queued.segments[0], queued.segments[-1], queued.priority
        transcript = transcripts[queued.transcript]
        begin, end = (transcript.locate(s.span) or "unnamed" for s in (first, last))
        where = begin if begin == end else f"{begin} to {end}"
        n = say_count(len(queued.segments), "segment")
        click.echo(f"{priority.priority:.2f}  {queued.transcript}, {where} ({n})")
        click.echo(f"      {terminal.excerpt(first.excerpt, 140)}")
        click.echo(f"{_describe(priority)}; {priority.share_coded:.0%} of the transcript coded")
    click.echo(queue.reason if queue.passages else _NOTHING_LEFT)


def _describe(priority: SegmentPriority | PassagePriority) -> str:
    return (
        f"      uncertain {priority.uncertainty:.2f}, rare {priority.rarity:.2f}, "
        f"novel {priority.novelty:.2f}"
    )


def _show_codes(diagnostics: SuggestionDiagnostics, codebook: Codebook) -> None:
    if not diagnostics.codes:
        return
    threshold = diagnostics.auto_accept_from
    terminal.print_table(
        ["code", "uses", "found in 3", "low", "high", "coded", "by its words alone", "auto-accept"],
        [
            [
                codebook.by_id[status.code].name,
                status.n_uses,
                status.recall,
                status.low,
                status.high,
                status.enough,
                _findable(status),
                f"from {threshold[status.code]:.2f}" if status.code in threshold else NEVER,
            ]
            for status in sorted(diagnostics.codes, key=lambda status: -status.n_uses)
        ],
    )


def _findable(status: CodeStatus) -> str:
    if status.definition_auc is None:
        return status.findable
    words = "not findable" if status.findable == "no" else status.findable
    return f"{words} ({status.definition_auc:.2f})"
