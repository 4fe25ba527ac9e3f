"""Draft themes as a reader sees them: charts, tables, and each theme in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..agreement.reporting.methods_text import format_count
from ..analysis.cooccurrence import relations
from ..analysis.cross_tabs import CrossTable
from ..core.codebook import Codebook
from ..core.theme import Contrast, Member, Theme, ThemeDraft, Unassigned
from ..themes.wording import (
    describe_additions,
    describe_cautions,
    describe_outcome,
    describe_phrase_stability,
    describe_reason,
    list_nearest,
)
from .attribute_table import RowHead, render_attribute_tables
from .charts import excerpt_map, theme_map
from .charts.dendrogram import draw_dendrogram
from .methods_view import AgreementWithDraws, DraftFacts, read_draft_facts

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A segment's words, and who said them where, with what else is to be said of it."""

    words: str
    source: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NearCode:
    """A code whose words a theme is near; `cosine` as shown."""

    name: str
    cosine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """One theme, in words; `notes` are sentences about how it was made."""

    key: str
    name: str
    notes: tuple[str, ...]
    support: str
    cautions: tuple[str, ...]
    terms: str
    near: tuple[NearCode, ...]
    stability: str
    contrast: Contrast | None
    parts: str
    exemplars: tuple[QuoteView, ...]
    edges: tuple[QuoteView, ...]
    members: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class UnassignedView:
    """A segment in no theme, and why."""

    quote: QuoteView
    reason: str


@dataclass(frozen=True, slots=True)
class GuidingView:
    """What came of guiding phrases, in a sentence, and the segments nearest to them."""

    remark: str
    nearest: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemesView:
    """The section about draft themes; charts and tables are HTML, empty where there is nothing."""

    summary: tuple[str, ...]
    map: str
    dendrogram: str
    excerpt_map: str
    attribute_tables: str
    saturation: str
    has_additions: bool
    has_part_names: bool
    has_hues_again: bool
    guiding: tuple[GuidingView, ...]
    themes: tuple[ThemeView, ...]
    unassigned: tuple[UnassignedView, ...]


def view_themes(
    draft: ThemeDraft,
    codebook: Codebook,
    colours: Mapping[str, str],
    *,
    tables: Sequence[CrossTable] = (),
    saturation: str = "",
    languages: Mapping[str, str | None] = MappingProxyType({}),
    counted: str = "participants",
) -> ThemesView:
    """A draft ready to show.

    Args:
        draft: the draft.
        codebook: the names of the codes that themes are near.
        colours: of the codes, by id.
        tables: the draft's themes by attributes of participants, rows in the themes' order.
        saturation: the chart of themes seen with each transcript, if there is one.
        languages: of the transcripts, by name.
        counted: names the participants: "participants", or "papers".
    """
    facts, themes = read_draft_facts(draft), draft.themes
    heads = [RowHead(f"{theme.key} {theme.name}", link=theme.key) for theme in themes]
    return ThemesView(
        summary=tuple(_summarise(draft, facts)),
        map=theme_map.draw_theme_map(themes, relations(themes), codebook, colours),
        dendrogram=draw_dendrogram(themes, facts.merges),
        excerpt_map=excerpt_map.draw_excerpt_map(themes, excerpt_map.list_dots(draft)),
        attribute_tables=render_attribute_tables("Theme", heads, tables),
        saturation=saturation,
        has_additions=facts.n_added > 0,
        has_part_names=len(themes) <= theme_map.FEW,
        has_hues_again=len(themes) > excerpt_map.MANY,
        guiding=_view_guiding(draft, languages),
        themes=tuple(
            _view_theme(theme, codebook, facts, languages, counted=counted) for theme in themes
        ),
        unassigned=tuple(_view_unassigned(left, languages) for left in draft.unassigned),
    )


def _summarise(draft: ThemeDraft, facts: DraftFacts) -> list[str]:
    """The sentences above the charts."""
    n_left = len(draft.unassigned)
    reasons = Counter(describe_reason(left.reason) for left in draft.unassigned)
    why = "; ".join(f"{reason}: {n}" for reason, n in reasons.most_common())
    verb = "is" if n_left == 1 else "are"
    sentences = [
        f"{format_count(len(draft.themes), 'group')} of segments that have neither a coding nor a "
        "likely suggestion.",
        "They are drafts, named by their own words: name, merge or drop them.",
        f"{format_count(n_left, 'segment')} {verb} unassigned" + (f" ({why})." if why else "."),
    ]
    if draft.n_assigned:
        verb = "was" if draft.n_assigned == 1 else "were"
        sentences.append(
            f"{format_count(draft.n_assigned, 'more segment')} {verb} unassigned in the draft "
            "and assigned to the nearest theme on request."
        )
    sentences += draft.diagnostics.remarks
    if facts.metric:
        sentences.append(facts.metric)
    if facts.count:
        sentences.append(facts.count)
    if facts.bootstrap is not None:
        sentences.append(_describe_stability(facts.bootstrap, facts.left_out))
    if facts.noise:
        sentences.append(facts.noise)
    if facts.n_added:
        verb = "was" if facts.n_added == 1 else "were"
        new = f", some of them to new themes ({', '.join(facts.late_themes)})"
        sentences.append(
            f"{format_count(facts.n_added, 'segment')} {verb} added after the first draft and "
            f"assigned where possible{new if facts.late_themes else ''}; measures of stability "
            "do not include them."
        )
    return sentences


