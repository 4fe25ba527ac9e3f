"""XML from strangers, read without entities, network or document types.

The only adapter to lxml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, TypeAlias

from ..core.errors import FileRefused
from .archive import describe_fault, refuse_declarations

if TYPE_CHECKING:
    from lxml.etree import _Element

    XmlElement: TypeAlias = _Element


def parse_xml(raw: bytes, path: Path, *, what: str) -> XmlElement:
    """The root element of an XML file or part; `what` names the kind of file in messages.

    Raises:
        FileRefused: with the line, if it is not well formed or declares entities.
    """
    from lxml import etree

    refuse_declarations(raw, path)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused.because(
            path,
            f"is not a whole {what} ({describe_fault(error)})",
            remedy="Open it in the program it comes from and save it again.",
            place=f"line {error.lineno}" if error.lineno else "",
        ) from None


def walk_xml(
    stream: IO[bytes], path: Path, *, what: str, names: Sequence[str]
) -> Iterator[tuple[Literal["start", "end"], XmlElement]]:
    """Elements of these names (any namespace) as a long file is read, whose tree nobody needs.

    An element is whole at its "end"; `forget` it when it is no longer needed.

    Raises:
        FileRefused: as `parse_xml`.
    """
    from lxml import etree

    guarded = _Guarded(stream, path)
    try:
        for event, element in etree.iterparse(
            guarded,
            events=("start", "end"),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            yield ("start" if event == "start" else "end"), element
    except etree.XMLSyntaxError as error:
        raise FileRefused.because(
            path,
            f"is not a whole {what} ({describe_fault(error)})",
            remedy="Open it in the program it comes from and export it again.",
            place=f"line {error.lineno}" if error.lineno else "",
        ) from None


class _Guarded:
    """A stream that refuses document types wherever they stand, also across two reads."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path, self._tail = stream, path, b""
        self._is_wide = False

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        seen = self._tail + chunk
        self._is_wide = self._is_wide or b"\x00" in seen[:200]
        refuse_declarations(seen.replace(b"\x00", b"") if self._is_wide else seen, self._path)
        self._tail = seen[-40:]
        return chunk


def forget(element: XmlElement) -> None:
    """Give back the memory of an element that was walked, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def check_schema(stream: IO[bytes], schema: Path) -> list[str]:
    """What is wrong with a document by an XSD, a line each; empty if it is valid."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    rules = etree.XMLSchema(etree.parse(schema, parser))
    document = etree.parse(stream, parser)
    if rules.validate(document):
        return []
    faults = rules.error_log  # the stubs do not know that it is a sequence
    return [f"line {fault.line}: {fault.message}" for fault in faults]  # type: ignore[attr-defined]


def local_name(element: XmlElement) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def get_attribute(element: XmlElement, name: str) -> str | None:
    """An attribute by its name without namespace, or None."""
    for key, value in element.attrib.items():
        if str(key).rsplit("}", 1)[-1] == name:
            return str(value)
    return None


def make_root(name: str, namespace: str, attributes: Mapping[str, str]) -> XmlElement:
    """A new document's root, whose elements are in `namespace` without a prefix."""
    from lxml import etree

    return etree.Element(
        f"{{{namespace}}}{name}",
        dict(attributes),
        nsmap={None: namespace},  # type: ignore[dict-item] # the stubs lack the default namespace
    )


def add_element(parent: XmlElement, name: str, attributes: Mapping[str, str]) -> XmlElement:
    """A new last child of `parent`, in its namespace."""
    from lxml import etree

    namespace = str(parent.tag).partition("}")[0]
    return etree.SubElement(parent, f"{namespace}}}{name}", dict(attributes))


def write_xml(root: XmlElement) -> str:
    """The document as indented text with its declaration (UTF-8)."""
    from lxml import etree

    body = etree.tostring(root, pretty_print=True, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'
