"""What of a study a coder may see: in blind passes nothing of anybody else's work.

A coder is blind as long as one of their passes is blind and not revealed. They then see their own
work, the work of others in transcripts that were revealed to them, and the codebook as it was when
the pass was assigned. No number is shown that counts what everybody did, such as that of an act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..core.acts import REDO, UNDO, Act
from ..core.codebook import Codebook
from ..core.coding import Coding, Memo, Reading
from ..core.errors import StudyError, UndoBlocked
from ..project.reader import Snapshot

_UNDO_BLOCKED = (
    "This cannot be taken back whole as the study is now. Change it by hand: in the transcript, "
    "Delete takes a coding of yours away and m changes a memo. A code that you made stays."
)
_ACT_NUMBER = re.compile(r"\bact \d+ (?=\()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What `coder` may see; `revealed` are the transcripts whose work is shown although blind.

    `codebook` is that of a blind coder; others see the one of the study.
    """

    coder: str
    revealed: frozenset[str] = frozenset()
    codebook: Codebook | None = None

    @property
    def is_blind(self) -> bool:
        """Whether others' work is hidden."""
        return self.codebook is not None

    def shows(self, transcript: str, coder: str | None) -> bool:
        """Whether the work of a coder in a transcript is shown."""
        return not self.is_blind or coder == self.coder or transcript in self.revealed

    def number(self, number: int | None) -> int | None:
        """A number that counts what everybody did, None for a blind coder."""
        return None if self.is_blind else number

    def describe(self, act: Act) -> str:
        """An act in words; those of an undo name the act undone by its number."""
        words = act.summary or act.kind
        if self.is_blind and act.kind in (UNDO, REDO):
            return _ACT_NUMBER.sub("", words)
        return words

    def say(self, error: StudyError) -> str:
        """An error of the study in words: others' acts, which it may name, are left out."""
        if not self.is_blind:
            return error.on_command_line
        if isinstance(error, UndoBlocked):
            return _UNDO_BLOCKED
        return "This cannot be done as the study is now. Reload the page, and look at it again."


def see(study: Snapshot, coder: str) -> Sight:
    """What a coder may see of the study in this state."""
    passes = [one for one in study.coding_passes() if one.coder == coder]
    if not any(one.is_hidden for one in passes):
        return Sight(coder=coder)
    revealed = frozenset(one.transcript for one in passes if one.state == "revealed")
    used = {coding.code for coding in study.codings() if coding.transcript in revealed}
    return Sight(
        coder=coder,
        revealed=revealed,
        codebook=_add(study.codebook_for(coder), used, study.codebook()),
    )


def _add(frozen: Codebook, used: Iterable[str], present: Codebook) -> Codebook:
    """The codebook of a blind coder with codes that were revealed to them."""
    revealed = set(used) - set(frozen.by_id)
    shown = [*frozen, *(code for code in present if code.id in revealed)]
    known = {code.id for code in shown}
    return Codebook(
        tuple(code if code.parent in known else replace(code, parent=None) for code in shown)
    )


def codebook_seen(study: Snapshot, sight: Sight) -> Codebook:
    """The codebook that is shown."""
    return study.codebook() if sight.codebook is None else sight.codebook


def codings_seen(study: Snapshot, sight: Sight, transcript: str) -> list[Coding]:
    """The codings of a transcript that are shown."""
    codings = study.codings(transcript=transcript)
    return [coding for coding in codings if sight.shows(transcript, coding.coder)]


def readings_seen(study: Snapshot, sight: Sight, transcript: str) -> list[Reading]:
    """The readings of a transcript that are shown."""
    readings = study.readings(transcript=transcript)
    return [reading for reading in readings if sight.shows(transcript, reading.coder)]


def memos_seen(study: Snapshot, sight: Sight, transcript: str) -> list[Memo]:
    """The memos on words of a transcript that are shown."""
    return [
        memo
        for memo in study.memos()
        if memo.about == "span"
        and memo.subject == transcript
        and sight.shows(transcript, memo.coder)
    ]


def coders_seen(study: Snapshot, sight: Sight, transcript: str) -> list[dict[str, str]]:
    """Everybody who codes, by name and kind; for a blind coder those whose work is shown."""
    coders = [{"name": coder.name, "kind": coder.kind} for coder in study.coders()]
    if not sight.is_blind:
        return coders
    others = {coding.coder for coding in codings_seen(study, sight, transcript)}
    others |= {reading.coder for reading in readings_seen(study, sight, transcript)}
    others |= {memo.coder for memo in memos_seen(study, sight, transcript) if memo.coder}
    others.discard(sight.coder)
    own = {"name": sight.coder, "kind": "person"}
    return [own, *(coder for coder in coders if coder["name"] in others)]
