"""What is in a study, for whoever only looks: nothing here changes the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import pipeline
from ..analysis.cross_tabs import CrossTables
from ..analysis.saturation import SaturationCurves
from ..core.codebook import Codebook
from ..core.coding import Case, Coder, Coding, Decision, Memo, Reading, ThemeDecision
from ..core.run import Run
from ..core.suggestion import Suggestion
from ..core.theme import ThemeDraft
from ..core.transcript import Segment, Speaker, Transcript
from ..store import codings as work
from ..store import suggestions as drafts
from ..store import themes as stored_themes
from ..store import transcripts as texts
from ..store.file import StudyFile
from .cross_tabs import cross_tabulate_study, trace_study_saturation
from .cutting import CarriedEnds
from .overview import CodeList, Overview, list_codes, overview
from .sections import SectionView, section_views


class Contents:
    """Everything a study holds: transcripts, codebook, people's codings, the machine's drafts."""

    def __init__(self, study: StudyFile) -> None:
        self._study = study

    def __repr__(self) -> str:
        counts = self.counts()
        told = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
        return f"<Project '{self.path}': {told or 'empty'}>"

    @property
    def path(self) -> Path:
        """Where the study is kept."""
        return self._study.path

    def counts(self) -> dict[str, int]:
        """How many transcripts, segments, codes, coders, codings, cases and decisions there are."""
        with self._study.reading() as connection:
            return texts.count(connection)

    def overview(self) -> Overview:
        """What the study holds: its transcripts with their counts, and how its drafts were made."""
        return overview(self._study)

    def transcripts(self) -> list[Transcript]:
        """All transcripts, in order of name."""
        with self._study.reading() as connection:
            return texts.transcripts(connection)

    def segments(self, transcript: str | None = None) -> list[Segment]:
        """Segments in order, of one transcript or all; raises NotFound."""
        with self._study.reading() as connection:
            return texts.segments(connection, transcript)

    def sections(self, transcript: str | None = None) -> list[SectionView]:
        """Stretches about one thing, of one transcript or all; raises NotFound."""
        return section_views(self._study, transcript)

    def speakers(self) -> dict[str, list[Speaker]]:
        """The voices of each transcript with their roles."""
        with self._study.reading() as connection:
            return texts.speakers(connection)

    def codebook(self) -> Codebook:
        """The codebook."""
        with self._study.reading() as connection:
            return work.codebook(connection)

    def list_codes(self) -> CodeList:
        """The codes in the order of the codebook, each with its codings and suggestions counted."""
        return list_codes(self._study)

    def coders(self) -> list[Coder]:
        """Everybody who codes."""
        with self._study.reading() as connection:
            return work.coders(connection)

    def codings(self) -> list[Coding]:
        """All codings, in order of place."""
        with self._study.reading() as connection:
            return work.codings(connection)

    def readings(self) -> list[Reading]:
        """What each coder has gone through."""
        with self._study.reading() as connection:
            return work.readings(connection)

    def cases(self) -> list[Case]:
        """Cases with their attributes."""
        with self._study.reading() as connection:
            return texts.cases(connection)

    def memos(self) -> list[Memo]:
        """All memos, oldest first."""
        with self._study.reading() as connection:
            return work.memos(connection)

    def suggestions(self, *, undecided: bool = True) -> list[Suggestion]:
        """Stored suggestions in order of place and rank; by default those still open."""
        with self._study.reading() as connection:
            return drafts.suggestions(connection, undecided=undecided)

    def decisions(self) -> list[Decision]:
        """Every decision ever made, oldest first."""
        with self._study.reading() as connection:
            return drafts.decisions(connection)

    def themes(self) -> ThemeDraft | None:
        """The last theme draft."""
        with self._study.reading() as connection:
            return stored_themes.theme_draft(connection)

    def last_run(self, kind: str) -> Run | None:
        """How the last "suggest" or "themes" was made."""
        with self._study.reading() as connection:
            return drafts.last_run(connection, kind)

    def theme_decisions(self) -> list[ThemeDecision]:
        """Every decision on draft themes, oldest first."""
        with self._study.reading() as connection:
            return stored_themes.theme_decisions(connection)

    def cross_tabulate(self, *by: str) -> CrossTables:
        """The last theme draft and people's codes by one attribute of participants, or by two.

        Raises:
            InputError: if no attribute is named, more than two, or one twice.
            NotFound: if there is no such attribute.
            NothingToDo: if participants have no attributes, or nothing is drafted or coded.
        """
        return cross_tabulate_study(self._study, by)

    def saturation(self) -> SaturationCurves:
        """How many codes and draft themes each transcript brings for the first time.

        Raises:
            NothingToDo: if nothing is drafted or coded.
        """
        return trace_study_saturation(self._study)

    def to_dataset(self) -> Any:  # noqa: ANN401 - a datasets.Dataset, which is untyped
        """All segments with their codes and readers as a `datasets.Dataset`."""
        from .dataset import build_dataset

        return build_dataset(self.segments(), self.codings(), self.readings())

    def in_memory(self) -> pipeline.Study:
        """The study as the pipeline takes it."""
        with self._study.reading() as connection:
            return pipeline.Study(
                segments=texts.segments(connection),
                codebook=work.codebook(connection),
                codings=work.codings(connection),
                readings=work.readings(connection),
                rejected=frozenset(
                    (d.transcript, d.span, d.suggested)
                    for d in drafts.decisions(connection)
                    if d.action == "reject"
                ),
                transcripts=texts.transcripts(connection),
                speech_ends=CarriedEnds(),
            )

    def _texts(self) -> dict[str, str]:
        with self._study.reading() as connection:
            return texts.texts(connection)
