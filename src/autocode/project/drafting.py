"""Drafting themes from a study file and keeping the draft in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import pipeline
from ..core.acts import NewAct
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.theme import ThemeDraft
from ..store.file import Connection, StudyFile
from ..store.themes import last_draft, replace_themes, theme_decisions
from ..suggest.kept_fits import digest_fit
from .last_answers import LastAnswers, MadeAt, note_last_run
from .reader import Snapshot

if TYPE_CHECKING:
    from ..pipeline import ThemeOptions


def draft(
    study: StudyFile,
    tools: pipeline.Tools,
    options: ThemeOptions | None,
    *,
    include_interviewer: bool,
) -> ThemeDraft:
    """Draft themes and keep them; see `Project.draft_themes`.

    Where nothing at all has changed since the same was asked, the draft stands: no run is made.
    """
    answers = LastAnswers(study, tools.fits)
    asked = options or pipeline.ThemeOptions(), include_interviewer
    digest = digest_fit("draft", (tools.encoder.digest, *asked))
    if answers.find(digest) is not None:
        with study.reading() as connection:
            return last_draft(connection)[0]
    made_at: list[MadeAt] = []

    def read(connection: Connection) -> tuple[pipeline.Study, list[Suggestion]]:
        snapshot = Snapshot(study.path, connection)
        return snapshot.in_memory(), snapshot.suggestions()

    def compute(base: tuple[pipeline.Study, list[Suggestion]]) -> tuple[ThemeDraft, Run]:
        in_memory, suggested = base
        return pipeline.themes(
            in_memory, suggested, tools, options=options, include_interviewer=include_interviewer
        )

    def keep(connection: Connection, _: object, made: tuple[ThemeDraft, Run]) -> None:
        replace_themes(connection, made[1], made[0])
        made_at[:] = [note_last_run(connection)]

    made, _ = study.recompute(
        NewAct(kind="draft-themes", summary="themes drafted"),
        read=read,
        compute=compute,
        keep=keep,
        unless_changed=theme_decisions,
    )
    answers.keep(digest, made_at[0])
    return made
