"""What of another tool's project a study keeps unseen: pieces for the store, and small files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.errors import FileRefused
from ..exchange.losses import LossLedger
from ..exchange.packed import pack_project, unpack_project
from ..exchange.parts import UNREADABLE, OpenParts
from ..exchange.project import Part, ToolProject
from ..store.tool_projects import StoredProject

_LARGEST_KEPT, _MOST_KEPT = 1 << 20, 32 << 20
"""Bytes of a file that goes into the study, and of all such files; others stay where they are."""
_CHUNK = 1 << 20


def keep_apart(project: ToolProject, names: Mapping[str, str], digest: str) -> StoredProject:
    """A project in pieces: each transcript's own, without its words, and the rest."""
    own = {source.guid for source in project.sources if source.guid in names}
    selections: dict[str, list[object]] = {}
    for selection in project.selections:
        if selection.source in own:
            selections.setdefault(selection.source, []).append(selection)
    pieces = {
        names[source.guid]: pack_project(
            ToolProject(
                name="",
                sources=(replace(source, text=None),),
                selections=tuple(selections.get(source.guid, ())),  # type: ignore[arg-type]
            )
        )
        for source in project.sources
        if source.guid in own
    }
    rest = replace(
        project,
        sources=tuple(source for source in project.sources if source.guid not in own),
        selections=tuple(s for s in project.selections if s.source not in own),
    )
    return StoredProject(
        digest=digest,
        name=project.name,
        format=project.format,
        content=pack_project(rest),
        sources=pieces,
    )


def join_earlier(
    apart: StoredProject, earlier: Iterable[StoredProject], ledger: LossLedger
) -> StoredProject:
    """A project in pieces with what came before of its transcripts; those of another stay there.

    Of a newer state of the same source the pieces are the newer ones, and those only before.
    """
    kept = dict(apart.sources)
    for stored in earlier:
        for name, content in stored.sources.items():
            if name not in kept:
                continue
            before, after = unpack_project(content), unpack_project(kept[name])
            if before.sources[0].guid != after.sources[0].guid:
                del kept[name]
                ledger.lose(
                    "identifiers and documents of transcripts",
                    "these came with another project before and go back as they are there",
                    name,
                )
                continue
            known = {selection.guid for selection in after.selections}
            only_before = tuple(s for s in before.selections if s.guid not in known)
            kept[name] = pack_project(replace(after, selections=after.selections + only_before))
    return replace(apart, sources=kept)


def keep_small_parts(project: ToolProject, ledger: LossLedger) -> ToolProject:
    """The project with its small files in memory, so that they can go into the study.

    One that is damaged is lost.
    """
    with OpenParts() as opened:
        keeper = _Keeper(opened, ledger)
        return replace(
            project,
            sources=tuple(
                replace(source, original=keeper.hold(source.original))
                if source.original
                else source
                for source in project.sources
            ),
            notes=tuple(
                replace(note, original=keeper.hold(note.original)) if note.original else note
                for note in project.notes
            ),
            parts=tuple(part for part in map(keeper.hold, project.parts) if part is not None),
        )


@dataclass(slots=True)
class _Keeper:
    opened: OpenParts
    ledger: LossLedger
    left: int = _MOST_KEPT

    def hold(self, part: Part) -> Part | None:
        """The part with its bytes if it is small enough; None if they cannot be read."""
        if part.content is not None or part.size > min(_LARGEST_KEPT, self.left):
            return part
        try:
            with self.opened.open(part) as stream:
                content = stream.read(_LARGEST_KEPT + 1)
        except UNREADABLE:
            self.ledger.lose("files", "are damaged", part.name)
            return None
        self.left -= len(content)
        return Part(name=part.name, size=len(content), content=content)


def walk_parts(project: ToolProject) -> Iterable[Part]:
    """Every carried file of a project."""
    yield from project.parts
    yield from (source.original for source in project.sources if source.original is not None)
    yield from (note.original for note in project.notes if note.original is not None)


def digest_project(path: Path) -> str:
    """SHA-256 of a project's file, or of the names and bytes of its folder's."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    try:
        for file in files:
            if path.is_dir():
                digest.update(file.relative_to(path).as_posix().encode("utf-8", "surrogateescape"))
            with file.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
    except OSError as error:
        raise FileRefused.because(
            path, f"cannot be read ({error.strerror})", remedy="Check its permissions."
        ) from None
    return digest.hexdigest()
