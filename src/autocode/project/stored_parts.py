"""What is kept in a study, part by part: each is one query of the store."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import NotFound, one_line
from ..core.transcript import ROLES
from ..store import cases as case_store
from ..store import codebook as codebook_store
from ..store import codings as coding_store
from ..store import decisions as decision_store
from ..store import families as family_store
from ..store import media as media_store
from ..store import passes as pass_store
from ..store import resolutions as resolution_store
from ..store import runs as run_store
from ..store import segments as segment_store
from ..store import speakers as speaker_store
from ..store import suggestions as suggestion_store
from ..store import themes as theme_store
from ..store import transcripts as transcript_store
from ..store.code_edits import outdated_codings
from ..store.code_versions import code_versions
from ..store.codings import CodingFilter
from ..store.frozen_codes import frozen_codebook
from ..store.segments import SegmentFilter
from ..store.suggestions import Status, SuggestionFilter
from .stored_history import StoredHistory

if TYPE_CHECKING:
    from ..core.code_change import CodeVersion, OutdatedCoding
    from ..core.code_family import CodeFamily
    from ..core.codebook import Codebook
    from ..core.coding import (
        Case,
        Coder,
        Coding,
        Decision,
        Memo,
        Reading,
        Resolution,
        ThemeDecision,
    )
    from ..core.coding_pass import CodingPass
    from ..core.recording import Recording
    from ..core.run import Run
    from ..core.suggestion import Suggestion
    from ..core.theme import ThemeDraft
    from ..core.transcript import Role, Segment, Speaker, Transcript


class StoredParts(StoredHistory):
    """The parts of a study as they are stored: transcripts, codebook, codings, runs, acts."""

    path: Path
    """Where the study is kept."""

    def counts(self) -> dict[str, int]:
        """How many transcripts, segments, codes, coders, codings, cases and decisions there are."""
        return self._read(transcript_store.count)

    def transcripts(self) -> list[Transcript]:
        """All transcripts, in order of name."""
        return self._read(transcript_store.transcripts)

    def transcript(self, name: str) -> Transcript:
        """The transcript of this name; raises NotFound."""
        return self._read(transcript_store.transcripts, name)[0]

    def transcript_text(self, name: str) -> str:
        """The text of the transcript of this name, without its turns; raises NotFound."""
        return self._read(transcript_store.text_of, name)

    def transcript_numbers(self) -> dict[str, int]:
        """The number of each transcript by name: it stays, and is never given to another."""
        return self._read(transcript_store.transcript_ids)

    def recording(self, transcript: str) -> Recording | None:
        """The recording of a transcript that the study knows of, None if none; raises NotFound."""
        known = self._read(media_store.recordings)
        kept = next((one for one in known if one.transcript == transcript), None)
        if kept is None:
            self._check_names(transcript=transcript)
        return kept

    def segments(
        self,
        transcript: str | None = None,
        *,
        speaker: str | None = None,
        role: Role | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Segment]:
        """Segments in order, of one transcript or all, of one speaker or role.

        `limit` and `offset` give a page of them.

        Raises:
            NotFound: for a transcript, speaker or role that is none.
        """
        wanted = SegmentFilter(
            transcript=transcript, speaker=speaker, role=role, limit=limit, offset=offset
        )
        kept = self._read(segment_store.segments, wanted)
        if not kept and role is not None and role not in ROLES:
            raise NotFound(f"No role '{one_line(role, 60)}'. Choose one of: {', '.join(ROLES)}.")
        if not kept and speaker is not None:
            names = {one.name for several in self.speakers().values() for one in several}
            if speaker not in names:
                raise NotFound.among("speaker", speaker, names)
        return kept

    def speakers(self) -> dict[str, list[Speaker]]:
        """The speakers of each transcript with their roles."""
        return self._read(speaker_store.speakers)

    def codebook(self) -> Codebook:
        """The codebook."""
        return self._read(codebook_store.codebook)

    def codebook_for(self, coder: str) -> Codebook:
        """The codebook as a coder may see it: in blind passes that of the day of assigning.

        It holds what the coder added or applied since, and is the whole one after the passes are
        revealed.
        """
        frozen = self._read(frozen_codebook, coder)
        return self.codebook() if frozen is None else frozen

    def code_numbers(self) -> dict[str, int]:
        """The number of each code by id: it stays, and is never given to another."""
        return self._read(codebook_store.code_numbers)

    def code_versions(self, code: str) -> list[CodeVersion]:
        """What acts made of a code, oldest first: each with the code before and after.

        Raises:
            NotFound: if there is no such code.
        """
        return self._read(code_versions, self.codebook().find(code).id)

    def outdated_codings(self, code: str | None = None) -> list[OutdatedCoding]:
        """Codings made under an earlier meaning of their code, to be looked at again.

        Raises:
            NotFound: if there is no such code.
        """
        code_id = None if code is None else self.codebook().find(code).id
        return self._read(outdated_codings, code_id)

    def family_switches(self) -> dict[tuple[CodeFamily, str], bool]:
        """Where a person has switched a family of codes on or off, by family and transcript."""
        return self._read(family_store.family_switches)

    def coders(self) -> list[Coder]:
        """Everybody who codes, people and machines, in order of name."""
        return self._read(coding_store.coders)

    def coder_numbers(self) -> dict[str, int]:
        """The number of each coder by name: it stays, and is never given to another."""
        return self._read(coding_store.coder_numbers)

    def codings(
        self,
        *,
        transcript: str | None = None,
        code: str | None = None,
        coder: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Coding]:
        """Codings in reading order: all, or those of a transcript, code or coder.

        `limit` and `offset` give a page of them.

        Raises:
            NotFound: for a transcript, code or coder that is not in the study.
        """
        wanted = CodingFilter(
            transcript=transcript, code=code, coder=coder, limit=limit, offset=offset
        )
        kept = self._read(coding_store.codings, wanted)
        if kept:
            return kept
        self._check_names(transcript=transcript, coder=coder)
        code_id = self._find_code(code)
        return (
            kept
            if code_id == code
            else self._read(coding_store.codings, replace(wanted, code=code_id))
        )

    def readings(self, *, transcript: str | None = None, timed: bool = False) -> list[Reading]:
        """What each coder has gone through, in one transcript or all.

        With `timed`, those of all transcripts say since when the study holds them.

        Raises:
            NotFound: if there is no such transcript.
        """
        if transcript is not None:
            kept = self._read(coding_store.readings, transcript)
            if not kept:
                self._check_names(transcript=transcript)
            return kept
        return self._read(coding_store.timed_readings if timed else coding_store.readings)

    def recent_codes(self, coder: str, *, limit: int = 9) -> list[str]:
        """The ids of the codes that a coder used last, the last one first; none for a new coder."""
        return self._read(coding_store.recent_codes, coder, limit)

    def coding_passes(self) -> list[CodingPass]:
        """Who codes which transcript, by transcript; see `Project.passes` for their progress."""
        return self._read(pass_store.passes)

    def cases(self) -> list[Case]:
        """Cases with their attributes."""
        return self._read(case_store.cases)

    def resolutions(self) -> list[Resolution]:
        """What was settled where two coders differ, by transcript and place."""
        return self._read(resolution_store.resolutions)

    def memos(self) -> list[Memo]:
        """All memos, oldest first."""
        return self._read(coding_store.memos)

    def suggestions(
        self,
        *,
        status: Status = "open",
        transcript: str | None = None,
        code: str | None = None,
        likely: bool | None = None,
        coder: str | None = None,
        run: int | None = None,
        limit: int | None = None,
        offset: int = 0,
        with_evidence: bool = True,
    ) -> list[Suggestion]:
        """Stored suggestions in order of transcript, span and rank; by default those still open.

        Open are those that nobody has decided on, of segments that no person has coded or read
        since. `status` is open, decided, superseded (undecided, but coded or read since) or all;
        `limit` and `offset` give a page. `coder` asks for those made for one
        coder; without it they are those made for everybody or, where there are none, for whom the
        newest were made. `run` is the number of the run that made them. Evidence takes longest to
        read; without it each has an empty one.

        Raises:
            NotFound: for a status that does not exist, a transcript, code or run that is not in
                the study, or a coder nothing was suggested for.
        """
        if status not in suggestion_store.STATUSES:
            raise NotFound(
                f"No status '{status}'. Choose one of: {', '.join(suggestion_store.STATUSES)}."
            )
        wanted = SuggestionFilter(
            status=status,
            transcript=transcript,
            code=code,
            likely=likely,
            coder=coder,
            run=run,
            limit=limit,
            offset=offset,
            with_evidence=with_evidence,
        )
        self._check_suggested_for(coder)
        kept = self._read(suggestion_store.suggestions, wanted)
        if kept:
            return kept
        self._check_names(transcript=transcript)
        if run is not None and run not in self._read(run_store.run_numbers):
            raise NotFound(f"No run {run} in this study. The last ones are in Project.overview.")
        code_id = self._find_code(code)
        return (
            kept
            if code_id == code
            else self._read(suggestion_store.suggestions, replace(wanted, code=code_id))
        )

    def _check_names(self, *, transcript: str | None = None, coder: str | None = None) -> None:
        """Raise NotFound for a name that is given and not in the study."""
        transcripts = () if transcript is None else self.transcript_numbers()
        if transcript is not None and transcript not in transcripts:
            raise NotFound.among("transcript", transcript, transcripts)
        coders = set() if coder is None else {one.name for one in self.coders()}
        if coder is not None and coder not in coders:
            raise NotFound.among("coder", coder, coders)

    def _find_code(self, name: str | None) -> str | None:
        return None if name is None else self.codebook().find(name).id

    def _check_suggested_for(self, coder: str | None) -> None:
        if coder is None:
            return
        known = self._read(run_store.suggested_for)
        if coder not in known:
            only = f", only for {', '.join(sorted(known))}" if known else ""
            raise NotFound(
                f"Nothing was suggested for '{one_line(coder, 60)}' alone{only}. Suggest codes "
                "first: autocode suggest STUDY --for NAME",
                kind="coder",
                name=coder,
            )

    def suggestion_numbers(self, coder: str) -> list[int]:
        """The numbers of all suggestions made for a coder that are kept, in their order."""
        return self._read(suggestion_store.suggestion_numbers, coder)

    def suggestions_of_run(self, run: int, *, with_evidence: bool = True) -> list[Suggestion]:
        """All that a run suggested and that is kept, open or not; see `suggestions`."""
        return self._read(suggestion_store.suggestions_of_run, run, with_evidence)

    def open_suggestion_numbers(self, run: int) -> set[int]:
        """The numbers of what a run suggested and is still open; see `suggestions`."""
        return self._read(suggestion_store.open_numbers, run)

    def suggestions_numbered(self, numbers: Collection[int]) -> list[Suggestion]:
        """The suggestions that have these numbers, in order of transcript, span and rank."""
        return self._read(suggestion_store.suggestions_numbered, tuple(numbers))

    def suggestion(self, number: int) -> Suggestion:
        """The suggestion of this number, decided or not; raises NotFound."""
        return self._read(suggestion_store.suggestion, number)

    def decisions(self) -> list[Decision]:
        """Every decision ever made, oldest first."""
        return self._read(decision_store.decisions)

    def themes(self) -> ThemeDraft | None:
        """The last theme draft."""
        return self._read(theme_store.theme_draft)

    def last_run(self, kind: str) -> Run | None:
        """How the last "suggest", "themes" or "segment" was made; None before the first.

        Raises:
            NotFound: for a kind of run that does not exist.
        """
        run = self._read(run_store.last_run, kind)
        if run is None and kind not in run_store.KINDS:
            kinds = ", ".join(run_store.KINDS)
            raise NotFound(f"No kind of run '{one_line(kind, 60)}'. Choose one of: {kinds}.")
        return run

    def suggest_runs(self, coder: str | None = None) -> list[Run]:
        """How open suggestions were made: the last "suggest" for all codes, and those after it.

        For one coder, or those that `suggestions` shows where nobody is named.
        """
        return self._read(run_store.suggest_runs, coder)

    def newest_suggest_runs(self) -> list[Run]:
        """The newest "suggest" for everybody, and for each coder that it was made for."""
        return self._read(run_store.newest_suggest_runs)

    def shown_runs(self) -> list[Run]:
        """How suggestions were shown to coders on the page, oldest first."""
        return self._read(run_store.shown_runs)

    def theme_decisions(self) -> list[ThemeDecision]:
        """Every decision on draft themes, oldest first."""
        return self._read(theme_store.theme_decisions)
