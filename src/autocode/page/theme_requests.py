"""Acts on themes of the map, as the board and the map send them, each one call.

What is edited carries how the page has it (`base` and the like): where the study has it otherwise
by now, nothing is done and the answer is 409.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..core import map_edits as edits
from ..core.acts import Done
from ..core.errors import InputError, StudyChanged
from ..core.thematic_map import MapTheme, ThematicMap
from ..project.mapping import MapEdit, find_codes, find_draft_segments
from .act_requests import Asked, Kinds, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Codes (ids) and draft themes (keys) that are moved; `origin` is the theme they stand under.

    An empty `origin` is none: they were in no theme, or stay there as well.
    """

    codes: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTheme(Cards):
    """Add a theme, with cards moved into it; `above` is the key of the theme above, or empty."""

    name: str
    definition: str = ""
    above: str = ""

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError for an empty or taken name."""
        made: list[str] = []

        def edit(known: ThematicMap) -> ThematicMap:
            changed = edits.add_theme(
                known, self.name, definition=self.definition, parent=self.above or None
            )
            made.append(changed.themes[-1].key)
            return moved(changed)

        moved = _move(self, asked, lambda: made[-1])
        done = change(asked, edit, f"theme '{self.name.strip()}' added to the map")
        return Outcome.of(done, {"theme": made[-1] if made else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCards(Cards):
    """Move cards from `origin` into a theme; an empty `into` takes them out."""

    into: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where a card is no longer under `origin`."""
        if not self.codes and not self.drafts:
            raise InputError("Say which code or draft theme is moved.")
        into = self.into
        edit = _move(self, asked, lambda: into)
        what, themes = _name_cards(self, asked), name_themes(asked)
        where = f"to {themes(into)}" if into else f"out of {themes(self.origin)}"
        return Outcome.of(change(asked, edit, f"{what} moved {where} on the map"), {"theme": into})


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTheme:
    """Name and define a theme; `base_name` and `base_definition` are what the page shows."""

    theme: str
    name: str
    definition: str
    base_name: str
    base_definition: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where it is called or defined otherwise by now."""

        def edit(known: ThematicMap) -> ThematicMap:
            theme = find(known, self.theme)
            if (theme.name, theme.definition) != (self.base_name, self.base_definition):
                definition = f": {theme.definition}" if theme.definition else ""
                raise StudyChanged(
                    f"The theme was changed elsewhere. By now it is '{theme.name}'{definition}"
                )
            return edits.change_theme(known, theme.key, name=self.name, definition=self.definition)

        done = change(asked, edit, f"theme '{self.base_name}' of the map named and defined")
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTheme:
    """Keep a memo on a theme."""

    theme: str
    memo: str

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        refuse_blind(asked)
        find(asked.project.thematic_map().map, self.theme)
        done = asked.project.note_theme(self.theme, self.memo, coder=asked.coder, key=asked.key)
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeThemeMemo:
    """Write the coder's memo on a theme otherwise, or delete it; `base` is what the page shows."""

    theme: str
    memo: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where the memo is another by now."""
        refuse_blind(asked)
        find(asked.project.thematic_map().map, self.theme)
        done = asked.project.change_theme_memo(
            self.theme, self.base, self.memo, coder=asked.coder, key=asked.key
        )
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class PutUnder:
    """Put a theme under another, or to the top (empty); `base` is where the page has it."""

    theme: str
    above: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError where the two would stand under each other."""

        def edit(known: ThematicMap) -> ThematicMap:
            theme = find(known, self.theme)
            if (theme.parent or "") != self.base:
                raise StudyChanged(f"'{theme.name}' was put elsewhere meanwhile. Look at it again.")
            return edits.change_theme(known, theme.key, parent=self.above)

        where = f"under {name_themes(asked)(self.above)}" if self.above else "at the top"
        done = change(asked, edit, f"theme {name_themes(asked)(self.theme)} put {where}")
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeCentral:
    """Make a theme the central one, instead of whichever was; or none."""

    theme: str
    is_central: bool

    def do(self, asked: Asked) -> Outcome:
        """Do it."""

        def edit(known: ThematicMap) -> ThematicMap:
            theme = find(known, self.theme)
            if self.is_central:
                return edits.make_central(known, theme.key)
            return edits.change_theme(known, theme.key, is_central=False)

        words = "made the central one" if self.is_central else "no longer the central one"
        done = change(asked, edit, f"theme {name_themes(asked)(self.theme)} {words}")
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTheme:
    """Take a theme from the map; its codes stay in the study. `base` is its name on the page."""

    theme: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where it is called otherwise by now."""

        def edit(known: ThematicMap) -> ThematicMap:
            theme = find(known, self.theme)
            if theme.name != self.base:
                raise StudyChanged(f"The theme is called '{theme.name}' by now. Look at it again.")
            return edits.remove_theme(known, theme.key)

        done = change(asked, edit, f"theme '{self.base}' removed from the map")
        return Outcome.of(done, {"theme": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCard:
    """Put a theme's card at a position (x and y in the picture); empty: the picture lays it out.

    `base` is where the page has it, in the same way.
    """

    theme: str
    position: tuple[int, ...]
    base: tuple[int, ...]

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where it was moved elsewhere meanwhile."""
        if len(self.position) not in (0, 2):
            raise InputError("A position has two numbers.")

        def edit(known: ThematicMap) -> ThematicMap:
            theme = find(known, self.theme)
            if (theme.position or ()) != self.base:
                raise StudyChanged(f"'{theme.name}' was moved meanwhile. This is where it is now.")
            wanted = (self.position[0], self.position[1]) if self.position else None
            return edits.move_card(known, theme.key, wanted)

        done = change(asked, edit, f"card of {name_themes(asked)(self.theme)} moved on the map")
        return Outcome.of(done, {"theme": self.theme})


