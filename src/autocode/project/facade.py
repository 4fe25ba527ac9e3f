"""`Project`: one study file and everything a person can do with it.

Every change to a study is a method here, made in one transaction; what only looks is in
`StudyReader`. A suggestion becomes a coding only through `Project.decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from .. import pipeline
from ..analysis.map_counts import ThematicMapView
from ..core.acts import Act, Done, NewAct
from ..core.code_change import OutdatedCoding
from ..core.coding import Action, Coder, Coding, Decision, Memo, ThemeDecision
from ..core.errors import (
    FileRefused,
    InputError,
    NotFound,
    NothingToDo,
    SpanError,
    StudyError,
)
from ..core.progress import Progress, silent
from ..core.run import Run
from ..core.similar_codes import SimilarCodes
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.theme import ThemeDraft
from ..core.transcript import Role, Transcript
from ..encode.load import load_encoder
from ..encode.protocol import Encoder
from ..io.tables.decisions import DecisionRow
from ..io.tables.grid import GridOf
from ..segment import Unit
from ..store import codings as coding_store
from ..store import themes as theme_store
from ..store.codebook import codebook as read_codebook
from ..store.file import Connection, StudyFile, open_or_create, open_study
from ..store.transcripts import texts
from ..store.vectors import StudyVectorCache
from ..suggest.active_learning import CodingQueue
from ..suggest.protocol import Scorer, Suggester
from . import hand_coding
from .codebook_editor import (
    CodebookEditor,
    find_similar_codes,
    list_acts_on_code,
    list_outdated,
)
from .coders import merge_coders, rename_coder
from .codes import EditOptions
from .deciding import Decided, apply_decisions, auto_accept, decide_all
from .erasing import Erasure, erase
from .exporting import export
from .grids import export_grid
from .hand_coding import CodingChange, HandOptions, Place
from .history import UndoOptions, undo
from .importing import ImportOptions, ImportReport, import_paths
from .joining import Joined, JoinOptions, join
from .mapping import MapEdit, edit_map
from .pseudonyms import NameProposals, Pseudonymised, apply_pseudonyms, propose
from .reader import Snapshot, StudyReader
from .removing import Removal, RemovalTarget, remove
from .replacing import Replacement, ReplaceOptions, replace_version
from .resolving import Outcome, Resolution, ResolveOptions, resolve
from .segmentation import SegmentationOptions, resegment
from .sharing import SharedFile, share
from .speakers import SpeakerChanges, change_speakers
from .suggesting import SuggestOptions, suggest
from .theme_segments import SegmentMove, code_theme, move_segment
from .theming import decide_theme
from .turns import TurnChange, change_turns, join_turns

_Read = TypeVar("_Read")


class Project(StudyReader):
    """A study: transcripts, codebook, people's codings, and the machine's drafts.

    Open it with `Project.open`, preferably as a context manager.
    """

    def __init__(self, study: StudyFile) -> None:
        self._study = study
        self.path = study.path

    def __repr__(self) -> str:
        counts = self.counts()
        contents = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
        return f"<Project '{self.path}': {contents or 'empty'}>"

    @classmethod
    def open(cls, path: str | Path, *, create_new: bool = False) -> Project:
        """Open the study at `path`; with `create_new` make it if it does not exist.

        Raises:
            StudyError: if it is missing, not a study, damaged, or written by a newer version.
        """
        path = Path(path)
        return cls(open_or_create(path) if create_new else open_study(path))

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._study.close()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the study, each part read once: for a report, or any longer look at it."""
        with self._study.reading() as connection:
            yield Snapshot(self.path, connection)

    def _read(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        with self._study.reading() as connection:
            return query(connection, *arguments)

    # Taking in and segmenting

    def import_paths(
        self, paths: Sequence[str | Path], options: ImportOptions | None = None
    ) -> ImportReport:
        """Import files and folders; what could not be taken is in the report.

        Raises:
            FileRefused: if a path does not exist, or none is of a known kind.
            StudyError: if the study cannot be written and nothing was imported yet.
        """
        return import_paths(self._study, [Path(p) for p in paths], options or ImportOptions())

    def add_transcript(self, path: str | Path, *, join_turns: bool = False) -> Transcript:
        """Import one transcript; raises FileRefused if it cannot be read."""
        report = self.import_paths([path], ImportOptions(join_turns=join_turns))
        if report.refused:
            refused = report.refused[0]
            raise FileRefused(
                refused.reason,
                path=str(refused.path),
                place=refused.place,
                fault=refused.fault,
                remedy=refused.remedy,
            )
        if report.stopped:
            raise StudyError(report.stopped)
        name = report.imported[0].transcript if report.imported else None
        if name is None:
            raise FileRefused.because(
                path, "is no transcript", remedy="Import it with Project.import_paths."
            )
        return self.transcript(name)

    def segment(
        self,
        unit: Unit,
        encoder: Encoder | None = None,
        *,
        across_speakers: bool = False,
        progress: Progress = silent,
    ) -> int:
        """Segment all transcripts anew (given segments stay); returns the number of segments.

        Codings are untouched: spans are the truth and units a view. Open suggestions and the theme
        draft belong to the old units and are dropped. With an `encoder`, meaning units are cut by
        its vectors instead of by words; `across_speakers` lets them hold a question with its short
        answer. Sentence ends in transcripts without punctuation are found by the carried model.

        Raises:
            InputError: for a unit that does not exist, or one that cannot span speakers.
            StudyChanged: if somebody decided on draft themes meanwhile, which would be lost.
        """
        options = SegmentationOptions(
            unit=unit, across_speakers=across_speakers, encoder=encoder, progress=progress
        )
        return resegment(self._study, options)

    def set_role(self, speaker: str, role: Role, *, transcript: str | None = None) -> int:
        """Say what a speaker is, in one transcript or wherever the name occurs; returns how many.

        Raises:
            NotFound: if no such speaker or transcript is in the study.
            InputError: for a role that does not exist.
        """
        return self.change_speakers(SpeakerChanges(roles={speaker: role}), transcript=transcript)

    def change_speakers(self, changes: SpeakerChanges, *, transcript: str | None = None) -> int:
        """Merge, rename and assign speakers, all of it or nothing; returns how many changed.

        Without `transcript` a change applies wherever the name occurs. The words of a transcript
        stay as they are.

        Raises:
            NotFound: if no such speaker or transcript is in the study.
            InputError: for an unknown role, an empty name, or a name that is taken.
        """
        return change_speakers(self._study, changes, transcript=transcript)

    def remove(self, target: RemovalTarget, *, coder: str, dry_run: bool = False) -> Removal:
        """Take a transcript, or all that one coder did, out of the study; this can be undone.

        With `dry_run` nothing is changed, and what would go is returned.

        Raises:
            NotFound: if there is no such transcript or coder.
            InputError: if nobody is named, or a case is.
        """
        done = remove(self._study, target, coder=coder, dry_run=dry_run)
        assert done.result is not None  # no key was given, so that it is no repeated request
        return done.result

    def erase(self, target: RemovalTarget, *, coder: str, dry_run: bool = False) -> Erasure:
        """Erase a transcript, or a case with all its words, for good: it cannot be undone.

        The history keeps who erased how much and when, and no words. With `dry_run` nothing is
        changed, and what would go is returned.

        Raises:
            NotFound: if neither the study nor its history has such a transcript or case.
            InputError: if nobody is named, or a coder is to be erased.
            StudyError: if another program has the study open, so that words are left in its log.
        """
        return erase(self._study, target, coder=coder, dry_run=dry_run)

    def replace_transcript(
        self, name: str, path: str | Path, *, coder: str, options: ReplaceOptions | None = None
    ) -> Replacement:
        """Put a corrected version in place of a transcript; work moves to where its words stand.

        Speakers keep the roles and cases that those of the same name have. This can be undone.

        Raises:
            NotFound: if there is no such transcript.
            FileRefused: if the file cannot be read or has no words in common with the transcript,
                or work would be lost and `options` do not say that it may be.
            NothingToDo: if the file holds the very same words.
            StudyChanged: if another program changed the study meanwhile.
        """
        wanted = options or ReplaceOptions()
        return replace_version(self._study, name, Path(path), coder=coder, options=wanted)

    def change_turns(self, change: TurnChange, *, coder: str = "") -> int:
        """Give single turns to another speaker; returns how many changed.

        Raises:
            NotFound: if there is no such transcript, turn, or (unless it is to be made) speaker.
            InputError: if no turn is named, or the name is empty.
        """
        return change_turns(self._study, change, coder=coder)

    def join_turns(
        self, transcript: str | None = None, *, coder: str = "", progress: Progress = silent
    ) -> int:
        """Join consecutive turns of one speaker, in one transcript or all; returns how many fewer.

        Codings and all other work move along.

        Raises:
            NotFound: if there is no such transcript.
            NothingToDo: if no speaker has two turns in a row.
        """
        return join_turns(self._study, transcript, coder=coder, progress=progress)

    def propose_names(self) -> NameProposals:
        """Names of people and places in the transcripts, with stand-ins, for a person to confirm.

        Rules propose them, and an NER model of spaCy's where one is installed.
        """
        return propose(self._study)

    def apply_pseudonyms(
        self,
        path: str | Path,
        *,
        coder: str,
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> Pseudonymised:
        """Put stand-ins in the place of names everywhere, by a table of both; cannot be undone.

        The table is the key, and nothing of it is kept in the study.

        Raises:
            FileRefused: if the table cannot be used.
            InputError: if a stand-in cannot, or two would get one name.
            NothingToDo: if none of the names stands in the study.
            StudyError: if another program has the study open, so that names are left in its log.
        """
        return apply_pseudonyms(
            self._study, Path(path), coder=coder, dry_run=dry_run, progress=progress
        )

    # People's work

    def add_memo(self, memo: Memo) -> None:
        """Keep a memo."""
        with self._study.writing(
            NewAct(
                kind="memo", summary=f"memo on {memo.about} {memo.subject}", coder=memo.coder or ""
            )
        ) as connection:
            coding_store.add_memo(connection, memo)

    def code(
        self, place: Place, code: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Put a code on a place; nothing changes where `coder` has it there already.

        Raises:
            NotFound: if the transcript or code is not in the study.
            InputError: if the place is none or not the only one, the code cannot be applied, or the
                coder's name is nearly a known one.
        """
        return hand_coding.code(self._study, place, code, coder, options or HandOptions())

    def uncode(
        self, place: Place, code: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Take `coder`'s coding with this code off a place; raises as `code` does."""
        return hand_coding.uncode(self._study, place, code, coder, options or HandOptions())

    def respan(
        self, place: Place, code: str, to: Place, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Move `coder`'s coding to another span; code and memo stay. Raises as `code` does."""
        return hand_coding.respan(self._study, place, code, to, coder, options or HandOptions())

    def recode(
        self, place: Place, code: str, to: str, *, coder: str, options: HandOptions | None = None
    ) -> Done[CodingChange]:
        """Put the code `to` in place of `coder`'s coding; raises as `code` does."""
        return hand_coding.recode(self._study, place, code, to, coder, options or HandOptions())

    def note_coding(
        self, place: Place, code: str, *, coder: str, options: HandOptions
    ) -> Done[CodingChange]:
        """Write the memo of `coder`'s coding, in place of the one it has; raises as `code` does."""
        return hand_coding.note_coding(self._study, place, code, coder, options)

    def note_span(self, place: Place, *, coder: str, options: HandOptions) -> Done[Memo]:
        """Keep a memo on words of a transcript; raises as `code` does."""
        return hand_coding.note_span(self._study, place, coder, options)

    def add_codings(self, codings: Sequence[Coding], *, machines: Collection[str] = ()) -> int:
        """Keep codings made elsewhere; returns how many were new.

        `machines` names the coders that are machines: their codings are set beside people's, and
        never counted, learned from or compared as if a person had made them.

        Raises:
            NotFound: if a transcript or code is not in the study.
            SpanError: if a span does not fit its transcript.
            InputError: if a coder has no name, or a machine is known as a person.
        """
        who = {coding.coder for coding in codings}
        new = NewAct(
            kind="code",
            summary=f"{len(codings)} codings added",
            coder=who.pop() if len(who) == 1 else "",
        )
        with self._study.writing(new) as connection:
            words, codebook = texts(connection), read_codebook(connection)
            for coding in codings:
                if coding.transcript not in words:
                    raise NotFound.among("transcript", coding.transcript, words)
                if coding.code not in codebook:
                    raise NotFound.among("code", coding.code, codebook.by_id)
                if not coding.span.of(words[coding.transcript]).strip():
                    raise SpanError(
                        f"Span {coding.span.start}..{coding.span.end} of '{coding.transcript}' "
                        "holds no words. A coding needs at least one."
                    )
                if not coding.coder.strip():
                    raise InputError("A coding needs a coder; the name is empty.")
            return coding_store.add_codings(connection, codings, machines=machines)

    def set_coder(self, coder: Coder) -> None:
        """Say whether a coder of the study is a person or a machine; raises NotFound."""
        with self._study.writing(
            NewAct(kind="coder", summary=f"{coder.name} is a {coder.kind}")
        ) as connection:
            coding_store.set_coder(connection, coder)

    def decide(
        self,
        suggestion: Suggestion | int,
        action: Action,
        *,
        coder: str,
        code: str | None = None,
        memo: str = "",
    ) -> Decision:
        """Accept, reject or change one suggestion; the decision is kept for good.

        `code` names the code put in its place by a change. Accepting or changing makes a coding by
        `coder`.

        Raises:
            NotFound: if the suggestion or code does not exist.
            InputError: if it was decided before, or the action and code do not fit together.
        """
        number = suggestion if isinstance(suggestion, int) else suggestion.number
        if number is None:
            raise InputError("This suggestion is not stored yet. Use one from Project.suggestions.")
        row = DecisionRow(
            line=0, suggestion=number, action=action, code=code, coder=coder, memo=memo
        )
        made = decide_all(self._study, [row], coder).kept
        if not made:
            raise InputError(f"{coder} has decided so on suggestion {number} before.")
        return made[0]

    def withdraw(self, suggestion: Suggestion | int, *, coder: str) -> Decision:
        """Take back `coder`'s decision on a suggestion, with the coding it led to.

        Raises:
            NotFound: if the suggestion does not exist.
            NothingToDo: if this coder has not decided on it.
        """
        number = suggestion if isinstance(suggestion, int) else suggestion.number
        row = DecisionRow(line=0, suggestion=number or 0, action="withdraw", coder=coder)
        withdrawn = decide_all(self._study, [row], coder).withdrawn
        if not withdrawn:
            raise NothingToDo(f"{coder} has made no decision on suggestion {number}.")
        return withdrawn[0]

    def auto_accept(self, *, coder: str) -> list[Decision]:
        """Accept every open suggestion that is auto-acceptable, as `coder`'s own decisions.

        These may be accepted without reading: with 90 % confidence, at most one in ten like them is
        wrong in transcripts like the coded ones. All are accepted, or none.

        Raises:
            NothingToDo: if there is no such suggestion.
        """
        return auto_accept(self._study, coder)

    def apply_decisions(
        self, path: str | Path, *, coder: str | None = None, partial: bool = False
    ) -> Decided:
        """Apply a table of decisions, all or none; `coder` stands where a row names nobody.

        What was decided so before is passed over, so that a sheet may be filled in further. With
        `partial` the sound rows are applied though others cannot be used.

        Raises:
            FileRefused: if the table or one of its rows cannot be used.
        """
        return apply_decisions(self._study, Path(path), coder, partial=partial)

    # The machine's drafts

    def suggest(
        self,
        encoder: Encoder | None = None,
        *,
        top: int = 3,
        suggester: Suggester | Scorer | None = None,
        include_interviewer: bool = False,
        scope: SuggestionScope | None = None,
        progress: Progress = silent,
    ) -> list[Suggestion]:
        """Rank the codes for every segment nobody has coded or read, and keep the suggestions.

        `scope` asks for some codes only, in coded segments too, or for what one coder has not read,
        and says whose codings are learned from. A run for some codes takes the place of what is
        open of these codes, any other of all open suggestions.

        Raises:
            NothingToDo: if there is no codebook or no participant segment.
            NotFound: if a code of `scope` is not in the study.
            StudyChanged: if the study was changed each time this was tried.
        """
        return suggest(
            self._study,
            self._tools(encoder, progress),
            SuggestOptions(
                top=top,
                suggester=suggester,
                include_interviewer=include_interviewer,
                scope=scope or SuggestionScope(),
            ),
        )

    def what_next(
        self,
        encoder: Encoder | None = None,
        *,
        n_wanted: int = 10,
        suggester: Suggester | Scorer | None = None,
        include_interviewer: bool = False,
        progress: Progress = silent,
    ) -> CodingQueue:
        """The segments to code next, best first, and the status of each code.

        Raises:
            NothingToDo: if there is no codebook or no participant segment.
        """
        return pipeline.what_next(
            self.in_memory(),
            self._tools(encoder, progress),
            n_wanted=n_wanted,
            suggester=suggester,
            include_interviewer=include_interviewer,
        )

    def draft_themes(
        self,
        encoder: Encoder | None = None,
        *,
        options: pipeline.ThemeOptions | None = None,
        include_interviewer: bool = False,
        progress: Progress = silent,
    ) -> ThemeDraft:
        """Draft themes from what neither a coding nor a likely suggestion covers, and keep them.

        `options` says by which method, into how many, and how often stability is put to the test.

        Raises:
            NothingToDo: if nothing is left to draft from.
            InputError: if the encoder gives values that are no numbers.
            StudyChanged: if somebody decided on draft themes meanwhile, which would be lost.
        """

        def compute(
            base: tuple[pipeline.Study, list[Suggestion]],
        ) -> tuple[ThemeDraft, Run]:
            study, suggested = base
            return pipeline.themes(
                study,
                suggested,
                self._tools(encoder, progress),
                options=options,
                include_interviewer=include_interviewer,
            )

        def keep(connection: Connection, _: object, made: tuple[ThemeDraft, Run]) -> None:
            draft, run = made
            theme_store.replace_themes(connection, run, draft)

        draft, _ = self._study.recompute(
            NewAct(kind="draft-themes", summary="themes drafted"),
            read=self._with_suggestions,
            compute=compute,
            keep=keep,
            unless_changed=theme_store.theme_decisions,
        )
        return draft

    def update_themes(
        self, encoder: Encoder | None = None, *, progress: Progress = silent
    ) -> pipeline.Update:
        """Take segments that came after the last theme draft into it; says what that changed.

        Themes keep their keys and what people have decided; unassigned segments may make new ones.

        Raises:
            NothingToDo: if no themes have been drafted, or no segment without a code came.
            InputError: if the draft was made with another encoder.
            StudyChanged: if the study was changed each time this was tried.
        """

        def read(connection: Connection) -> _DraftedStudy:
            draft, run = theme_store.last_draft(connection)
            study, suggested = self._with_suggestions(connection)
            return study, suggested, draft, run

        def compute(base: _DraftedStudy) -> tuple[pipeline.Update, Run]:
            study, suggested, draft, run = base
            tools = self._tools(encoder, progress)
            return pipeline.update_themes(study, suggested, tools, draft=draft, run=run)

        def keep(connection: Connection, _: object, made: tuple[pipeline.Update, Run]) -> None:
            update, run = made
            theme_store.replace_themes(connection, run, update.draft)

        update, _ = self._study.recompute(
            NewAct(kind="draft-themes", summary="themes updated"),
            read=read,
            compute=compute,
            keep=keep,
        )
        return update

    def assign_rest(self, *, undo: bool = False) -> ThemeDraft:
        """Put what the theme draft left unassigned into the nearest theme, or take it out again.

        Each such segment keeps the reason it was left out for; what is near no theme stays out.

        Raises:
            NothingToDo: if no themes have been drafted.
        """
        with self._study.writing(
            NewAct(
                kind="assign-rest",
                summary=f"unassigned segments {'freed' if undo else 'assigned'}",
                drafts=True,
            )
        ) as connection:
            draft, run = theme_store.last_draft(connection)
            draft = draft.without_rest_assigned() if undo else draft.with_rest_assigned()
            theme_store.change_themes(connection, run, draft)
        return draft

    def decide_theme(self, decision: ThemeDecision) -> ThemeDraft:
        """Turn a draft theme into a code, merge, split, drop or rename it; the decision is kept.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if a theme is not in the draft.
            InputError: if the action does not fit the themes, or nobody is named.
        """
        return decide_theme(self._study, decision)

    def edit_codebook(
        self, *, coder: str, dry_run: bool = False, key: str = "", since: int | None = None
    ) -> CodebookEditor:
        """The codebook to be changed by `coder`: a method an act, each of which can be undone.

        With `dry_run` nothing is changed: each method says what it would do. A request that is sent
        twice with one `key` is done once. With `since`, the revision that the coder has seen, a
        change raises StudyChanged where somebody else was quicker.
        """
        options = EditOptions(coder=coder, dry_run=dry_run, key=key, since=since)
        return CodebookEditor(self._study, self, options, lambda e: self._tools(e, silent))

    def outdated_codings(self, code: str | None = None) -> list[OutdatedCoding]:
        """Codings made under an earlier meaning of their code, to be looked at again.

        Raises:
            NotFound: if there is no such code.
        """
        return list_outdated(self._study, code)

    def code_history(self, code: str) -> list[Act]:
        """The acts that changed a code, oldest first; raises NotFound."""
        return list_acts_on_code(self._study, code)

    def similar_codes(
        self, encoder: Encoder | None = None, *, by_meaning: bool = True
    ) -> list[SimilarCodes]:
        """Pairs of codes that may be one: by their names, and by meaning with an encoder."""
        tools = self._tools(encoder, silent) if by_meaning else None
        return find_similar_codes(self.codebook(), tools)

    def edit_map(
        self, edit: MapEdit, *, coder: str, summary: str = "thematic map changed"
    ) -> ThematicMapView:
        """Change the thematic map as one act; `edit` is a change of `autocode.core.map_edits`.

        `summary` is what the history says of it.

        Raises:
            InputError: if nobody is named, or the change is impossible.
            NotFound: if it names a theme or code that is not there.
        """
        edit_map(self._study, edit, coder=coder, summary=summary)
        return self.thematic_map()

    def move_segment(self, move: SegmentMove) -> ThemeDraft:
        """Put one segment of the draft into another theme, or in none; the decision is kept.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if there is no such theme, or no segment of the draft there.
            InputError: if the segment is there already, or nobody is named.
        """
        return move_segment(self._study, move)

    def code_theme(self, theme: str, *, code: str, coder: str) -> list[Coding]:
        """Code every segment of a draft theme with a code of the study, as `coder`'s own work.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if there is no such theme or code.
            InputError: if nobody is named.
        """
        return code_theme(self._study, theme, code=code, coder=coder)

    # Sharing out and putting together

    def share(self, path: str | Path, *, coder: str, blind: bool = False) -> SharedFile:
        """Make a new study at `path` for a coder to work in; `blind` leaves out others' work.

        Raises:
            StudyError: if something is there already, or the folder cannot be written.
            InputError: if nobody is named.
        """
        return share(self._study, Path(path), coder=coder, blind=blind)

    def join(
        self, others: Sequence[str | Path], *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Take the work in other studies into this one, as one act; they are only read.

        Transcripts are one where their texts are, codes by identifier, then id, then name.

        Raises:
            JoinBlocked: if studies differ in what is one thing, and `options` do not decide.
            StudyError: if one is no study, is newer than this version, or its history was changed.
            InputError: if nobody is named, or a study is given twice.
        """
        return join(self._study, [Path(p) for p in others], coder, options or JoinOptions())

    def merge_coders(
        self, name: str, into: str, *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Make the work of `name` that of `into`, both being one person.

        Raises:
            NotFound: if one of them is not in the study.
            InputError: if they are one name.
            JoinBlocked: if they differ at one place, and `options` do not decide.
        """
        return merge_coders(self._study, name, into, coder, options or JoinOptions())

    def rename_coder(
        self, name: str, to: str, *, coder: str, options: JoinOptions | None = None
    ) -> Done[Joined]:
        """Give a coder another name; raises NotFound, or InputError if it is taken."""
        return rename_coder(self._study, name, to, coder, options or JoinOptions())

    def resolve(
        self,
        place: Place,
        code: str,
        outcome: Outcome,
        *,
        reason: str,
        coder: str,
        options: ResolveOptions | None = None,
    ) -> Done[Resolution]:
        """Settle whether a code applies where two coders differ, as a consensus beside their work.

        Raises:
            NotFound: if transcript, code or a coder is not in the study.
            InputError: if no reason or nobody is named, or who is meant is not clear.
        """
        return resolve(
            self._study,
            place,
            code,
            outcome,
            reason=reason,
            coder=coder,
            options=options or ResolveOptions(),
        )

    # The history

    def undo(self, *, coder: str, options: UndoOptions | None = None) -> Done[tuple[Act, ...]]:
        """Take back an act, `coder`'s last one where none is named; this is itself an act.

        The result are the acts taken back. Every row they changed is as it was before them.

        Raises:
            NotFound: if there is no such act or coder.
            NothingToDo: if the coder has nothing to take back.
            UndoBlocked: if later acts rest on it, and `options` do not say that they go too.
            StudyError: if it is undone already, changed no work of people, or was erased.
            StudyChanged: if another program changed the study meanwhile.
        """
        return undo(self._study, coder, options or UndoOptions())

    def redo(self, *, coder: str, options: UndoOptions | None = None) -> Done[tuple[Act, ...]]:
        """Take back `coder`'s last undo, or the one that is named; raises as `undo` does."""
        return undo(self._study, coder, replace(options or UndoOptions(), redo=True))

    def export(self, folder: str | Path) -> dict[Path, int]:
        """Write codings, suggestions, themes and codebook into a folder; returns rows by file.

        Raises:
            FileRefused: if the folder cannot be made or written; no file in it is then changed.
        """
        with self.snapshot() as study:
            return export(study, Path(folder))

    def export_grid(
        self, path: str | Path, of: GridOf = "coders", *, coders: Sequence[str] = ()
    ) -> int:
        """Write a grid to code in, a row a segment and a column a coder or a code; returns rows.

        Raises:
            FileRefused: if the file cannot be written.
        """
        with self.snapshot() as study:
            return export_grid(study, Path(path), of, coders=coders)

    def _tools(self, encoder: Encoder | None, progress: Progress) -> pipeline.Tools:
        return pipeline.Tools(encoder or load_encoder(), StudyVectorCache(self._study), progress)

    def _in_memory_of(self, connection: Connection) -> pipeline.Study:
        return Snapshot(self.path, connection).in_memory()

    def _with_suggestions(self, connection: Connection) -> tuple[pipeline.Study, list[Suggestion]]:
        study = Snapshot(self.path, connection)
        return study.in_memory(), study.suggestions()


_DraftedStudy = tuple[pipeline.Study, list[Suggestion], ThemeDraft, Run]
