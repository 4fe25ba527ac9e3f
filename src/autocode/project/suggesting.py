"""Suggesting codes from a study file and keeping the suggestions in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .. import pipeline
from ..core.acts import NewAct
from ..core.codebook import Codebook
from ..core.errors import InputError
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..store.file import Connection, StudyFile
from ..store.suggestions import replace_suggestions
from .hand_coding import check_coder
from .last_answers import LastAnswers, MadeAt, digest_question, note_last_run
from .pass_assistance import Assisted, assist
from .reader import Snapshot

if TYPE_CHECKING:
    from ..suggest.protocol import Scorer, Suggester


_BESIDE = ("draft-themes",)
"""Acts that suggestions do not rest on: themes are drafted from what these leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestOptions:
    """How to suggest: codes per segment, by which method, for which codes, segments and coder."""

    top: int = 3
    suggester: Suggester | Scorer | None = None
    include_interviewer: bool = False
    scope: SuggestionScope = field(default_factory=SuggestionScope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """The number of the run whose suggestions stand, and these where it was made just now."""

    run: int
    made: list[Suggestion] | None = None


def refresh(study: StudyFile, tools: pipeline.Tools, options: SuggestOptions) -> Refreshed:
    """Suggest codes and keep the suggestions; see `Project.refresh_suggestions`.

    Where nothing at all has changed since the same was asked, what was suggested then stands: no
    run is made, and nothing is fitted, encoded or read.
    """
    if options.top < 1:
        raise InputError(f"At least one suggestion a segment is needed, not {options.top}.")
    answers = LastAnswers(study, tools.fits)
    asked = options.top, options.include_interviewer, options.scope
    digest = digest_question("answer", tools.encoder, options.suggester, asked)
    if digest and (run := answers.find(digest, beside=_BESIDE)) is not None:
        return Refreshed(run=run)
    stored: list[Suggestion] = []
    made_at: list[MadeAt] = []

    def read(connection: Connection) -> tuple[pipeline.Study, Assisted]:
        in_memory, assisted = read_assisted(
            Snapshot(study.path, connection), connection, options.scope
        )
        scope = _settle_scope(connection, assisted.scope, in_memory.codebook)
        return in_memory, replace(assisted, scope=scope)

    def compute(base: tuple[pipeline.Study, Assisted]) -> tuple[list[Suggestion], Run]:
        in_memory, assisted = base
        made, run = pipeline.suggest(
            in_memory,
            tools,
            top=options.top,
            suggester=options.suggester,
            include_interviewer=options.include_interviewer,
            scope=assisted.scope,
        )
        return [one for one in made if one.transcript not in assisted.unassisted], run

    def keep(connection: Connection, _: object, made: tuple[list[Suggestion], Run]) -> None:
        stored[:] = replace_suggestions(connection, made[1], made[0])
        made_at[:] = [note_last_run(connection)]

    study.recompute(
        NewAct(kind="suggest", summary=_summarise(options.scope)),
        read=read,
        compute=compute,
        keep=keep,
    )
    if digest:
        answers.keep(digest, made_at[0])
    return Refreshed(run=made_at[0].run, made=stored)


def read_assisted(
    study: Snapshot, connection: Connection, scope: SuggestionScope
) -> tuple[pipeline.Study, Assisted]:
    """A study as what is suggested may know it, and what the passes of its coder allow."""
    assisted, in_memory = assist(connection, scope), study.in_memory()
    if assisted.codebook is not None:
        in_memory = _with_codebook(in_memory, assisted.codebook)
    return in_memory, assisted


def _summarise(scope: SuggestionScope) -> str:
    summary = "codes suggested" if not scope.codes else f"{', '.join(scope.codes)} suggested"
    return summary if scope.coder is None else f"{summary} for {scope.coder}"


def _with_codebook(study: pipeline.Study, codebook: Codebook) -> pipeline.Study:
    known = [coding for coding in study.codings if coding.code in codebook]
    return replace(study, codebook=codebook, codings=known)


def _settle_scope(
    connection: Connection, scope: SuggestionScope, codebook: Codebook
) -> SuggestionScope:
    """The scope with its codes by id; raises where a code or a coder's name cannot be meant."""
    if scope.coder is not None:
        check_coder(connection, scope.coder, way_on="")
    codes = tuple(dict.fromkeys(codebook.find(code).id for code in scope.codes))
    for code in codes:
        if codebook.by_id[code].archived:
            raise InputError(
                f"'{codebook.by_id[code].name}' is archived. Restore it: autocode codes restore"
            )
        if not codebook.by_id[code].codable:
            raise InputError(f"'{codebook.by_id[code].name}' heads other codes; it is not applied.")
    return replace(scope, codes=codes)
