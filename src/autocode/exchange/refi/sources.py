"""Sources, notes and selections of a REFI-QDA project, with the texts they lie in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from ...core.errors import FileRefused
from ...io.decoding import decode
from ...io.xml import local_name
from ..project import (
    Note,
    Part,
    Selection,
    SelectionKind,
    Source,
    SourceKind,
    SyncPoint,
    fold_guid,
)
from .container import Container, base_name
from .elements import Elements, joined_text, read_whole
from .offsets import StoredText

if TYPE_CHECKING:
    from ...io.xml import XmlElement

_KINDS: dict[str, SourceKind] = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
SOURCE_NAMES = tuple(_KINDS)
_SELECTIONS: dict[str, SelectionKind] = {
    "PlainTextSelection": "text",
    "PDFSelection": "pdf",
    "PictureSelection": "picture",
    "AudioSelection": "audio",
    "VideoSelection": "video",
    "TranscriptSelection": "transcript",
}
PLACES: dict[SelectionKind, tuple[str, ...]] = {
    "text": (),
    "pdf": ("page", "firstX", "firstY", "secondX", "secondY"),
    "picture": ("firstX", "firstY", "secondX", "secondY"),
    "audio": ("begin", "end"),
    "video": ("begin", "end"),
    "transcript": ("fromSyncPoint", "toSyncPoint"),
}
"""The attributes that say where a selection is, by its kind."""

_TEXTS = ("Representation", "TextDescription", "Transcript")


class Written(TypedDict):
    """Who made a thing and who changed it, and when."""

    coder: str | None
    made_at: str
    changed_by: str | None
    changed_at: str


@dataclass(slots=True)
class Sources:
    """Reads sources and notes; positions stay as the tool counts them until a rule is known."""

    container: Container
    elements: Elements
    texts: dict[str, StoredText] = field(default_factory=dict)
    """By the guid of their source or note."""
    sources: list[Source] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Names of the parts that something refers to, folded."""
    _areas: set[str] = field(default_factory=set)

    def read_source(self, element: XmlElement) -> None:
        """A source of any kind, with the texts and selections in it."""
        self._read(element, _KINDS.get(local_name(element), "text"), None)

    def read_note(self, element: XmlElement) -> None:
        """A Note, which is written as a text is."""
        guids, elements = self.elements.guids, self.elements
        name = element.get("name") or ""
        address = element.get("plainTextPath") or ""
        guid = guids.define(element.get("guid"), "notes", name, address)
        children = elements.sort_children(
            element, "Description", "PlainTextContent", "Coding", "NoteRef", "VariableValue",
            "PlainTextSelection",
        )  # fmt: skip
        text = self._load(guid, element, children["PlainTextContent"])
        original, others = self._original(element)
        self.notes.append(
            Note(
                guid=guid,
                name=name,
                text=text,
                description=joined_text(children["Description"]),
                original=original,
                address="" if text is not None else address,
                other_addresses=others,
                codings=elements.read_codings(children["Coding"], guid),
                notes=elements.refer_all(children["NoteRef"], "notes"),
                values=elements.read_values(children["VariableValue"]),
                **self._written(element),
            )
        )
        for number, child in enumerate(children["PlainTextSelection"]):
            self._read_selection(child, "text", guid, number)

    def _read(self, element: XmlElement, kind: SourceKind, of: str | None) -> None:
        elements = self.elements
        name = element.get("name") or ""
        address = element.get("plainTextPath" if kind == "text" else "path") or ""
        guid = elements.guids.define(element.get("guid"), "sources", name, address)
        children: dict[str, list[XmlElement]] = {}
        for child in element:
            children.setdefault(local_name(child), []).append(child)
        taken = children.pop
        description, content = taken("Description", []), taken("PlainTextContent", [])
        codings, notes = taken("Coding", []), taken("NoteRef", [])
        values, points = taken("VariableValue", []), taken("SyncPoint", [])
        if kind == "text":
            text = self._load(guid, element, content)
            original, others = self._original(element)
            is_known = text is not None
        else:
            text, others = None, self._seen_at(element)
            original = self._find(address)
            is_known = original is not None
            if not is_known:
                self._miss(address, name)
        self.sources.append(
            Source(
                guid=guid,
                name=name,
                kind=kind,
                text=text,
                of=of,
                original=original,
                address="" if is_known else address,
                other_addresses=others,
                description=joined_text(description),
                codings=elements.read_codings(codings, guid),
                notes=elements.refer_all(notes, "notes"),
                values=elements.read_values(values),
                sync_points=tuple(
                    self._read_point(point, guid, number) for number, point in enumerate(points)
                ),
                **self._written(element),
            )
        )
        for child_name, group in children.items():
            for number, child in enumerate(group):
                if child_name in _SELECTIONS:
                    self._read_selection(child, _SELECTIONS[child_name], guid, number)
                elif child_name in _TEXTS:
                    self._read(child, "text", guid)
                else:
                    elements.lose_unknown(child_name)

    def _read_point(self, element: XmlElement, guid: str, number: int) -> SyncPoint:
        return SyncPoint(
            guid=self.elements.guids.define(element.get("guid"), "sync points", guid, str(number)),
            position=read_whole(element.get("position")),
            time=read_whole(element.get("timeStamp")),
        )

    def _read_selection(
        self, element: XmlElement, kind: SelectionKind, source: str, number: int
    ) -> None:
        elements = self.elements
        guid = self._define_selection(element, kind, source, number)
        children = elements.sort_children(
            element, "Description", "Coding", "NoteRef", "Representation"
        )
        is_text = kind == "text"
        self.selections.append(
            Selection(
                guid=guid,
                source=source,
                kind=kind,
                start=read_whole(element.get("startPosition")) if is_text else None,
                end=read_whole(element.get("endPosition")) if is_text else None,
                place=() if is_text else self._read_place(element, kind),
                name=element.get("name") or "",
                description=joined_text(children["Description"]),
                codings=elements.read_codings(children["Coding"], guid),
                notes=elements.refer_all(children["NoteRef"], "notes"),
                **self._written(element),
            )
        )
        for child in children["Representation"]:
            self._read(child, "text", guid)

    def _define_selection(
        self, element: XmlElement, kind: SelectionKind, source: str, number: int
    ) -> str:
        """Its guid; ATLAS.ti gives an area of a PDF and its words the same, as they are one."""
        guids = self.elements.guids
        raw = element.get("guid")
        if kind == "text" and fold_guid(raw or "") in self._areas:
            return guids.refer(raw, "selections") or ""
        guid = guids.define(raw, "selections", source, str(number))
        if kind == "pdf":
            self._areas.add(fold_guid(guid))
        return guid

    def _read_place(self, element: XmlElement, kind: SelectionKind) -> tuple[tuple[str, str], ...]:
        place = []
        for attribute in PLACES[kind]:
            said = element.get(attribute)
            if kind == "transcript":
                said = self.elements.guids.refer(said, "sync points")
            if said is not None:
                place.append((attribute, said))
        return tuple(place)

    def _written(self, element: XmlElement) -> Written:
        refer = self.elements.guids.refer
        return {
            "coder": refer(element.get("creatingUser"), "coders"),
            "made_at": element.get("creationDateTime") or "",
            "changed_by": refer(element.get("modifyingUser"), "coders"),
            "changed_at": element.get("modifiedDateTime") or "",
        }

    def _load(self, guid: str, element: XmlElement, content: list[XmlElement]) -> str | None:
        """The words of a text, from the XML or its own part; None where they are missing."""
        address = element.get("plainTextPath") or ""
        info = self.container.find(address)
        if info is not None:
            self.used.add(base_name(info).casefold())
        if content:
            raw = joined_text(content)
        elif info is not None:
            raw = self._decode(self.container.read(info), info.filename)
        elif address:
            self._miss(address, element.get("name") or "")
            return None
        else:
            return None
        stored = self.texts[guid] = StoredText.of(raw)
        return stored.text

    def _decode(self, raw: bytes, name: str) -> str:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16", "replace")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        path = self.container.path
        try:
            decoded = decode(raw, path)
        except FileRefused:
            self.elements.ledger.change(
                "texts", "are in no known encoding; what could not be read is marked", name
            )
            return raw.decode("utf-8", "replace")
        self.elements.ledger.change("texts", f"are in {decoded.encoding}, not UTF-8", name)
        return decoded.text

    def _original(self, element: XmlElement) -> tuple[Part | None, tuple[tuple[str, str], ...]]:
        """The document a text was made from, or where the tool says it lies."""
        address = element.get("richTextPath") or ""
        if not address:
            return None, ()
        part = self._find(address)
        if part is None:
            self._miss(address, element.get("name") or "")
            return None, (("richTextPath", address),)
        return part, ()

    @staticmethod
    def _seen_at(element: XmlElement) -> tuple[tuple[str, str], ...]:
        address = element.get("currentPath") or ""
        return (("currentPath", address),) if address else ()

    def _find(self, address: str) -> Part | None:
        info = self.container.find(address)
        if info is None:
            return None
        self.used.add(base_name(info).casefold())
        return self.container.carry(info)

    def _miss(self, address: str, name: str) -> None:
        scheme = address.partition("://")[0].lower()
        if scheme in ("relative", "absolute"):
            reason = "lie outside the project; where they lie is kept, and nothing is opened"
            self.elements.ledger.change("files", reason, name or address)
        else:
            self.elements.ledger.change(
                "files", "are missing from the project; what is known of them is kept",
                name or address,
            )  # fmt: skip
