"""REFI-QDA codebooks (.qdc) in and out; foreign names stop here.

Read leniently (any version's namespace, unknown parts ignored), written strictly to the public
schema "urn:QDA-XML:codebook:1.0". Identifiers, colours and whether a code may be applied
(`isCodable`) come back as they were. What the format cannot hold (inclusion, exclusion, examples)
goes into the description under headings, and is taken apart again on reading.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.codebook import Code, Codebook
from ...core.codebook_merge import CodebookFile
from ...core.counted import say_count
from ...core.errors import FileRefused, InputError, one_line
from ..files import write_atomically
from ..source import SourceFile
from ..xml import add_element, local_name, make_root, parse_xml, write_xml
from .codebook_entries import check_codebook

if TYPE_CHECKING:
    from ..xml import XmlElement

NAMESPACE = "urn:QDA-XML:codebook:1.0"
_PARTS = {"Include": "inclusion", "Exclude": "exclusion", "Example": "examples", "Memo": "memo"}
STATED = (
    "name", "definition", "inclusion", "exclusion", "examples", "parent", "colour", "memo",
    "codable",
)  # fmt: skip
_OURS = uuid.UUID("6f6c6bb1-3f4e-5f0a-9d0f-2a7c0e6c9a11")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
_GUID = re.compile(r"\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def read_qdc_file(file: SourceFile | Path) -> CodebookFile:
    """What a REFI-QDA codebook states of its codes.

    Raises:
        FileRefused: as `read_qdc`.
    """
    source = SourceFile.of(file)
    root = _parse(source)
    codebook = _read_codes(root, source.path)
    n_headings = sum(not code.codable for code in codebook)
    account = f"{say_count(len(codebook), 'code')}, {len(codebook.parents)} of them parents"
    if n_headings:
        account += f", {n_headings} that cannot be applied"
    return CodebookFile(
        codebook=codebook,
        stated=STATED,
        has_ids=False,
        account=account,
        notes=_name_groups(root),
        as_held=as_qdc_holds,
    )


def _parse(source: SourceFile) -> XmlElement:
    return parse_xml(source.content, source.path, what="REFI-QDA codebook")


def _name_groups(root: XmlElement) -> tuple[str, ...]:
    """A note of the groups of codes (sets), for which a study has no place."""
    names = [e.get("name") or "" for e in root.iter() if local_name(e) == "Set"]
    if not names:
        return ()
    shown = ", ".join(f"'{one_line(name, 40)}'" for name in names[:6])
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return (f"groups of codes not kept: {shown}{more}",)


def read_qdc(file: SourceFile | Path) -> Codebook:
    """The codes of a REFI-QDA codebook; ids are names, made unique by their parents.

    Raises:
        FileRefused: if it is not XML, declares entities, holds no codes, or nests them too deeply.
    """
    source = SourceFile.of(file)
    return _read_codes(_parse(source), source.path)


def _read_codes(root: XmlElement, path: Path) -> Codebook:
    codes: dict[str, Code] = {}
    tops = [element for element in root.iter() if local_name(element) == "Codes"]
    waiting: list[tuple[XmlElement, str | None]] = [
        (child, None) for top in reversed(tops) for child in reversed(top)
    ]
    while waiting:
        element, parent = waiting.pop()
        if local_name(element) == "Code":
            code = _read_code(element, parent, codes)
            codes[code.id] = code
            waiting += [(child, code.id) for child in reversed(element)]
    if not codes:
        raise FileRefused.because(path, "holds no codes", remedy="Export the codebook again.")
    return check_codebook(tuple(codes.values()), path)


def write_qdc(codebook: Codebook, path: Path) -> None:
    """Write a codebook valid against the REFI-QDA schema; the same codebook gives the same bytes.

    Raises:
        InputError: if there are no codes (the schema needs one).
        FileRefused: if the file cannot be written.
    """
    if not len(codebook):
        raise InputError("The codebook is empty; a .qdc needs at least one code. Import one first.")
    root = make_root("CodeBook", NAMESPACE, {"origin": "autocode"})
    elements: dict[str | None, XmlElement] = {None: add_element(root, "Codes", {})}
    for _, code in codebook.walk():
        elements[code.id] = _add_code(elements[code.parent], code)
    with write_atomically(path) as stream:
        stream.write(write_xml(root))


def _read_code(element: XmlElement, parent: str | None, taken: Container[str]) -> Code:
    return make_code(
        element.get("name") or "",
        next((c.text or "" for c in element if local_name(c) == "Description"), ""),
        parent=parent,
        taken=taken,
        colour=element.get("color") or "",
        codable=(element.get("isCodable") or "true").strip().lower() not in ("false", "0"),
        guid=element.get("guid") or "",
    )


def make_code(
    name: str,
    description: str,
    *,
    parent: str | None,
    taken: Container[str],
    colour: str = "",
    codable: bool = True,
    guid: str = "",
) -> Code:
    """A code of REFI-QDA as ours; its id is its name, made unique among those `taken`."""
    name = " ".join(name.split()) or "(unnamed code)"
    code_id = name if name not in taken or parent is None else f"{parent} / {name}"
    number = 2
    while code_id in taken:
        code_id, number = f"{name} ({number})", number + 1
    parts = _split_description(description)
    return Code(
        id=code_id,
        name=name,
        definition=parts["definition"],
        inclusion=parts["inclusion"],
        exclusion=parts["exclusion"],
        examples=tuple(filter(None, parts["examples"].split("\n"))),
        parent=parent,
        colour=colour if _COLOUR.match(colour) else None,
        memo=parts["memo"],
        codable=codable,
        guid=match[1] if (match := _GUID.fullmatch(guid)) else None,
    )


def guid_of(code: Code) -> str:
    """The identifier of a code in a .qdc: the one it came with, else one made from its id."""
    return code.guid or str(uuid.uuid5(_OURS, code.id)).upper()


def as_qdc_holds(code: Code) -> Code:
    """The code as it comes back from a .qdc, which has fewer parts and folds blanks."""
    parts = _split_description(_clean(describe_code(code)))
    return replace(
        code,
        name=" ".join(_clean(code.name).split()),
        definition=parts["definition"],
        inclusion=parts["inclusion"],
        exclusion=parts["exclusion"],
        examples=tuple(filter(None, parts["examples"].split("\n"))),
        colour=code.colour if _COLOUR.match(code.colour or "") else None,
        memo=parts["memo"],
    )


def _add_code(parent: XmlElement, code: Code) -> XmlElement:
    attributes = {
        "guid": guid_of(code),
        "name": _clean(code.name),
        "isCodable": "true" if code.codable else "false",
    }
    if code.colour and _COLOUR.match(code.colour):
        attributes["color"] = code.colour
    element = add_element(parent, "Code", attributes)
    if description := describe_code(code):
        add_element(element, "Description", {}).text = _clean(description)
    return element


def describe_code(code: Code) -> str:
    """What the codebook says of a code as the one text that REFI-QDA has for it."""
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


def _split_description(description: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {name: [] for name in ("definition", *_PARTS.values())}
    part = "definition"
    for line in description.strip().split("\n"):
        heading, colon, rest = line.partition(": ")
        if colon and heading in _PARTS:
            part, line = _PARTS[heading], rest
        parts[part].append(line.strip())
    return {name: "\n".join(lines) for name, lines in parts.items()}


def _clean(text: str) -> str:
    return _CONTROLS.sub("\ufffd", text)
