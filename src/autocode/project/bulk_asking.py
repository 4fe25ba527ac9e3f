"""What a suggester is asked for the rows of a corpus: a study's codings, and its segments."""

from __future__ import annotations

from .. import pipeline
from ..bulk.suggest_codes import BulkCodes
from ..core.suggestion_scope import SuggestionScope
from ..pipeline.study import codable
from ..pipeline.suggesting import ask


def ask_for_rows(study: pipeline.Study, tools: pipeline.Tools, *, top: int = 3) -> BulkCodes:
    """What `draft_corpus` suggests codes from: all that people have coded in a study.

    Raises:
        NothingToDo: if the codebook has no codes.
    """
    if not codable(study.segments):
        return BulkCodes(codebook=study.codebook, top=top)
    asked = ask(study, tools, SuggestionScope(), include_interviewer=False)
    return BulkCodes(codebook=study.codebook, task=asked.task, top=top)
