"""Erasing a participant who withdrew: final, with a receipt in the history that holds no words.

Everything is done in one act, which cannot be undone, and the file is then written anew, so that no
byte of the words is left in it. What has been exported is not reached.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..core.acts import NewAct
from ..core.errors import InputError, NotFound
from ..core.progress import silent
from ..core.text_edits import Edit, EditedText
from ..core.transcript import Span, Transcript, text_digest
from ..serialise.plain import to_payload
from ..serialise.result import Result
from ..store import erasing as stored
from ..store.cases import cases
from ..store.codings import coders
from ..store.file import Connection, StudyFile, revision
from ..store.media import remove_recording
from ..store.removing import (
    naming_suggestions,
    remove_cases,
    remove_transcripts,
    resting_on,
)
from ..store.replacing import carry_given, given_segments, replace_transcript
from ..store.segments import replace_segments
from ..store.tool_projects import forget_tool_projects
from ..store.transcripts import texts, transcripts
from ..text.name_forms import NameCounter, NameForms, find_name_forms
from ..text.quoting import SpokenWords
from .removing import RemovalTarget, check_name, count_removed, describe_rows
from .segmentation import Rows, Segmenter
from .vector_caches import check_shared_vectors, forget_shared_vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure(Result):
    """What was erased for good, or would be: rows by table; `act` is None where it was only tried.

    `n_erased_changes` rows of the history hold no words any more. `mentions` says where the study
    still names or quotes the person, in other people's words, and how often: those places are a
    person's to judge. `looked_for` are the forms of the names that were looked for there, and
    `not_looked_for` parts of them that others bear too, or that are words as well.
    """

    what: str
    name: str
    act: int | None
    rows: Mapping[str, int]
    n_suggestions: int
    n_draft_segments: int
    n_erased_changes: int
    shared_transcripts: tuple[str, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)
    n_shared_vectors: int = 0
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The erasure as plain data."""
        return to_payload(
            "erased",
            {
                "act": self.act,
                "what": self.what,
                "name": self.name,
                "n_rows": dict(self.rows),
                "n_suggestions": self.n_suggestions,
                "n_draft_segments": self.n_draft_segments,
                "n_erased_changes": self.n_erased_changes,
                "shared_transcripts": self.shared_transcripts,
                "mentions": self.to_rows(),
                "n_shared_vectors": self.n_shared_vectors,
                "looked_for": self.looked_for,
                "not_looked_for": self.not_looked_for,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a place that still names or quotes the person."""
        return [{"where": where, "n": n} for where, n in self.mentions.items()]


def erase(study: StudyFile, target: RemovalTarget, *, coder: str, dry_run: bool = False) -> Erasure:
    """Erase a transcript, or a case with all its words, for good; the file is written anew.

    Of a transcript in which others speak too, the turns of the case are cut out, and the work on
    what is left is carried over.

    Raises:
        NotFound: if neither the study nor its history has such a transcript or case.
        InputError: if nobody is named as the one who erases, or a coder is to be erased.
        StudyChanged: if another program changed the study meanwhile.
        StudyError: if another program has the study open, so that words are left in its log.
    """
    check_name(coder, "erases")
    if target.coder is not None:
        raise InputError(
            "A coder's work can be removed, which can be undone, but not erased. Leave out --erase."
        )
    eraser = _Eraser(target)
    with study.reading() as connection:
        since = revision(connection).number
    eraser.cut_segments(study)
    new = NewAct(kind="erase", summary="", coder=coder, erases=True)
    tried = study.act(new, eraser.run, dry_run=True, since=since)
    rows = count_removed(tried.changes)
    erasure = tried.result
    assert erasure is not None  # there is no key, so that it is no repeated request
    erasure = replace(erasure, rows=rows)
    if dry_run:
        return erasure
    check_shared_vectors()
    new = replace(new, summary=f"erased for good: {describe_rows(rows)}")
    done = study.act(new, eraser.run, since=since)
    study.compact()
    return replace(
        erasure,
        act=done.act.number if done.act else None,
        n_shared_vectors=forget_shared_vectors(eraser.erased_texts),
    )


class _Eraser:
    """What is to be erased; `run` does it in a transaction."""

    def __init__(self, target: RemovalTarget) -> None:
        self._target = target
        self._segments: dict[str, Rows] = {}
        self.erased_texts: list[str] = []
        """Digests of texts whose vectors were dropped."""

    def cut_segments(self, study: StudyFile) -> None:
        """Cut what is left of shared transcripts, as that may need a model, in no transaction."""
        with study.reading() as connection:
            _, shared = self._split(connection)
            left = [_without_turns(t, names)[0] for t, names in shared]
        self._segments = Segmenter(study, None, silent).cut(left).rows if left else {}

    def run(self, connection: Connection) -> Erasure:
        """Delete the rows, and erase what else would hold their words."""
        whole, shared = self._split(connection)
        gone = {t.name for t in whole}
        touched = gone | {t.name for t, _ in shared}
        known_cases = {case.name for case in cases(connection)}
        case_names = {self._target.case} if self._target.case else set[str]()
        wanted = gone | ({self._target.transcript} if self._target.transcript else set[str]())
        traces = stored.trace(connection, transcripts=wanted, cases=case_names)
        old = stored.trace(connection, transcripts=touched - gone, cases=())
        if not traces.transcripts and not traces.cases:
            known = known_cases if self._target.case else {t.name for t in transcripts(connection)}
            raise NotFound.among(self._target.kind, self._target.name, known)
        resting = resting_on(connection, transcripts=touched)
        doomed = naming_suggestions(connection, touched)
        own_names = _names_of(whole) | {name for _, names in shared for name in names}
        earlier = stored.names_of_speakers(connection, traces)
        spoken = SpokenWords(
            [*_words_of(whole, shared), *stored.earlier_texts(connection, traces)],
            _words_of_others(connection, touched, shared),
        )

        remove_transcripts(connection, gone)
        for transcript, names in shared:
            self._cut_out(connection, transcript, names)
        remove_cases(connection, case_names & known_cases)
        idle = known_cases - {case.name for case in cases(connection)} - case_names
        if idle:
            also = stored.trace(connection, transcripts=(), cases=idle)
            traces = replace(
                traces, cases=traces.cases | also.cases, names=traces.names | also.names
            )
        people = own_names | earlier | case_names | idle
        forms = self._find_forms(connection, traces.names | people, people)
        borne = NameCounter(forms.whole, forms.untitled)
        named = NameCounter(forms.whole, forms.untitled + forms.parts)
        stored.blank_quoting_decisions(
            connection, lambda words: spoken.is_quote(words) or bool(borne.count(words))
        )
        stored.blank_import_names(connection, borne)
        n_erased = stored.erase_draft_history(connection)
        both = replace(traces, transcripts=traces.transcripts | old.transcripts)
        n_erased += stored.erase_history(connection, both, borne)
        n_erased += forget_tool_projects(connection)
        self.erased_texts = stored.erase_computed(connection, doomed, borne)
        mentions = stored.count_mentions(
            connection, lambda kind, text: named.count(text) + _quotes(kind, text, spoken)
        )
        return Erasure(
            what=self._target.kind,
            name=self._target.name,
            act=None,
            rows={},
            n_suggestions=resting[0],
            n_draft_segments=resting[1],
            n_erased_changes=n_erased,
            shared_transcripts=tuple(t.name for t, _ in shared),
            mentions=mentions,
            looked_for=forms.whole + forms.untitled + forms.parts,
            not_looked_for=forms.left_out,
        )

    def _split(
        self, connection: Connection
    ) -> tuple[list[Transcript], list[tuple[Transcript, frozenset[str]]]]:
        """The transcripts that go as a whole, and those where others speak, with whose turns go."""
        whole: list[Transcript] = []
        shared: list[tuple[Transcript, frozenset[str]]] = []
        for transcript in transcripts(connection):
            if self._target.transcript is not None:
                whole += [transcript] * (transcript.name == self._target.transcript)
                continue
            case = self._target.case
            theirs = frozenset(s.name for s in transcript.speakers if s.case == case)
            others = [s for s in transcript.speakers if s.case != case and s.role == "participant"]
            if transcript.case == case or (theirs and not others):
                whole.append(transcript)
            elif theirs:
                shared.append((transcript, theirs))
        return whole, shared

    def _cut_out(
        self, connection: Connection, transcript: Transcript, names: frozenset[str]
    ) -> None:
        left, edited = _without_turns(transcript, names)
        given = given_segments(connection, transcript.name)
        replace_transcript(connection, transcript.name, left, edited.carry)
        remove_recording(connection, transcript.name)  # it still says what was erased
        rows = carry_given(given, edited.carry) or self._segments[transcript.name]
        replace_segments(connection, transcript.name, rows)

    def _find_forms(
        self, connection: Connection, names: Collection[str], people: Collection[str]
    ) -> NameForms:
        """Forms of those of the names that nobody and nothing else in the study bears."""
        others = {c.name for c in coders(connection)} | {c.name for c in cases(connection)}
        places = set()
        for transcript in transcripts(connection):
            places.add(transcript.name)
            others |= {s.name for s in transcript.speakers}
        borne = others | places
        return find_name_forms(
            [name for name in names if name not in borne],
            [name for name in people if name not in borne],
            others,
        )


def _quotes(kind: str, text: str, spoken: SpokenWords) -> int:
    return 0 if kind == "transcript" else spoken.count_quotes(text)


def _names_of(whole: Sequence[Transcript]) -> set[str]:
    return {s.name for t in whole for s in t.speakers if s.role != "interviewer"}


def _words_of(
    whole: Sequence[Transcript], shared: Sequence[tuple[Transcript, frozenset[str]]]
) -> list[str]:
    words = [t.words_of(turn) for t in whole for turn in t.turns]
    for transcript, names in shared:
        words += [transcript.words_of(turn) for turn in transcript.turns if turn.speaker in names]
    return words


def _words_of_others(
    connection: Connection,
    touched: Collection[str],
    shared: Sequence[tuple[Transcript, frozenset[str]]],
) -> list[str]:
    left = [_without_turns(t, names)[0].text for t, names in shared]
    return left + [words for name, words in texts(connection).items() if name not in touched]


def _without_turns(transcript: Transcript, names: frozenset[str]) -> tuple[Transcript, EditedText]:
    """The transcript without the turns of these speakers, and the edits of its text."""
    edits, end = [], 0
    for turn in transcript.turns:
        if turn.speaker in names:
            edits.append(Edit(Span(end or _label_start(transcript, turn.span), turn.span.end)))
        end = turn.span.end
    edited = EditedText(transcript.text, edits)
    turns = [
        replace(turn, span=span)
        for turn in transcript.turns
        if turn.speaker not in names and (span := edited.carry(turn.span))
    ]
    times = [
        replace(time, span=span) for time in transcript.times if (span := edited.carry(time.span))
    ]
    left = replace(
        transcript,
        text=edited.text,
        turns=tuple(turns),
        times=tuple(times),
        speakers=tuple(s for s in transcript.speakers if s.name not in names),
        source=replace(transcript.source, digest=text_digest(edited.text)),
    )
    return left, edited


def _label_start(transcript: Transcript, first: Span) -> int:
    """Where the line begins that names who says the first turn."""
    before = transcript.text[: first.start]
    names = [before.rfind(speaker.name) for speaker in transcript.speakers]
    return before.rfind("\n", 0, max([0, *names]) + 1) + 1