def _describe_stability(bootstrap: AgreementWithDraws, left_out: AgreementWithDraws | None) -> str:
    words = (
        f"Stability, as the mean adjusted Rand index with themes drafted again: "
        f"{_format_draws(bootstrap)} from {bootstrap.n_draws} bootstrap draws of segments"
    )
    if left_out is None:
        return f"{words}."
    n = format_count(left_out.n_draws, "draft")
    return f"{words}, {_format_draws(left_out)} without one participant ({n})."


def _format_draws(draws: AgreementWithDraws) -> str:
    return f"{draws.mean:.2f} [{draws.low:.2f}, {draws.high:.2f}]"


def _view_theme(
    theme: Theme,
    codebook: Codebook,
    facts: DraftFacts,
    languages: Mapping[str, str | None],
    *,
    counted: str,
) -> ThemeView:
    return ThemeView(
        key=theme.key,
        name=theme.name,
        notes=tuple(_list_notes(theme, facts)),
        support=_describe_support(theme, counted),
        cautions=tuple(describe_cautions(theme)),
        terms=", ".join(theme.terms),
        near=tuple(
            NearCode(codebook.by_id[code].name, f"{cosine:.2f}")
            for code, cosine in theme.near
            if code in codebook
        ),
        stability=_describe_recovery(theme),
        contrast=theme.contrast,
        parts=_describe_parts(theme),
        exemplars=tuple(_view_member(member, languages) for member in theme.exemplars),
        edges=tuple(_view_member(m, languages, has_strength=True) for m in theme.edges),
        members=tuple(_view_member(m, languages, has_strength=True) for m in theme.members),
    )


def _list_notes(theme: Theme, facts: DraftFacts) -> list[str]:
    notes = []
    if theme.guidance:
        phrases = "; ".join(theme.guidance.phrases)
        notes.append(f"Guided by: {phrases} ({describe_phrase_stability(theme.guidance)}).")
    if theme.n_later:
        notes.append(f"Name, words and figures are {describe_additions(theme)}.")
    elif theme.key in facts.late_themes:
        notes.append("Drafted in an update, of segments that were unassigned before.")
    return notes


def _describe_support(theme: Theme, counted: str) -> str:
    named = ", ".join(theme.participants[:_MOST_NAMED])
    if len(theme.participants) > _MOST_NAMED:
        named += ", …"
    words = (
        f"{format_count(theme.n_segments, 'segment')}, "
        f"{format_count(len(theme.participants), counted.removesuffix('s'))} ({named}), "
        f"{format_count(len(theme.transcripts), 'transcript')}"
    )
    return f"{words}; {theme.n_assigned} assigned on request" if theme.n_assigned else words


def _describe_recovery(theme: Theme) -> str:
    stability = theme.stability
    if stability is None:
        return ""
    interval = f"[{stability.low:.2f}, {stability.high:.2f}]"
    words = f"Stability (Jaccard): {stability.jaccard:.2f} {interval}"
    if stability.left_out is not None:
        words += f", {stability.left_out:.2f} without {stability.participant}"
    return f"{words}."


def _describe_parts(theme: Theme) -> str:
    counts = Counter(member.part for member in theme.members)
    return "; ".join(f"{part.key} {part.name} ({counts[part.key]})" for part in theme.parts)


def _view_guiding(
    draft: ThemeDraft, languages: Mapping[str, str | None]
) -> tuple[GuidingView, ...]:
    """The guiding phrases of a draft; none after an update, of which they say nothing."""
    if draft.diagnostics.updates:
        return ()
    return tuple(
        GuidingView(
            describe_outcome(outcome),
            tuple(
                QuoteView(
                    near.segment.excerpt,
                    f"{near.segment.participant}, cosine {near.cosine:.2f}",
                    languages.get(near.segment.transcript),
                )
                for near in list_nearest(draft, outcome)
            ),
        )
        for outcome in draft.diagnostics.guiding
    )


def _view_member(
    member: Member, languages: Mapping[str, str | None], *, has_strength: bool = False
) -> QuoteView:
    segment = member.segment
    source = [segment.participant, segment.transcript]
    if has_strength:
        source.append(
            f"strength {member.strength:.2f}"
            if member.reason is None
            else f"assigned on request: {describe_reason(member.reason)}"
        )
    if has_strength and member.later:
        source.append("added later")
    return QuoteView(segment.excerpt, ", ".join(source), languages.get(segment.transcript))


def _view_unassigned(left: Unassigned, languages: Mapping[str, str | None]) -> UnassignedView:
    segment = left.segment
    source = f"{segment.participant}{', added later' if left.later else ''}"
    quote = QuoteView(segment.excerpt, source, languages.get(segment.transcript))
    return UnassignedView(quote, describe_reason(left.reason))
