"""Theme drafts for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.theme import Theme, ThemeDraft
    from ..core.transcript import Segment
    from ..themes.update import Update


def as_dict(draft: ThemeDraft) -> dict[str, Any]:
    """A theme draft for JSON."""
    return {
        "parameters": draft.parameters,
        "themes": [_theme(theme) for theme in draft.themes],
        "unassigned": [
            _segment(n.segment) | {"reason": n.reason, "nearest": n.nearest, "later": n.later}
            for n in draft.unassigned
        ],
    }


def update_as_dict(update: Update) -> dict[str, Any]:
    """What came to a theme draft, and the draft, for JSON."""
    return {
        "update": {
            "n_added": update.n_added,
            "gains": [asdict(gain) for gain in update.gains],
            "new_themes": list(update.new_themes),
            "unassigned": dict(update.unassigned),
        }
    } | as_dict(update.draft)


def _theme(theme: Theme) -> dict[str, Any]:
    return {
        "theme": theme.key,
        "name": theme.name,
        "terms": list(theme.terms),
        "n_segments": theme.n_segments,
        "n_participants": len(theme.participants),
        "participants": list(theme.participants),
        "n_transcripts": len(theme.transcripts),
        "n_assigned": theme.n_assigned,
        "n_later": theme.n_later,
        "cautions": list(theme.cautions),
        "guidance": theme.guidance and asdict(theme.guidance),
        "stability": theme.stability and asdict(theme.stability),
        "contrast": theme.contrast and asdict(theme.contrast),
        "sub_themes": [asdict(part) for part in theme.parts],
        "near_codes": [{"code": code, "cosine": cosine} for code, cosine in theme.near],
        "exemplars": [_segment(m.segment) for m in theme.exemplars],
        "edge_cases": [_segment(m.segment) for m in theme.edges],
        "members": [
            _segment(m.segment)
            | {"strength": m.strength, "sub_theme": m.part, "reason": m.reason, "later": m.later}
            for m in theme.members
        ],
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "transcript": segment.transcript,
        "start": segment.span.start,
        "end": segment.span.end,
        "participant": segment.participant,
        "excerpt": segment.excerpt,
    }
