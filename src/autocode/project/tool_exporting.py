"""A study as another tool's project: people's work, the machine's suggestions, themes and readings.

A study that came from a tool goes back onto the project that it came with (`tool_merging`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..core.errors import FileRefused
from ..core.suggestion import Suggestion
from ..core.thematic_map import MapTheme
from ..core.transcript import CODABLE_ROLES, Span
from ..exchange.formats import choose_suffix, write_project
from ..exchange.losses import LossLedger, LossReport
from ..exchange.project import (
    MACHINE,
    Collection,
    Edge,
    Graph,
    Selection,
    ToolCoding,
    ToolProject,
    Vertex,
    make_guid,
)
from ..exchange.prune import prune_project, referred_notes
from ..exchange.refi.profiles import ProfileName, get_profile
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store import thematic_map as map_store
from .export_formats import PROJECT_ENDINGS, is_named_like_file
from .reader import Snapshot
from .tool_cases import shorten
from .tool_merging import Merging
from .tool_restoring import restore_project

_WIDTH, _HEIGHT, _GAP = 180, 40, 60
"""Sizes on a drawn map, in points."""


def export_project(study: Snapshot, path: Path, profile: ProfileName) -> LossReport:
    """Write the study as a project for one tool; the report says what did not go along.

    Raises:
        InputError: for an unknown profile or suffix.
        FileRefused: if the file cannot be written.
    """
    project, ledger = build_project(study)
    written = write_project(project, path, profile)
    items = tuple(item for item in ledger.close().items if item.outcome != "kept")
    return LossReport(written.items + items, (*ledger.close().notes, *written.notes))


def build_project(study: Snapshot) -> tuple[ToolProject, LossLedger]:
    """The study as a project, and what of it has no place in one."""
    ledger = LossLedger()
    base, transcripts = restore_project(study)
    merging = Merging(study, base, transcripts, ledger)
    project = merging.run()
    additions = _Additions(study, base, merging, ledger)
    additions.add_suggestions()
    additions.add_readings()
    additions.add_map()
    _count_left_out(study, ledger)
    project = replace(
        project,
        name=project.name if base.format else study.path.stem,
        coders=tuple(merging.coders),
        selections=tuple(merging.selections),
        notes=tuple(merging.notes),
        collections=_put_beside(base.collections, additions.collections),
        graphs=_put_beside(base.graphs, additions.graphs),
    )
    return prune_project(project, ledger, notes_before=referred_notes(base)), ledger


_Thing = TypeVar("_Thing", Collection, Graph)


@dataclass(frozen=True, slots=True)
class ExportedProject(Result):
    """The file that was written for a tool, and what became of the study's content in it."""

    path: Path
    losses: LossReport

    def to_dict(self) -> dict[str, Any]:
        """The path and the losses as plain data."""
        losses = {"items": self.losses.items, "notes": self.losses.notes}
        return to_payload("exported_project", {"path": self.path, "losses": losses})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for each item of the losses."""
        return self.losses.to_rows()


def choose_path(out: Path, study: Path, tool: ProfileName) -> Path:
    """The file to write: `out` itself if it names one, else one of the study's name in it.

    Raises:
        FileRefused: if `out` has the name of another file and is no folder.
    """
    suffix = choose_suffix(tool)
    if out.suffix.lower() in PROJECT_ENDINGS:
        return out
    if is_named_like_file(out):
        raise FileRefused.because(
            out,
            f"no project is written with this suffix; {get_profile(tool).title} takes {suffix}",
            remedy=f"Name it {out.with_suffix(suffix)}, or name a folder.",
        )
    return out / f"{study.stem}{suffix}"


@dataclass(slots=True)
class _Additions:
    """What the study has beyond people's codings, in the shapes that the format has for it."""

    study: Snapshot
    base: ToolProject
    merging: Merging
    ledger: LossLedger
    collections: list[Collection] = field(default_factory=list)
    graphs: list[Graph] = field(default_factory=list)
    of_map: tuple[str, ...] = ()
    """What the guids of vertices are made of besides, where another map came with the same guid."""

    def add_suggestions(self) -> None:
        """Likely open suggestions as codings of one more coder, the probability in a note."""
        suggestions = self.study.suggestions()
        likely = [one for one in suggestions if one.likely]
        places: dict[tuple[str, int, int], list[Suggestion]] = {}
        for one in likely:
            place = (one.transcript, one.span.start, one.span.end)
            places.setdefault(place, []).append(one)
        coder = self.merging.coder(MACHINE) if places else None
        for (transcript, start, end), those in places.items():
            source = self.merging.source_guids[transcript]
            guid = make_guid("suggested", source, str(start), str(end))
            self.merging.selections.append(
                Selection(
                    guid=guid,
                    source=source,
                    start=start,
                    end=end,
                    name=shorten(self.merging.texts[transcript].text[start:end]),
                    coder=coder,
                    codings=tuple(self._code(guid, one, coder) for one in those),
                )
            )
        self.ledger.note(
            f"{len(likely)} likely suggestions go as codings of '{MACHINE}'"
        ) if likely else None
        self.ledger.lose(
            "suggestions", "are not likely; only likely ones go along", "",
            len(suggestions) - len(likely),
        )  # fmt: skip

    def _code(self, selection: str, one: Suggestion, coder: str | None) -> ToolCoding:
        code = self.merging.code_guids[one.code]
        guid = make_guid("suggested coding", selection, code)
        words = f"suggested with probability {one.probability:.2f}, rank {one.rank}"
        return ToolCoding(
            guid=guid, code=code, coder=coder, notes=self.merging.note(words, guid, MACHINE)
        )

    def add_readings(self) -> None:
        """What each coder has read in full, as a set of sources by their name."""
        segments: dict[str, list[Span]] = {}
        for segment in self.study.segments():
            if segment.role in CODABLE_ROLES:
                segments.setdefault(segment.transcript, []).append(segment.span)
        read: dict[str, dict[str, list[Span]]] = {}
        for reading in self.study.readings():
            spans = read.setdefault(reading.coder, {}).setdefault(reading.transcript, [])
            spans.append(reading.span)
        for coder, spans_of in read.items():
            whole = [n for n, spans in spans_of.items() if _cover(spans, segments.get(n, []))]
            self.ledger.lose(
                "readings", "of parts of a transcript have no place in the format", coder,
                sum(len(spans) for name, spans in spans_of.items() if name not in whole),
            )  # fmt: skip
            if whole:
                sources = (self.merging.source_guids[name] for name in sorted(whole))
                self._add_set(
                    Collection(
                        guid=make_guid("read", coder),
                        name=f"read by {coder}",
                        description="Sources that this coder has gone through with the codebook.",
                        sources=tuple(sources),
                    )
                )

    def _add_set(self, ours: Collection) -> str:
        """Add a set and return its guid; an earlier state of it that came gives way.

        What came of another study may have the guid as well. Its set stays, and ours gets another;
        but of a set of sources the sources of both are in ours.
        """
        came = {one.guid: one for one in self.base.collections}
        guid = _choose_guid(
            ours.guid,
            came,
            lambda one: (one.name, one.description) == (ours.name, ours.description),
        )
        earlier = came[guid].sources if guid in came else ()
        sources = tuple(dict.fromkeys((*ours.sources, *earlier)))
        self.collections.append(replace(ours, guid=guid, sources=sources))
        return guid

    def add_map(self) -> None:
        """Themes over codes as sets, and the map that they form as a graph."""
        thematic_map = self.study._read(map_store.thematic_map)
        if not thematic_map.themes:
            return
        vertices: list[Vertex] = []
        edges: list[Edge] = []
        guids: dict[str, str] = {}
        codes = self.merging.code_guids.values()
        for theme in thematic_map.themes:
            guids[theme.key] = self._add_set(
                Collection(
                    guid=make_guid("theme", theme.key),
                    name=theme.name,
                    description=theme.definition,
                    codes=tuple(self.merging.code_guids[code] for code in theme.codes),
                )
            )
        guid = _choose_guid(
            make_guid("thematic map"),
            {one.guid: one for one in self.base.graphs},
            lambda one: {vertex.represents for vertex in one.vertices} <= {*guids.values(), *codes},
        )
        self.of_map = () if guid == make_guid("thematic map") else (guid,)
        for row, theme in enumerate(thematic_map.themes):
            vertices += self._draw_theme(theme, guids[theme.key], row)
            edges += self._draw_lines(theme, guids)
            self.ledger.lose("segments under themes", "have no place in a set", theme.name,
                             len(theme.segments))  # fmt: skip
        for relation in thematic_map.relations:
            one, other = (self._name_vertex(guids[key]) for key in (relation.one, relation.other))
            edges.append(
                Edge(
                    guid=make_guid("relation", one, other),
                    name=relation.name,
                    one=one,
                    other=other,
                    direction="OneWay",
                )
            )
        graph = Graph(
            guid=guid,
            name="Thematic map",
            vertices=tuple(vertices),
            edges=tuple(edges),
        )
        self.graphs.append(graph)

    def _name_vertex(self, *of: str) -> str:
        return make_guid("vertex", *self.of_map, *of)

    def _draw_theme(self, theme: MapTheme, guid: str, row: int) -> Iterable[Vertex]:
        y = row * (_HEIGHT + _GAP)
        yield Vertex(
            guid=self._name_vertex(guid),
            name=theme.name,
            represents=guid,
            place=(0, y, _WIDTH, y + _HEIGHT),
            shape="Oval",
        )
        codebook = self.study.codebook()
        for column, code in enumerate(theme.codes, start=1):
            x = column * (_WIDTH + _GAP)
            yield Vertex(
                guid=self._name_vertex(guid, code),
                name=codebook.by_id[code].name,
                represents=self.merging.code_guids[code],
                place=(x, y, x + _WIDTH, y + _HEIGHT),
                shape="Rectangle",
            )

    def _draw_lines(self, theme: MapTheme, guids: dict[str, str]) -> Iterable[Edge]:
        own = guids[theme.key]
        for code in theme.codes:
            ends = self._name_vertex(own), self._name_vertex(own, code)
            yield Edge(guid=make_guid("line", *ends), one=ends[0], other=ends[1])
        if theme.parent is not None:
            ends = self._name_vertex(guids[theme.parent]), self._name_vertex(own)
            yield Edge(guid=make_guid("line", *ends), one=ends[0], other=ends[1])


