"""Acts on the codebook, as its screen sends them, each one call; any can be tried first.

Each carries `base`, the digest of the code as the page has it: what somebody changed meanwhile is
not written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..core.code_change import CodeChange
from ..core.errors import InputError, NotFound
from ..core.transcript import Span
from ..project.code_editing import CodeWords
from ..project.code_splitting import SplitRow
from ..project.codebook_editor import CodebookEditor
from .act_requests import Asked, Kinds, NotAllowed, Outcome, acts_of

_BLIND = (
    "Blind: the codebook stays as it was when your passes were assigned, until they are revealed. "
    "A new code is made where you code."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPlace:
    """A coding of a code: the transcript's number, where, and whose."""

    transcript: int
    start: int
    end: int
    coder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCode:
    """Make a code, under another one or at the top."""

    name: str
    parent: str | None = None
    definition: str = ""

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        if not self.name.strip():
            raise InputError("A code needs a name.")
        return _change(
            asked,
            {},
            lambda book: book.add(self.name, parent=self.parent, definition=self.definition),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCode:
    """What every request about a code says: its id, and its digest as the page has it."""

    code: str
    base: str

    def change(self, asked: Asked, do: Callable[[CodebookEditor], CodeChange]) -> Outcome:
        """Change this code, or try it."""
        return _change(asked, {self.code: self.base}, do)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCode(OnCode):
    """Say other things of a code; `new_meaning` makes a revision, under which nothing is coded."""

    name: str
    definition: str
    inclusion: str
    exclusion: str
    examples: tuple[str, ...]
    colour: str
    memo: str
    new_meaning: bool = False

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises StudyChanged where the code is another by now."""
        if not self.name.strip():
            raise InputError("A code needs a name.")
        words = CodeWords(
            name=self.name,
            definition=self.definition,
            inclusion=self.inclusion,
            exclusion=self.exclusion,
            examples=self.examples,
            colour=self.colour,
            memo=self.memo,
        )
        return self.change(
            asked, lambda book: book.edit(self.code, words, new_meaning=self.new_meaning)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCode(OnCode):
    """Put a code under another one, or at the top."""

    parent: str | None

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        return self.change(asked, lambda book: book.move(self.code, self.parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCode(OnCode):
    """Move a code up (-1) or down (1) among those beside it."""

    by: int

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        return self.change(asked, lambda book: book.shift(self.code, self.by))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCode(OnCode):
    """Merge a code into another one."""

    into: str

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        return self.change(asked, lambda book: book.merge(self.code, self.into))


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """What of a split code goes to a code, known or new: all of a coder, or these codings."""

    to: str
    coder: str = ""
    places: tuple[CodedPlace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCode(OnCode):
    """Give codings of a code to other codes."""

    parts: tuple[SplitPart, ...]

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NotFound where a coding is no longer there."""
        return self.change(asked, lambda book: book.split(self.code, self._rows(asked)))

    def _rows(self, asked: Asked) -> Iterator[SplitRow]:
        names = {number: name for name, number in asked.project.transcript_numbers().items()}
        for part in self.parts:
            for transcript, span, coder in _find_places(part.places, names):
                yield SplitRow(transcript=transcript, span=span, coder=coder, to=part.to)
            if part.coder:
                for coding in asked.project.codings(code=self.code, coder=part.coder):
                    yield SplitRow(
                        transcript=coding.transcript,
                        span=coding.span,
                        coder=coding.coder,
                        to=part.to,
                    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCode(OnCode):
    """Keep a code and its codings, but suggest it no more; or take it back into use."""

    archived: bool = True

    def do(self, asked: Asked) -> Outcome:
        """Do it."""
        if self.archived:
            return self.change(asked, lambda book: book.archive(self.code))
        return self.change(asked, lambda book: book.restore(self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCode(OnCode):
    """Delete a code; the codes below it move up."""

    with_codings: bool = False

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises InputError where codings would go that were not to go."""
        return self.change(
            asked, lambda book: book.delete(self.code, with_codings=self.with_codings)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCodings(OnCode):
    """Codings of a code were looked at under its present meaning, and stay."""

    places: tuple[CodedPlace, ...]

    def do(self, asked: Asked) -> Outcome:
        """Do it; raises NotAllowed for the codings of others, unless a lead asks."""
        if asked.role != "lead" and any(place.coder != asked.coder for place in self.places):
            raise NotAllowed("Only a lead can tick off the codings of others.")
        names = {number: name for name, number in asked.project.transcript_numbers().items()}
        only = list(_find_places(self.places, names))
        book = _open(asked, {self.code: self.base})
        n_codings = book.confirm(self.code, only=only)
        return _outcome(asked, {"n_codings": n_codings})


CODE_KINDS: Kinds = {
    "code-add": AddCode,
    "code-edit": EditCode,
    "code-move": MoveCode,
    "code-shift": ShiftCode,
    "code-merge": MergeCode,
    "code-split": SplitCode,
    "code-archive": ArchiveCode,
    "code-delete": DeleteCode,
    "code-confirm": ConfirmCodings,
}


def _find_places(
    places: tuple[CodedPlace, ...], names: dict[int, str]
) -> Iterator[tuple[str, Span, str]]:
    for place in places:
        if place.transcript not in names:
            raise NotFound(f"No transcript {place.transcript} in this study.", kind="coding")
        if place.start < 0 or place.end <= place.start:
            raise InputError(f"{place.start}..{place.end} is no place.")
        yield names[place.transcript], Span(place.start, place.end), place.coder


def _open(asked: Asked, base: dict[str, str]) -> CodebookEditor:
    if asked.sight.is_blind:
        raise InputError(_BLIND)
    return asked.project.edit_codebook(
        coder=asked.coder, dry_run=asked.dry_run, key=asked.key, base=base
    )


def _change(
    asked: Asked, base: dict[str, str], do: Callable[[CodebookEditor], CodeChange]
) -> Outcome:
    change = do(_open(asked, base))
    numbers = asked.project.code_numbers()
    shown = [*change.made, *reversed(change.codes)]
    payload = change.to_dict()
    return _outcome(
        asked, payload | {"number": next((numbers[c] for c in shown if c in numbers), None)}
    )


def _outcome(asked: Asked, changed: dict[str, Any]) -> Outcome:
    made = acts_of(asked.project, asked.coder, limit=1, key_prefix=asked.key)
    act = made[0] if made and not asked.dry_run else None
    return Outcome(act=act, changed=changed)
