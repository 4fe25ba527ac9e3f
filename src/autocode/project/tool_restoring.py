"""The projects of other tools that a study holds pieces of, put together as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..exchange.packed import unpack_project
from ..exchange.project import ToolCode, ToolProject
from ..exchange.same_things import replace_guids
from ..store.tool_projects import StoredProject, tool_projects
from .reader import Snapshot
from .tool_reading import name_coders


def restore_project(study: Snapshot) -> tuple[ToolProject, dict[str, str]]:
    """The projects that came, as one, and the transcripts of theirs that are still here."""
    pieces: list[ToolProject] = []
    transcripts: dict[str, str] = {}
    texts = {transcript.name: transcript.text for transcript in study.transcripts()}
    head = ToolProject(name="")
    coders: dict[str, str] = {}
    for stored in reversed(study._read(tool_projects)):  # of two states the newer one counts
        project = unpack_project(stored.content)
        same = _find_same_coders(project, coders)
        project = replace_guids(project, same)
        if stored.sources or not head.format:
            head = project  # the first one of which there are transcripts gives its name
        pieces.append(project)
        for name, piece in _unpack_sources(stored):
            piece = replace_guids(piece, same)
            (source,) = piece.sources
            transcripts[source.guid] = name
            pieces.append(replace(piece, sources=(replace(source, text=texts[name]),)))
    kinds = (
        "coders", "codes", "variables", "cases", "sources", "selections", "notes", "links",
        "collections", "graphs",
    )  # fmt: skip
    together = {kind: _unite(getattr(piece, kind) for piece in pieces) for kind in kinds}
    together["codes"] = _unite_notes(together["codes"], pieces)
    parts = tuple(dict.fromkeys(part for piece in pieces for part in piece.parts))
    return replace(head, parts=parts, **together), transcripts  # type: ignore[arg-type]


def _find_same_coders(project: ToolProject, known: dict[str, str]) -> dict[str, str]:
    """The guids of coders whom another project has by their name, with theirs; `known` grows."""
    same: dict[str, str] = {}
    for guid, name in name_coders(project).items():
        first = known.setdefault(name, guid)
        if first != guid:
            same[guid] = first
    return same


def _unpack_sources(stored: StoredProject) -> Iterable[tuple[str, ToolProject]]:
    for name, content in stored.sources.items():
        yield name, unpack_project(content)


def _unite(groups: Iterable[tuple[object, ...]]) -> tuple[object, ...]:
    """Things of several pieces, each guid of a kind once: the first."""
    united: dict[tuple[str, str], object] = {}
    for group in groups:
        for thing in group:
            key = (thing.guid, getattr(thing, "kind", ""))  # type: ignore[attr-defined]
            united.setdefault(key, thing)
    return tuple(united.values())


def _unite_notes(codes: Iterable[Any], pieces: Iterable[ToolProject]) -> tuple[ToolCode, ...]:
    """The codes with the notes that any of the projects has on them."""
    notes: dict[str, dict[str, None]] = {}
    for piece in pieces:
        for code in piece.codes:
            notes.setdefault(code.guid, {}).update(dict.fromkeys(code.notes))
    return tuple(replace(code, notes=tuple(notes[code.guid])) for code in codes)
