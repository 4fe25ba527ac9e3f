"""Whether a suggestion was shown to a coder at a place, as far as the study says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.coding import Coding, Decision
from ..core.coding_pass import CodingPass
from ..core.errors import NotFound
from ..core.showing import Showing
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Span
from ..project.reader import Snapshot
from ..project.showing import read_showing

_DECIDED = {
    "accept": "a suggestion of it was accepted",
    "reject": "a suggestion of it was rejected",
    "change": "a suggestion of it was changed to another code",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderTrace:
    """What a coder could see in a transcript; `made_at` is when the suggestions were made."""

    coder: str
    own_pass: CodingPass | None
    decisions: Sequence[Decision]
    suggestions: Sequence[Suggestion]
    made_at: str
    showing: Showing

    def describe(self, transcript: str, code: str, span: Span, codings: Sequence[Coding]) -> str:
        """Whether a code was suggested to the coder there, in words; "" where nothing ever was."""
        for one in self.decisions:
            if one.suggested == code and one.span.overlap(span):
                return _DECIDED[one.action]
        if self.own_pass is not None and self.own_pass.assistance == "none":
            return "no suggestions in this pass"
        if codings and all(coding.basis == "imported" for coding in codings):
            return "coded elsewhere and imported"
        return self._describe_seen(transcript, code, span, codings) if self.suggestions else ""

    def _describe_seen(
        self, transcript: str, code: str, span: Span, codings: Sequence[Coding]
    ) -> str:
        here = [one for one in self.suggestions if one.span.overlap(span)]
        if any(self.showing.is_unassisted(self.coder, transcript, one.span) for one in here):
            return "drawn to be without suggestions"
        if not any(one.code == code for one in here):
            return "not suggested"
        if codings and all(coding.made_at < self.made_at for coding in codings):
            return "suggested after it was coded"
        return "suggested after the own code" if self.showing.own_code_first else "suggested"


@dataclass(frozen=True, slots=True)
class SuggestionTraces:
    """What two coders could see in a transcript, in their order."""

    transcript: str
    traces: tuple[CoderTrace, ...]

    def describe(self, side: int, code: str, span: Span, codings: Sequence[Coding]) -> str:
        """Whether a code was suggested to one of the two at a place, in words."""
        return self.traces[side].describe(self.transcript, code, span, codings)


def trace_suggestions(study: Snapshot, transcript: str, coders: Sequence[str]) -> SuggestionTraces:
    """What these coders could see in a transcript."""
    return SuggestionTraces(transcript, tuple(_trace(study, transcript, coder) for coder in coders))


def _trace(study: Snapshot, transcript: str, coder: str) -> CoderTrace:
    own = [p for p in study.coding_passes() if (p.transcript, p.coder) == (transcript, coder)]
    suggestions, made_at = _find_suggestions(study, transcript, coder)
    return CoderTrace(
        coder=coder,
        own_pass=own[0] if own else None,
        decisions=[
            one for one in study.decisions() if (one.transcript, one.coder) == (transcript, coder)
        ],
        suggestions=suggestions,
        made_at=made_at,
        showing=read_showing(study, coder),
    )


def _find_suggestions(study: Snapshot, transcript: str, coder: str) -> tuple[list[Suggestion], str]:
    """Those for the coder, else for everybody, and when they were made."""
    made_at = {
        SuggestionScope.from_parameters(run.parameters).coder: run.made_at
        for run in study.newest_suggest_runs()
    }
    whom = coder if coder in made_at else None
    if whom not in made_at:
        return [], ""
    try:
        suggestions = study.suggestions(status="all", transcript=transcript, coder=whom)
    except NotFound:
        return [], ""
    return suggestions, made_at[whom]
