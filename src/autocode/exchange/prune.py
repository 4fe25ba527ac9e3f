"""A project without what refers to things that it no longer has."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TypeVar

from .losses import LossLedger
from .project import Note, Selection, Source, ToolProject

_Held = TypeVar("_Held", Source, Note, Selection)


def prune_project(
    project: ToolProject, ledger: LossLedger, *, notes_before: Set[str] = frozenset()
) -> ToolProject:
    """Take out references to what is not there, and links of which an end is gone.

    Notes of `notes_before` that nothing refers to any more went with what they were on.
    """
    held = referred_notes(project)
    notes = tuple(n for n in project.notes if n.guid not in notes_before or n.guid in held)
    ledger.lose("notes", "were on something that is gone", "", len(project.notes) - len(notes))
    note_guids = {note.guid for note in notes}
    codes = {code.guid for code in project.codes} | {case.guid for case in project.cases}
    sources = {source.guid for source in project.sources}
    selections = {selection.guid for selection in project.selections}
    anything = note_guids | codes | sources | selections
    anything |= {coder.guid for coder in project.coders} | {v.guid for v in project.variables}
    anything |= {group.guid for group in project.collections}
    anything |= {coding.guid for coding in project.walk_codings()}
    links = tuple(
        replace(link, notes=_rest(link.notes, note_guids))
        for link in project.links
        if {link.one, link.other} - {None} <= anything
    )
    ledger.lose("links", "have an end that is gone", "", len(project.links) - len(links))
    n_gone = sum(guid not in selections for case in project.cases for guid in case.selections)
    ledger.lose("selections of cases", "are gone", "", n_gone)
    return replace(
        project,
        notes=tuple(_prune_held(note, note_guids) for note in notes),
        notes_on_it=_rest(project.notes_on_it, note_guids),
        sources=tuple(_prune_held(source, note_guids) for source in project.sources),
        selections=tuple(_prune_held(selection, note_guids) for selection in project.selections),
        codes=tuple(replace(code, notes=_rest(code.notes, note_guids)) for code in project.codes),
        cases=tuple(
            replace(
                case,
                codes=_rest(case.codes, codes),
                sources=_rest(case.sources, sources),
                selections=_rest(case.selections, selections),
            )
            for case in project.cases
        ),
        collections=tuple(
            replace(
                group,
                codes=_rest(group.codes, codes),
                sources=_rest(group.sources, sources),
                notes=_rest(group.notes, note_guids),
            )
            for group in project.collections
        ),
        links=links,
        graphs=tuple(
            replace(
                graph,
                vertices=tuple(
                    v if v.represents is None or v.represents in anything
                    else replace(v, represents=None)
                    for v in graph.vertices
                ),
            )
            for graph in project.graphs
        ),
    )  # fmt: skip


def referred_notes(project: ToolProject) -> set[str]:
    """Guids of the notes that something of a project has on it."""
    referred = set(project.notes_on_it)
    for held in (project.sources, project.selections, project.notes):
        for one in held:
            referred.update(one.notes)
    for coding in project.walk_codings():
        referred.update(coding.notes)
    for code in project.codes:
        referred.update(code.notes)
    for link in project.links:
        referred.update(link.notes)
    return referred


def _prune_held(held: _Held, notes: Set[str]) -> _Held:
    if not held.notes and not any(coding.notes for coding in held.codings):
        return held
    codings = tuple(replace(coding, notes=_rest(coding.notes, notes)) for coding in held.codings)
    return replace(held, notes=_rest(held.notes, notes), codings=codings)


def _rest(guids: Iterable[str], known: Set[str]) -> tuple[str, ...]:
    return tuple(guid for guid in guids if guid in known)
