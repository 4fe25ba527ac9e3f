"""Acts on draft themes, as the board sends them: made a code, merged, split, dropped, renamed."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.coding import ThemeDecision
from ..core.errors import InputError, StudyChanged
from ..core.transcript import Segment
from ..project import Project
from ..project.theming import DecideOptions
from .act_requests import Asked, Kinds, Outcome
from .theme_requests import refuse_blind


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDraft:
    """A decision on draft themes by their keys; `base` are their names on the page.

    `coded` are addresses (NUMBER#START-END) of segments that are coded with the new code.
    """

    action: str
    drafts: tuple[str, ...]
    base: tuple[str, ...]
    name: str = ""
    coded: tuple[str, ...] = ()

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where a draft theme is called otherwise by now."""
        refuse_blind(asked)
        if len(self.base) != len(self.drafts):
            raise InputError("Say what each draft theme is called on the page.")
        if self.coded and self.action != "code":
            raise InputError("Only a draft theme that is made a code has segments to be coded.")
        decision = ThemeDecision(
            action=self.action,
            themes=self.drafts,
            coder=asked.coder,
            name=self.name.strip(),
            names=self.base,
        )
        coded = _find_segments(asked.project, self.drafts, self.coded)
        done = asked.project.decide_draft(decision, DecideOptions(key=asked.key, coded=coded))
        return Outcome.of(done, {"drafts": list(self.drafts)})


DRAFT_KINDS: Kinds = {"draft-decide": DecideDraft}


def _find_segments(
    project: Project, drafts: tuple[str, ...], addresses: tuple[str, ...]
) -> tuple[Segment, ...]:
    """Segments of draft themes by their addresses; raises StudyChanged for one that is gone."""
    if not addresses:
        return ()
    with project.snapshot() as study:
        draft, numbers = study.themes(), study.transcript_numbers()
    known = {
        f"{numbers[m.segment.transcript]}#{m.segment.span.start}-{m.segment.span.end}": m.segment
        for theme in (draft.themes if draft else ())
        if theme.key in drafts
        for m in theme.members
    }
    if not set(addresses) <= set(known):
        raise StudyChanged("A segment is no longer in this draft theme. Look at it again.")
    return tuple(known[address] for address in addresses)
