"""The machine's drafts in a study: suggestions, what to code next, draft themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import pipeline
from ..core.acts import Done, NewAct
from ..core.coding import Coding, ThemeDecision
from ..core.progress import Progress, silent
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.theme import ThemeDraft
from ..store import themes as theme_store
from ..store.file import Connection
from .study_writer import StudyWriter

if TYPE_CHECKING:
    from ..encode.protocol import Encoder
    from ..suggest.active_learning import CodingQueue
    from ..suggest.next_passages import PassageQueue
    from ..suggest.protocol import Scorer, Suggester
    from .following import Following
    from .theme_segments import SegmentMove
    from .theming import DecideOptions


class DraftActs(StudyWriter):
    """What the machine drafts, and people's word on it."""

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
        from .suggesting import SuggestOptions, refresh

        asked = SuggestOptions(
            top=top,
            suggester=suggester,
            include_interviewer=include_interviewer,
            scope=scope or SuggestionScope(),
        )
        refreshed = refresh(self._study, self._tools(encoder, progress), asked)
        if refreshed.made is not None:
            return refreshed.made
        return self.suggestions_of_run(refreshed.run)

    def refresh_suggestions(
        self,
        encoder: Encoder | None = None,
        *,
        top: int = 3,
        suggester: Suggester | Scorer | None = None,
        include_interviewer: bool = False,
        scope: SuggestionScope | None = None,
        progress: Progress = silent,
    ) -> int:
        """As `suggest`, without reading what stands: the number of the run that made it.

        Where nothing has changed since the same was asked, that is the run that was made then.
        Raises as `suggest` does; `suggestions_of_run` reads.
        """
        from .suggesting import SuggestOptions, refresh

        asked = SuggestOptions(
            top=top,
            suggester=suggester,
            include_interviewer=include_interviewer,
            scope=scope or SuggestionScope(),
        )
        return refresh(self._study, self._tools(encoder, progress), asked).run

    def follow(
        self,
        transcript: str,
        *,
        coder: str,
        encoder: Encoder | None = None,
        fits: pipeline.FitMemory | None = None,
    ) -> Following:
        """Fit to all codings but those of a transcript, and follow a coder through it from there.

        `move` then says what is suggested for the segments that the coder has not read. Nothing is
        written to the study. `fits` keeps fits from one transcript to the next.

        Raises:
            NotFound: if there is no such transcript.
            NothingToDo: if there is no codebook, no participant segment, or no assistance.
            InputError: if the coder's passes do not let codings be learned from.
        """
        from ..encode.load import load_encoder
        from .following import Following

        return Following(
            self._study, encoder or load_encoder(), transcript, coder, fits or pipeline.FitMemory()
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
        from .queueing import QueueOptions, what_next

        options = QueueOptions(
            n_wanted=n_wanted, suggester=suggester, include_interviewer=include_interviewer
        )
        return what_next(self, self._tools(encoder, progress), options)

    def next_passages(
        self,
        encoder: Encoder | None = None,
        *,
        n_wanted: int = 10,
        length: int | None = None,
        suggester: Suggester | Scorer | None = None,
        include_interviewer: bool = False,
        scope: SuggestionScope | None = None,
        progress: Progress = silent,
    ) -> PassageQueue:
        """The passages to code next, spread over all transcripts, and the status of each code.

        A passage holds `length` segments (five by default), where so many stand together. `scope`
        says whose work counts as coded and whose is learned from.

        Raises:
            NothingToDo: if there is no codebook or no participant segment.
            NotFound: if the coder of `scope` is nobody who can code.
        """
        from ..suggest.next_passages import LENGTH
        from .queueing import QueueOptions, next_passages

        options = QueueOptions(
            n_wanted=n_wanted,
            length=length or LENGTH,
            suggester=suggester,
            include_interviewer=include_interviewer,
            scope=scope or SuggestionScope(),
        )
        return next_passages(self, self._tools(encoder, progress), options)

    def draft_themes(
        self,
        encoder: Encoder | None = None,
        *,
        options: pipeline.ThemeOptions | None = None,
        include_interviewer: bool = False,
        progress: Progress = silent,
    ) -> ThemeDraft:
        """Draft themes from what neither a coding nor a likely suggestion covers, and keep them.

        Where nothing at all has changed since the same was asked, the draft that stands is given.
        `options` says by which method, into how many, and how often stability is put to the test.

        Raises:
            NothingToDo: if nothing is left to draft from.
            InputError: if the encoder gives values that are no numbers.
            StudyChanged: if somebody decided on draft themes meanwhile, which would be lost.
        """
        from .drafting import draft

        tools = self._tools(encoder, progress)
        return draft(self._study, tools, options, include_interviewer=include_interviewer)

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
        from .theming import decide_theme

        draft = decide_theme(self._study, decision).result
        assert draft is not None  # without a key nothing was done before
        return draft

    def decide_draft(
        self, decision: ThemeDecision, options: DecideOptions | None = None
    ) -> Done[ThemeDraft]:
        """As `decide_theme`, with the act that was made; `options` say how, or only try it.

        Raises:
            StudyChanged: if `decision.names` are not what the themes are called.
        """
        from .theming import decide_theme

        return decide_theme(self._study, decision, options)

    def move_segment(self, move: SegmentMove) -> ThemeDraft:
        """Put one segment of the draft into another theme, or in none; the decision is kept.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if there is no such theme, or no segment of the draft there.
            InputError: if the segment is there already, or nobody is named.
        """
        from .theme_segments import move_segment

        return move_segment(self._study, move)

    def code_theme(self, theme: str, *, code: str, coder: str) -> list[Coding]:
        """Code every segment of a draft theme with a code of the study, as `coder`'s own work.

        Raises:
            NothingToDo: if no themes have been drafted.
            NotFound: if there is no such theme or code.
            InputError: if nobody is named.
        """
        from .theme_segments import code_theme

        return code_theme(self._study, theme, code=code, coder=coder)


_DraftedStudy = tuple[pipeline.Study, list[Suggestion], ThemeDraft, Run]
