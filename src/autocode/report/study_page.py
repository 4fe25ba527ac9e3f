"""One self-contained HTML page about a study, every quoted word escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..agreement.study.specs import DEFINITIONS, HEADLINE
from ..agreement.study.table import Agreement
from ..analysis.code_counts import count_codes
from ..analysis.cross_tabs import cross_tabulate
from ..core.codebook import Codebook
from ..core.errors import InputError
from ..core.theme import ThemeDraft
from ..pipeline import codable, versions
from ..project.facade import Project
from ..themes.wording import (
    describe_additions,
    describe_cautions,
    describe_phrase_stability,
    describe_reason,
)
from . import excerpts, overtime, templating
from .charts import theme_map
from .charts.dendrogram import dendrogram
from .charts.scatter import dots_of, excerpt_map

_TEMPLATE = "report.html"


def write_report(project: Project, out: str | Path) -> int:
    """Write the report of a study to `out`; returns its size in bytes.

    Raises:
        FileRefused: if the place cannot be written.
        InputError: if the place is the study itself.
    """
    if Path(out).resolve() == project.path.resolve():
        raise InputError(f"{out}: is the study itself. Give the report a name of its own.")
    return templating.save(render(project), out)


def render(project: Project) -> str:
    """The report as HTML text."""
    return templating.fill(_TEMPLATE, _view(project))


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
    coders = project.coders()
    code_counts = count_codes(codebook, segments, codings, suggestions, coders=coders)
    tables = [
        cross_tabulate(
            [name],
            cases=cases,
            segments=segments,
            codebook=codebook,
            codings=codings,
            readings=project.readings(),
            coders=coders,
            draft=draft,
        )
        for name in overtime.choose_attributes(cases)
    ]
    people = sorted({s.participant for s in codable(segments)})
    agreement, no_agreement = _agreement(project)
    places = {(s.transcript, s.span) for s in suggestions}
    likely = {(s.transcript, s.span) for s in suggestions if s.likely}
    return {
        "study": project.path.name,
        "transcripts": transcripts,
        "n_segments": len(codable(segments)),
        "n_participants": len(people),
        "coders": Counter(c.coder for c in codings),
        "n_codings": len(codings),
        "n_suggestions": len(suggestions),
        "n_suggested_for": len(places),
        "n_likely": sum(s.likely for s in suggestions),
        "n_likely_segments": len(likely),
        "codebook": codebook,
        "code_counts": code_counts,
        **overtime.draw_attribute_tables(tables, palette),
        "sieve_codes": [(code.id, code.name) for _, code in codebook.walk()],
        "palette": palette,
        "draft": draft,
        "reasons": Counter(describe_reason(n.reason) for n in draft.unassigned)
        if draft
        else Counter(),
        **_updates(draft),
        "describe_phrase_stability": describe_phrase_stability,
        "describe_reason": describe_reason,
        "describe_cautions": describe_cautions,
        "describe_additions": describe_additions,
        **pictures(draft, codebook, palette),
        **overtime.curves(project),
        "agreement": agreement,
        "no_agreement": no_agreement,
        "definitions": DEFINITIONS,
        "headline": HEADLINE,
        "runs": [r for r in (project.last_run("suggest"), project.last_run("themes")) if r],
        "versions": versions(),
        "decisions": Counter(d.action for d in project.decisions()),
    }


def _updates(draft: ThemeDraft | None) -> dict[str, Any]:
    """How many segments came after the first draft, and which themes were drafted of such."""
    updates = draft.parameters.get("updates", ()) if draft else ()
    known = {theme.key for theme in draft.themes} if draft else set()
    return {
        "n_came": sum(update["n_segments"] for update in updates),
        "late_themes": [key for update in updates for key in update["new_themes"] if key in known],
    }


def pictures(
    draft: ThemeDraft | None, codebook: Codebook, palette: dict[str, str]
) -> dict[str, str]:
    """The pictures of a draft; empty where it holds nothing to draw them from."""
    if draft is None:
        return {"map": "", "dendrogram": "", "excerpt_map": ""}
    return {
        "map": theme_map.thematic_map(draft.themes, codebook, palette),
        "dendrogram": dendrogram(draft.themes, draft.parameters.get("tree", ())),
        "excerpt_map": excerpt_map(draft.themes, dots_of(draft)),
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
