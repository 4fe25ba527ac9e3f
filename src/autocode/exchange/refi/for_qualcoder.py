"""A project as QualCoder's importer has to have it, so that nothing is lost or given to another.

What its importer does was seen by running it (version 3.8.2). It takes the coder of a selection,
not of a coding, and the memo of a selection, no notes. It drops a code, case or file whose name
is there already, and takes a code that cannot be applied for a folder. It stops at a memo without
a date or with the name of another. It passes over the sources of cases, but takes a coding with
the guid of a case for words of that case. Sets of sources become attributes; sets of codes are
passed over.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..losses import LossLedger
from ..project import (
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoding,
    ToolProject,
    Variable,
    make_guid,
)

_NO_DATE = "1970-01-01T00:00:00Z"


def fit_for_qualcoder(project: ToolProject, ledger: LossLedger) -> ToolProject:
    """The project in the way in which QualCoder's importer keeps all of it; changes are noted."""
    return _Fit(project, ledger).fit()


@dataclass(slots=True)
class _Names:
    """Gives each thing of one kind a name of its own."""

    ledger: LossLedger
    what: str
    _taken: set[str] = field(default_factory=set)

    def take(self, name: str, instead: str) -> str:
        """The name, with a number where it is taken."""
        wanted = given = name or instead
        number = 2
        while given in self._taken:
            given, number = f"{wanted} ({number})", number + 1
        self._taken.add(given)
        if given != name:
            reason = "QualCoder takes each name once, and none that is empty"
            self.ledger.change(f"names of {self.what}", reason, f"'{name}' became '{given}'")
        return given


