"""REFI-QDA codebooks (.qdc) in and out; foreign names stop here.

Read leniently (any version's namespace, unknown parts ignored), written strictly to the public
schema "urn:QDA-XML:codebook:1.0". What the format cannot hold (inclusion, exclusion, examples)
goes into the description under headings, and is taken apart again on reading.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

from ...core.codebook import Code, Codebook
from ...core.errors import FileRefused, InputError
from ..files import read_bytes, whole_file

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_PARTS = {"Include": "inclusion", "Exclude": "exclusion", "Example": "examples", "Memo": "memo"}
_OURS = uuid.UUID("6f6c6bb1-3f4e-5f0a-9d0f-2a7c0e6c9a11")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def read_qdc(path: Path) -> Codebook:
    """The codes of a REFI-QDA codebook; ids are names, made unique by their parents.

    Raises:
        FileRefused: if it is not XML, declares entities, or holds no codes.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    raw = read_bytes(path)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused.because(
            path,
            f"is not well-formed XML ({str(error).split(' (', 1)[0]})",
            remedy="Export the codebook again.",
            place=f"line {error.lineno or 1}",
        ) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise FileRefused.because(
            path, "declares a DOCTYPE", remedy="A codebook needs none; export it again."
        )
    codes: list[Code] = []
    tops = [el for el in root.iter() if _local(el) == "Codes"]
    for element in (child for top in tops for child in top):
        _take(element, None, codes)
    if not codes:
        raise FileRefused.because(path, "holds no codes", remedy="Export the codebook again.")
    try:
        return Codebook(tuple(codes))
    except InputError as error:
        raise FileRefused.because(path, str(error), remedy="Nothing was imported.") from None


def write_qdc(codebook: Codebook, path: Path) -> None:
    """Write a codebook valid against the REFI-QDA schema; the same codebook gives the same bytes.

    Raises:
        InputError: if there are no codes (the schema needs one).
        FileRefused: if the place cannot be written.
    """
    from lxml import etree

    if not len(codebook):
        raise InputError("The codebook is empty; a .qdc needs at least one code. Import one first.")
    root = etree.Element(f"{{{NAMESPACE}}}CodeBook", origin="autocode", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    codes = etree.SubElement(root, f"{{{NAMESPACE}}}Codes")
    for code in codebook.children(None):
        _put(codes, code, codebook)
    with whole_file(path) as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?>\n')
        stream.write(etree.tostring(root, pretty_print=True, encoding="unicode"))


def _take(element: Any, parent: str | None, codes: list[Code]) -> None:  # noqa: ANN401 - lxml
    if _local(element) != "Code":
        return
    name = " ".join((element.get("name") or "").split()) or "(unnamed code)"
    taken = {code.id for code in codes}
    code_id = name if name not in taken or parent is None else f"{parent} / {name}"
    number = 2
    while code_id in taken:
        code_id, number = f"{name} ({number})", number + 1
    description = next((c.text or "" for c in element if _local(c) == "Description"), "")
    colour = element.get("color") or ""
    parts = _apart(description)
    codes.append(
        Code(
            id=code_id,
            name=name,
            definition=parts["definition"],
            inclusion=parts["inclusion"],
            exclusion=parts["exclusion"],
            examples=tuple(filter(None, parts["examples"].split("\n"))),
            parent=parent,
            colour=colour if _COLOUR.match(colour) else None,
            memo=parts["memo"],
        )
    )
    for child in element:
        _take(child, code_id, codes)


def _put(above: Any, code: Code, codebook: Codebook) -> None:  # noqa: ANN401 - lxml
    from lxml import etree

    children = codebook.children(code.id)
    element = etree.SubElement(
        above,
        f"{{{NAMESPACE}}}Code",
        guid=str(uuid.uuid5(_OURS, code.id)).upper(),
        name=_clean(code.name),
        isCodable="true",
    )
    if code.colour and _COLOUR.match(code.colour):
        element.set("color", code.colour)
    if description := _together(code):
        etree.SubElement(element, f"{{{NAMESPACE}}}Description").text = _clean(description)
    for child in children:
        _put(element, child, codebook)


def _together(code: Code) -> str:
    parts = [code.definition]
    parts += [
        f"{heading}: {value}"
        for heading, value in (
            ("Include", code.inclusion),
            ("Exclude", code.exclusion),
            *(("Example", example) for example in code.examples),
            ("Memo", code.memo),
        )
        if value
    ]
    return "\n".join(part for part in parts if part)


def _apart(description: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {name: [] for name in ("definition", *_PARTS.values())}
    part = "definition"
    for line in description.strip().split("\n"):
        heading, colon, rest = line.partition(": ")
        if colon and heading in _PARTS:
            part, line = _PARTS[heading], rest
        parts[part].append(line.strip())
    return {name: "\n".join(lines) for name, lines in parts.items()}


def _local(element: Any) -> str:  # noqa: ANN401 - lxml
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _clean(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)
