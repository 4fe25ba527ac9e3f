"""Suggesting codes from a study file and keeping the suggestions in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .. import pipeline
from ..core.acts import NewAct
from ..core.errors import InputError
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..store.codebook import codebook as read_codebook
from ..store.file import Connection, StudyFile
from ..store.suggestions import replace_suggestions
from ..suggest.protocol import Scorer, Suggester
from .hand_coding import check_coder
from .reader import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestOptions:
    """How to suggest: codes per segment, by which method, for which codes, segments and coder."""

    top: int = 3
    suggester: Suggester | Scorer | None = None
    include_interviewer: bool = False
    scope: SuggestionScope = field(default_factory=SuggestionScope)


def suggest(study: StudyFile, tools: pipeline.Tools, options: SuggestOptions) -> list[Suggestion]:
    """Suggest codes and keep the suggestions; see `Project.suggest`."""
    if options.top < 1:
        raise InputError(f"At least one suggestion a segment is needed, not {options.top}.")
    stored: list[Suggestion] = []

    def read(connection: Connection) -> tuple[pipeline.Study, SuggestionScope]:
        scope = _settle_scope(connection, options.scope)
        return Snapshot(study.path, connection).in_memory(), scope

    def compute(base: tuple[pipeline.Study, SuggestionScope]) -> tuple[list[Suggestion], Run]:
        in_memory, scope = base
        return pipeline.suggest(
            in_memory,
            tools,
            top=options.top,
            suggester=options.suggester,
            include_interviewer=options.include_interviewer,
            scope=scope,
        )

    def keep(connection: Connection, _: object, made: tuple[list[Suggestion], Run]) -> None:
        stored[:] = replace_suggestions(connection, made[1], made[0])

    study.recompute(
        NewAct(kind="suggest", summary=_summarise(options.scope)),
        read=read,
        compute=compute,
        keep=keep,
    )
    return stored


def _summarise(scope: SuggestionScope) -> str:
    summary = "codes suggested" if not scope.codes else f"{', '.join(scope.codes)} suggested"
    return summary if scope.coder is None else f"{summary} for {scope.coder}"


def _settle_scope(connection: Connection, scope: SuggestionScope) -> SuggestionScope:
    """The scope with its codes by id; raises where a code or a coder's name cannot be meant."""
    if scope.coder is not None:
        check_coder(connection, scope.coder)
    codebook = read_codebook(connection)
    codes = tuple(dict.fromkeys(codebook.find(code).id for code in scope.codes))
    for code in codes:
        if codebook.by_id[code].archived:
            raise InputError(
                f"'{codebook.by_id[code].name}' is archived. Restore it: autocode codes restore"
            )
        if not codebook.by_id[code].codable:
            raise InputError(f"'{codebook.by_id[code].name}' heads other codes; it is not applied.")
    return replace(scope, codes=codes)