@dataclass(slots=True)
class _Fit:
    """One project while it is fitted."""

    project: ToolProject
    ledger: LossLedger
    notes: Mapping[str, Note] = field(default_factory=dict)
    folded: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)

    def fit(self) -> ToolProject:
        """The whole project."""
        project = self.project
        self.notes = {note.guid: note for note in project.notes}
        self._place_notes()
        project = self.project
        names = _Names(self.ledger, "codes")
        codes = self._fit_codes(names)
        sources = self._fit_sources()
        texts = {source.guid: source for source in sources if source.text}
        cases, case_codes, case_words = self._fit_cases(texts, names)
        own_words = [self._whole(source) for source in project.sources if source.codings]
        for group in project.collections:
            if not group.sources:
                self.ledger.lose("sets of codes", "QualCoder passes over them", group.name)
            else:
                reason = "QualCoder makes an attribute of each"
                self.ledger.change("sets of sources", reason, group.name)
        selections = self._fit_selections([*project.selections, *filter(None, own_words)])
        project = _forget(project, self.folded | self.placed)
        return replace(
            project,
            codes=(*codes, *case_codes),
            sources=sources,
            cases=cases,
            variables=self._fit_variables(),
            selections=(*selections, *case_words),
            notes=self._fit_notes(),
        )

    def _place_notes(self) -> None:
        """Notes on a source that say in which words they are, as memos on these words.

        QualCoder's own export has its annotations so, and its importer loses the words of others.
        """
        of = {guid: source.guid for source in self.project.sources for guid in source.notes}
        selections: list[Selection] = []
        for selection in self.project.selections:
            note = self.notes.get(selection.source)
            if note is not None and note.guid in of and not selection.codings:
                self.placed.add(note.guid)
                selection = replace(
                    selection,
                    source=of[note.guid],
                    description="\n".join(filter(None, (note.text, note.description))),
                    coder=selection.coder or note.changed_by or note.coder,
                    made_at=selection.made_at or note.changed_at or note.made_at,
                )
            selections.append(selection)
        self.project = replace(self.project, selections=tuple(selections))

    def _fold(self, description: str, notes: Iterable[str]) -> str:
        """A memo with the words of its notes, which are then no memos of their own."""
        parts = [description]
        for guid in notes:
            note = self.notes.get(guid)
            if note is not None and guid not in self.placed:
                self.folded.add(guid)
                parts += [note.text or "", note.description]
                self.ledger.change("notes", "joined with the memo of what they are on", note.name)
        return "\n".join(part for part in parts if part)

    def _fit_codes(self, names: _Names) -> list[ToolCode]:
        """Codes from the top down: what is applied, or stands below a code, is no folder."""
        project = self.project
        applied = {coding.code for coding in project.walk_codings()}
        below: dict[str | None, list[ToolCode]] = defaultdict(list)
        known = {code.guid for code in project.codes}
        for code in project.codes:
            below[code.parent if code.parent in known else None].append(code)
        folders = _Names(self.ledger, "folders of codes")
        fitted: dict[str, ToolCode] = {}
        waiting = deque((code, False) for code in below[None])
        while waiting:
            code, is_below_code = waiting.popleft()
            if code.guid in fitted:
                continue
            codable = code.codable or is_below_code or code.guid in applied
            if codable and not code.codable:
                self.ledger.change("folders of codes", "became codes, as they are used", code.name)
            fitted[code.guid] = replace(
                code,
                codable=codable,
                name=(names if codable else folders).take(code.name, "code"),
                description=self._fold(code.description, code.notes),
                notes=(),
            )
            waiting.extend((child, codable) for child in below[code.guid])
        return [fitted[code.guid] for code in project.codes if code.guid in fitted]

    def _fit_sources(self) -> tuple[Source, ...]:
        names = _Names(self.ledger, "sources")
        return tuple(
            replace(
                source,
                name=names.take(source.name, "source"),
                description=self._fold(source.description, source.notes),
                notes=(),
                codings=(),
            )
            for source in self.project.sources
        )

    def _whole(self, source: Source) -> Selection | None:
        """The codings of a whole source as codings of all its words."""
        if not source.text:
            self.ledger.lose(
                "codings of whole sources", "QualCoder takes codings of words", source.name
            )
            return None
        self.ledger.change("codings of whole sources", "became codings of all words", source.name)
        return Selection(
            guid=make_guid("whole", source.guid),
            source=source.guid,
            start=0,
            end=len(source.text),
            codings=source.codings,
        )

    def _fit_selections(self, selections: Iterable[Selection]) -> list[Selection]:
        """A selection for each coding, made by who coded; what is twice the same is one."""
        fitted: dict[tuple[object, ...], Selection] = {}
        for selection in selections:
            for part in self._split(selection):
                code = part.codings[0].code if part.codings else ""
                key = (part.source, part.kind, part.start, part.end, part.place, part.coder, code)
                earlier = fitted.setdefault(key, part)
                if earlier is not part:
                    words = dict.fromkeys(filter(None, (earlier.description, part.description)))
                    fitted[key] = replace(earlier, description="\n".join(words))
                    what = "codings" if part.codings else "memos on words"
                    self.ledger.change(what, "twice on the same words by one coder: joined")
        return list(fitted.values())

    def _split(self, selection: Selection) -> Iterator[Selection]:
        memo = self._fold(selection.description, selection.notes)
        if not selection.codings:
            yield replace(selection, description=memo, notes=())
        for number, coding in enumerate(selection.codings):
            if coding.coder is None and selection.coder is None:
                self.ledger.change("coders", "nobody is named: QualCoder says 'default'")
            yield replace(
                selection,
                guid=selection.guid if number == 0 else make_guid("part", coding.guid),
                coder=coding.coder or selection.coder,
                made_at=coding.made_at or selection.made_at,
                description=self._fold(memo, coding.notes),
                codings=(replace(coding, notes=()),),
                notes=(),
            )

    def _fit_cases(
        self, texts: Mapping[str, Source], names: _Names
    ) -> tuple[tuple[ToolCase, ...], list[ToolCode], list[Selection]]:
        """Cases, with a code of the same guid for those that have words, and these words coded."""
        case_names = _Names(self.ledger, "cases")
        spans = {selection.guid: selection for selection in self.project.selections}
        cases, codes, words = [], [], []
        known = {code.guid for code in self.project.codes}
        for case in self.project.cases:
            name = case_names.take(case.name, "case")
            held = [
                *(_all_words(texts[guid]) for guid in case.sources if guid in texts),
                *(spans[guid] for guid in case.selections if guid in spans),
            ]
            if case.guid in known:
                held = []  # the project says so already
            n_lost = sum(guid not in texts for guid in case.sources)
            self.ledger.lose("sources of cases", "QualCoder takes words only", name, n_lost)
            if held:
                codes.append(ToolCode(guid=case.guid, name=names.take(name, "case")))
            for selection in held:
                guid = make_guid("words of case", case.guid, selection.guid)
                coding = ToolCoding(guid=make_guid(guid), code=case.guid, coder=selection.coder)
                words.append(
                    replace(selection, guid=guid, codings=(coding,), notes=(), description="")
                )
            cases.append(replace(case, name=name))
        if codes:
            self.ledger.note(
                f"QualCoder: {len(codes)} cases are written as codes too, on {len(words)} spans:"
                " its importer takes these for the words of a case; both are in the counts"
            )
        return tuple(cases), codes, words

    def _fit_variables(self) -> tuple[Variable, ...]:
        names = _Names(self.ledger, "attributes")
        return tuple(
            replace(variable, name=names.take(variable.name, "attribute"))
            for variable in self.project.variables
        )

    def _fit_notes(self) -> tuple[Note, ...]:
        """The memos that are on nothing, each with a name and a date."""
        names = _Names(self.ledger, "memos")
        date = self.project.made_at or _NO_DATE
        return tuple(
            replace(
                note,
                name=names.take(note.name, " ".join((note.text or "memo").split())[:40]),
                made_at=note.made_at or note.changed_at or date,
            )
            for note in self.project.notes
            if note.guid not in self.folded | self.placed
        )


def _forget(project: ToolProject, gone: set[str]) -> ToolProject:
    """The project without references to notes that are part of other memos now."""

    def keep(guid: str | None) -> str | None:
        return None if guid in gone else guid

    return replace(
        project,
        notes_on_it=tuple(guid for guid in project.notes_on_it if guid not in gone),
        collections=tuple(
            replace(group, notes=tuple(guid for guid in group.notes if guid not in gone))
            for group in project.collections
        ),
        links=tuple(
            replace(
                link,
                one=keep(link.one),
                other=keep(link.other),
                notes=tuple(guid for guid in link.notes if guid not in gone),
            )
            for link in project.links
        ),
        graphs=tuple(
            replace(
                graph,
                vertices=tuple(replace(v, represents=keep(v.represents)) for v in graph.vertices),
                edges=tuple(replace(e, represents=keep(e.represents)) for e in graph.edges),
            )
            for graph in project.graphs
        ),
    )


def _all_words(source: Source) -> Selection:
    return Selection(
        guid=make_guid("whole", source.guid),
        source=source.guid,
        start=0,
        end=len(source.text or ""),
    )
