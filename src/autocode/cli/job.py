"""The main job in one go: import, suggest, draft themes, compare coders, export, report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import terminal
from .suggest import summarise

if TYPE_CHECKING:
    from ..agreement.study.table import Agreement
    from ..core.progress import Progress
    from ..core.suggestion import Suggestion
    from ..core.theme import ThemeDraft
    from ..encode.protocol import Encoder
    from ..project import ImportReport, Project
    from ..project.importing import ImportOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the job made and where; parts that had nothing to do say why in `remarks`."""

    imported: ImportReport
    n_participant_segments: int
    suggestions: list[Suggestion]
    themes: ThemeDraft | None
    agreement: Agreement | None
    remarks: list[str]
    places: dict[str, Path]
    seconds: float


def do(
    project: Project,
    paths: Sequence[Path],
    out: Path,
    *,
    options: ImportOptions,
    encoder: Encoder,
    progress: Progress,
) -> Outcome:
    """Run every step; a step with nothing to do is passed over with a remark.

    Raises:
        AutocodeError: if nothing could be imported or the report cannot be written.
    """
    from ..core.errors import InputError, NothingToDo
    from ..pipeline import codable
    from ..report.study_page import write_report

    started = time.perf_counter()
    imported = project.import_paths(paths, options)
    remarks = [refused.reason for refused in imported.refused]
    if not any(project.counts().values()):
        raise NothingToDo(
            remarks[0]
            if remarks
            else f"Nothing to import was found in {', '.join(map(str, paths))}."
        )
    suggestions: list[Suggestion] = []
    themes: ThemeDraft | None = None
    agreement: Agreement | None = None
    try:
        suggestions = project.suggest(encoder, progress=progress)
    except NothingToDo as error:
        remarks.append(str(error))
    try:
        themes = project.draft_themes(encoder, progress=progress)
    except NothingToDo as error:
        remarks.append(str(error))
    try:
        agreement = project.agree()
    except InputError as error:
        remarks.append(str(error))
    places = {"study": project.path, "export": out / "export", "report": out / "report.html"}
    project.export(places["export"])
    write_report(project, places["report"])
    return Outcome(
        imported=imported,
        n_participant_segments=len(codable(project.segments())),
        suggestions=suggestions,
        themes=themes,
        agreement=agreement,
        remarks=remarks,
        places=places,
        seconds=time.perf_counter() - started,
    )


def print_outcome(outcome: Outcome) -> None:
    """A short account of the job and the path of the report."""
    kinds = [item.kind for item in outcome.imported.imported]
    read = ", ".join(f"{kinds.count(k)} {_plural(k, kinds.count(k))}" for k in dict.fromkeys(kinds))
    click.echo(f"read        {read}")
    click.echo(f"segments    {outcome.n_participant_segments} of participants")
    if outcome.suggestions:
        click.echo(f"suggested   {summarise(outcome.suggestions)}")
    if outcome.themes is not None:
        inside = sum(theme.n_segments for theme in outcome.themes.themes)
        click.echo(
            f"themes      {len(outcome.themes.themes)} drafts hold {inside} segments; "
            f"{len(outcome.themes.unassigned)} are unassigned"
        )
        for theme in outcome.themes.themes[:8]:
            click.echo(
                f"            {theme.key} {theme.name}: {theme.n_segments} segments, "
                f"{len(theme.participants)} participants"
            )
    if outcome.agreement is not None:
        from ..agreement.study.specs import HEADLINE

        shown = {name: outcome.agreement.overall[name].value for name in HEADLINE}
        values = ", ".join(
            f"{name} {'undefined' if value is None else format(value, '.2f')}"
            for name, value in shown.items()
        )
        coders = outcome.agreement.coders
        who = " and ".join(coders) if len(coders) <= 4 else f"{len(coders)} coders"
        click.echo(f"agreement   {who} on {outcome.agreement.n_units} segments: {values}")
    for remark in outcome.remarks:
        click.echo(f"note        {remark}")
    click.echo(f"export      {outcome.places['export']}")
    click.echo(f"report      {outcome.places['report']}   ({outcome.seconds:.0f} s)")


def as_dict(outcome: Outcome) -> dict[str, Any]:
    """The account for JSON."""
    likely = [s for s in outcome.suggestions if s.likely]
    themes = outcome.themes.themes if outcome.themes else ()
    overall = outcome.agreement.overall if outcome.agreement else {}
    return {
        "imported": outcome.imported.to_dict(),
        "n_participant_segments": outcome.n_participant_segments,
        "n_suggestions": len(outcome.suggestions),
        "n_suggested_segments": len({(s.transcript, s.span) for s in outcome.suggestions}),
        "n_likely": len(likely),
        "n_likely_segments": len({(s.transcript, s.span) for s in likely}),
        "themes": [
            {
                "theme": theme.key,
                "name": theme.name,
                "n_segments": theme.n_segments,
                "n_participants": len(theme.participants),
            }
            for theme in themes
        ],
        "n_unassigned": len(outcome.themes.unassigned) if outcome.themes else 0,
        "agreement": {name: c.value for name, c in overall.items()},
        "remarks": outcome.remarks,
        "places": {name: str(path) for name, path in outcome.places.items()},
        "seconds": round(outcome.seconds, 2),
    }


def show(outcome: Outcome, *, as_json: bool) -> None:
    """Print the account in the form asked for."""
    if as_json:
        terminal.print_json(as_dict(outcome))
    else:
        print_outcome(outcome)


def _plural(kind: str, n: int) -> str:
    if n == 1 or kind in ("codings", "cases"):
        return f"table of {kind}" if kind in ("codings", "cases") else kind
    return "corpora" if kind == "corpus" else f"{kind}s"
