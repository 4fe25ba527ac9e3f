"""XML from strangers, read without entities, network or document types; a door to lxml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.errors import FileRefused
from .archive import refuse_declarations


def parse_xml(raw: bytes, path: Path, *, what: str) -> Any:  # noqa: ANN401 - an lxml element
    """The root element of an XML file or part.

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
        fault = str(error).splitlines()[0].split(", line ")[0][:120]
        raise FileRefused.because(
            path,
            f"is not a whole {what} ({fault})",
            remedy="Open it in the program it comes from and save it again.",
            place=f"line {error.lineno}" if error.lineno else "",
        ) from None


def local_name(element: Any) -> str:  # noqa: ANN401 - an lxml element
    """An element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str | None:  # noqa: ANN401 - an lxml element
    """An attribute by its name without namespace, or None."""
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return None
