"""Passes in a study: transcripts given to coders, finished, opened again and revealed."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.acts import Done
from .assigning import Assignment, AssignOptions, assign_passes
from .pass_list import PassList, list_passes
from .study_writer import StudyWriter


class PassActs(StudyWriter):
    """Who codes what in a study, and how far it has come."""

    def passes(self, *, coder: str | None = None, transcript: str | None = None) -> PassList:
        """Who codes which transcript, how far it has come, and what is read; raises NotFound."""
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
        return assign_passes(self._study, coders, coder, options or AssignOptions())
