"""Passes in a study: transcripts given to coders, finished, opened again and revealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.acts import Done
from .study_writer import StudyWriter

if TYPE_CHECKING:
    from .assigning import Assignment, AssignOptions
    from .pass_list import PassList
    from .pass_states import PassChange, PassOptions


class PassActs(StudyWriter):
    """Who codes what in a study, and how far it has come."""

    def passes(self, *, coder: str | None = None, transcript: str | None = None) -> PassList:
        """Who codes which transcript, how far it has come, and what is read; raises NotFound."""
        from .pass_list import list_passes

        with self.snapshot() as study:
            return list_passes(study, coder=coder, transcript=transcript)

    def assign_passes(
        self, coders: Sequence[str], *, coder: str = "", options: AssignOptions | None = None
    ) -> Done[Assignment]:
        """Give transcripts to coders, balanced by words, and draw those to be coded twice.

        What was assigned before stays. `coder` is who assigns.

        Raises:
            NotFound: if a transcript or attribute is not in the study.
            InputError: if nobody is named, or one coder alone is to code twice.
            NothingToDo: if all is assigned already.
        """
        from .assigning import AssignOptions, assign_passes

        return assign_passes(self._study, coders, coder, options or AssignOptions())

    def finish_pass(
        self, coder: str, transcripts: Sequence[str] = (), *, options: PassOptions | None = None
    ) -> Done[PassChange]:
        """Fix a coder's work in their open passes, or in those through some transcripts.

        Raises:
            NotFound: if the coder has no pass through a transcript.
            NothingToDo: if none is open.
            InputError: if segments are not read, and `options` do not say what of them.
        """
        from .pass_states import PassOptions, finish_passes

        return finish_passes(self._study, coder, transcripts, options or PassOptions())

    def reopen_pass(
        self,
        of: str,
        transcripts: Sequence[str],
        *,
        reason: str,
        coder: str,
        options: PassOptions | None = None,
    ) -> Done[PassChange]:
        """Open finished passes of the coder `of` again; it is counted, and agreement says so.

        Raises:
            NotFound: if that coder has no pass through a transcript.
            PassLocked: if a pass is revealed.
            NothingToDo: if a pass is open.
            InputError: if nobody, no transcript or no reason is named.
        """
        from .pass_states import PassOptions, reopen_passes

        return reopen_passes(
            self._study,
            of,
            transcripts,
            reason=reason,
            coder=coder,
            options=options or PassOptions(),
        )

    def reveal_passes(
        self, transcripts: Sequence[str] = (), *, coder: str, options: PassOptions | None = None
    ) -> Done[PassChange]:
        """Reveal to each other the passes through transcripts that several have finished; for good.

        Blind work is then fixed, and cannot be opened again; this cannot be undone.

        Raises:
            NotFound: if there is no such transcript.
            InputError: if nobody is named, or a named transcript has an open pass or only one.
            NothingToDo: if no transcript is ready.
        """
        from .pass_states import PassOptions, reveal_passes

        return reveal_passes(self._study, transcripts, coder, options or PassOptions())
