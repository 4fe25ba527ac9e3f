"""The places at which two coders differ or agree, with what a person needs to settle them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..agreement.resampling.intervals import Resampling
from ..core.coding import Coding, Resolution
from ..core.transcript import Span, Transcript
from ..pipeline import AgreementOptions
from ..project.agreed import find_agreed
from ..project.reader import Snapshot
from .suggestion_traces import SuggestionTraces, trace_suggestions

Pair = tuple[str, str]
_AROUND = 600
"""Characters around a place that are shown at most, for its ends to be moved."""


def list_differences(
    study: Snapshot, transcript: Transcript, pair: Pair, *, shows_alpha: bool
) -> list[dict[str, Any]]:
    """A row for each code that one coder gave a unit and the other, who has read it, did not.

    Units that one coding covers, one after the other, are one place. `shows_alpha` says whether a
    code's alpha, which rests on other transcripts too, goes with it.
    """
    options = AgreementOptions(coders=pair, resampling=Resampling(n_resamples=0))
    agreement = study.keep(("differences", *pair), lambda: study.agree(options=options))
    alphas = {c.code: c.coefficients["krippendorff_alpha"].value for c in agreement.per_code}
    traces = trace_suggestions(study, transcript.name, pair)
    places: dict[tuple[object, ...], dict[str, Any]] = {}
    for unit in agreement.disagreements:
        span = unit.unit.span
        if unit.transcript != transcript.name or span is None:
            continue
        given = [set(unit.applied.get(coder, ())) for coder in pair]
        for code in sorted(given[0] ^ given[1]):
            marks = [_find_codings(study, transcript, c, code, span) for c in pair]
            key = (code, *(c.span for c in (*marks[0], *marks[1])))
            whole = span
            if key in places:
                start, end = places[key]["start"], places[key]["end"]
                whole = Span(min(start, span.start), max(end, span.end))
            places[key] = _describe_place(study, transcript, whole, code, marks, traces) | {
                "alpha": alphas.get(code) if shows_alpha else None
            }
    return sorted(places.values(), key=lambda place: (place["start"], place["end"], place["code"]))


def list_agreed(study: Snapshot, transcript: Transcript, pair: Pair) -> list[dict[str, Any]]:
    """What both gave to words in common and is not settled; `differs` where their ends do."""
    return [
        {
            "code": place.code,
            "words": place.span.of(transcript.text),
            "position": transcript.locate(place.span),
            "differs": len(place.spans) > 1,
        }
        for place in find_agreed(study, transcript.name, *pair).places
    ]


def _find_codings(
    study: Snapshot, transcript: Transcript, coder: str, code: str, span: Span
) -> list[Coding]:
    codings = study.codings(transcript=transcript.name)
    return [c for c in codings if (c.coder, c.code) == (coder, code) and c.span.overlap(span)]


def _describe_place(
    study: Snapshot,
    transcript: Transcript,
    span: Span,
    code: str,
    marks: list[list[Coding]],
    traces: SuggestionTraces,
) -> dict[str, Any]:
    shown = _widen(transcript, [span, *(coding.span for codings in marks for coding in codings)])
    settled = [
        made
        for made in study.resolutions()
        if (made.transcript, made.code) == (transcript.name, code) and made.span.overlap(span)
    ]
    return {
        "start": span.start,
        "end": span.end,
        "quote": span.of(transcript.text),
        "shown": shown.start,
        "words": shown.of(transcript.text),
        "position": transcript.locate(span),
        "code": code,
        "readings": [
            [{"start": c.span.start, "end": c.span.end, "memo": c.memo} for c in codings]
            for codings in marks
        ],
        "suggested": [
            traces.describe(side, code, span, codings) for side, codings in enumerate(marks)
        ],
        "settled": _describe_settled(study, settled[-1]) if settled else None,
    }


def _describe_settled(study: Snapshot, made: Resolution) -> dict[str, Any]:
    """What was settled, with the words that the consensus has of the code there."""
    there = [
        [coding.span.start, coding.span.end]
        for coding in study.codings(transcript=made.transcript)
        if (coding.coder, coding.code) == (made.consensus, made.code)
        and coding.span.overlap(made.span)
    ]
    return {**made.summarise(), "spans": there}


def _widen(transcript: Transcript, spans: Sequence[Span]) -> Span:
    """The spans with the rest of the turns they stand in, so that ends can be moved outwards."""
    inner = Span(min(span.start for span in spans), max(span.end for span in spans))
    turns = [turn.span for turn in transcript.turns if turn.span.overlap(inner)]
    start = min([inner.start, *(turn.start for turn in turns)])
    end = max([inner.end, *(turn.end for turn in turns)])
    return Span(
        max(start, inner.start - _AROUND, 0),
        min(end, inner.end + _AROUND, len(transcript.text)),
    )
