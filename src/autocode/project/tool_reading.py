"""A project of another tool as a study sees it: who coded what where, memos, cases.

Import and export look through the same eyes: import stores what is seen here, and export finds out
what changed since by looking at the kept project again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..core.coding import Memo
from ..core.transcript import Span
from ..exchange.project import (
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoding,
    ToolProject,
)

NOBODY = "(not named)"
"""Who coded where a tool does not say."""


class CodingKey(NamedTuple):
    """What makes two codings one in a study: transcript, place, code (id) and coder."""

    transcript: str
    start: int
    end: int
    code: str
    coder: str


@dataclass(frozen=True, slots=True)
class SeenCoding:
    """A coding with what holds it in the project, and its memo as a study has it.

    `is_first` is false for one that stands on the words of another by the same coder.
    """

    key: CodingKey
    coding: ToolCoding
    holder: Source | Selection
    memo: str
    is_first: bool = True


class MemoKey(NamedTuple):
    """What makes two memos one: what it is about, where, and its words."""

    about: str
    subject: str
    start: int | None
    end: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMemo:
    """A memo, who wrote it and when, and where its words stand in the project.

    `kind` says whether it is the description of the thing `guid`, or the note `note` on it.
    """

    key: MemoKey
    kind: Literal["description", "note"]
    guid: str
    note: str = ""
    coder: str | None = None
    made_at: str = ""

    def to_memo(self) -> Memo:
        """The memo as a study has it."""
        about, subject, start, end, text = self.key
        return Memo(
            about=about,  # type: ignore[arg-type] # one of the six
            subject=subject,
            text=text,
            coder=self.coder,
            made_at=self.made_at,
            span=None if start is None or end is None else Span(start, end),
        )


@dataclass(slots=True)
class SeenCase:
    """A case with its attributes by variable name, and the transcripts that are whole in it."""

    name: str
    case: ToolCase | None
    attributes: dict[str, str] = field(default_factory=dict)
    transcripts: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)


@dataclass(slots=True)
class ToolView:
    """A project seen from a study: `transcripts` by source guid, `codes` (ids) by code guid."""

    project: ToolProject
    transcripts: Mapping[str, str]
    codes: Mapping[str, str]
    nobody: str = NOBODY
    coders: dict[str, str] = field(default_factory=dict)
    _notes: dict[str, Note] = field(default_factory=dict)
    _in_notes: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.coders = name_coders(self.project)
        self._notes = {note.guid: note for note in self.project.notes}
        self._in_notes = {
            selection.source: (selection.start, selection.end)
            for selection in self.project.selections
            if selection.source in self._notes
        }

    def coder(self, guid: str | None) -> str:
        """The name of a coder; `nobody` where the tool names none."""
        return self.coders.get(guid or "", self.nobody)

    def walk_codings(self) -> Iterator[SeenCoding]:
        """The codings of words of transcripts; one of a whole source is of all its words."""
        for source in self.project.sources:
            if source.codings and self.shows(source):
                transcript, end = self.transcripts[source.guid], len(source.text or "")
                yield from self._see(source, source.codings, transcript, 0, end)
        for selection in self.project.selections:
            if self.shows(selection):
                transcript = self.transcripts[selection.source]
                start, end = selection.start or 0, selection.end or 0
                yield from self._see(selection, selection.codings, transcript, start, end)

    def shows(self, holder: Source | Selection | Note) -> bool:
        """Whether codings of this are on words of a transcript, so that a study has them."""
        if isinstance(holder, Selection):
            return holder.source in self.transcripts and _has_words(holder)
        is_source = isinstance(holder, Source)
        return is_source and holder.guid in self.transcripts and holder.text is not None

    def _see(
        self,
        holder: Source | Selection,
        codings: tuple[ToolCoding, ...],
        transcript: str,
        start: int,
        end: int,
    ) -> Iterator[SeenCoding]:
        own = self._own_memo(holder) if isinstance(holder, Selection) else ""
        for number, coding in enumerate(codings):
            code = self.codes.get(coding.code)
            if code is None:
                continue
            key = CodingKey(transcript, start, end, code, self.coder(coding.coder or holder.coder))
            memo = self._join(coding.notes)
            if not number:
                memo = "\n".join(filter(None, (own, memo)))
            yield SeenCoding(key, coding, holder, memo)

    def _own_memo(self, selection: Selection) -> str:
        """The memo that stands on a selection, which a study has on its first coding."""
        return "\n".join(filter(None, (selection.description, self._join(selection.notes))))

    def _join(self, notes: tuple[str, ...]) -> str:
        return "\n".join(filter(None, (self.words_of(guid) for guid in notes)))

    def words_of(self, guid: str) -> str:
        """The words of a note with its name and description; empty where there are none."""
        note = self._notes.get(guid)
        if note is None:
            return ""
        parts = (note.name, note.description, note.text or "")
        return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def walk_memos(self) -> Iterator[SeenMemo]:
        """Memos on the project, transcripts, words of them, codes and cases; free notes."""
        project = self.project
        used: set[str] = set()
        yield from self._memo("study", "", None, project.description, (), "")
        for source in project.sources:
            name = self.transcripts.get(source.guid)
            if name is not None:
                yield from self._memo(
                    "transcript", name, None, source.description, (), source.guid, source.coder
                )
                yield from self._notes_on(name, source, used)
            else:
                used.update(source.notes)
            used.update(guid for coding in source.codings for guid in coding.notes)
        for selection in project.selections:
            name = self.transcripts.get(selection.source)
            if name is not None and _has_words(selection) and not self._is_coded(selection):
                span = (selection.start, selection.end)
                yield from self._memo(
                    "span", name, span, selection.description, selection.notes, selection.guid,
                    selection.coder,
                )  # fmt: skip
            used.update(selection.notes)
            used.update(guid for coding in selection.codings for guid in coding.notes)
        for code in project.codes:
            if code.guid in self.codes:
                yield from self._memo(
                    "code", self.codes[code.guid], None, "", code.notes, code.guid
                )
            used.update(code.notes)
        for name, case in name_cases(project).items():
            yield from self._memo("case", name, None, case.description, (), case.guid)
        yield from self._free_notes(used)

    def _is_coded(self, selection: Selection) -> bool:
        """Whether its memo is that of a coding in the study."""
        return any(coding.code in self.codes for coding in selection.codings)

    def _notes_on(self, name: str, source: Source, used: set[str]) -> Iterator[SeenMemo]:
        """Notes on a source; QualCoder gives one that is on words of it a selection of its own."""
        for guid in source.notes:
            start, end = self._in_notes.get(guid, (None, None))
            fits = source.text is not None and start is not None and end is not None
            if fits and 0 <= start < end <= len(source.text or ""):  # type: ignore[operator]
                yield from self._memo("span", name, (start, end), "", (guid,), source.guid)
            else:
                yield from self._memo("transcript", name, None, "", (guid,), source.guid)
        used.update(source.notes)

    def _free_notes(self, used: set[str]) -> Iterator[SeenMemo]:
        linked = {link.one: link.other for link in self.project.links if link.one in self._notes}
        selections = {s.guid: s for s in self.project.selections} if linked else {}
        for note in self.project.notes:
            if note.guid in used:
                continue
            # NVivo links a note to the words that it is on.
            on = selections.get(linked.get(note.guid) or "")
            name = None if on is None else self.transcripts.get(on.source)
            if on is not None and name is not None and _has_words(on):
                yield from self._memo("span", name, (on.start, on.end), "", (note.guid,), on.guid)
            else:
                yield from self._memo("study", "", None, "", (note.guid,), "")

    def _memo(
        self,
        about: str,
        subject: str,
        span: tuple[int | None, int | None] | None,
        description: str,
        notes: tuple[str, ...],
        guid: str,
        coder: str | None = None,
    ) -> Iterator[SeenMemo]:
        start, end = span or (None, None)
        if description.strip():
            key = MemoKey(about, subject, start, end, description)
            whose = self.coders.get(coder or "")
            yield SeenMemo(key=key, kind="description", guid=guid, coder=whose)
        for note_guid in notes:
            words = self.words_of(note_guid)
            if words:
                note = self._notes[note_guid]
                yield SeenMemo(
                    key=MemoKey(about, subject, start, end, words),
                    kind="note",
                    guid=guid,
                    note=note_guid,
                    coder=self.coders.get(note.coder or ""),
                    made_at=note.made_at,
                )

    def see_cases(self) -> dict[str, SeenCase]:
        """Cases by name; a transcript with values and no case is one of its own."""
        n_cases = Counter(guid for case in self.project.cases for guid in case.sources)
        variables = {variable.guid: variable.name for variable in self.project.variables}
        sources = {s.guid: s for s in self.project.sources if s.guid in self.transcripts}
        seen: dict[str, SeenCase] = {}
        for name, case in name_cases(self.project).items():
            own = [sources[guid] for guid in case.sources if guid in sources and n_cases[guid] == 1]
            seen[name] = SeenCase(
                name, case, {}, [self.transcripts[source.guid] for source in own], own
            )
        unique = UniqueNames(seen)
        for source in sources.values():
            # The values of a source in several cases are nobody's.
            if source.values and not n_cases[source.guid]:
                transcript = self.transcripts[source.guid]
                name = unique.take(transcript)
                seen[name] = SeenCase(name, None, {}, [transcript], [source])
        for one in seen.values():
            values = [*one.case.values] if one.case else []
            for value in (*values, *(v for source in one.sources for v in source.values)):
                if value.value is not None and value.variable in variables:
                    one.attributes.setdefault(variables[value.variable], value.value)
        return seen


def _has_words(selection: Selection) -> bool:
    """Whether a selection holds at least one character of a text."""
    start, end = selection.start, selection.end
    return start is not None and end is not None and start < end


class UniqueNames:
    """Names that are taken, whatever their capitals."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken}
        self._next: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The name, or with a number where it is taken; it is taken from now on."""
        folded, unique = name.casefold(), name
        number = self._next.get(folded, 2)
        while unique.casefold() in self._taken:
            unique, number = f"{name} ({number})", number + 1
        self._next[folded] = number
        self._taken.add(unique.casefold())
        return unique


def name_coders(project: ToolProject) -> dict[str, str]:
    """A name for each coder by guid; two of one name get numbers."""
    names: dict[str, str] = {}
    unique = UniqueNames()
    for coder in project.coders:
        name = " ".join(coder.name.split()) or coder.initials or f"coder {coder.guid[:8]}"
        names[coder.guid] = unique.take(name)
    return names


def name_cases(project: ToolProject) -> dict[str, ToolCase]:
    """The cases by a name of their own each."""
    named: dict[str, ToolCase] = {}
    unique = UniqueNames()
    for case in project.cases:
        name = " ".join(case.name.split()) or f"case {case.guid[:8]}"
        named[unique.take(name)] = case
    return named


def order_codes(project: ToolProject) -> list[ToolCode]:
    """The codes, each after the one above it; a parent that is not there is none."""
    known = {code.guid for code in project.codes}
    below: dict[str | None, list[ToolCode]] = {}
    for code in project.codes:
        below.setdefault(code.parent if code.parent in known else None, []).append(code)
    ordered: list[ToolCode] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting += reversed(below.get(code.guid, []))
    return ordered
