"""Draft themes in words: reasons, cautions, guidance; shared by the terminal, report and export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.counted import say_count
from ..core.theme import Caution, Guidance, Theme, ThemeDraft, UnassignedReason
from ..core.theme_diagnostics import (
    FEWEST_CLEAR,
    FEWEST_CODES,
    FEWEST_SEGMENTS,
    DraftStability,
    GuidingOutcome,
    MetricDiagnostics,
    PartitionDiagnostics,
)
from ..core.transcript import Segment

_REASONS: Mapping[UnassignedReason, str] = {
    UnassignedReason.TOO_SHORT: "too short (no content word)",
    UnassignedReason.NEAR_TWO_THEMES: "near two themes",
    UnassignedReason.OUTLIER: "an outlier (unlike any theme)",
    UnassignedReason.DROPPED: "in a theme that a person dropped",
    UnassignedReason.LEFT_BY_SPLIT: "in no sub-theme of a theme that was split",
    UnassignedReason.TAKEN_OUT: "taken out of its theme by a person",
}


def describe_reason(reason: UnassignedReason | None) -> str:
    """Why a segment is, or was, in no theme; empty for no reason."""
    return "" if reason is None else _REASONS[reason]


def describe_cautions(theme: Theme) -> list[str]:
    """What a reader should know before relying on a theme, a phrase each."""
    return [_describe_caution(caution, theme) for caution in theme.cautions]


def _describe_caution(caution: Caution, theme: Theme) -> str:
    match caution:
        case Caution.ONE_PARTICIPANT:
            return f"rests on one participant ({theme.participants[0]})"
        case Caution.ONE_TRANSCRIPT:
            return f"occurs in one transcript ({theme.transcripts[0]})"
        case Caution.UNSTABLE:
            return "unstable"
        case Caution.UNSTABLE_WITHOUT_PARTICIPANT:
            return f"unstable without {theme.stability.participant if theme.stability else ''}"
        case Caution.DEPENDS_ON_SINGLE_PHRASES:
            return "depends on single phrases"


def describe_additions(theme: Theme) -> str:
    """What the name, terms and figures of a theme leave out; empty where nothing came later."""
    if not theme.n_later:
        return ""
    of = say_count(theme.n_segments, "segment")
    verb = "was" if theme.n_later == 1 else "were"
    return f"as first drafted; {theme.n_later} of its {of} {verb} added later"


def describe_count(partition: PartitionDiagnostics) -> str:
    """Why so many themes, and whether they are tighter than noise; empty for a number asked for."""
    n_themes, gap, error = partition.n_themes_asked, partition.gap, partition.gap_error
    if gap is None or error is None:
        return ""
    figures = f"gap statistic {gap:.2f}, standard error {error:.2f}"
    if partition.n_themes_source == "gap":
        return f"Number of themes: {n_themes}, which stands out from the data ({figures})."
    words = (
        f"Number of themes: {n_themes}, by the number of segments; "
        "no number stands out from the data."
    )
    if partition.is_tighter_than_noise:
        return f"{words} Groups are tighter than groups of noise ({figures})."
    return f"{words} Groups are no tighter than groups of noise ({figures})."


def describe_metric(metric: MetricDiagnostics | None) -> str:
    """What of the codings the grouping learned from; empty where it was not to learn."""
    if metric is None:
        return ""
    coded = (
        f"{say_count(metric.n_segments, 'coded segment')} with "
        f"{say_count(metric.n_codes, 'code')} given twice or more"
        if metric.n_codes > 1
        else "hardly any code was given twice"
    )
    if metric.is_used:
        return (
            f"Learned from {coded}: what people code alike counts as closer "
            "(within-class covariance normalisation)."
        )
    return (
        f"Codings were not learned from: {coded}, and it takes {FEWEST_CODES} such codes and "
        f"{FEWEST_SEGMENTS} segments more than codes."
    )


def describe_noise(stability: DraftStability) -> str:
    """The stability of all themes beside that of themes of noise; empty where none was drawn."""
    if stability.null_ari is None or stability.null_jaccard is None or stability.jaccard is None:
        return ""
    ari = stability.null_ari
    words = (
        f"Themes of noise (Gaussian rows with the covariance of the segments' vectors; "
        f"{stability.n_null} draws): adjusted Rand index {ari.mean:.2f} "
        f"[{ari.low:.2f}, {ari.high:.2f}], mean Jaccard {stability.null_jaccard.mean:.2f} where "
        f"these themes have {stability.jaccard.mean:.2f}."
    )
    if stability.is_steadier_than_noise is None:
        return words
    if stability.is_steadier_than_noise:
        return f"{words} These themes are steadier than themes of noise."
    return (
        f"{words} These themes are no steadier than themes of noise: use them to sort what you "
        "read, not as a structure of the data."
    )


def describe_phrase_stability(guidance: Guidance) -> str:
    """How far a guided theme depends on each of its phrases."""
    stability = guidance.stability
    if stability is None:
        single = len(guidance.phrases) == 1
        return "guided by one phrase; not measured" if single else "not measured"
    return (
        f"leaving out one phrase at a time: mean Jaccard {stability.jaccard:.2f}, "
        f"lowest {stability.lowest:.2f} without '{stability.phrase}'"
    )


def describe_unmatched(outcomes: Iterable[GuidingOutcome]) -> list[str]:
    """Why guiding phrases of a draft have no theme, a sentence for each that has none."""
    return [_describe_unmatched(outcome) for outcome in outcomes if outcome.theme is None]


def describe_outcome(outcome: GuidingOutcome) -> str:
    """What came of guiding phrases."""
    if outcome.theme is None:
        return _describe_unmatched(outcome)
    return f"'{outcome.name}': theme {outcome.theme} (clear from cosine {outcome.clear_from:.2f})"


def _describe_unmatched(outcome: GuidingOutcome) -> str:
    if not outcome.n_clear:
        return (
            f"'{outcome.name}': not found by likeness (nearest cosine {outcome.nearest:.2f}, clear "
            f"from {outcome.clear_from:.2f}). People may speak of it in other words: read the "
            "nearest segments, or ask with other phrases."
        )
    if outcome.n_clear < FEWEST_CLEAR:
        return (
            f"'{outcome.name}': one segment (copies count once) found by likeness, too few for a "
            "theme. People may speak of it in other words: read the nearest segments."
        )
    return f"what matches '{outcome.name}' matches another guided theme as clearly; join the two"


@dataclass(frozen=True, slots=True)
class NearExcerpt:
    """A segment near guiding phrases, with its cosine and whether that is clear."""

    segment: Segment
    cosine: float
    is_clear: bool


def list_nearest(draft: ThemeDraft, outcome: GuidingOutcome) -> list[NearExcerpt]:
    """The segments nearest the phrases of a guided theme, nearest first, if still in the draft."""
    known = {(s.transcript, s.span.start): s for s in draft.segments}
    return [
        NearExcerpt(
            known[near.transcript, near.start], near.cosine, near.cosine >= outcome.clear_from
        )
        for near in outcome.nearest_segments
        if (near.transcript, near.start) in known
    ]
