"""Draft themes: groups of uncoded segments, and what no theme holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from .transcript import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A segment in a draft theme; `strength` 0..1, `exemplar` 1.. for the ones shown first.

    `edge` is 1.. for the ones shown as edge cases, `part` the key of a sub-theme. `reason` says why
    the draft had left the segment out, for one that was put in afterwards on demand. `later` marks
    one that came in after the theme was drafted; it says nothing about where the theme's middle is.
    `place` is a point in [0, 1]² for the excerpt map, None where there is none.
    """

    segment: Segment
    strength: float
    exemplar: int | None = None
    part: str | None = None
    edge: int | None = None
    reason: str = ""
    later: bool = False
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class SubTheme:
    """A smaller group within a draft theme, named by its own words."""

    key: str
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A draft theme beside its nearest neighbour: what it speaks of more, and of less."""

    theme: str
    more: tuple[str, ...]
    less: tuple[str, ...]


STABLE = 0.5
"""The mean Jaccard similarity below which a group counts as dissolved (Hennig 2007)."""


@dataclass(frozen=True, slots=True)
class PhraseStability:
    """How far a guided theme hangs on each of its phrases: Jaccard similarities, 0..1.

    `jaccard` is the mean over leaving out one phrase at a time, `lowest` the lowest of them, and
    `phrase` the one without which it comes about.
    """

    jaccard: float
    lowest: float
    phrase: str

    @property
    def is_stable(self) -> bool:
        """Whether the theme on the whole outlasts the loss of a phrase."""
        return self.jaccard >= STABLE


@dataclass(frozen=True, slots=True)
class Guidance:
    """What an analyst asked a theme to be about, and the cosine from which a segment is clearly so.

    A segment counts by the nearest of the `phrases`. `stability` is None where it was not measured:
    one phrase alone cannot be left out.
    """

    phrases: tuple[str, ...]
    clear_from: float
    stability: PhraseStability | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How well a draft theme is found again (Hennig 2007): Jaccard similarities, 0..1.

    `jaccard` is the mean over bootstrap draws of segments, with the interval that holds 95 % of
    them; `left_out` the lowest value when one participant is left out, `voice` who that was.
    """

    jaccard: float
    low: float
    high: float
    left_out: float | None = None
    voice: str | None = None

    @property
    def is_stable(self) -> bool:
        """Whether the theme outlasts both."""
        return min(self.jaccard, 1.0 if self.left_out is None else self.left_out) >= STABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A draft theme: a group of uncoded segments, named by its own words.

    `place` is a point in [0, 1]² for the thematic map; `near` holds (code id, cosine) pairs;
    `guidance` is what an analyst asked the theme to be about, None where its segments made it.
    """

    key: str
    name: str
    terms: tuple[str, ...]
    members: tuple[Member, ...]
    place: tuple[float, float] = (0.5, 0.5)
    near: tuple[tuple[str, float], ...] = ()
    parts: tuple[SubTheme, ...] = ()
    contrast: Contrast | None = None
    stability: Stability | None = None
    guidance: Guidance | None = None

    @property
    def n_segments(self) -> int:
        """How many segments support the theme."""
        return len(self.members)

    @property
    def n_assigned(self) -> int:
        """How many of them the draft had left out and a person had put in."""
        return sum(bool(member.reason) for member in self.members)

    @property
    def n_later(self) -> int:
        """How many came after it was drafted, of which its name and figures say nothing."""
        return sum(member.later for member in self.members)

    @property
    def as_drafted(self) -> str:
        """What its name, words and figures leave out; empty where nothing came later."""
        if not self.n_later:
            return ""
        return f"as first drafted; {self.n_later} of its {self.n_segments} segments came later"

    @property
    def participants(self) -> tuple[str, ...]:
        """Who supports the theme, sorted."""
        return tuple(sorted({member.segment.participant for member in self.members}))

    @property
    def transcripts(self) -> tuple[str, ...]:
        """Where the theme occurs, sorted."""
        return tuple(sorted({member.segment.transcript for member in self.members}))

    @property
    def exemplars(self) -> tuple[Member, ...]:
        """The members shown first, best first."""
        marked = [member for member in self.members if member.exemplar is not None]
        return tuple(sorted(marked, key=lambda member: member.exemplar or 0))

    @property
    def edges(self) -> tuple[Member, ...]:
        """The members that belong least, least first."""
        marked = [member for member in self.members if member.edge is not None]
        return tuple(sorted(marked, key=lambda member: member.edge or 0))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader should know before leaning on the theme."""
        found = []
        if len(self.participants) == 1:
            found.append(f"rests on one voice ({self.participants[0]})")
        elif len(self.transcripts) == 1:
            found.append(f"occurs in one transcript ({self.transcripts[0]})")
        if self.stability is not None and not self.stability.is_stable:
            drawn = self.stability.jaccard < STABLE
            found.append("unstable" if drawn else f"unstable without {self.stability.voice}")
        phrases = self.guidance.stability if self.guidance else None
        if phrases is not None and not phrases.is_stable:
            found.append("hangs on single phrases")
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """A segment that no draft theme holds, why, and the key of the theme it is nearest to.

    `nearest` is the key of a theme that is gone where a person dropped it. `later` marks a segment
    that came after the draft was made; `place` is on the plane of the members'.
    """

    segment: Segment
    reason: str
    nearest: str | None = None
    later: bool = False
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ThemeDraft:
    """All themes of one run and everything that fits nowhere."""

    themes: tuple[Theme, ...]
    nowhere: tuple[Nowhere, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def n_assigned(self) -> int:
        """How many segments were put into a theme on demand."""
        return sum(theme.n_assigned for theme in self.themes)

    def with_rest_assigned(self) -> ThemeDraft:
        """The draft with what fits nowhere put into the nearest theme, at strength 0.

        Each such member keeps its reason. What is near no theme stays out.
        """
        known = {theme.key for theme in self.themes}
        added: dict[str, list[Member]] = {}
        for left in self.nowhere:
            if left.nearest in known:
                member = Member(
                    segment=left.segment,
                    strength=0.0,
                    reason=left.reason,
                    later=left.later,
                    place=left.place,
                )
                added.setdefault(left.nearest or "", []).append(member)
        themes = tuple(
            replace(theme, members=_in_place([*theme.members, *added.get(theme.key, ())]))
            for theme in self.themes
        )
        rest = tuple(left for left in self.nowhere if left.nearest not in known)
        return replace(self, themes=themes, nowhere=rest)

    def without_rest_assigned(self) -> ThemeDraft:
        """The draft as it was before `with_rest_assigned`."""
        rest = [
            Nowhere(
                segment=member.segment,
                reason=member.reason,
                nearest=theme.key,
                later=member.later,
                place=member.place,
            )
            for theme in self.themes
            for member in theme.members
            if member.reason
        ]
        themes = tuple(
            replace(theme, members=tuple(m for m in theme.members if not m.reason))
            for theme in self.themes
        )
        return replace(self, themes=themes, nowhere=_in_place([*self.nowhere, *rest]))


_Held = TypeVar("_Held", Member, Nowhere)


def _in_place(held: list[_Held]) -> tuple[_Held, ...]:
    return tuple(sorted(held, key=lambda one: (one.segment.transcript, one.segment.span.start)))
