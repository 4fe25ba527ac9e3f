"""Cases of a study put onto the project that they came from: attributes, transcripts, turns."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from ..core.coding import Case
from ..core.transcript import Transcript
from ..exchange.losses import LossLedger
from ..exchange.project import (
    Note,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoder,
    ToolProject,
    Value,
    Variable,
    make_guid,
)
from .reader import Snapshot
from .tool_reading import SeenCase

_LONGEST_NAME = 100


@dataclass(slots=True)
class MergedCases:
    """What goes out, with the cases of the study and their attributes.

    `transcripts` are names by source guid; the lists are what goes out.
    """

    study: Snapshot
    base: ToolProject
    transcripts: dict[str, str]
    ledger: LossLedger
    coders: list[ToolCoder] = field(default_factory=list)
    codes: list[ToolCode] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    selections: list[Selection] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    cases: list[ToolCase] = field(default_factory=list)
    coder_guids: dict[str, str] = field(default_factory=dict)
    code_guids: dict[str, str] = field(default_factory=dict)
    source_guids: dict[str, str] = field(default_factory=dict)
    texts: dict[str, Transcript] = field(default_factory=dict)
    turns_of_cases: dict[str, list[str]] = field(default_factory=dict)

    def merge_cases(self, seen: Mapping[str, SeenCase]) -> None:
        """Cases with the attributes and transcripts that they have in the study."""
        self.variables = list(self.base.variables)
        stored = {case.name: case for case in self.study.cases()}
        whole = self._transcripts_of_cases()
        put: dict[str, ToolCase] = {}
        for name, one in seen.items():
            case = stored.pop(name, None)
            if case is None:
                if one.case is not None:
                    self.ledger.change("cases", "were taken out in the study", name)
                continue
            if one.case is not None:
                put[one.case.guid] = self._merge_case(one.case, one, case, whole.get(name, []))
            else:
                self._merge_values(one, case)
        self.cases = [put[case.guid] for case in self.base.cases if case.guid in put]
        for name, case in stored.items():
            fresh = ToolCase(guid=make_guid("case", name), name=name)
            new = SeenCase(name, fresh)
            self.cases.append(self._merge_case(fresh, new, case, whole.get(name, [])))

    def _transcripts_of_cases(self) -> dict[str, list[str]]:
        """Transcripts whose words are one case's, by case; of others its speakers' turns are."""
        whole: dict[str, list[str]] = {}
        selected = {selection.guid for selection in self.selections}
        for name, transcript in self.texts.items():
            cases = {s.case for s in transcript.speakers if s.case} | {transcript.case} - {None}
            if len(cases) == 1:
                whole.setdefault(str(next(iter(cases))), []).append(name)
            elif cases:
                self._select_turns(transcript, selected)
        return whole

    def _select_turns(self, transcript: Transcript, selected: Set[str]) -> None:
        """A selection for each turn of a speaker who is a case among several in a transcript.

        Those among `selected` (guids) are there already.
        """
        cases = {speaker.name: speaker.case for speaker in transcript.speakers if speaker.case}
        source = self.source_guids[transcript.name]
        for turn in transcript.turns:
            case = cases.get(turn.speaker or "")
            if case is None:
                continue
            span = turn.span
            guid = make_guid("turn", source, str(span.start), str(span.end))
            self.turns_of_cases.setdefault(case, []).append(guid)
            if guid not in selected:
                self.selections.append(
                    Selection(
                        guid=guid,
                        source=source,
                        start=span.start,
                        end=span.end,
                        name=shorten(span.of(transcript.text)),
                    )
                )

    def _merge_case(
        self, was: ToolCase, one: SeenCase, case: Case, transcripts: list[str]
    ) -> ToolCase:
        values = self._merge_attributes(was.values, one.attributes, case.attributes)
        left = {
            source.guid
            for source in one.sources
            if self.transcripts[source.guid] not in transcripts
        }
        self.ledger.change(
            "transcripts", "are no longer of this case alone in the study", case.name, len(left)
        )
        sources = [guid for guid in was.sources if guid not in left]
        for name in transcripts:
            guid = self.source_guids[name]
            if guid not in sources and name not in one.transcripts:
                sources.append(guid)
        turns = self.turns_of_cases.get(case.name, [])
        selections = tuple(dict.fromkeys((*was.selections, *turns)))
        return replace(was, values=values, sources=tuple(sources), selections=selections)

    def _merge_values(self, one: SeenCase, case: Case) -> None:
        """The values of a source that is a case by itself."""
        (source,) = one.sources
        values = self._merge_attributes(source.values, one.attributes, case.attributes)
        self.sources = [
            replace(s, values=values) if s.guid == source.guid else s for s in self.sources
        ]

    def _merge_attributes(
        self, values: tuple[Value, ...], was: Mapping[str, str], now: Mapping[str, str]
    ) -> tuple[Value, ...]:
        """Values with what changed; attributes are compared whatever their capitals."""
        before = {name.casefold(): value for name, value in was.items()}
        after = {name.casefold(): (name, value) for name, value in now.items()}
        merged = list(values)
        for folded, (name, value) in after.items():
            if before.get(folded) == value:
                continue
            variable = self._variable(name)
            merged = [v for v in merged if v.variable != variable]
            merged.append(Value(variable=variable, value=value))
        gone = {self._variable(name) for name in was if name.casefold() not in after}
        return tuple(value for value in merged if value.variable not in gone)

    def _variable(self, name: str) -> str:
        folded = name.casefold()
        for variable in self.variables:
            if variable.name.casefold() == folded:
                return variable.guid
        variable = Variable(guid=make_guid("variable", folded), name=name)
        self.variables.append(variable)
        return variable.guid


def shorten(words: str) -> str:
    """The words as the name of a selection: on one line, the first 100 characters."""
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"
