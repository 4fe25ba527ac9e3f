"""One self-contained HTML page about a study, every quoted word escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..agreement.table import DEFINITIONS, HEADLINE, Agreement
from ..errors import InputError
from ..pipeline import codable, versions
from ..project.facade import Project
from . import counts, excerpts, page, picture

_TEMPLATE = "report.html"


def write_report(project: Project, out: str | Path) -> int:
    """Write the report of a study to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the place cannot be written.
        InputError: if the place is the study itself.
    """
    if Path(out).resolve() == project.path.resolve():
        raise InputError(f"{out}: is the study itself. Give the report a name of its own.")
    return page.save(render(project), out)


def render(project: Project) -> str:
    """The report as HTML text."""
    return page.fill(_TEMPLATE, _view(project))


def _view(project: Project) -> dict[str, Any]:
    codebook = project.codebook()
    segments = project.segments()
    codings = project.codings()
    suggestions = project.suggestions()
    draft = project.themes()
    cases = project.cases()
    palette = excerpts.colours(codebook)
    of_segments, of_codings, of_suggestions = (
        _by_transcript(things) for things in (segments, codings, suggestions)
    )
    transcripts = [
        (
            transcript,
            excerpts.rows(
                transcript,
                of_segments.get(transcript.name, []),
                of_codings.get(transcript.name, []),
                of_suggestions.get(transcript.name, []),
                codebook,
            ),
        )
        for transcript in project.transcripts()
    ]
    people = sorted({s.participant for s in codable(segments)})
    agreement, no_agreement = _agreement(project)
    places = {(s.transcript, s.span) for s in suggestions}
    sure = {(s.transcript, s.span) for s in suggestions if s.confident}
    return {
        "study": project.path.name,
        "transcripts": transcripts,
        "n_segments": len(codable(segments)),
        "n_participants": len(people),
        "coders": Counter(c.coder for c in codings),
        "n_codings": len(codings),
        "n_suggestions": len(suggestions),
        "n_suggested_for": len(places),
        "n_confident": sum(s.confident for s in suggestions),
        "n_sure": len(sure),
        "codebook": codebook,
        "code_counts": counts.code_counts(codebook, segments, codings, suggestions),
        "attribute_tables": counts.attribute_tables(codebook, segments, codings, cases),
        "palette": palette,
        "draft": draft,
        "reasons": Counter(n.reason for n in draft.nowhere) if draft else Counter(),
        "map": picture.thematic_map(draft.themes if draft else (), codebook, palette),
        "agreement": agreement,
        "no_agreement": no_agreement,
        "definitions": DEFINITIONS,
        "headline": HEADLINE,
        "runs": [r for r in (project.last_run("suggest"), project.last_run("themes")) if r],
        "versions": versions(),
        "decisions": Counter(d.action for d in project.decisions()),
    }


def _agreement(project: Project) -> tuple[Agreement | None, str]:
    try:
        return project.agree(), ""
    except InputError as error:
        return None, str(error)


def _by_transcript(things: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for thing in things:
        grouped.setdefault(thing.transcript, []).append(thing)
    return grouped
