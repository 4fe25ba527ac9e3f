"""What a study holds as results: speakers, sections, segments, suggestions, decisions, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.acts import Act, Change, Done, HistoryCheck
from ..core.coding import Decision
from ..core.errors import NotFound
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.transcript import CODABLE_ROLES, Role, Segment, Transcript
from ..serialise.plain import to_payload, to_plain
from ..serialise.result import Result

if TYPE_CHECKING:
    from .facade import Project
    from .sections import SectionView

_FEW_TRANSCRIPTS = 12
"""Up to so many are read one by one, in place of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerSummary:
    """A speaker of one transcript: the role, how it is known, the case, and what was said.

    `basis` is "guessed" (with `confidence` 0..1), "given" by the source, or "set" by a person.
    """

    transcript: str
    speaker: str
    role: Role
    basis: str
    confidence: float
    case: str | None
    n_segments: int


@dataclass(frozen=True, slots=True)
class SpeakerList(Result):
    """The speakers of one transcript or of all."""

    speakers: tuple[SpeakerSummary, ...]

    def to_dict(self) -> dict[str, Any]:
        """The speakers as plain data."""
        return to_payload("speakers", {"speakers": self.speakers})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a speaker of a transcript."""
        rows: list[dict[str, Any]] = to_plain(self.speakers)
        return rows


@dataclass(frozen=True, slots=True)
class SectionList(Result):
    """The sections of one transcript or of all, in order."""

    sections: tuple[SectionView, ...]

    def to_dict(self) -> dict[str, Any]:
        """The sections as plain data."""
        return to_payload("sections", {"sections": self.sections})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a section."""
        return [
            {
                "transcript": view.transcript,
                "section": view.number,
                "first_turn": view.turns.first + 1,
                "last_turn": view.turns.last,
                "n_words": view.n_words,
                "speakers": list(view.speakers),
                "terms": list(view.terms),
                "opening": view.opening,
            }
            for view in self.sections
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation(Result):
    """How the transcripts are cut: the unit asked for, the segments, and how they were found.

    `encoder` is None where sentences were compared by words; `without_punctuation` names the
    transcripts whose sentence ends a model found.
    """

    unit: str
    n_segments: int
    n_participant_segments: int
    n_given_segments: int
    across_speakers: bool = False
    encoder: str | None = None
    without_punctuation: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The segmentation as plain data."""
        return to_payload("segmentation", self.to_rows()[0])

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """One row."""
        row: dict[str, Any] = to_plain(self)
        return [row]


@dataclass(frozen=True, slots=True)
class SuggestedSegment:
    """A suggestion with the words it is about and who said them; `position`: "Kofi, turn 12"."""

    suggestion: Suggestion
    speaker: str | None
    excerpt: str
    position: str


@dataclass(frozen=True, slots=True)
class SuggestionList(Result):
    """Open suggestions with their evidence, in order of position and rank, and their run."""

    suggestions: tuple[SuggestedSegment, ...]
    run: Run | None

    def to_dict(self) -> dict[str, Any]:
        """The suggestions as plain data, with the method and its parameters."""
        return to_payload(
            "suggestions",
            {
                "n_suggestions": len(self.suggestions),
                "run": self.run,
                "suggestions": [
                    {**to_plain(item.suggestion), "speaker": item.speaker, "excerpt": item.excerpt}
                    for item in self.suggestions
                ],
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a suggestion, evidence left out."""
        return [
            {
                "suggestion": item.suggestion.number,
                "transcript": item.suggestion.transcript,
                "start": item.suggestion.span.start,
                "end": item.suggestion.span.end,
                "speaker": item.speaker,
                "rank": item.suggestion.rank,
                "code": item.suggestion.code,
                "probability": item.suggestion.probability,
                "likely": item.suggestion.likely,
                "in_set": item.suggestion.in_set,
                "auto_acceptable": item.suggestion.auto_acceptable,
                "excerpt": item.excerpt,
            }
            for item in self.suggestions
        ]


@dataclass(frozen=True, slots=True)
class DecisionList(Result):
    """Decisions that were kept, in order, those withdrawn, and how many were known already.

    `n_left` rows of a table could not be used; `faults` list them.
    """

    decisions: tuple[Decision, ...]
    withdrawn: tuple[Decision, ...] = ()
    n_known: int = 0
    n_left: int = 0
    faults: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The decisions as plain data."""
        return to_payload(
            "decisions",
            {
                "decisions": self.decisions,
                "withdrawn": self.withdrawn,
                "n_known": self.n_known,
                "n_left": self.n_left,
                "faults": self.faults,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a decision."""
        rows: list[dict[str, Any]] = to_plain(self.decisions)
        return rows


@dataclass(frozen=True, slots=True)
class ExportedFiles(Result):
    """Files that were written, with their numbers of rows."""

    n_rows: Mapping[Path, int]

    def to_dict(self) -> dict[str, Any]:
        """The files as plain data."""
        return to_payload("export", {"files": self.to_rows()})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a file."""
        return [{"path": str(path), "n_rows": n} for path, n in self.n_rows.items()]


def list_speakers(project: Project, transcript: str | None = None) -> SpeakerList:
    """The speakers of one transcript or of all, with the segments each speaks.

    Raises:
        NotFound: if there is no such transcript.
    """
    speakers = project.speakers()
    if transcript is not None and transcript not in speakers:
        known = [t.name for t in project.transcripts()]
        if transcript not in known:
            raise NotFound.among("transcript", transcript, known)
    counts = Counter((s.transcript, s.speaker) for s in project.segments(transcript))
    return SpeakerList(
        tuple(
            SpeakerSummary(
                transcript=name,
                speaker=speaker.name,
                role=speaker.role,
                basis=speaker.basis,
                confidence=speaker.confidence,
                case=speaker.case,
                n_segments=counts[name, speaker.name],
            )
            for name, of_transcript in speakers.items()
            for speaker in of_transcript
            if transcript in (None, name)
        )
    )


def list_sections(project: Project, transcript: str | None = None) -> SectionList:
    """The sections of one transcript or of all; raises NotFound."""
    return SectionList(tuple(project.sections(transcript)))


def list_suggestions(
    project: Project,
    transcript: str | None = None,
    *,
    coder: str | None = None,
    run: int | None = None,
) -> SuggestionList:
    """The open suggestions of one transcript or of all, with the words they are about.

    `coder` asks for those made for one coder, `run` for those of one run; see
    `Project.suggestions`.
    """
    made = project.suggestions(transcript=transcript, coder=coder, run=run)
    items = list_suggested_segments(project, made, project.segments(transcript))
    runs = project.suggest_runs(coder)
    return SuggestionList(tuple(items), runs[-1] if runs else None)


def read_transcripts(project: Project, names: Collection[str]) -> dict[str, Transcript]:
    """Transcripts by name: at least those that are named."""
    is_few = len(names) <= _FEW_TRANSCRIPTS
    read = map(project.transcript, names) if is_few else project.transcripts()
    return {transcript.name: transcript for transcript in read}


def list_suggested_segments(
    project: Project, suggestions: Iterable[Suggestion], segments: Iterable[Segment]
) -> list[SuggestedSegment]:
    """Suggestions with the words they are about; those of none of the segments are left out."""
    by_place = {(s.transcript, s.span): s for s in segments}
    listed = list(suggestions)
    transcripts = read_transcripts(project, {suggestion.transcript for suggestion in listed})
    items = []
    for suggestion in listed:
        segment = by_place.get((suggestion.transcript, suggestion.span))
        if segment is not None:
            position = transcripts[segment.transcript].locate(segment.span)
            items.append(SuggestedSegment(suggestion, segment.speaker, segment.excerpt, position))
    return items


def describe_segmentation(project: Project, unit: str) -> Segmentation:
    """How the transcripts are cut, after they were cut into `unit`."""
    segments = project.segments()
    run = project.last_run("segment")
    parameters = run.parameters if run else {}
    return Segmentation(
        unit=unit,
        n_segments=len(segments),
        n_participant_segments=sum(s.role in CODABLE_ROLES for s in segments),
        n_given_segments=sum(s.given for s in segments),
        across_speakers=bool(parameters.get("across_speakers", False)),
        encoder=(run.encoder or None) if run else None,
        without_punctuation=tuple(parameters.get("without_punctuation", ())),
    )


@dataclass(frozen=True, slots=True)
class HistoryList(Result):
    """Acts of the history, oldest first, and what verifying it found where that was asked."""

    acts: tuple[Act, ...]
    check: HistoryCheck | None = None

    def to_dict(self) -> dict[str, Any]:
        """The acts as plain data."""
        return to_payload("history", {"acts": self.to_rows(), "check": self.check})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row an act."""
        return [
            {
                "act": act.number,
                "made_at": act.made_at,
                "coder": act.coder or None,
                "kind": act.kind,
                "summary": act.summary,
                "n_changes": act.n_changes,
                "undoes": list(act.undoes),
                "undone_by": act.undone_by,
            }
            for act in self.acts
        ]


@dataclass(frozen=True, slots=True)
class ActChanges(Result):
    """The rows that an act changed, as it found and left them."""

    act: int
    changes: tuple[Change | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """The rows as plain data."""
        return to_payload("act", {"act": self.act, "changes": self.to_rows()})

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row a changed row; of one whose words were erased nothing is known."""
        return [_change_row(change) for change in self.changes]


def _change_row(change: Change | None) -> dict[str, Any]:
    if change is None:
        return {"table": None, "change": "erased", "before": None, "after": None}
    before, after = (
        None if values is None else dict(zip(change.columns, values, strict=True))
        for values in (change.before, change.after)
    )
    word = "added" if before is None else "removed" if after is None else "changed"
    if before is not None and after is not None:
        same = [name for name in before if before[name] == after[name] and name != "id"]
        before, after = ({n: v for n, v in row.items() if n not in same} for row in (before, after))
    return {"table": change.table, "change": word, "before": before, "after": after}


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOutcome(Result):
    """What an undo or redo did: the act it is (None where it was only tried), what it took back.

    `n_resolutions` stand though a coding that they settled went.
    """

    act: Act | None
    undone: tuple[Act, ...]
    n_changes: int
    n_resolutions: int = 0

    @classmethod
    def of(cls, done: Done[tuple[Act, ...]], *, n_resolutions: int = 0) -> UndoOutcome:
        """The outcome of `Project.undo` or `Project.redo`."""
        return cls(
            act=done.act,
            undone=done.result or (),
            n_changes=len(done.changes),
            n_resolutions=n_resolutions,
        )

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return to_payload(
            "undo",
            {
                "act": self.act and self.act.number,
                "undone": self.to_rows(),
                "n_changes": self.n_changes,
                "n_resolutions": self.n_resolutions,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row an act that was taken back."""
        return HistoryList(self.undone).to_rows()
