"""Taking a table of cases into a study: attributes are added; an empty cell clears what was there.

Cases and columns that the table does not have stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.coding import Case
from ..core.counted import say_count
from ..core.errors import one_line
from ..core.transcript import Speaker
from ..io.source import SourceFile
from ..io.tables.cases import CaseRow, read_cases
from ..store.cases import cases, clear_attribute, put_case, set_case, transcript_cases
from ..store.file import Connection
from ..store.speakers import speakers
from ..store.transcripts import imported, note_import, transcript_ids
from .import_report import ImportedFile, Into

_SHOWN = 4


def take_cases(into: Into, source: SourceFile) -> ImportedFile:
    """Add the cases of a table and their attributes.

    A transcript or speaker that has a case keeps it, and the row's attributes are added to that
    case, unless the study or the table knows the row's case on its own.

    Raises:
        FileRefused: if the table names what is not in the study, or a row names no case.
    """
    path = source.path
    with into.study.reading() as connection:
        known = _list_speakers(connection)
        before = imported(connection, source.digest, "cases")
    rows = read_cases(source, known)
    attributes = sorted({name for row in rows for name in row.case.attributes})
    n_cases = len({row.case.name for row in rows})
    account = f"{say_count(n_cases, 'case')} with {', '.join(attributes) or 'no attributes'}"
    if before:
        account = f"{account}; already in the study"
        return ImportedFile(path=path, kind="cases", account=account, new=False)
    with into.taking(path.name) as connection:
        known_before = {case.name for case in cases(connection)}
        writer = _CaseWriter(connection, rows)
        for row in rows:
            writer.write(row)
        writer.clear_empty()
        note_import(connection, source.digest, "cases", source.name)
        n_new = len({case.name for case in cases(connection)} - known_before)
    if n_new < n_cases:
        account = f"{account}; {n_new} of them new"
    return ImportedFile(
        path=path, kind="cases", account=account, warnings=tuple(writer.list_notes())
    )


def _list_speakers(connection: Connection) -> dict[str, list[str]]:
    by_transcript = speakers(connection)
    return {
        name: [speaker.name for speaker in by_transcript.get(name, ())]
        for name in transcript_ids(connection)
    }


class _CaseWriter:
    """Writes rows of a table of cases, and notes what a person should know of it."""

    def __init__(self, connection: Connection, rows: Sequence[CaseRow]) -> None:
        self._connection = connection
        self._speakers: Mapping[str, Sequence[Speaker]] = speakers(connection)
        self._transcripts = list(transcript_ids(connection))
        self._of_transcripts = transcript_cases(connection)
        self._values = {case.name: dict(case.attributes) for case in cases(connection)}
        own = {row.case.name for row in rows if row.transcript is None}
        self._known = {name.casefold(): name for name in (*self._values, *own)}
        self._before = {name: dict(values) for name, values in self._values.items()}
        self._empty: dict[tuple[str, str], str] = {}
        self._filled: set[tuple[str, str]] = set()
        self._kept: dict[str, str] = {}
        self._moved: list[str] = []
        self._changed: list[str] = []
        self._cleared: list[str] = []
        self._linked: list[str] = []
        self._loose: list[str] = []

    def write(self, row: CaseRow) -> None:
        """Write one row."""
        if row.transcript is None:
            self._write_alone(row)
            return
        wanted = self._known.get(row.case.name.casefold(), row.case.name)
        present = self._present_cases(row.transcript, row.speaker)
        others = [name for name in present if name != wanted]
        is_known = wanted.casefold() in self._known and row.is_named
        if others and (not is_known or (len(present) > 1 and row.speaker is None)):
            if row.is_named:
                self._kept[row.transcript] = ", ".join(present[:_SHOWN])
            # What a row says of a whole group says nothing of what it leaves empty of each.
            whole = row if len(present) == 1 else replace(row, empty=())
            for name in present:
                self._put(whole, name)
            return
        if others:
            whose = f"{row.transcript}/{row.speaker}" if row.speaker else row.transcript
            self._moved.append(f"'{whose}' from '{others[0]}' to '{wanted}'")
        self._set(row, wanted, row.transcript)

    def _write_alone(self, row: CaseRow) -> None:
        """A row without a transcript: its case may bear the name of a transcript or a speaker."""
        name = row.case.name
        if name in self._values and self._has_words(name):
            self._put(row, name)
            return
        folded = name.casefold()
        transcripts = [t for t in self._transcripts if t.casefold() == folded]
        named = [
            (transcript, speaker.name)
            for transcript, those in self._speakers.items()
            for speaker in those
            if speaker.name.casefold() == folded and speaker.role != "interviewer"
        ]
        if len(transcripts) == 1:
            self._linked.append(f"'{transcripts[0]}'")
            self.write(replace(row, transcript=transcripts[0], is_named=False))
        elif len(named) == 1:
            transcript, speaker_name = named[0]
            self._linked.append(f"'{transcript}/{speaker_name}'")
            self.write(replace(row, transcript=transcript, speaker=speaker_name, is_named=False))
        else:
            self._loose.append(name)
            self._put(row, name)

    def _has_words(self, case: str) -> bool:
        return case in self._of_transcripts.values() or any(
            speaker.case == case for those in self._speakers.values() for speaker in those
        )

    def _present_cases(self, transcript: str, speaker: str | None) -> list[str]:
        """The cases of a speaker, or of a transcript and all who are asked in it."""
        those = [
            s.case
            for s in self._speakers.get(transcript, ())
            if s.name == speaker or (speaker is None and s.role != "interviewer")
        ]
        whole = self._of_transcripts.get(transcript)
        if speaker is None or not any(those):
            those.append(whole)
        return list(dict.fromkeys(case for case in those if case))

    def _set(self, row: CaseRow, name: str, transcript: str) -> None:
        case, speaker = replace(row.case, name=name), row.speaker
        self._note_changes(case, row)
        set_case(self._connection, case, transcript=transcript, speaker=speaker)
        if speaker is None:
            self._of_transcripts[transcript] = case.name
        self._speakers = {
            **self._speakers,
            transcript: [
                replace(s, case=case.name)
                if s.name == speaker or (speaker is None and s.role != "interviewer")
                else s
                for s in self._speakers.get(transcript, ())
            ],
        }

    def _put(self, row: CaseRow, name: str) -> None:
        case = replace(row.case, name=name)
        self._note_changes(case, row)
        put_case(self._connection, case)

    def clear_empty(self) -> None:
        """Clear what the study had where every row of a case leaves the cell empty."""
        for (case, folded), name in self._empty.items():
            if (case, folded) in self._filled:
                continue
            for known, old in self._before.get(case, {}).items():
                if known.casefold() == folded:
                    clear_attribute(self._connection, case, known)
                    self._cleared.append(
                        f"{name} of '{one_line(case, 40)}' is now empty (was '{one_line(old, 40)}')"
                    )

    def _note_changes(self, case: Case, row: CaseRow) -> None:
        self._filled |= {(case.name, name.casefold()) for name in case.attributes}
        self._empty |= {(case.name, name.casefold()): name for name in row.empty}
        before = self._values.setdefault(case.name, {})
        folded = {name.casefold(): value for name, value in before.items()}
        for name, value in case.attributes.items():
            old = folded.get(name.casefold())
            if old is not None and old != value:
                self._changed.append(
                    f"{name} of '{one_line(case.name, 40)}' is now '{one_line(value, 40)}' "
                    f"(was '{one_line(old, 40)}')"
                )
        before.update(case.attributes)

    def list_notes(self) -> list[str]:
        """What is to be said of the table."""
        notes = []
        if self._kept:
            pairs = [f"'{t}' is of the case '{case}'" for t, case in self._kept.items()]
            notes.append(
                f"{_shorten(pairs)}: the attributes were added to it. For a case of its own, give "
                "that case a row without transcript as well"
            )
        if self._moved:
            notes.append(
                f"moved to another case: {_shorten(self._moved)}. To move back, import a table "
                "with the columns case and transcript"
            )
        if self._changed:
            notes.append(_shorten(self._changed))
        if self._cleared:
            cells = "its cell is" if len(self._cleared) == 1 else "their cells are"
            notes.append(
                f"{_shorten(self._cleared)}: {cells}. To keep the values of a column, leave it out"
            )
        if self._linked:
            notes.append(f"cases named like a transcript or speaker: {_shorten(self._linked)}")
        if self._loose:
            loose = [f"'{one_line(name, 40)}'" for name in self._loose]
            notes.append(
                f"no words belong to {_shorten(loose)}: name the transcript (or speaker) in a "
                "column"
            )
        return notes


def _shorten(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{'; '.join(items[:_SHOWN])}{more}"
