"""Sources, notes and selections as the schema orders them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..losses import LossLedger
from ..project import (
    Note,
    Selection,
    SelectionKind,
    Source,
    SourceKind,
    SyncPoint,
    ToolCoding,
    ToolProject,
    Value,
    VariableKind,
    make_guid,
)
from .elements import read_whole
from .offsets import StoredText
from .part_plan import PartPlan
from .profiles import Profile
from .sources import PLACES
from .values import Values
from .xml_stream import XmlStream

_ELEMENTS: dict[SourceKind, str] = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "picture": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
_SELECTIONS: dict[SelectionKind, str] = {
    "text": "PlainTextSelection",
    "pdf": "PDFSelection",
    "picture": "PictureSelection",
    "audio": "AudioSelection",
    "video": "VideoSelection",
    "transcript": "TranscriptSelection",
}

MOST_NOTE_FILES = 1000
"""Notes that have a file each; of more, such as the probability of each suggestion, all stand in
the XML."""


@dataclass(slots=True)
class SourceWriter:
    """Writes what holds text or media. `plan` is None for a bare .qde, which holds its texts."""

    project: ToolProject
    profile: Profile
    xml: XmlStream
    values: Values
    ledger: LossLedger
    plan: PartPlan | None
    _below: dict[str, list[Source]] = field(default_factory=dict)
    _selections: dict[str, list[Selection]] = field(default_factory=dict)
    _kinds: dict[str, VariableKind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for source in self.project.sources:
            if source.of is not None:
                self._below.setdefault(source.of, []).append(source)
        for selection in self.project.selections:
            self._selections.setdefault(selection.source, []).append(selection)
        self._kinds = {variable.guid: variable.kind for variable in self.project.variables}

    def write_sources(self) -> None:
        """The container of sources."""
        known = {source.guid for source in self.project.sources}
        known |= {selection.guid for selection in self.project.selections}
        with self.xml.container("Sources"):
            for source in self.project.sources:
                if source.of is None or source.of not in known:
                    self._write_source(source, _ELEMENTS[source.kind])

    def write_notes(self) -> None:
        """The container of notes."""
        with self.xml.container("Notes"):
            for note in self.project.notes:
                paths, inline = self._words(note)
                with self.xml.element("Note", self._head(note) | paths | self._made(note)):
                    self._describe(note.description)
                    self._inline(inline)
                    for selection in self._selections.get(note.guid, ()):
                        self._write_selection(selection, None)
                    self._close(note.codings, note.notes, note.values)

    def _write_source(self, source: Source, element: str) -> None:
        if source.kind != "text":
            self._write_media(source, element)
            return
        paths, inline = self._words(source)
        is_transcript = element == "Transcript"
        with self.xml.element(element, self._head(source) | paths | self._made(source)):
            self._describe(source.description)
            self._inline(inline)
            text = None if source.text is None else StoredText.of(source.text)
            if is_transcript:
                self._write_transcript(source, text)
                return
            self._lose_points(source)
            for selection in self._selections.get(source.guid, ()):
                self._write_selection(selection, text)
            self._close(source.codings, source.notes, source.values)

    def _write_transcript(self, source: Source, text: StoredText | None) -> None:
        """What a recording's transcript may hold: no codings of its own, but sync points."""
        selections, points = _between_points(self._selections.get(source.guid, []), source)
        n_made = len(points) - len(source.sync_points)
        self.ledger.change("selections in transcripts of recordings",
                           "were given sync points, as the standard wants", "",
                           n_made // 2)  # fmt: skip
        for point in points:
            at = point.position
            if at is not None and text is not None:
                at = text.to_theirs(at, self.profile.rule)
            self.xml.leaf(
                "SyncPoint",
                {
                    "guid": self.values.guid(point.guid),
                    "timeStamp": None if point.time is None else str(point.time),
                    "position": None if at is None else str(at),
                },
            )
        for selection in selections:
            self._write_selection(selection, text)
        reason = "stand on a whole transcript of a recording, where the standard has no place"
        self.ledger.lose("codings", reason, source.name, len(source.codings))
        self.ledger.lose("values", reason, source.name, len(source.values))
        self._refer("NoteRef", source.notes)

    def _write_media(self, source: Source, element: str) -> None:
        address: str | None = source.address or None
        if source.original is not None:
            address = self.plan.add_carried(source, source.original) if self.plan else None
            if self.plan is None:
                self.ledger.lose("files", "have no place in a bare .qde", source.name)
        seen_at = dict(source.other_addresses).get("currentPath")
        attributes: dict[str, str | None] = {
            "path": self._text(address),
            "currentPath": self._text(seen_at),
        }
        with self.xml.element(element, self._head(source) | attributes | self._made(source)):
            self._describe(source.description)
            below = self._below.get(source.guid, [])
            if source.kind == "picture":
                self._write_below(below, "TextDescription", most=1)
            elif source.kind in ("audio", "video"):
                self._write_below(below, "Transcript")
            for selection in self._selections.get(source.guid, ()):
                if selection.kind != source.kind:
                    self.ledger.lose(
                        "selections", f"do not fit a source of the kind {source.kind}", source.name
                    )
                    continue
                self._write_selection(selection, None)
            if source.kind == "pdf":
                self._write_below(below, "Representation", most=1)
            self._close(source.codings, source.notes, source.values)

    def _write_below(self, below: list[Source], element: str, most: int | None = None) -> None:
        for source in below[:most]:
            self._write_source(source, element)
        if most is not None:
            for source in below[most:]:
                self.ledger.lose("texts", "belong to something that has one already", source.name)

    def _write_selection(self, selection: Selection, text: StoredText | None) -> None:
        where = self._place(selection, text)
        attributes = self._head(selection) | where | self._made(selection)
        with self.xml.element(_SELECTIONS[selection.kind], attributes):
            self._describe(selection.description)
            if selection.kind == "pdf":
                self._write_below(self._below.get(selection.guid, []), "Representation", most=1)
            self._write_codings(selection.codings)
            self._refer("NoteRef", selection.notes)

    def _place(self, selection: Selection, text: StoredText | None) -> dict[str, str | None]:
        if selection.kind == "text":
            ends = [selection.start, selection.end]
            if None in ends:
                self.ledger.change(
                    "selections", "have no positions; 0..0 was written", selection.guid
                )
            theirs = [
                (at or 0) if text is None else text.to_theirs(at or 0, self.profile.rule)
                for at in ends
            ]
            return {"startPosition": str(theirs[0]), "endPosition": str(theirs[1])}
        said = dict(selection.place)
        if selection.kind == "transcript":
            return {name: self.values.guid_or_none(said.get(name)) for name in PLACES["transcript"]}
        place: dict[str, str | None] = {}
        for name in PLACES[selection.kind]:
            number = read_whole(said.get(name))
            if number is None:
                self.ledger.change("selections", f"have no number as {name}; 0 was written",
                                   selection.guid)  # fmt: skip
            place[name] = said[name].strip() if number is not None else "0"
        return place

    def _words(self, holder: Source | Note) -> tuple[dict[str, str | None], str | None]:
        """The addresses of a text, and its words where they are written into the XML."""
        rich: str | None = dict(holder.other_addresses).get("richTextPath")
        n_others = sum(name != "richTextPath" for name, _ in holder.other_addresses)
        self.ledger.lose("names of files", "have no place in the format", holder.name, n_others)
        if holder.original is not None and self.plan is not None:
            rich = self.plan.add_carried(holder, holder.original)
        elif holder.original is not None:
            self.ledger.lose("files", "have no place in a bare .qde", holder.name)
        plain: str | None = holder.address or None
        inline = None
        if holder.text is not None:
            words = self._encode(holder.text)
            in_crowd = isinstance(holder, Note) and len(self.project.notes) > MOST_NOTE_FILES
            if self.plan is None or in_crowd:
                plain, inline = None, self.values.text(words)
            else:
                plain = self.plan.add_words(holder, words)
        return {"richTextPath": self._text(rich), "plainTextPath": self._text(plain)}, inline

    def _encode(self, text: str) -> str:
        """Words with the line ends of the profile; a mark that is a character stays one."""
        words = StoredText.of(f"\ufeff{text}").text
        if words.startswith("\ufeff"):
            words = f"\ufeff{words}"
        return words.replace("\n", self.profile.line_end)

    def _lose_points(self, source: Source) -> None:
        self.ledger.lose(
            "sync points", "stand in a text that belongs to no recording", source.name,
            len(source.sync_points),
        )  # fmt: skip

    def _close(
        self, codings: Iterable[ToolCoding], notes: Iterable[str], values: Iterable[Value]
    ) -> None:
        self._write_codings(codings)
        self._refer("NoteRef", notes)
        self.write_values(values)

    def _write_codings(self, codings: Iterable[ToolCoding]) -> None:
        for coding in codings:
            attributes = {
                "guid": self.values.guid(coding.guid),
                "creatingUser": self.values.guid_or_none(coding.coder),
                "creationDateTime": self.values.date_time(coding.made_at),
            }
            with self.xml.element("Coding", attributes):
                self._refer("CodeRef", (coding.code,))
                self._refer("NoteRef", coding.notes)

    def write_values(self, values: Iterable[Value]) -> None:
        """VariableValues, each in the element of its variable's type."""
        for value in values:
            kind = self._kinds.get(value.variable)
            if kind is None:
                self.ledger.lose("values", "are of an unknown variable", value.value or "")
                continue
            with self.xml.element("VariableValue", {}):
                self._refer("VariableRef", (value.variable,))
                if value.value is not None:
                    name, text = self.values.value(kind, value.value)
                    self.xml.leaf(name, {}, text)

    def _refer(self, name: str, guids: Iterable[str]) -> None:
        for guid in guids:
            self.xml.leaf(name, {"targetGUID": self.values.guid(guid)})

    def _describe(self, description: str) -> None:
        if description:
            self.xml.leaf("Description", {}, self.values.text(description, "descriptions"))

    def _inline(self, words: str | None) -> None:
        if words is not None:
            self.xml.leaf("PlainTextContent", {}, words)

    def _text(self, text: str | None) -> str | None:
        return self.values.text(text, "names") if text else None

    def _head(self, thing: Source | Note | Selection) -> dict[str, str | None]:
        return {"guid": self.values.guid(thing.guid), "name": self._text(thing.name)}

    def _made(self, thing: Source | Note | Selection) -> dict[str, str | None]:
        return {
            "creatingUser": self.values.guid_or_none(thing.coder),
            "creationDateTime": self.values.date_time(thing.made_at),
            "modifyingUser": self.values.guid_or_none(thing.changed_by),
            "modifiedDateTime": self.values.date_time(thing.changed_at),
        }


def _between_points(
    selections: list[Selection], source: Source
) -> tuple[list[Selection], list[SyncPoint]]:
    """Selections between sync points; those that name words are given points of their own."""
    points, placed = list(source.sync_points), []
    for selection in selections:
        if selection.kind == "text":
            made = [
                SyncPoint(guid=make_guid(selection.guid, end), position=at)
                for end, at in (("start", selection.start), ("end", selection.end))
            ]
            points += made
            place = tuple(zip(PLACES["transcript"], (point.guid for point in made), strict=True))
            selection = replace(selection, kind="transcript", place=place)
        placed.append(selection)
    return placed, points
