"""`Project`: one study file and everything a person can do with it.

Every change to a study is a method here, made in one transaction; what only looks is in `Contents`.
A suggestion becomes a coding only through `Project.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from .. import pipeline
from ..agreement.study.table import Agreement
from ..core.coding import Action, Coding, Decision, Memo, ThemeDecision
from ..core.errors import FileRefused, InputError, NotFound, SpanError
from ..core.progress import Progress, silent
from ..core.suggestion import Suggestion
from ..core.theme import ThemeDraft
from ..core.transcript import Role, Transcript
from ..encode.load import load_encoder
from ..encode.protocol import Encoder
from ..io.tables.decisions import DecisionRow, read_decisions
from ..segment import Unit
from ..store import codings as work
from ..store import suggestions as drafts
from ..store import themes as stored_themes
from ..store.file import create, open_study
from ..store.vectors import StudyVectorCache
from ..suggest.active_learning import CodingQueue
from ..suggest.protocol import Scorer, Suggester
from .cutting import Cutting, cut_anew
from .deciding import auto_accept, decide_all
from .exporting import export
from .importing import ImportOptions, ImportReport, import_paths
from .reading import Contents
from .speakers import SpeakerChanges, change_speakers
from .theming import decide_theme


class Project(Contents):
    """A study: transcripts, codebook, people's codings, and the machine's drafts.

    Open it with `Project.open`, preferably as a context manager.
    """

    @classmethod
    def open(cls, path: str | Path, *, create_new: bool = False) -> Project:
        """Open the study at `path`; with `create_new` make it if it does not exist.

        Raises:
            StudyError: if it is missing, not a study, damaged, or written by a newer version.
        """
        path = Path(path)
        if create_new and not path.exists():
            return cls(create(path))
        return cls(open_study(path))

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

    # Taking in and cutting

    def import_paths(
        self, paths: Sequence[str | Path], options: ImportOptions | None = None
    ) -> ImportReport:
        """Import files and folders; what could not be taken is in the report.

        Raises:
            FileRefused: if a named path does not exist or is of no known kind.
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
        name = report.imported[0].transcript if report.imported else None
        if name is None:
            raise FileRefused.because(
                path, "is no transcript", remedy="Import it with Project.import_paths."
            )
        return next(t for t in self.transcripts() if t.name == name)

    def cut(
        self,
        unit: Unit,
        encoder: Encoder | None = None,
        *,
        across_speakers: bool = False,
        progress: Progress = silent,
    ) -> int:
        """Cut all transcripts anew (given segments stay); returns the number of segments.

        Codings are untouched: spans are the truth and units a view. Open suggestions and the theme
        draft belong to the old units and are dropped. With an `encoder`, meaning units are cut by
        its vectors instead of by words; `across_speakers` lets them hold a question with its short
        answer. Sentence ends in transcripts without punctuation are found by the carried model.

        Raises:
            InputError: for a unit that does not exist, or one that cannot span speakers.
        """
        return cut_anew(
            self._study,
            Cutting(unit=unit, across_speakers=across_speakers, encoder=encoder, progress=progress),
        )

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

    def add_memo(self, memo: Memo) -> None:
        """Keep a memo."""
        with self._study.writing() as connection:
            work.add_memo(connection, memo)

    def add_codings(self, codings: Sequence[Coding]) -> int:
        """Keep codings made by people elsewhere; returns how many were new.

        Raises:
            NotFound: if a transcript or code is not in the study.
            SpanError: if a span does not fit its transcript.
        """
        words = dict(self._texts())
        codebook = self.codebook()
        for coding in codings:
            if coding.transcript not in words:
                raise NotFound.among("transcript", coding.transcript, words)
            if coding.code not in codebook:
                raise NotFound.among("code", coding.code, codebook.by_id)
            if not coding.span.of(words[coding.transcript]).strip():
                raise SpanError(
                    f"Span {coding.span.start}..{coding.span.end} of '{coding.transcript}' holds "
                    "no words. A coding needs at least one."
                )
            if not coding.coder.strip():
                raise InputError("A coding needs a coder; the name is empty.")
        with self._study.writing() as connection:
            return work.add_codings(connection, codings)

    # The machine's drafts

    def suggest(
        self,
        encoder: Encoder | None = None,
        *,
        top: int = 3,
        suggester: Suggester | Scorer | None = None,
        include_interviewer: bool = False,
        progress: Progress = silent,
    ) -> list[Suggestion]:
        """Rank the codes for every segment nobody has coded or read, and keep the suggestions.

        Raises:
            NothingToDo: if there is no codebook or no participant segment.
        """
        if top < 1:
            raise InputError(f"At least one suggestion a segment is needed, not {top}.")
        found, run = pipeline.suggest(
            self.in_memory(),
            self._tools(encoder, progress),
            top=top,
            suggester=suggester,
            include_interviewer=include_interviewer,
        )
        with self._study.writing() as connection:
            drafts.replace_suggestions(connection, run, found)
        return self.suggestions()

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
        """
        draft, run = pipeline.themes(
            self.in_memory(),
            self.suggestions(),
            self._tools(encoder, progress),
            options=options,
            include_interviewer=include_interviewer,
        )
        with self._study.writing() as connection:
            stored_themes.replace_themes(connection, run, draft)
        return draft

    def update_themes(
        self, encoder: Encoder | None = None, *, progress: Progress = silent
    ) -> pipeline.Update:
        """Take segments that came after the last theme draft into it; says what that changed.

        Themes keep their keys and what people have decided; unassigned segments may make new ones.

        Raises:
            NothingToDo: if no themes have been drafted, or no segment without a code came.
            InputError: if the draft was made with another encoder.
        """
        with self._study.reading() as connection:
            draft, run = stored_themes.last_draft(connection)
        found, run = pipeline.update_themes(
            self.in_memory(),
            self.suggestions(),
            self._tools(encoder, progress),
            draft=draft,
            run=run,
        )
        with self._study.writing() as connection:
            stored_themes.replace_themes(connection, run, found.draft)
        return found

    def assign_rest(self, *, undo: bool = False) -> ThemeDraft:
        """Put what the theme draft left out into the nearest theme, or take it out again.

        Each such segment keeps the reason it was left out for; what is near no theme stays out.

        Raises:
            NothingToDo: if no themes have been drafted.
        """
        with self._study.writing() as connection:
            draft, run = stored_themes.last_draft(connection)
            draft = draft.without_rest_assigned() if undo else draft.with_rest_assigned()
            stored_themes.replace_themes(connection, run, draft)
        return draft

    def decide_theme(self, decision: ThemeDecision) -> ThemeDraft:
        """Turn a draft theme into a code, merge, split or drop it; the decision is kept for good.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if a theme is not in the draft.
            InputError: if the action does not fit the themes, or nobody is named.
        """
        return decide_theme(self._study, decision)

    # People's word

    def agree(
        self, coders: Sequence[str] = (), *, options: pipeline.Comparison | None = None
    ) -> Agreement:
        """Compare coders on the units that two or more of them have read; `options` say how.

        Raises:
            NotFound: if a coder is not in the study.
            InputError: if there are not two coders, or no segment was read by two.
        """
        return pipeline.agree(
            self.in_memory(), options or pipeline.Comparison(coders=tuple(coders))
        )

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
        return decide_all(self._study, [row], coder)[0]

    def auto_accept(self, *, coder: str) -> list[Decision]:
        """Accept every open suggestion that is sure, as `coder`'s own decisions.

        A suggestion is sure when, code by code, no more than one in ten like it was wrong on
        transcripts the learner had not seen. All are accepted, or none.

        Raises:
            NothingToDo: if no open suggestion is sure.
        """
        return auto_accept(self._study, coder)

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

    def apply_decisions(self, path: str | Path, *, coder: str | None = None) -> list[Decision]:
        """Apply a CSV of decisions, all of them or none; `coder` stands where a row names nobody.

        Raises:
            FileRefused: if the table or one of its rows cannot be used.
        """
        path = Path(path)
        return decide_all(self._study, read_decisions(path), coder, source=path)

    def export(self, folder: str | Path) -> dict[Path, int]:
        """Write codings, suggestions, themes and codebook into a folder; returns rows by file."""
        return export(self._study, Path(folder))

    def _tools(self, encoder: Encoder | None, progress: Progress) -> pipeline.Tools:
        return pipeline.Tools(encoder or load_encoder(), StudyVectorCache(self._study), progress)
