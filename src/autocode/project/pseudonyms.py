"""Pseudonyms: names proposed for a person to confirm, and stand-ins put everywhere in a study.

The table of names and stand-ins is the key; it is a file apart, and nothing of it is written into
the study. Once applied, the names are gone from the study, its history and its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..core.acts import NewAct
from ..core.errors import NothingToDo
from ..core.progress import Progress, silent
from ..core.text_edits import EditedText
from ..core.transcript import Transcript, text_digest
from ..deidentify.proposals import ProposedName, propose_names
from ..deidentify.spacy_names import find_entities
from ..deidentify.substitution import (
    Substitution,
    Uncertain,
    find_uncertain,
    names_in_small_letters,
)
from ..io.tables.pseudonyms import read_pseudonyms, write_pseudonyms
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result
from ..store import erasing
from ..store.codebook import codebook
from ..store.codings import coders
from ..store.file import Connection, StudyFile, revision
from ..store.removing import naming_suggestions
from ..store.renaming import rename_in_rows
from ..store.replacing import carry_given, given_segments, replace_transcript
from ..store.segments import replace_segments
from ..store.tool_projects import forget_tool_projects
from ..store.transcripts import transcripts
from .removing import check_name
from .segmentation import Rows, Segmenter
from .vector_caches import check_shared_vectors, forget_shared_vectors

_SHORT = 200
"""Characters of a text that is a name or a summary, where names stand in small letters too."""


@dataclass(frozen=True, slots=True)
class NameProposals(Result):
    """Names proposed for pseudonyms, people first."""

    names: tuple[ProposedName, ...]

    def to_dict(self) -> dict[str, Any]:
        """The proposals as plain data."""
        return to_payload("name_proposals", {"names": self.names})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a name, as the table of names and stand-ins has them."""
        rows: list[dict[str, Any]] = to_plain(self.names)
        return [row | {"examples": " | ".join(row["examples"])} for row in rows]

    def write(self, path: Path) -> int:
        """Write the table, readable by its owner only; returns how many names."""
        return write_pseudonyms(path, self.to_rows())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonymised(Result):
    """What was replaced, or would be: `act` is None where it was only tried.

    `n_replaced` counts by stand-in what was replaced in transcripts; `n_rows` rows of other tables.
    `uncertain` are words that may be one of the names, and were left as they are;
    `n_shared_vectors` were dropped from the cache that studies share.
    """

    act: int | None
    n_replaced: Mapping[str, int]
    n_rows: Mapping[str, int]
    n_suggestions: int
    n_erased_changes: int
    uncertain: tuple[Uncertain, ...]
    n_shared_vectors: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return to_payload(
            "pseudonymised",
            {
                "act": self.act,
                "n_replaced": dict(self.n_replaced),
                "n_rows": dict(self.n_rows),
                "n_suggestions": self.n_suggestions,
                "n_erased_changes": self.n_erased_changes,
                "uncertain": self.uncertain,
                "n_shared_vectors": self.n_shared_vectors,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row for what is uncertain."""
        rows: list[dict[str, Any]] = to_plain(self.uncertain)
        return rows


def propose(study: StudyFile) -> NameProposals:
    """Names of people and places in the words of all transcripts, by rules and spaCy's models."""
    with study.reading() as connection:
        known = transcripts(connection)
    words = ["\n".join(t.words_of(turn) for turn in t.turns) or t.text for t in known]
    speakers = {s.name: s.case for t in known for s in t.speakers}
    return NameProposals(tuple(propose_names(words, speakers, find_entities(words))))


def apply_pseudonyms(
    study: StudyFile,
    path: Path,
    *,
    coder: str,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Pseudonymised:
    """Put the stand-ins of a table in the place of its names, everywhere in the study, for good.

    Raises:
        FileRefused: if the table cannot be used.
        InputError: if a stand-in cannot, two speakers of a transcript or two cases would get one
            name, or nobody is named.
        NothingToDo: if none of the names stands in the study.
        StudyChanged: if another program changed the study meanwhile.
        StudyError: if another program has the study open, so that names are left in its log.
    """
    check_name(coder, "replaces names")
    stand_ins = read_pseudonyms(path)
    with study.reading() as connection:
        since, known = revision(connection).number, transcripts(connection)
    work = _Work(stand_ins, known)
    work.cut_segments(study, progress)
    if not dry_run:
        check_shared_vectors()
    new = NewAct(kind="pseudonyms", summary="names replaced by stand-ins", coder=coder, erases=True)
    done = study.act(new, work.run, since=since, dry_run=dry_run)
    assert done.result is not None  # there is no key, so that it is no repeated request
    if dry_run:
        return done.result
    study.compact()
    return replace(
        done.result,
        act=done.act.number if done.act else None,
        n_shared_vectors=forget_shared_vectors(work.erased_texts),
    )


class _Work:
    """Stand-ins on their way into a study; `run` puts them there in a transaction."""

    def __init__(self, stand_ins: Mapping[str, str], known: Sequence[Transcript]) -> None:
        lower = names_in_small_letters(stand_ins, (t.text for t in known))
        self._in_words = Substitution(stand_ins, lower)
        self._in_names = Substitution(stand_ins, stand_ins)
        edited = [(t, EditedText(t.text, self._in_words.edits(t.text))) for t in known]
        self._changed = [
            (self._renamed(t, text), text) for t, text in edited if text.text != text.old
        ]
        self._texts = [text.text for _, text in edited]
        self._counts: dict[str, int] = {}
        for transcript in known:
            for edit in self._in_words.edits(transcript.text):
                self._counts[edit.words] = self._counts.get(edit.words, 0) + 1
        self._rows: dict[str, Rows] = {}
        self.erased_texts: list[str] = []
        """Digests of texts whose vectors were dropped."""

    def cut_segments(self, study: StudyFile, progress: Progress) -> None:
        """Cut the new texts, as that may need a model, in no transaction."""
        new = [transcript for transcript, _ in self._changed]
        self._rows = Segmenter(study, None, progress).cut(new).rows if new else {}

    def count(self, text: str) -> int:
        """How many names stand in a text; in a short one, in small letters too."""
        return self._in_words.count(text) + (
            self._in_names.count(text) if len(text) < _SHORT else 0
        )

    def run(self, connection: Connection) -> Pseudonymised:
        """Replace the names in rows and texts, and erase them from what is kept of earlier acts."""
        n_rows = rename_in_rows(connection, self._in_words.apply, self._in_names.apply)
        if not (n_rows or self._changed):
            raise NothingToDo("None of these names stands in the study; nothing was replaced.")
        doomed = naming_suggestions(connection, {t.name for t, _ in self._changed})
        for new, edited in self._changed:
            given = given_segments(connection, new.name)
            replace_transcript(connection, new.name, new, edited.carry)
            kept = carry_given(given, edited.carry)
            replace_segments(connection, new.name, kept or self._rows[new.name])
        nobody = erasing.Traces(
            transcripts=frozenset(), cases=frozenset(), names=frozenset(self._in_words.stand_ins)
        )
        n_erased = erasing.erase_draft_history(connection)
        n_erased += erasing.erase_history(connection, nobody, self, texts_too=True)
        n_erased += forget_tool_projects(connection)
        self.erased_texts = erasing.erase_computed(connection, doomed, self)
        erasing.drop_drafts_with(connection, self)
        return Pseudonymised(
            act=None,
            n_replaced=self._counts,
            n_rows=n_rows,
            n_suggestions=len(doomed),
            n_erased_changes=n_erased,
            uncertain=tuple(self._uncertain(connection)),
        )

    def _uncertain(self, connection: Connection) -> list[Uncertain]:
        """What looks like a name and was left: in texts, names of coders, ids of codes."""
        left = find_uncertain(self._in_words.stand_ins, self._texts)
        left += [
            Uncertain(one.name, 1, "the name of a coder")
            for one in coders(connection)
            if self.count(one.name)
        ]
        left += [
            Uncertain(code.id, 1, "the id of a code")
            for code in codebook(connection)
            if self.count(code.id)
        ]
        return left

    def _renamed(self, transcript: Transcript, edited: EditedText) -> Transcript:
        """The transcript with its new text, its turns and times where their words are now."""
        name = self._in_names.apply
        return replace(
            transcript,
            name=name(transcript.name),
            text=edited.text,
            turns=tuple(
                replace(
                    turn,
                    span=edited.carry(turn.span) or turn.span,
                    speaker=turn.speaker and name(turn.speaker),
                )
                for turn in transcript.turns
            ),
            times=tuple(
                replace(time, span=span)
                for time in transcript.times
                if (span := edited.carry(time.span))
            ),
            speakers=tuple(replace(s, name=name(s.name)) for s in transcript.speakers),
            source=replace(
                transcript.source,
                name=name(transcript.source.name),
                digest=text_digest(edited.text),
            ),
        )
