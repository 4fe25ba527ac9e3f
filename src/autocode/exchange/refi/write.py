"""Writing a REFI-QDA project or codebook: valid by the schema, and saying what was left out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from ..._version import __version__
from ...core.errors import FileRefused, InputError
from ...io.archive import DAMAGE, describe_fault
from ...io.files import write_bytes_atomically
from ...io.xml import check_schema
from ..losses import LossLedger, LossReport
from ..project import Graph, ToolCode, ToolProject
from .container import open_container
from .part_plan import PartPlan
from .profiles import Profile, ProfileName, get_profile
from .values import Values
from .write_sources import SourceWriter
from .xml_stream import Attributes, XmlStream

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
_SHAPES = frozenset(
    ("Person", "Oval", "Rectangle", "RoundedRectangle", "Star", "LeftTriangle", "RightTriangle",
     "UpTriangle", "DownTriangle", "Note")
)  # fmt: skip
_LINE_STYLES = frozenset(("dotted", "dashed", "solid"))
DEEPEST = 100
"""Levels of codes that are written; readers of XML stop at 256 elements within each other."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_refi(project: ToolProject, path: Path, profile: ProfileName = "refi") -> LossReport:
    """Write a project as .qdpx, a bare .qde, or its codebook as .qdc, by the suffix of `path`.

    `profile` is the tool that is to read it. The same project gives the same bytes.

    Raises:
        InputError: for an unknown profile or suffix, or a codebook without codes.
        FileRefused: if the file cannot be written, or a part of the project cannot be read.
    """
    chosen = get_profile(profile)
    ledger = LossLedger()
    suffix = path.suffix.lower()
    if suffix not in (".qdpx", ".qde", ".qdc"):
        raise InputError(f"{path}: a REFI-QDA project is written as .qdpx, .qde or .qdc.")
    if suffix == ".qdc" and not project.codes:
        raise InputError(f"{path}: there are no codes; a .qdc needs at least one.")
    if chosen.fit is not None and suffix != ".qdc":
        project = chosen.fit(project, ledger)
    try:
        with write_bytes_atomically(path) as stream:
            if suffix == ".qdpx":
                _write_archive(project, stream, chosen, ledger)
            elif suffix == ".qde":
                _Writer(project, chosen, XmlStream(stream), Values(ledger), ledger).write(None)
            else:
                _Writer(project, chosen, XmlStream(stream), Values(ledger), ledger).write_codebook()
    except DAMAGE as error:
        if isinstance(error, InputError):
            raise
        raise FileRefused.because(
            path,
            f"a part of the project cannot be read ({describe_fault(error)})",
            remedy="Put the file it came from back where it was; nothing was written.",
        ) from None
    _say_doubts(project, chosen, ledger)
    return ledger.close()


def validate_refi(path: Path) -> list[str]:
    """What is wrong with a .qdpx, .qde or .qdc by the standard's schema; empty if it is valid.

    Raises:
        FileRefused: if the file cannot be opened as what it is.
    """
    is_codebook = path.suffix.lower() == ".qdc"
    name = "Codebook.xsd" if is_codebook else "Project.xsd"
    schema = resources.files("autocode.exchange.refi") / "schema" / name
    with (
        resources.as_file(schema) as schema_path,
        open_container(path) as container,
        container.open_xml() as stream,
    ):
        return check_schema(stream, schema_path)


