"""People's word on draft themes: made a code, merged, split, dropped or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.acts import Done, NewAct
from ..core.arguments import checked
from ..core.codebook import Code, Codebook, make_code_id
from ..core.coding import Coding, ThemeDecision
from ..core.errors import InputError, NotFound, StudyChanged
from ..core.theme import Guidance, Member, SubTheme, Theme, ThemeDraft, Unassigned, UnassignedReason
from ..core.transcript import Segment
from ..store import themes as stored
from ..store.clock import now
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.codings import add_codings
from ..store.file import Connection, StudyFile
from ..themes.exemplars import SentenceStyle

THEME_ACTIONS = ("code", "merge", "split", "drop", "rename")
_N_TERMS = 8


@checked
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOptions:
    """How a decision on draft themes is carried out.

    Sent twice with one `key` it is done once; with `dry_run` it is only tried. `coded` are segments
    of a theme that is made a code, which are coded with it.
    """

    key: str = ""
    dry_run: bool = False
    coded: tuple[Segment, ...] = ()


def decide_theme(
    study: StudyFile, decision: ThemeDecision, options: DecideOptions | None = None
) -> Done[ThemeDraft]:
    """Carry out a decision and keep it, as one act; the result is the draft as it is then.

    Raises:
        NothingToDo: if no themes have been drafted.
        NotFound: if a theme is not in the draft.
        InputError: if the action does not exist or does not fit the themes, or nobody is named.
        StudyChanged: if the decision says what the themes are called, and they are called otherwise
            by now, or a segment that is to be coded is in the theme no longer.
    """
    options = options or DecideOptions()
    new = NewAct(
        kind="decide-theme",
        summary=f"{decision.action} theme {', '.join(decision.names or decision.themes)}",
        coder=decision.coder,
        key=options.key,
        drafts=True,
    )

    def do(connection: Connection) -> ThemeDraft:
        draft, run = stored.last_draft(connection)
        chosen = _chosen(draft, decision)
        names = tuple(theme.name for theme in chosen)
        if decision.names and decision.names != names:
            raise StudyChanged(
                f"The draft themes are called {' and '.join(names)} by now. Look at them again."
            )
        if decision.action == "code":
            code = _code(chosen[0], decision, read_codebook(connection))
            put_codes(connection, [code])
            add_codings(connection, _make_codings(chosen[0], options.coded, code, decision))
        changed = _changed(draft, chosen, decision)
        stored.change_themes(connection, run, changed)
        stored.add_decision(connection, replace(decision, names=names, made_at=now()))
        return changed

    return study.act(new, do, dry_run=options.dry_run)


def _make_codings(
    theme: Theme, segments: Sequence[Segment], code: Code, decision: ThemeDecision
) -> list[Coding]:
    """Codings of segments of a theme with the code it is made."""
    inside = {(m.segment.transcript, m.segment.span) for m in theme.members}
    for segment in segments:
        if (segment.transcript, segment.span) not in inside:
            raise StudyChanged(
                f"A segment of {segment.transcript} is no longer in {theme.key}. Look at it again."
            )
    return [
        Coding(
            transcript=segment.transcript,
            span=segment.span,
            code=code.id,
            coder=decision.coder.strip(),
            made_at=now(),
            basis="person",
            memo=f"from draft theme {theme.key}",
        )
        for segment in segments
    ]


def _chosen(draft: ThemeDraft, decision: ThemeDecision) -> list[Theme]:
    if decision.action not in THEME_ACTIONS:
        raise InputError(f"No action '{decision.action}'. Choose: {', '.join(THEME_ACTIONS)}.")
    if not decision.coder.strip():
        raise InputError("Nobody is named as the one who decides. Give a coder.")
    known = {theme.key: theme for theme in draft.themes}
    for key in decision.themes:
        if key not in known:
            raise NotFound.among("draft theme", key, known)
    keys = list(dict.fromkeys(decision.themes))
    if decision.action == "rename" and not decision.name.strip():
        raise InputError("A theme needs a name that holds at least one letter. Give --name.")
    if decision.action == "merge" and len(keys) < 2:
        raise InputError("A merge needs two themes at least, as in T01,T04.")
    if decision.action != "merge" and len(keys) != 1:
        raise InputError(f"'{decision.action}' takes one theme, not {len(keys)}.")
    return [known[key] for key in keys]


def _changed(draft: ThemeDraft, chosen: Sequence[Theme], decision: ThemeDecision) -> ThemeDraft:
    if decision.action == "code":
        return draft
    if decision.action == "rename":
        return _with(draft, chosen, [replace(chosen[0], name=decision.name.strip())], [])
    if decision.action == "merge":
        merged = _merged(chosen, decision.name)
        return _with(draft, chosen, [merged], [])
    if decision.action == "split":
        parts, left = _split(chosen[0])
        return _with(draft, chosen, parts, left)
    dropped = chosen[0]
    left = [
        Unassigned(
            segment=m.segment,
            reason=UnassignedReason.DROPPED,
            nearest=dropped.key,
            later=m.later,
            position=m.position,
        )
        for m in dropped.members
    ]
    return _with(draft, chosen, [], left)


def _with(
    draft: ThemeDraft, gone: Sequence[Theme], new: Sequence[Theme], left: Sequence[Unassigned]
) -> ThemeDraft:
    """The draft with themes in the place of others; what pointed to those points on."""
    keys = {theme.key for theme in gone}
    onward = new[0].key if new else None
    themes: list[Theme] = []
    for theme in draft.themes:
        if theme.key == gone[0].key:
            themes += new
        elif theme.key not in keys:
            lost = theme.contrast is not None and theme.contrast.theme in keys
            themes.append(replace(theme, contrast=None) if lost else theme)
    pointed = [replace(n, nearest=onward) if n.nearest in keys else n for n in draft.unassigned]
    unassigned = sorted(
        [*pointed, *left], key=lambda n: (n.segment.transcript, n.segment.span.start)
    )
    return replace(draft, themes=tuple(themes), unassigned=tuple(unassigned))


def _merged(chosen: Sequence[Theme], name: str) -> Theme:
    """One theme with the others as its sub-themes; the first gives key, position and near codes.

    Its centroid is that of all members, those added later included.
    """
    first = chosen[0]
    parts = [
        SubTheme(f"{first.key}.{rank}", theme.name, theme.terms)
        for rank, theme in enumerate(chosen, start=1)
    ]
    members = [
        replace(
            m,
            part=part.key,
            exemplar=m.exemplar if theme is first else None,
            later=bool(m.reason) and m.later,
        )
        for theme, part in zip(chosen, parts, strict=True)
        for m in theme.members
    ]
    # One term of each in turn, so that none has the last word.
    longest = max(len(theme.terms) for theme in chosen)
    turns = [t.terms[at] for at in range(longest) for t in chosen if at < len(t.terms)]
    return replace(
        first,
        name=name or " + ".join(theme.name for theme in chosen),
        terms=tuple(dict.fromkeys(turns))[:_N_TERMS],
        members=_in_place(members),
        parts=tuple(parts),
        contrast=None,
        stability=None,
        guidance=_joint([theme.guidance for theme in chosen]),
    )


def _joint(guidances: Sequence[Guidance | None]) -> Guidance | None:
    """The guidance of a merged theme: everybody's, or none where one theme was made by itself."""
    known = [one for one in guidances if one is not None]
    if len(known) < len(guidances):
        return None
    phrases = dict.fromkeys(phrase for one in known for phrase in one.phrases)
    return Guidance(tuple(phrases), max(one.clear_from for one in known))


