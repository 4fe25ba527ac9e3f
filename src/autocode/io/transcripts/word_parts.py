"""The parts of a Word document: which is the body, what styles mean, comments and headers.

Both dialects of Office Open XML are read, the usual one (Transitional) and Strict, which differ in
their namespaces: elements are known by their local name.
Source: ECMA-376, parts 1 and 2 (packages, WordprocessingML).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from ..archive import open_archive, read_part
from ..xml import get_attribute, local_name, parse_xml
from .document import Style, resolve_style

if TYPE_CHECKING:
    from ..xml import XmlElement

WHAT = "Word document"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordParts:
    """A Word document's body, its styles by identifier, and its comments by number."""

    body: XmlElement
    styles: Mapping[str, Style] = field(default_factory=dict)
    comments: Mapping[str, XmlElement] = field(default_factory=dict)
    has_headers: bool = False


def read_parts(raw: bytes, path: Path) -> WordParts:
    """The parts of a .docx.

    Raises:
        FileRefused: if it is encrypted, an old .doc, broken, a zip bomb, or no Word document.
    """
    archive = open_archive(raw, path, what=WHAT, needs="[Content_Types].xml")
    package = _Package(archive, path)
    main = package.find_main()
    root = package.parse(main)
    body = next((child for child in root if local_name(child) == "body"), None)
    if local_name(root) != "document" or body is None or not package.is_word(main):
        raise FileRefused.because(
            path,
            "is an Office file but not a Word document (a workbook or slides?)",
            remedy="Save the text as .docx, a table as .xlsx or .csv.",
        )
    parts = package.related(main)
    return WordParts(
        body=body,
        styles=_read_styles(package.parse_all(parts.get("styles", ()))),
        comments={
            get_attribute(comment, "id") or "": comment
            for root in package.parse_all(parts.get("comments", ()))
            for comment in root
            if local_name(comment) == "comment"
        },
        has_headers=any(
            _holds_letters(root)
            for root in package.parse_all((*parts.get("header", ()), *parts.get("footer", ())))
        ),
    )


def is_on(element: XmlElement | None) -> bool | None:
    """What a switch such as <w:vanish/> says; None where it is not there."""
    if element is None:
        return None
    return (get_attribute(element, "val") or "1").lower() not in ("0", "false", "off", "none")


def child_of(element: XmlElement | None, name: str) -> XmlElement | None:
    """The first child of this name."""
    if element is None:
        return None
    return next((child for child in element if local_name(child) == name), None)


@dataclass(frozen=True, slots=True)
class _Package:
    """An archive whose parts refer to each other."""

    archive: zipfile.ZipFile
    path: Path

    def parse(self, name: str) -> XmlElement:
        return parse_xml(read_part(self.archive, name, self.path, what=WHAT), self.path, what=WHAT)

    def parse_all(self, names: tuple[str, ...]) -> Iterator[XmlElement]:
        held = set(self.archive.namelist())
        return (self.parse(name) for name in names if name in held)

    def find_main(self) -> str:
        """The part that holds the body.

        Raises:
            FileRefused: if the package does not say, or the part is missing.
        """
        mains = self.related("").get("officeDocument", ())
        if not mains or mains[0] not in self.archive.namelist():
            raise FileRefused.because(
                self.path,
                f"is not a whole {WHAT} (a part of it refers to one that is not there)",
                remedy="Open it in the program it comes from and save it again.",
            )
        return mains[0]

    def is_word(self, main: str) -> bool:
        """Whether the list of contents calls the main part a Word document's or template's."""
        root = self.parse("[Content_Types].xml")
        kinds = [
            get_attribute(entry, "ContentType") or ""
            for entry in root
            if (get_attribute(entry, "PartName") or "").lstrip("/").lower() == main.lower()
        ]
        return not kinds or "wordprocessingml" in kinds[0] or "ms-word" in kinds[0]

    def related(self, part: str) -> dict[str, tuple[str, ...]]:
        """The parts that `part` refers to, by the last word of what they are to it."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        parts: dict[str, tuple[str, ...]] = {}
        for root in self.parse_all((rels,)):
            for entry in root:
                target = get_attribute(entry, "Target")
                if target is None or get_attribute(entry, "TargetMode") == "External":
                    continue
                kind = (get_attribute(entry, "Type") or "").rsplit("/", 1)[-1]
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                parts[kind] = (*parts.get(kind, ()), whole)
        return parts


def _read_styles(roots: Iterator[XmlElement]) -> dict[str, Style]:
    """Styles by identifier, what they are based on worked in."""
    own: dict[str, tuple[Style, str]] = {}
    for root in roots:
        for element in root:
            if local_name(element) != "style":
                continue
            runs, paragraph = child_of(element, "rPr"), child_of(element, "pPr")
            style = Style(
                hidden=is_on(child_of(runs, "vanish")),
                bold=is_on(child_of(runs, "b")),
                heading=_level(element, paragraph),
            )
            base = child_of(element, "basedOn")
            based_on = "" if base is None else get_attribute(base, "val") or ""
            own[get_attribute(element, "styleId") or ""] = (style, based_on)
    return {name: resolve_style(name, own) for name in own}


def _level(style: XmlElement, paragraph: XmlElement | None) -> int:
    """The level of a heading style, 1 to 9; 0 where it is none."""
    name = child_of(style, "name")
    called = "" if name is None else (get_attribute(name, "val") or "").lower()
    if called.startswith("heading ") and called[8:].isdecimal():
        return min(int(called[8:][:2]), 9)
    return outline_level(paragraph)


def outline_level(properties: XmlElement | None) -> int:
    """The level that a paragraph's properties give it, 1 to 9; 0 where it is body text."""
    outline = child_of(properties, "outlineLvl")
    level = "" if outline is None else get_attribute(outline, "val") or ""
    # Counted from 0; 9 means body text.
    return int(level) + 1 if level.isascii() and level.isdecimal() and int(level[:3]) < 9 else 0


def _holds_letters(root: XmlElement) -> bool:
    return any(
        any(map(str.isalpha, element.text or ""))
        for element in root.iter()
        if local_name(element) == "t"
    )