def _write_archive(
    project: ToolProject, stream: IO[bytes], profile: Profile, ledger: LossLedger
) -> None:
    values = Values(ledger)
    plan = PartPlan(values, ledger)
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("project.qde", _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as part:
            _Writer(project, profile, XmlStream(part), values, ledger).write(plan)
        plan.add_loose(project)
        plan.write(archive)


@dataclass(slots=True)
class _Writer:
    project: ToolProject
    profile: Profile
    xml: XmlStream
    values: Values
    ledger: LossLedger

    def write(self, plan: PartPlan | None) -> None:
        """The whole project; a bare .qde without `plan`."""
        project, xml = self.project, self.xml
        sources = SourceWriter(project, self.profile, xml, self.values, self.ledger, plan)
        xml.declare()
        with xml.element("Project", self._root()):
            with xml.container("Users"):
                for coder in project.coders:
                    xml.leaf(
                        "User", self._head(coder.guid, coder.name) | {"id": coder.initials or None}
                    )
            with xml.container("CodeBook"), xml.container("Codes"):
                self._write_codes(with_notes=True)
            self._write_variables()
            self._write_cases(sources)
            sources.write_sources()
            sources.write_notes()
            self._write_links()
            self._write_collections()
            self._write_graphs()
            self._describe(project.description)
            self._refer("NoteRef", project.notes_on_it)
        xml.flush()
        self._count(plan)

    def write_codebook(self) -> None:
        """The codes and sets of codes alone."""
        self.xml.declare()
        with self.xml.element("CodeBook", {"xmlns": CODEBOOK_NAMESPACE, "origin": self._origin()}):
            with self.xml.container("Codes"):
                self._write_codes(with_notes=False)
            with self.xml.container("Sets"):
                for group in self.project.collections:
                    with self.xml.element("Set", self._named(group.guid, group.name)):
                        self._describe(group.description)
                        for code in group.codes:
                            self.xml.leaf("MemberCode", {"guid": self.values.guid(code)})
        self.xml.flush()
        self.ledger.keep("codes", len(self.project.codes))
        self.ledger.keep("sets", len(self.project.collections))

    def _origin(self) -> str:
        return f"autocode {__version__} for {self.profile.name}"

    def _root(self) -> Attributes:
        project, values = self.project, self.values
        return {
            "xmlns": PROJECT_NAMESPACE,
            "name": values.text(project.name, "names"),
            "origin": self._origin(),
            "creatingUserGUID": values.guid_or_none(project.coder),
            "creationDateTime": values.date_time(project.made_at),
            "modifyingUserGUID": values.guid_or_none(project.changed_by),
            "modifiedDateTime": values.date_time(project.changed_at),
            "basePath": values.text(project.base_path, "names") or None,
        }

    def _write_codes(self, *, with_notes: bool) -> None:
        below: dict[str | None, list[ToolCode]] = {}
        parents = {code.guid: code.parent for code in self.project.codes}
        for code in self.project.codes:
            parent = code.parent if code.parent in parents and code.parent != code.guid else None
            above = _ancestors(code.parent, parents)
            if len(above) > DEEPEST:
                self.ledger.change("codes", f"lie deeper than {DEEPEST} levels and were moved up",
                                   code.name)  # fmt: skip
                parent = above[-DEEPEST]
            below.setdefault(parent, []).append(code)
        n_written = self._write_below(below, None, with_notes=with_notes)
        self.ledger.lose(
            "codes", "stand below each other in a circle", "", len(self.project.codes) - n_written
        )

    def _write_below(
        self, below: dict[str | None, list[ToolCode]], parent: str | None, *, with_notes: bool
    ) -> int:
        n_written = 0
        for code in below.get(parent, ()):
            attributes = self._named(code.guid, code.name) | {
                "isCodable": "true" if code.codable else "false",
                "color": self.values.colour(code.colour),
            }
            with self.xml.element("Code", attributes):
                self._describe(code.description)
                if with_notes:
                    self._refer("NoteRef", code.notes)
                else:
                    self.ledger.lose("notes", "on codes have no place in a codebook", code.name,
                                     len(code.notes))  # fmt: skip
                n_written += 1 + self._write_below(below, code.guid, with_notes=with_notes)
        return n_written

    def _write_variables(self) -> None:
        with self.xml.container("Variables"):
            for variable in self.project.variables:
                attributes = self._named(variable.guid, variable.name)
                with self.xml.element("Variable", attributes | {"typeOfVariable": variable.kind}):
                    self._describe(variable.description)

    def _write_cases(self, sources: SourceWriter) -> None:
        with self.xml.container("Cases"):
            for case in self.project.cases:
                with self.xml.element("Case", self._head(case.guid, case.name)):
                    self._describe(case.description)
                    self._refer("CodeRef", case.codes)
                    sources.write_values(case.values)
                    self._refer("SourceRef", case.sources)
                    self._refer("SelectionRef", case.selections)

    def _write_links(self) -> None:
        with self.xml.container("Links"):
            for link in self.project.links:
                attributes = self._head(link.guid, link.name) | {
                    "direction": link.direction,
                    "color": self.values.colour(link.colour),
                    "originGUID": self.values.guid_or_none(link.one),
                    "targetGUID": self.values.guid_or_none(link.other),
                }
                with self.xml.element("Link", attributes):
                    self._refer("NoteRef", link.notes)

    def _write_collections(self) -> None:
        with self.xml.container("Sets"):
            for group in self.project.collections:
                with self.xml.element("Set", self._named(group.guid, group.name)):
                    self._describe(group.description)
                    self._refer("MemberCode", group.codes)
                    self._refer("MemberSource", group.sources)
                    self._refer("MemberNote", group.notes)

    def _write_graphs(self) -> None:
        with self.xml.container("Graphs"):
            for graph in self.project.graphs:
                self._write_graph(graph)

    def _write_graph(self, graph: Graph) -> None:
        with self.xml.element("Graph", self._head(graph.guid, graph.name)):
            for vertex in graph.vertices:
                x, y, *second = (*vertex.place, 0, 0)[: max(2, len(vertex.place))]
                self.xml.leaf(
                    "Vertex",
                    {
                        "guid": self.values.guid(vertex.guid),
                        "representedGUID": self.values.guid_or_none(vertex.represents),
                        "name": self._text(vertex.name),
                        "firstX": str(x),
                        "firstY": str(y),
                        "secondX": str(second[0]) if second else None,
                        "secondY": str(second[1]) if len(second) > 1 else None,
                        "shape": vertex.shape if vertex.shape in _SHAPES else None,
                        "color": self.values.colour(vertex.colour),
                    },
                )
            for edge in graph.edges:
                style = edge.line_style
                self.xml.leaf(
                    "Edge",
                    {
                        "guid": self.values.guid(edge.guid),
                        "representedGUID": self.values.guid_or_none(edge.represents),
                        "name": self._text(edge.name),
                        "sourceVertex": self.values.guid(edge.one),
                        "targetVertex": self.values.guid(edge.other),
                        "color": self.values.colour(edge.colour),
                        "direction": edge.direction,
                        "lineStyle": style if style in _LINE_STYLES else None,
                    },
                )

    def _named(self, guid: str, name: str) -> dict[str, str | None]:
        """Attributes of what must have a name, which may be empty."""
        return {"guid": self.values.guid(guid), "name": self.values.text(name, "names")}

    def _head(self, guid: str, name: str) -> dict[str, str | None]:
        return {"guid": self.values.guid(guid), "name": self._text(name)}

    def _text(self, text: str) -> str | None:
        return self.values.text(text, "names") or None

    def _describe(self, description: str) -> None:
        if description:
            self.xml.leaf("Description", {}, self.values.text(description, "descriptions"))

    def _refer(self, name: str, guids: Iterable[str]) -> None:
        for guid in guids:
            self.xml.leaf(name, {"targetGUID": self.values.guid(guid)})

    def _count(self, plan: PartPlan | None) -> None:
        self.ledger.keep_all(self.project)
        if plan is not None:
            self.ledger.keep("files", len(plan.words) + len(plan.carried))
        else:
            self.ledger.lose(
                "other files", "have no place in a bare .qde", "", len(self.project.parts)
            )


def _ancestors(parent: str | None, parents: Mapping[str, str | None]) -> list[str]:
    """The codes above one, nearest first; cut where they go in a circle."""
    above: list[str] = []
    while parent in parents and parent is not None and len(above) <= len(parents):
        above.append(parent)
        parent = parents[parent]
    return above


def _say_doubts(project: ToolProject, profile: Profile, ledger: LossLedger) -> None:
    for doubt in profile.doubts:
        ledger.note(f"{profile.title}: {doubt}")
    for takes, what, things in (
        (profile.takes_collections, "sets", project.collections),
        (profile.takes_links, "links", project.links),
        (profile.takes_graphs, "graphs", project.graphs),
    ):
        if things and not takes:
            ledger.note(f"{profile.title} passes over the {len(things)} {what} that are written")
    coded = {selection.source for selection in project.selections}
    if not profile.is_tried and any(
        not s.text.isascii() and max(s.text) > "\uffff"
        for s in project.sources
        if s.text and s.guid in coded
    ):
        ledger.note(
            "texts hold characters beyond U+FFFF (such as emoji): positions count each as one, as "
            "the standard says; a tool that counts UTF-16 will be off by one after each"
        )