def _split(theme: Theme) -> tuple[list[Theme], list[Unassigned]]:
    """Its sub-themes as themes; what is in none of them is left over."""
    if not theme.parts:
        raise InputError(
            f"Theme {theme.key} has no sub-themes to split into. Draft again with more themes: "
            "autocode themes draft STUDY --themes N"
        )
    style = SentenceStyle.of(m.segment.excerpt for m in theme.members)
    new = []
    for part in theme.parts:
        inside = [replace(m, part=None) for m in theme.members if m.part == part.key]
        if not any(m.exemplar for m in inside):
            inside = _with_an_exemplar(inside, style)
        new.append(
            Theme(
                key=part.key,
                name=part.name,
                terms=part.terms,
                members=_in_place(inside),
                position=theme.position,
                near=theme.near,
            )
        )
    left = [m for m in theme.members if m.part is None]
    return new, [
        Unassigned(
            segment=m.segment,
            reason=UnassignedReason.LEFT_BY_SPLIT,
            nearest=theme.parts[0].key,
            later=m.later,
            position=m.position,
        )
        for m in left
    ]


def _with_an_exemplar(members: list[Member], style: SentenceStyle) -> list[Member]:
    """The members with the strongest whole sentence as their exemplar, if there is one."""
    whole = [m for m in members if style.has_whole_sentence(m.segment.excerpt)]
    best = max(whole, key=lambda m: (m.strength, -m.segment.span.start), default=None)
    return [replace(m, exemplar=1 if m is best else None) for m in members]


def _code(theme: Theme, decision: ThemeDecision, codebook: Codebook) -> Code:
    """A new code, its words and examples taken from the theme; nothing is coded with it yet."""
    name = decision.code_name(theme.name)
    key = make_code_id(name, ())
    if key in codebook or name.casefold() in {code.name.casefold() for code in codebook}:
        raise InputError(f"There is a code '{name}' already. Choose another name for the new one.")
    return Code(
        id=key,
        name=name,
        definition=f"Talk of {', '.join(theme.terms)}." if theme.terms else "",
        examples=tuple(m.segment.excerpt for m in theme.exemplars),
        memo=f"Made from draft theme {theme.key} by {decision.coder}.",
    )


def _in_place(members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda m: (m.segment.transcript, m.segment.span.start)))
