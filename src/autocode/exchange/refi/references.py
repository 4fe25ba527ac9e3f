"""What a project refers to and lacks: mended where something would be lost, else counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from ..project import (
    Collection,
    Graph,
    Link,
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoder,
)
from .elements import Elements
from .sources import Sources

_Held = TypeVar("_Held", Source, Note, Selection)


def mend_references(elements: Elements, sources: Sources) -> None:
    """Name codes and coders that codings need; leave out other references to nothing.

    NVivo codes at cases: a code that is a case stays a reference to it.
    """
    _name_codes(elements)
    _drop_codings_of_no_code(elements, sources)
    _name_coders(elements)
    _drop_notes(elements, sources)
    _drop_members(elements)
    _drop_drawn(elements)


def _name_codes(elements: Elements) -> None:
    for guid, count in elements.guids.unresolved("codes").items():
        elements.codes.append(ToolCode(guid=guid, name=f"(unknown code {guid[:8]})"))
        elements.ledger.change(
            "references to codes",
            "mean a code that the project does not hold; one was made so that nothing is lost",
            guid,
            count,
        )


def _drop_codings_of_no_code(elements: Elements, sources: Sources) -> None:
    """Leave out what names as a code something else of the project, such as a selection."""
    codes = {code.guid for code in elements.codes} | {case.guid for case in elements.cases}
    wrong = {g: n for g, n in elements.guids.referred.get("codes", {}).items() if g not in codes}
    if not wrong:
        return
    for guid, count in wrong.items():
        reason = "mean something that is no code"
        elements.ledger.lose("references to codes", reason, guid, count)
    sources.sources[:] = [_without_codes(source, wrong) for source in sources.sources]
    sources.notes[:] = [_without_codes(note, wrong) for note in sources.notes]
    sources.selections[:] = [_without_codes(selection, wrong) for selection in sources.selections]
    elements.cases[:] = [replace(c, codes=_rest(c.codes, wrong)) for c in elements.cases]
    elements.collections[:] = [
        replace(c, codes=_rest(c.codes, wrong)) for c in elements.collections
    ]


def _without_codes(held: _Held, wrong: Iterable[str]) -> _Held:
    return replace(held, codings=tuple(c for c in held.codings if c.code not in wrong))


def _name_coders(elements: Elements) -> None:
    for guid, count in elements.guids.unresolved("coders").items():
        elements.coders.append(ToolCoder(guid=guid, name=f"(unknown coder {guid[:8]})"))
        elements.ledger.change(
            "references to coders",
            "mean a coder whom the project does not name; one was made",
            guid,
            count,
        )


def _drop_notes(elements: Elements, sources: Sources) -> None:
    gone = elements.guids.unresolved("notes")
    if not gone:
        return
    _lose(elements, "references to notes", gone)
    sources.sources[:] = [_without_notes(source, gone) for source in sources.sources]
    sources.notes[:] = [_without_notes(note, gone) for note in sources.notes]
    sources.selections[:] = [_without_notes(selection, gone) for selection in sources.selections]
    elements.codes[:] = [replace(code, notes=_rest(code.notes, gone)) for code in elements.codes]
    elements.links[:] = [replace(link, notes=_rest(link.notes, gone)) for link in elements.links]


def _without_notes(held: _Held, gone: Iterable[str]) -> _Held:
    codings = tuple(replace(c, notes=_rest(c.notes, gone)) for c in held.codings)
    return replace(held, notes=_rest(held.notes, gone), codings=codings)


def _drop_members(elements: Elements) -> None:
    sources = elements.guids.unresolved("sources")
    selections = elements.guids.unresolved("selections")
    notes = elements.guids.unresolved("notes")
    variables = elements.guids.unresolved("variables")
    _lose(elements, "references to sources", sources)
    _lose(elements, "references to selections", selections)
    for guid, count in variables.items():
        elements.ledger.lose("values", "are of a variable that the project lacks", guid, count)
    if not (sources or selections or notes):
        return

    def mend_case(case: ToolCase) -> ToolCase:
        return replace(
            case,
            sources=_rest(case.sources, sources),
            selections=_rest(case.selections, selections),
        )

    def mend_set(group: Collection) -> Collection:
        return replace(
            group, sources=_rest(group.sources, sources), notes=_rest(group.notes, notes)
        )

    elements.cases[:] = map(mend_case, elements.cases)
    elements.collections[:] = map(mend_set, elements.collections)


def _drop_drawn(elements: Elements) -> None:
    ends = elements.guids.unresolved("ends of links")
    drawn = elements.guids.unresolved("things drawn")
    vertices = elements.guids.unresolved("vertices")
    _lose(elements, "ends of links", ends)
    _lose(elements, "things drawn in graphs", drawn)
    _lose(elements, "ends of lines in graphs", vertices)

    def mend_link(link: Link) -> Link:
        return replace(
            link,
            one=None if link.one in ends else link.one,
            other=None if link.other in ends else link.other,
        )

    def mend_graph(graph: Graph) -> Graph:
        return replace(
            graph,
            vertices=tuple(
                replace(v, represents=None) if v.represents in drawn else v for v in graph.vertices
            ),
            edges=tuple(
                replace(e, represents=None) if e.represents in drawn else e
                for e in graph.edges
                if e.one and e.other and e.one not in vertices and e.other not in vertices
            ),
        )

    if ends:
        elements.links[:] = map(mend_link, elements.links)
    if drawn or vertices or any(not (e.one and e.other) for g in elements.graphs for e in g.edges):
        elements.graphs[:] = map(mend_graph, elements.graphs)


def _rest(guids: tuple[str, ...], gone: Iterable[str]) -> tuple[str, ...]:
    return tuple(guid for guid in guids if guid not in gone)


def _lose(elements: Elements, what: str, gone: dict[str, int]) -> None:
    for guid, count in gone.items():
        elements.ledger.lose(what, "mean something that the project does not hold", guid, count)
