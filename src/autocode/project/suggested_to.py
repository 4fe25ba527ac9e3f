"""Which suggestions a coder may see: as their passes allow, the newest that were made for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.coding_pass import CodingPass
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import LearnFrom, SuggestionScope
from ..core.transcript import Span
from .pass_assistance import FROM_LEAST, find_limit
from .reader import StudyReader
from .showing import read_showing

_NOTHING_YET = (
    "Nothing is suggested for you yet: that takes transcripts, a codebook, and 'Suggest anew'."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedTo:
    """What a coder may see of the suggestions: those that are open, by transcript, span and rank.

    `run` made the newest of them; None where nothing may be shown, and `reason` says why.
    `withheld` are segments (transcript, span) whose suggestions are not shown, or not yet.
    """

    suggestions: tuple[Suggestion, ...] = ()
    run: Run | None = None
    reason: str = ""
    withheld: tuple[tuple[str, Span], ...] = ()


def read_suggested(study: StudyReader, coder: str, *, transcript: str | None = None) -> SuggestedTo:
    """The open suggestions that a coder may see, of one transcript or all.

    In a pass they are learned from no more than it allows, in a blind one made for this coder
    alone; there are none in passes without assistance, and none in finished ones.
    """
    own = [one for one in study.coding_passes() if one.coder == coder]
    closed = {one.transcript for one in own if one.is_locked or one.assistance == "none"}
    run = read_run(study, coder)
    if run is None:
        return SuggestedTo(reason=_NOTHING_YET)
    if own and closed >= set(study.transcript_numbers()):
        return SuggestedTo(reason="Your passes are finished, or are coded without suggestions.")
    if transcript in closed:
        return SuggestedTo(reason="This pass is finished, or is coded without suggestions.")
    whom = SuggestionScope.from_parameters(run.parameters).coder
    shown = study.suggestions(coder=whom, transcript=transcript)
    shown = [one for one in shown if one.transcript not in closed]
    showing = read_showing(study, coder)
    answered = _own_spans(study, coder) if showing.own_code_first else {}

    def is_withheld(one: Suggestion) -> bool:
        if showing.is_unassisted(coder, one.transcript, one.span):
            return True
        own = answered.get(one.transcript, ())
        return showing.own_code_first and not any(one.span.overlap(span) for span in own)

    return SuggestedTo(
        suggestions=tuple(one for one in shown if not is_withheld(one)),
        run=run,
        withheld=tuple(
            dict.fromkeys((one.transcript, one.span) for one in shown if is_withheld(one))
        ),
    )


def read_run(study: StudyReader, coder: str) -> Run | None:
    """The run that made the newest of what a coder may see, None where there is none."""
    own = [one for one in study.coding_passes() if one.coder == coder]
    return _choose_run(study, coder, [one for one in own if one.is_hidden or not one.is_locked])


def read_answered(
    study: StudyReader, coder: str, transcript: str, span: Span
) -> tuple[Suggestion, ...]:
    """What was suggested for a segment, to be seen after the coder's own answer there."""
    shown = read_suggested(study, coder, transcript=transcript)
    showing = read_showing(study, coder)
    if shown.run is None or not showing.own_code_first:
        return ()
    if showing.is_unassisted(coder, transcript, span):
        return ()
    own = _own_spans(study, coder).get(transcript, ())
    if not any(span.overlap(other) for other in own):
        return ()
    whom = SuggestionScope.from_parameters(shown.run.parameters).coder
    every = study.suggestions(status="all", coder=whom, transcript=transcript)
    return tuple(one for one in every if one.span == span)


def _own_spans(study: StudyReader, coder: str) -> dict[str, list[Span]]:
    """The words that a coder has coded or read, by transcript."""
    spans: dict[str, list[Span]] = {}
    for name in study.transcript_numbers():
        codings = [c for c in study.codings(transcript=name) if c.coder == coder]
        readings = study.readings(transcript=name)
        spans[name] = [coding.span for coding in codings]
        spans[name] += [reading.span for reading in readings if reading.coder == coder]
    return spans


def may_see(study: StudyReader, coder: str, suggestion: Suggestion) -> bool:
    """Whether a coder may see this suggestion, decided or not."""
    shown = read_suggested(study, coder, transcript=suggestion.transcript)
    if shown.run is None:
        return False
    whom = SuggestionScope.from_parameters(shown.run.parameters).coder
    if (suggestion.transcript, suggestion.span) in shown.withheld:
        return False
    showing = read_showing(study, coder)
    if showing.is_unassisted(coder, suggestion.transcript, suggestion.span):
        return False
    every = study.suggestions(status="all", coder=whom, transcript=suggestion.transcript)
    return suggestion.number in {one.number for one in every}


def scope_for(study: StudyReader, coder: str) -> SuggestionScope:
    """For whom codes are suggested anew where this coder asks: as the passes say, else all."""
    own = [
        p for p in study.coding_passes() if p.coder == coder and (p.is_hidden or not p.is_locked)
    ]
    if not own:
        return SuggestionScope()
    return SuggestionScope(coder=coder, learn_from=find_limit(own))


def is_blind(study: StudyReader, coder: str) -> bool:
    """Whether the coder has a blind pass that is not revealed yet."""
    return any(one.is_hidden for one in study.coding_passes() if one.coder == coder)


def may_learn(study: StudyReader, coder: str, run: Run) -> bool:
    """Whether the coder's passes allow what a run for this coder learned from."""
    return _learns_at_most(run, scope_for(study, coder).learned_from)


def _choose_run(study: StudyReader, coder: str, own: Sequence[CodingPass]) -> Run | None:
    """The newest run for everybody or for this coder, of those that the passes allow."""
    limit: LearnFrom = find_limit(own) if own else "all"
    is_blind = any(one.is_hidden for one in own)
    allowed = []
    for run in study.newest_suggest_runs():
        whom = SuggestionScope.from_parameters(run.parameters).coder
        if whom not in (None, coder) or (is_blind and whom is None):
            continue
        if all(_learns_at_most(one, limit) for one in study.suggest_runs(whom)):
            allowed.append(run)
    return allowed[-1] if allowed else None


def _learns_at_most(run: Run, limit: LearnFrom) -> bool:
    learned = SuggestionScope.from_parameters(run.parameters).learned_from
    return FROM_LEAST.index(learned) <= FROM_LEAST.index(limit)
