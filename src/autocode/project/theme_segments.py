"""People's word on single segments of draft themes: moved to another theme, or coded as it says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..core.acts import NewAct
from ..core.arguments import checked
from ..core.coding import Coding, ThemeDecision
from ..core.errors import InputError, NotFound
from ..core.theme import Member, Theme, ThemeDraft, Unassigned, UnassignedReason
from ..core.transcript import Span
from ..store import themes as stored
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.codings import add_codings
from ..store.file import StudyFile
from .code_names import name_code


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMove:
    """A segment of the draft, by transcript and any span that overlaps it most, and where it goes.

    `to` is the key of a theme; None takes the segment out of its theme.
    """

    transcript: str
    span: Span
    to: str | None
    coder: str


def move_segment(study: StudyFile, move: SegmentMove) -> ThemeDraft:
    """Put one segment of the draft into another theme, or in none; the decision is kept.

    The names, terms and stability of both themes stay those of the draft.

    Raises:
        NothingToDo: if no themes have been drafted.
        NotFound: if there is no such theme, or no segment of the draft there.
        InputError: if the segment is there already, or nobody is named.
    """
    if not move.coder.strip():
        raise InputError("Nobody is named as the one who decides. Give a coder.")
    new = NewAct(
        kind="move-segment",
        summary=f"segment moved to {move.to or 'no theme'}",
        coder=move.coder,
        drafts=True,
    )
    with study.writing(new) as connection:
        draft, run = stored.last_draft(connection)
        themes = {theme.key: theme for theme in draft.themes}
        if move.to is not None and move.to not in themes:
            raise NotFound.among("draft theme", move.to, themes)
        origin, item = _find_segment(draft, move)
        if origin == move.to:
            raise InputError(f"That segment is in {move.to or 'no theme'} already.")
        changed = _move(draft, item, origin, move.to)
        stored.change_themes(connection, run, changed)
        span = item.segment.span
        stored.add_decision(
            connection,
            ThemeDecision(
                action="move",
                themes=tuple(key for key in (origin, move.to) if key is not None),
                coder=move.coder,
                names=tuple(themes[k].name for k in (origin, move.to) if k is not None),
                memo=f"{item.segment.transcript}, characters {span.start} to {span.end}"
                + ("" if move.to else ", taken out"),
                made_at=now(),
            ),
        )
    return changed


def code_theme(study: StudyFile, theme: str, *, code: str, coder: str) -> list[Coding]:
    """Code every segment of a draft theme with a code of the study, as `coder`'s own work.

    Show them to the coder first. Returns the codings, those that were there already included.

    Raises:
        NothingToDo: if no themes have been drafted.
        NotFound: if there is no such theme or code.
        InputError: if nobody is named.
    """
    if not coder.strip():
        raise InputError("Nobody is named as the one who codes. Give a coder.")
    summary = f"segments of {theme} coded with {name_code(study, code)}"
    new = NewAct(kind="code", summary=summary, coder=coder)
    with study.writing(new) as connection:
        draft, _ = stored.last_draft(connection)
        chosen = find_theme(draft, theme)
        code_id = read_codebook(connection).find(code).id
        codings = [
            Coding(
                transcript=member.segment.transcript,
                span=member.segment.span,
                code=code_id,
                coder=coder.strip(),
                made_at=now(),
                basis="person",
                memo=f"from draft theme {chosen.key}",
            )
            for member in chosen.members
        ]
        add_codings(connection, codings)
    return codings


def find_theme(draft: ThemeDraft, key: str) -> Theme:
    """The theme of this key; raises NotFound."""
    themes = {theme.key: theme for theme in draft.themes}
    if key not in themes:
        raise NotFound.among("draft theme", key, themes)
    return themes[key]


def _find_segment(draft: ThemeDraft, move: SegmentMove) -> tuple[str | None, Member | Unassigned]:
    """The segment that shares most with the span, and the key of its theme."""
    items: list[tuple[str | None, Member | Unassigned]] = [
        (theme.key, member) for theme in draft.themes for member in theme.members
    ]
    items += [(None, left) for left in draft.unassigned]
    there = [item for item in items if item[1].segment.transcript == move.transcript]
    if not there:
        names = {item.segment.transcript for _, item in items}
        raise NotFound.among("transcript with segments in the draft", move.transcript, names)
    best = max(there, key=lambda item: item[1].segment.span.overlap(move.span))
    if not best[1].segment.span.overlap(move.span):
        raise NotFound(
            f"No segment of the draft stands at {move.span.start} to {move.span.end} of "
            f"'{move.transcript}'. The file themes.csv of 'autocode export' lists them all."
        )
    return best


def _move(
    draft: ThemeDraft, item: Member | Unassigned, origin: str | None, to: str | None
) -> ThemeDraft:
    segment = item.segment
    themes = []
    for theme in draft.themes:
        members = theme.members
        if theme.key == origin:
            members = tuple(m for m in members if m.segment != segment)
        if theme.key == to:
            moved = Member(
                segment=segment,
                strength=item.strength if isinstance(item, Member) else 0.0,
                later=item.later,
                position=item.position,
            )
            members = tuple(sorted([*members, moved], key=_place))
        themes.append(theme if members is theme.members else replace(theme, members=members))
    left = [one for one in draft.unassigned if one.segment != segment]
    if to is None:
        taken = Unassigned(
            segment=segment,
            reason=UnassignedReason.TAKEN_OUT,
            nearest=origin,
            later=item.later,
            position=item.position,
        )
        left = sorted([*left, taken], key=_place)
    return replace(draft, themes=tuple(themes), unassigned=tuple(left))


def _place(item: Member | Unassigned) -> tuple[str, int]:
    return item.segment.transcript, item.segment.span.start
