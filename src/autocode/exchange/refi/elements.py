"""Elements of a REFI-QDA project, read one by one; local names alone say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...io.xml import local_name
from ..losses import LossLedger
from ..project import (
    DIRECTIONS,
    VARIABLE_KINDS,
    Collection,
    Direction,
    Edge,
    Graph,
    Link,
    ToolCase,
    ToolCode,
    ToolCoder,
    ToolCoding,
    Value,
    Variable,
    Vertex,
)
from .guids import Guids

if TYPE_CHECKING:
    from ...io.xml import XmlElement

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,15})\s*")


@dataclass(slots=True)
class Elements:
    """Reads the elements that are no sources: what comes of them is kept in its lists."""

    ledger: LossLedger
    guids: Guids
    coders: list[ToolCoder] = field(default_factory=list)
    codes: list[ToolCode] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    cases: list[ToolCase] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    graphs: list[Graph] = field(default_factory=list)
    case_codes: set[str] = field(default_factory=set)
    """Guids of codes that are cases too."""

    def read_coder(self, element: XmlElement) -> None:
        """A User."""
        name = element.get("name") or ""
        self.coders.append(
            ToolCoder(
                guid=self.guids.define(element.get("guid"), "coders", name),
                name=name,
                initials=element.get("id") or "",
            )
        )

    def read_code(self, top: XmlElement) -> None:
        """A Code at the top with all below it; as deep as the XML may be."""
        waiting: list[tuple[XmlElement, str | None]] = [(top, None)]
        while waiting:
            element, parent = waiting.pop()
            name = element.get("name") or ""
            guid = self.guids.define(element.get("guid"), "codes", parent or "", name)
            description, notes, below = "", [], []
            for child in element:
                match local_name(child):
                    case "Description":
                        description = child.text or ""
                    case "NoteRef":
                        notes.append(child)
                    case "Code":
                        below.append((child, guid))
                    case unknown:
                        self.lose_unknown(unknown)
            self.codes.append(
                ToolCode(
                    guid=guid,
                    name=name,
                    parent=parent,
                    colour=self.read_colour(element, "color"),
                    description=description,
                    codable=read_truth(element.get("isCodable")),
                    notes=self.refer_all(notes, "notes"),
                )
            )
            waiting += reversed(below)

    def read_variable(self, element: XmlElement) -> None:
        """A Variable."""
        name = element.get("name") or ""
        said = (element.get("typeOfVariable") or "Text").strip()
        kind = next((kind for kind in VARIABLE_KINDS if kind.lower() == said.lower()), None)
        if kind is None:
            self.ledger.change("variables", f"of the unknown type '{said}' are text", name)
        self.variables.append(
            Variable(
                guid=self.guids.define(element.get("guid"), "variables", name),
                name=name,
                kind=kind or "Text",
                description=self.text_of(element, "Description"),
            )
        )

    def read_case(self, element: XmlElement) -> None:
        """A Case."""
        name = element.get("name") or ""
        members = self.sort_children(
            element, "Description", "CodeRef", "VariableValue", "SourceRef", "SelectionRef"
        )
        own = self.guids.find(element.get("guid"))
        if own is not None and any(code.guid == own for code in self.codes):
            self.case_codes.add(own)
        else:
            own = self.guids.define(element.get("guid"), "cases", name)
        self.cases.append(
            ToolCase(
                guid=own,
                name=name,
                description=joined_text(members["Description"]),
                codes=self.refer_all(members["CodeRef"], "codes"),
                values=self.read_values(members["VariableValue"]),
                sources=self.refer_all(members["SourceRef"], "sources"),
                selections=self.refer_all(members["SelectionRef"], "selections"),
            )
        )

    def read_link(self, element: XmlElement) -> None:
        """A Link."""
        name = element.get("name") or ""
        one, other = element.get("originGUID"), element.get("targetGUID")
        members = self.sort_children(element, "NoteRef")
        self.links.append(
            Link(
                guid=self.guids.define(element.get("guid"), "links", one or "", other or "", name),
                name=name,
                direction=read_direction(element),
                colour=self.read_colour(element, "color"),
                one=self.guids.refer(one, "ends of links"),
                other=self.guids.refer(other, "ends of links"),
                notes=self.refer_all(members["NoteRef"], "notes"),
            )
        )

    def read_collection(self, element: XmlElement) -> None:
        """A Set; a codebook's names its members with `guid`."""
        name = element.get("name") or ""
        members = self.sort_children(
            element, "Description", "MemberCode", "MemberSource", "MemberNote"
        )
        self.collections.append(
            Collection(
                guid=self.guids.define(element.get("guid"), "sets", name),
                name=name,
                description=joined_text(members["Description"]),
                codes=self.refer_all(members["MemberCode"], "codes"),
                sources=self.refer_all(members["MemberSource"], "sources"),
                notes=self.refer_all(members["MemberNote"], "notes"),
            )
        )

    def read_graph(self, element: XmlElement) -> None:
        """A Graph."""
        name = element.get("name") or ""
        guid = self.guids.define(element.get("guid"), "graphs", name)
        vertices, edges = [], []
        for number, child in enumerate(element):
            own = child.get("name") or ""
            represents = self.guids.refer(child.get("representedGUID"), "things drawn")
            match local_name(child):
                case "Vertex":
                    corners = [
                        read_whole(child.get(corner))
                        for corner in ("firstX", "firstY", "secondX", "secondY")
                    ]
                    vertices.append(
                        Vertex(
                            guid=self.guids.define(
                                child.get("guid"), "vertices", guid, str(number)
                            ),
                            name=own,
                            represents=represents,
                            place=tuple(corner or 0 for corner in corners[:2])
                            + tuple(corner for corner in corners[2:] if corner is not None),
                            shape=child.get("shape") or "",
                            colour=self.read_colour(child, "color"),
                        )
                    )
                case "Edge":
                    edges.append(
                        Edge(
                            guid=self.guids.define(child.get("guid"), "edges", guid, str(number)),
                            name=own,
                            represents=represents,
                            one=self.guids.refer(child.get("sourceVertex"), "vertices") or "",
                            other=self.guids.refer(child.get("targetVertex"), "vertices") or "",
                            direction=read_direction(child),
                            colour=self.read_colour(child, "color"),
                            line_style=child.get("lineStyle") or "",
                        )
                    )
                case unknown:
                    self.lose_unknown(unknown)
        self.graphs.append(
            Graph(guid=guid, name=name, vertices=tuple(vertices), edges=tuple(edges))
        )

    def read_codings(self, elements: Iterable[XmlElement], holder: str) -> tuple[ToolCoding, ...]:
        """The Codings of one thing; one that names no code is lost."""
        codings = []
        for number, element in enumerate(elements):
            code, notes = None, []
            for child in element:
                match local_name(child):
                    case "CodeRef":
                        code = self.guids.refer(child.get("targetGUID"), "codes")
                    case "NoteRef":
                        notes.append(child)
                    case unknown:
                        self.lose_unknown(unknown)
            if code is None:
                self.ledger.lose("codings", "name no code", holder)
                continue
            codings.append(
                ToolCoding(
                    guid=self.guids.define(element.get("guid"), "codings", holder, str(number)),
                    code=code,
                    coder=self.guids.refer(element.get("creatingUser"), "coders"),
                    made_at=element.get("creationDateTime") or "",
                    notes=self.refer_all(notes, "notes") if notes else (),
                )
            )
        return tuple(codings)

    def read_values(self, elements: Iterable[XmlElement]) -> tuple[Value, ...]:
        """VariableValues; a value is None where only the variable is named."""
        values = []
        for element in elements:
            variable, value = None, None
            for child in element:
                name = local_name(child)
                if name == "VariableRef":
                    variable = self.guids.refer(child.get("targetGUID"), "variables")
                elif name.endswith("Value"):
                    value = child.text or ""
                else:
                    self.lose_unknown(name)
            if variable is None:
                self.ledger.lose("values", "name no variable", value or "")
            else:
                values.append(Value(variable=variable, value=value))
        return tuple(values)

    def sort_children(self, element: XmlElement, *names: str) -> dict[str, list[XmlElement]]:
        """The children by their names; others are unknown."""
        sorted_: dict[str, list[XmlElement]] = {name: [] for name in names}
        for child in element:
            name = local_name(child)
            if name in sorted_:
                sorted_[name].append(child)
            else:
                self.lose_unknown(name)
        return sorted_

    def refer_all(self, elements: Iterable[XmlElement], what: str) -> tuple[str, ...]:
        """What these references name, each once."""
        return tuple(dict.fromkeys(self._walk_references(elements, what)))

    def _walk_references(self, elements: Iterable[XmlElement], what: str) -> Iterator[str]:
        for element in elements:
            raw = element.get("targetGUID") or element.get("guid")
            guid = self.guids.refer(raw, what)
            if guid is not None:
                yield guid

    def text_of(self, element: XmlElement, name: str) -> str:
        """The text of the child of this name; other children are unknown."""
        return joined_text(self.sort_children(element, name)[name])

    def read_colour(self, element: XmlElement, name: str) -> str:
        """A colour; one that is none is lost."""
        said = (element.get(name) or "").strip()
        if not said or COLOUR.fullmatch(said):
            return said
        self.ledger.lose("colours", "are not written as #RRGGBB", said)
        return ""

    def lose_unknown(self, name: str) -> None:
        """Count an element that the standard does not know; comments are none."""
        if name:
            self.ledger.lose("unknown elements", "are not in the standard", name)


def joined_text(elements: Iterable[XmlElement]) -> str:
    """The text of elements of which there should be one."""
    return "\n".join(element.text for element in elements if element.text)


def read_truth(said: str | None) -> bool:
    """An xsd:boolean that is true where it is not said."""
    return (said or "true").strip().lower() not in ("false", "0")


def read_whole(said: str | None) -> int | None:
    """A whole number of at most 15 digits, None for anything else."""
    match = _WHOLE.fullmatch(said or "")
    return int(match[1]) if match else None


def read_direction(element: XmlElement) -> Direction | None:
    """A direction, None where it is not said or unknown."""
    said = (element.get("direction") or "").strip()
    return next((direction for direction in DIRECTIONS if direction == said), None)
