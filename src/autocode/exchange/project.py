"""A project as the tools for qualitative analysis have it, in one shape for all of them.

The shape is that of REFI-QDA, the widest of them, without its XML: flat tuples whose parts name
each other by guid. Readers make it, writers take it, and neither knows the other.

Text has LF line ends and no byte order mark; offsets are Unicode code points from 0 with an
exclusive end, whatever the tool counts. A guid is kept as the tool writes it, without braces; a
reference has the very letters of the guid it means. Times are ISO 8601 as the tool has them. What
a tool does not say is an empty string, an empty tuple, or None.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, get_args

MACHINE = "autocode (machine)"
"""The coder by whose name suggestions go into other tools, apart from everybody's codings."""

SourceKind = Literal["text", "pdf", "picture", "audio", "video"]

SelectionKind = Literal["text", "pdf", "picture", "audio", "video", "transcript"]
"""What a selection is cut out of; "transcript" is words between two sync points of a recording."""

VariableKind = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
VARIABLE_KINDS: tuple[VariableKind, ...] = get_args(VariableKind)

_NAMESPACE = uuid.UUID("2a1f7c0e-5b0a-5d1c-9c58-0e0b6a7d4f11")


def make_guid(*parts: str) -> str:
    """A guid that is the same for the same parts (a name-based UUID, RFC 9562 version 5)."""
    name = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    made = bytearray(hashlib.sha1(_NAMESPACE.bytes + name, usedforsecurity=False).digest()[:16])
    made[6], made[8] = made[6] & 0x0F | 0x50, made[8] & 0x3F | 0x80
    digits = made.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def fold_guid(guid: str) -> str:
    """A guid as it is compared: without braces and blanks, in lower case."""
    return guid.strip().strip("{}").casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Bytes that are carried without being looked at: a recording, a picture, a document.

    They are `content`, or lie in the file `path`; there, with a `member`, inside this zip archive.
    `name` is a bare file name, `size` in bytes. Nothing is read before `open`.
    """

    name: str
    size: int
    path: Path | None = None
    member: str = ""
    content: bytes | None = field(default=None, repr=False)

    def open(self) -> IO[bytes]:
        """The bytes as a stream to be closed; raises OSError or BadZipFile if they have gone."""
        if self.content is not None:
            return io.BytesIO(self.content)
        if self.path is None:
            raise FileNotFoundError(self.name)
        if not self.member:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as archive:  # stays open as long as the stream
            return archive.open(self.member)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCoder:
    """A user of the tool. Two may have the same name; `initials` is the tool's short name."""

    guid: str
    name: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCode:
    """A code, a folder of codes (not `codable`), or both; `parent` is the guid of the one above.

    Names may repeat. `colour` is "#rrggbb" or empty. `notes` are guids of notes.
    """

    guid: str
    name: str
    parent: str | None = None
    colour: str = ""
    description: str = ""
    codable: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An attribute that sources or cases may have a value of."""

    guid: str
    name: str
    kind: VariableKind = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The value of a variable (its guid), as text; None where the tool says only that it applies.

    Booleans are "true" and "false", numbers have a decimal point, dates are ISO 8601.
    """

    variable: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCoding:
    """A code (its guid) applied by a coder (guid, None where the tool does not say)."""

    guid: str
    code: str
    coder: str | None = None
    made_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPoint:
    """Where in a text (code points) what time of a recording (ms) is reached."""

    guid: str
    position: int | None = None
    time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text, or media with what is known of them.

    `text` is None for media, and for a text whose words are missing. `original` is the document a
    text was made from, or the media file. `address` is what the tool says of where its words or its
    media lie, `other_addresses` the same of other files, by the tool's name for each; all are to be
    shown and never opened. A text that is the transcript of a recording, or the words of a PDF (or
    of a selection in one), has its guid as `of`. `description` is the memo written on the source
    itself, `codings` are those of the whole source.
    """

    guid: str
    name: str = ""
    kind: SourceKind = "text"
    text: str | None = field(default=None, repr=False)
    of: str | None = None
    original: Part | None = None
    address: str = ""
    other_addresses: tuple[tuple[str, str], ...] = ()
    description: str = ""
    codings: tuple[ToolCoding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sync_points: tuple[SyncPoint, ...] = ()
    coder: str | None = None
    made_at: str = ""
    changed_by: str | None = None
    changed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Words of a source (or of a note: its guid), or a piece of media.

    `start` and `end` are None where it is not in a text; `place` then holds what the tool says
    (page and corners in points, begin and end in ms), as pairs. A selection without codings is a
    memo on words: its `description` and `notes`.
    """

    guid: str
    source: str
    kind: SelectionKind = "text"
    start: int | None = None
    end: int | None = None
    place: tuple[tuple[str, str], ...] = ()
    name: str = ""
    description: str = ""
    codings: tuple[ToolCoding, ...] = ()
    notes: tuple[str, ...] = ()
    coder: str | None = None
    made_at: str = ""
    changed_by: str | None = None
    changed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A memo. What it is on refers to it (`notes` there); one that nothing refers to is free."""

    guid: str
    name: str = ""
    text: str | None = None
    description: str = ""
    original: Part | None = None
    address: str = ""
    other_addresses: tuple[tuple[str, str], ...] = ()
    codings: tuple[ToolCoding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    coder: str | None = None
    made_at: str = ""
    changed_by: str | None = None
    changed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCase:
    """A participant, site or other unit: its values, and the sources and selections it is in."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A set of codes, sources and notes under a name: a group, a family, a theme."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


Direction = Literal["Associative", "OneWay", "Bidirectional"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A named relation of two things (their guids)."""

    guid: str
    name: str = ""
    direction: Direction | None = None
    colour: str = ""
    one: str | None = None
    other: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A shape of a graph, for the thing it `represents` (guid); `place` is its two corners."""

    guid: str
    name: str = ""
    represents: str | None = None
    place: tuple[int, ...] = (0, 0)
    shape: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line of a graph between two vertices (guids)."""

    guid: str
    one: str
    other: str
    name: str = ""
    represents: str | None = None
    direction: Direction | None = None
    colour: str = ""
    line_style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A drawn network or map."""

    guid: str
    name: str = ""
    vertices: tuple[Vertex, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolProject:
    """All of a project. `origin` is the program with its version, as it names itself.

    `format` is the reader's name. `parts` are files of it that nothing refers to.
    """

    name: str
    origin: str = ""
    format: str = ""
    description: str = ""
    base_path: str = ""
    coder: str | None = None
    made_at: str = ""
    changed_by: str | None = None
    changed_at: str = ""
    notes_on_it: tuple[str, ...] = ()
    coders: tuple[ToolCoder, ...] = ()
    codes: tuple[ToolCode, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[ToolCase, ...] = ()
    sources: tuple[Source, ...] = ()
    selections: tuple[Selection, ...] = ()
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    collections: tuple[Collection, ...] = ()
    graphs: tuple[Graph, ...] = ()
    parts: tuple[Part, ...] = ()

    def walk_codings(self) -> Iterator[ToolCoding]:
        """Every coding: of whole sources, of notes, of selections."""
        for source in self.sources:
            yield from source.codings
        for note in self.notes:
            yield from note.codings
        for selection in self.selections:
            yield from selection.codings