def _choose_guid(guid: str, came: Mapping[str, _Thing], is_ours: Callable[[_Thing], bool]) -> str:
    """This guid or, where something else came with it, one derived from it that is free or ours."""
    while guid in came and not is_ours(came[guid]):
        guid = make_guid("apart", guid)
    return guid


def _put_beside(came: Iterable[_Thing], ours: Sequence[_Thing]) -> tuple[_Thing, ...]:
    """What came and is of no guid of ours, then ours."""
    guids = {one.guid for one in ours}
    kept = tuple(one for one in came if one.guid not in guids)
    return kept + tuple(ours)


def _cover(spans: Sequence[Span], wanted: Sequence[Span]) -> bool:
    """Whether spans together hold all that is wanted."""
    reach: list[Span] = []
    for span in sorted(spans):
        if reach and span.start <= reach[-1].end + 1:
            reach[-1] = Span(reach[-1].start, max(span.end, reach[-1].end))
        else:
            reach.append(span)
    return all(any(r.start <= w.start and w.end <= r.end for r in reach) for w in wanted)


def _count_left_out(study: Snapshot, ledger: LossLedger) -> None:
    """What a study holds that no tool's project has a place for."""
    draft = study.themes()
    transcripts = study.transcripts()
    turns = sum(len(transcript.turns) for transcript in transcripts)
    recordings = sum(study.recording(one.name) is not None for one in transcripts)
    reason = "have no place in the format"
    for what, count in (
        ("turns with speakers and times", turns),
        ("recordings", recordings),
        ("decisions on suggestions", len(study.decisions())),
        ("draft themes", len(draft.themes) if draft else 0),
        ("passes", len(study.coding_passes())),
        ("reasons of resolutions", len(study.resolutions())),
    ):
        ledger.lose(what, reason, "", count)
    for code in study.codebook():
        if code.archived:
            ledger.change("codes", "are archived in the study, and in use in the file", code.name)
        if code.family:
            ledger.lose("families of codes", reason, code.name)
