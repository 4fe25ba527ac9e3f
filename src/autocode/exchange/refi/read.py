"""Reading a REFI-QDA project or codebook: leniently, and saying what was mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import FileRefused
from ...io.xml import forget, local_name, walk_xml
from ..losses import LossLedger
from ..project import Selection, Source, SyncPoint, ToolProject
from ..reader import ProjectReader, ReadProject
from .case_codes import move_to_cases
from .container import WHAT, Container, is_archive, open_container
from .elements import Elements
from .guids import Guids
from .offsets import FittedRule, StoredText, find_rule
from .references import mend_references
from .sources import SOURCE_NAMES, Sources

if TYPE_CHECKING:
    from ...io.xml import XmlElement

_ROOTS = ("Project", "CodeBook", "Codebook")
_SUFFIXES = (".qdpx", ".qde", ".qdc")
_HEAD = 8192


@dataclass(slots=True)
class _Root:
    """What the root says of the whole project."""

    name: str = ""
    origin: str = ""
    base_path: str = ""
    coder: str | None = None
    made_at: str = ""
    changed_by: str | None = None
    changed_at: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()
    is_known: bool = False


def read_refi(path: Path) -> ReadProject:
    """Read a .qdpx, a bare .qde or a .qdc.

    Names of parts, versions of the namespace, order and completeness are taken as they come. The
    report says what was missing or mended, and by which rule positions were read.

    Raises:
        FileRefused: if it is no archive or XML that can be read, or holds no REFI-QDA project.
    """
    ledger = LossLedger()
    with open_container(path) as container:
        elements = Elements(ledger, Guids(ledger))
        sources = Sources(container, elements)
        root = _read_xml(container, elements, sources)
        if not root.is_known:
            raise FileRefused.because(
                path, f"holds XML, but no {WHAT}", remedy="Export it as REFI-QDA (.qdpx or .qdc)."
            )
        mend_references(elements, sources)
        rule = find_rule(
            sources.texts,
            (
                (s.source, s.start, s.end, s.name)
                for s in sources.selections
                if s.start is not None and s.end is not None
            ),
            origin=root.origin,
        )
        selections = _place(sources, rule, ledger)
        parts = tuple(
            container.carry(info)
            for name, info in container.parts.items()
            if name not in sources.used and info.file_size
        )
    project = ToolProject(
        name=root.name,
        origin=root.origin,
        format="REFI-QDA",
        description=root.description,
        base_path=root.base_path,
        coder=root.coder,
        made_at=root.made_at,
        changed_by=root.changed_by,
        changed_at=root.changed_at,
        notes_on_it=root.notes,
        coders=tuple(elements.coders),
        codes=tuple(elements.codes),
        variables=tuple(elements.variables),
        cases=tuple(elements.cases),
        sources=tuple(_place_points(source, sources, rule) for source in sources.sources),
        selections=selections,
        notes=tuple(sources.notes),
        links=tuple(elements.links),
        collections=tuple(elements.collections),
        graphs=tuple(elements.graphs),
        parts=parts,
    )
    project = move_to_cases(project, elements.case_codes, ledger)
    if any(s.start is not None for s in selections):
        ledger.note(rule.describe())
    ledger.keep_all(project)
    ledger.keep("other files", len(project.parts))
    return ReadProject(project, ledger.close())


def _read_xml(container: Container, elements: Elements, sources: Sources) -> _Root:
    """Read every element of the project, and give each back as soon as it is read."""
    root = _Root()
    takers: dict[tuple[str, str], Callable[[XmlElement], None]] = {
        ("Users", "User"): elements.read_coder,
        ("Codes", "Code"): elements.read_code,
        ("Variables", "Variable"): elements.read_variable,
        ("Cases", "Case"): elements.read_case,
        **{("Sources", name): sources.read_source for name in SOURCE_NAMES},
        ("Notes", "Note"): sources.read_note,
        ("Links", "Link"): elements.read_link,
        ("Sets", "Set"): elements.read_collection,
        ("Graphs", "Graph"): elements.read_graph,
    }
    names = sorted({name for _, name in takers} | {*_ROOTS, "Description", "NoteRef"})
    with container.open_xml() as stream:
        for event, element in walk_xml(stream, container.path, what=WHAT, names=names):
            above = element.getparent()
            if event == "start":
                if above is None:
                    _take_root(root, element, elements)
            elif above is not None and above.getparent() is None:
                _take_root_child(root, element, elements)
            elif above is not None and (
                take := takers.get((local_name(above), local_name(element)))
            ):
                take(element)
                forget(element)
    return root


def _take_root_child(root: _Root, element: XmlElement, elements: Elements) -> None:
    match local_name(element):
        case "Description":
            root.description = element.text or ""
        case "NoteRef":
            root.notes += elements.refer_all([element], "notes")


def _take_root(root: _Root, element: XmlElement, elements: Elements) -> None:
    refer = elements.guids.refer
    root.is_known = local_name(element) in _ROOTS
    root.name = element.get("name") or ""
    root.origin = element.get("origin") or ""
    root.base_path = element.get("basePath") or ""
    # whom the project does not name as a coder stays a mere identifier
    root.coder = refer(element.get("creatingUserGUID"), "makers")
    root.made_at = element.get("creationDateTime") or ""
    root.changed_by = refer(element.get("modifyingUserGUID"), "makers")
    root.changed_at = element.get("modifiedDateTime") or ""


def _place(sources: Sources, rule: FittedRule, ledger: LossLedger) -> tuple[Selection, ...]:
    """The selections in our code points; what lies beyond its text is drawn in, and said."""
    names = {source.guid: source.name for source in sources.sources}
    of_notes = {note.guid for note in sources.notes}
    points = {
        point.guid: (source.guid, point.position)
        for source in sources.sources
        for point in source.sync_points
    }
    placed = []
    for selection in sources.selections:
        text = sources.texts.get(selection.source)
        where = names.get(selection.source) or selection.source
        if selection.kind == "transcript":
            placed.append(_place_between(selection, points, text, rule))
        elif selection.kind != "text" or selection.source in of_notes:
            # selections in notes may mean the source that the note is on
            placed.append(selection)
        elif selection.start is None or selection.end is None:
            ledger.change("selections", "have positions that are no numbers", where)
            placed.append(replace(selection, start=None, end=None))
        elif text is None:
            placed.append(selection)
        else:
            placed.append(_fit(selection, text, rule, ledger, where))
    n_missing = sum(
        s.kind == "text" and s.start is not None and s.source not in sources.texts
        for s in sources.selections
    )
    ledger.change("selections", "lie in texts that are missing; their positions are kept", "",
                  n_missing)  # fmt: skip
    return tuple(placed)


def _fit(
    selection: Selection, text: StoredText, rule: FittedRule, ledger: LossLedger, where: str
) -> Selection:
    start = text.to_ours(selection.start or 0, rule.rule)
    end = text.to_ours(selection.end or 0, rule.rule)
    last = len(text.text)
    fitted_start, fitted_end = min(max(start, 0), last), min(max(end, 0), last)
    if fitted_end < fitted_start:
        fitted_start, fitted_end = fitted_end, fitted_start
    if (fitted_start, fitted_end) != (start, end):
        ledger.change(
            "selections",
            "did not fit their text and were drawn into it",
            f"{where}, {selection.start}..{selection.end} of {last}",
        )
    if (fitted_start, fitted_end) == (selection.start, selection.end):
        return selection
    return replace(selection, start=fitted_start, end=fitted_end)


def _place_between(
    selection: Selection,
    points: dict[str, tuple[str, int | None]],
    text: StoredText | None,
    rule: FittedRule,
) -> Selection:
    """A selection between two sync points, with the words between them where those are known."""
    ends = [points.get(guid, ("", None))[1] for _, guid in selection.place]
    if text is None or len(ends) != 2 or None in ends:
        return selection
    start, end = (text.to_ours(at or 0, rule.rule) for at in ends)
    if not 0 <= start <= end <= len(text.text):
        return selection
    return replace(selection, start=start, end=end)


def _place_points(source: Source, sources: Sources, rule: FittedRule) -> Source:
    text = sources.texts.get(source.guid)
    if not source.sync_points or text is None:
        return source
    points = tuple(
        SyncPoint(
            guid=point.guid,
            position=None if point.position is None else text.to_ours(point.position, rule.rule),
            time=point.time,
        )
        for point in source.sync_points
    )
    return replace(source, sync_points=points)


def sniff_refi(path: Path) -> bool:
    """Whether a file is a REFI-QDA project or codebook by how it begins; never raises."""
    if not path.is_file():
        return False
    if is_archive(path):
        if path.suffix.lower() == ".qdpx":
            return True
        try:
            with open_container(path) as container:
                return container.xml is not None
        except FileRefused:
            return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD).replace(b"\x00", b"")
    except OSError:
        return False
    return path.suffix.lower() in _SUFFIXES or b"urn:QDA-XML:" in head


REFI = ProjectReader(name="REFI-QDA", suffixes=_SUFFIXES, sniff=sniff_refi, read=read_refi)