@dataclass(frozen=True, slots=True, kw_only=True)
class LayOut:
    """Let the picture lay out every card of the map."""

    def do(self, asked: Asked) -> Outcome:
        """Do it."""

        def edit(known: ThematicMap) -> ThematicMap:
            return replace(known, themes=tuple(replace(t, position=None) for t in known.themes))

        return Outcome.of(change(asked, edit, "cards of the map laid out anew"), {"theme": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Relate:
    """Draw a relation, or give it other words; `base` are those on the page, None for none."""

    one: str
    other: str
    name: str
    base: str | None

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError for a relation of a theme to itself."""
        return _change_relation(
            asked,
            self,
            lambda known: edits.relate_themes(known, self.one, self.other, self.name),
            "drawn",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseRelation:
    """Turn a relation round; `base` are its words on the page."""

    one: str
    other: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where it is another by now."""
        return _change_relation(
            asked,
            self,
            lambda known: edits.reverse_relation(known, self.one, self.other),
            "reversed",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrelate:
    """Take a relation away; `base` are its words on the page."""

    one: str
    other: str
    base: str

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where it is another by now."""

        def edit(known: ThematicMap) -> ThematicMap:
            ends = (self.one, self.other)
            kept = tuple(r for r in known.relations if (r.one, r.other) != ends)
            return replace(known, relations=kept)

        return _change_relation(asked, self, edit, "ended")


def _change_relation(
    asked: Asked, relation: Relate | ReverseRelation | Unrelate, make: MapEdit, done: str
) -> Outcome:
    """Change a relation if it is still as it is on the page; `done` says how, in a word."""
    one, other = relation.one, relation.other

    def edit(known: ThematicMap) -> ThematicMap:
        _check_relation(known, one, other, relation.base)
        return make(known)

    name = name_themes(asked)
    words = f"relation of {name(one)} to {name(other)} {done}"
    return Outcome.of(change(asked, edit, words), {"theme": one})


THEME_KINDS: Kinds = {
    "theme-add": AddTheme,
    "theme-move": MoveCards,
    "theme-edit": EditTheme,
    "theme-note": NoteTheme,
    "theme-memo": ChangeThemeMemo,
    "theme-under": PutUnder,
    "theme-central": MakeCentral,
    "theme-remove": RemoveTheme,
    "map-move": MoveCard,
    "map-lay-out": LayOut,
    "theme-relate": Relate,
    "theme-reverse": ReverseRelation,
    "theme-unrelate": Unrelate,
}


def refuse_blind(asked: Asked) -> None:
    """Raise InputError for a blind coder: themes are made of everybody's codings."""
    if asked.sight.is_blind:
        raise InputError(
            "Blind: themes are made of everybody's codings, and are shown to you when your passes "
            "are revealed."
        )


def change(asked: Asked, edit: MapEdit, summary: str) -> Done[Any]:
    """Change the map as one act of the coder, who must not be blind."""
    refuse_blind(asked)
    return asked.project.change_map(edit, coder=asked.coder, summary=summary, key=asked.key)


def name_themes(asked: Asked) -> Callable[[str], str]:
    """What gives the name of a theme of the map, in quotes; a key that has gone stays one."""
    with asked.project.snapshot() as study:
        known = study.thematic_map().map.by_key
    return lambda key: f"'{known[key].name}'" if key in known else key


def _name_cards(cards: Cards, asked: Asked) -> str:
    """The codes and draft themes of an act by their names; a key that has gone stays one."""
    with asked.project.snapshot() as study:
        codes = {code.id: code.name for code in study.codebook()}
        draft = study.themes()
    drafts = {theme.key: theme.name for theme in draft.themes} if draft else {}
    names = [codes.get(code, code) for code in cards.codes]
    return ", ".join(names + [f"draft theme '{drafts.get(key, key)}'" for key in cards.drafts])


def find(known: ThematicMap, key: str) -> MapTheme:
    """The theme of this key; raises StudyChanged where it has gone."""
    if key not in known.by_key:
        raise StudyChanged("That theme is no longer on the map. This is how the map is now.")
    return known.by_key[key]


def _check_relation(known: ThematicMap, one: str, other: str, base: str | None) -> None:
    ends = {find(known, key).key for key in (one, other)}
    name = next((r.name for r in known.relations if (r.one, r.other) == (one, other)), None)
    if len(ends) == 2 and name != base:
        words = "gone" if name is None else f"'{name or 'relates to'}'"
        raise StudyChanged(f"The relation was changed elsewhere: by now it is {words}.")


def _move(cards: Cards, asked: Asked, find_target: Callable[[], str]) -> MapEdit:
    """The edit that moves cards from their origin to the theme that `find_target` names, or out."""
    refuse_blind(asked)
    codes = find_codes(asked.project.codebook(), cards.codes)
    is_new = bool(cards.drafts) and not cards.origin
    placed = list(find_draft_segments(asked.project.themes(), cards.drafts)) if is_new else []

    def edit(known: ThematicMap) -> ThematicMap:
        target = find_target()
        segments = list(placed)
        if cards.origin:
            origin = find(known, cards.origin)
            drafts = {segment.draft for segment in origin.segments}
            if not set(codes) <= set(origin.codes) or not set(cards.drafts) <= drafts:
                raise StudyChanged(
                    f"That is no longer under '{origin.name}'. This is how the map is now."
                )
            # What was placed goes along, also when the draft is another by now.
            segments = [s for s in origin.segments if s.draft in cards.drafts]
            known = edits.take_out_codes(known, origin.key, codes)
            known = edits.take_out_drafts(known, origin.key, cards.drafts)
        if target:
            known = edits.place_codes(known, find(known, target).key, codes)
            known = edits.place_segments(known, target, segments)
        return known

    return edit
