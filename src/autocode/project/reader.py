"""What is in a study, for whoever only looks: nothing here changes the file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.showing import ShowingSince
from ..core.suggestion_scope import SuggestionScope
from ..store import thematic_map as map_store
from ..store import themes as theme_store
from ..store import transcripts as transcript_store
from ..store.file import revision
from .revision_memory import Known, RevisionMemory
from .stored_parts import StoredParts

if TYPE_CHECKING:
    from .. import pipeline
    from ..agreement.machine.plan import MachinePlan
    from ..agreement.machine.report import ComparisonOptions, MachineReport
    from ..agreement.study.span_table import SpanAgreement
    from ..agreement.study.table import Agreement
    from ..analysis.code_counts import CodeCount
    from ..analysis.cross_tabs import CrossTables
    from ..analysis.map_counts import ThematicMapView
    from ..analysis.quotes import QuoteList, QuoteOptions
    from ..analysis.saturation import SaturationCurves
    from ..core.theme import ThemeDraft
    from ..store.file import Connection
    from .hand_coding import Place
    from .overview import CodeList, Overview
    from .searching import SearchOptions, SearchResult
    from .sections import SectionView

_Read = TypeVar("_Read")


class StudyReader(StoredParts):
    """Everything a study holds, and what is put together from several parts of it.

    `Project` looks at the study as it is at each call, `Snapshot` at one state of it.
    """

    @abstractmethod
    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the study, for whatever puts together several parts of it."""
        raise NotImplementedError
        yield

    def overview(self) -> Overview:
        """What the study holds: its transcripts with their counts, and how its drafts were made."""
        from .overview import RUN_KINDS, overview

        with self.snapshot() as study:
            runs = {kind: study.last_run(kind) for kind in RUN_KINDS}
            whose = study.newest_suggest_runs()
            return overview(study.in_memory(), self.path, study.counts(), runs, whose)

    def sections(self, transcript: str | None = None) -> list[SectionView]:
        """Passages about one topic, of one transcript or all; raises NotFound."""
        from .sections import section_views

        with self.snapshot() as study:
            return section_views(study.transcripts(), transcript)

    def list_codes(self) -> CodeList:
        """The codes in the order of the codebook, each with its codings and suggestions counted."""
        from .overview import list_codes

        with self.snapshot() as study:
            return list_codes(study.in_memory(), study.suggestions(), study.coders())

    def cross_tabulate(
        self, *by: str, n_bins: int | None = None, split_at: str = ""
    ) -> CrossTables:
        """The last theme draft and people's codes by one attribute of participants, or by two.

        With `n_bins`, the values of a numeric attribute are put together into so many bins that
        hold about as many participants each. Several values in one cell are parted at ";" and at
        the marks of `split_at`; a participant then counts in each.

        Raises:
            InputError: if no attribute is named, more than two, or one twice, or if bins are wanted
                and no attribute is numeric.
            NotFound: if there is no such attribute.
            NothingToDo: if participants have no attributes, or nothing is drafted or coded.
        """
        from .cross_tabs import cross_tabulate_study

        with self.snapshot() as study:
            return cross_tabulate_study(
                by,
                study.in_memory(),
                cases=study.cases(),
                coders=study.coders(),
                draft=study.themes(),
                n_bins=n_bins,
            )

    def saturation(self) -> SaturationCurves:
        """How many codes and draft themes each transcript brings for the first time.

        Raises:
            NothingToDo: if nothing is drafted or coded.
        """
        from .cross_tabs import trace_study_saturation

        with self.snapshot() as study:
            numbers = study._read(transcript_store.transcript_ids)
            return trace_study_saturation(
                sorted(numbers, key=lambda name: numbers[name]),
                study.in_memory(),
                coders=study.coders(),
                draft=study.themes(),
            )

    def thematic_map(self) -> ThematicMapView:
        """The thematic map with the segments and participants behind each theme."""
        from ..analysis.map_counts import count_map

        with self.snapshot() as study:
            return count_map(
                study._read(map_store.thematic_map),
                codebook=study.codebook(),
                segments=study.segments(),
                codings=study.codings(),
                coders=study.coders(),
            )

    def quotes(self, options: QuoteOptions | None = None) -> QuoteList:
        """What participants said under codes or draft themes, with who said it and where.

        Raises:
            NotFound: for a code, theme, coder or attribute that is not in the study.
            NothingToDo: if nothing is coded so, or a theme is asked for and none is drafted.
        """
        from ..analysis.quotes import QuoteOptions, collect_quotes

        with self.snapshot() as study:
            return collect_quotes(
                options or QuoteOptions(),
                transcripts=study.transcripts(),
                codebook=study.codebook(),
                codings=study.codings(),
                coders=study.coders(),
                cases=study.cases(),
                draft=study.themes(),
                thematic_map=study._read(map_store.thematic_map),
            )

    def search(self, query: str, *, options: SearchOptions | None = None) -> SearchResult:
        """The excerpts that a query holds of: words, "phrases", code:, coder:, NAME=VALUE.

        Raises:
            InputError: if the query is empty, cannot be understood, or names what is not there.
        """
        from .searching import search

        with self.snapshot() as study:
            return search(study, query, options=options)

    def find_similar(self, place: Place, *, options: SearchOptions | None = None) -> SearchResult:
        """Excerpts like the one at a place, the most alike first, by the vectors that are stored.

        Raises:
            NotFound: if there is no such transcript.
            InputError: if the place is none.
            NothingToDo: if no vector is stored for the excerpt.
        """
        from .similar_excerpts import find_similar

        with self.snapshot() as study:
            return find_similar(study, place, options=options)

    def agree(
        self, coders: Sequence[str] = (), *, options: pipeline.AgreementOptions | None = None
    ) -> Agreement:
        """Compare people on the units that two or more of them have read; `options` say how.

        Machines are left out unless they are named; see `compare_machine`.

        Raises:
            NotFound: if a coder is not in the study.
            InputError: if there are not two coders, or no segment was read by two.
        """
        from .. import pipeline

        chosen = options or pipeline.AgreementOptions()
        return pipeline.agree(self.in_memory(), chosen.name_coders(coders))

    def agree_on_spans(
        self, coders: Sequence[str] = (), *, options: pipeline.AgreementOptions | None = None
    ) -> SpanAgreement:
        """Compare people on the spans they marked themselves, on the text both have read.

        Raises:
            NotFound: if a coder is not in the study.
            InputError: if there are not two coders.
        """
        from .. import pipeline

        chosen = options or pipeline.AgreementOptions()
        return pipeline.agree_on_spans(self.in_memory(), chosen.name_coders(coders))

    def compare_machine(
        self,
        machine: str,
        *,
        options: pipeline.AgreementOptions | None = None,
        comparison: ComparisonOptions | None = None,
    ) -> MachineReport:
        """Set a machine, one of the coders, beside the people on units both have read.

        Raises:
            NotFound: if a coder is not in the study.
            InputError: if there are not two people beside it, or nothing both have read.
        """
        from .. import pipeline

        return pipeline.machine_beside_people(
            self.in_memory(), machine, options, options=comparison
        )

    def plan_machine_comparison(
        self, *, options: pipeline.AgreementOptions | None = None, margin: float = 0.05
    ) -> MachinePlan:
        """Power and smallest detectable difference of `compare_machine`, before there is a machine.

        Raises:
            InputError: if there are fewer than two people, or nothing two have read.
        """
        from .. import pipeline

        return pipeline.plan_machine_beside_people(self.in_memory(), None, options, margin=margin)

    def to_dataset(self) -> Any:  # noqa: ANN401 - a datasets.Dataset, which is untyped
        """All segments with their codes and readers as a `datasets.Dataset`."""
        from .dataset import build_dataset

        with self.snapshot() as study:
            return build_dataset(study.segments(), study.codings(), study.readings())

    def in_memory(self) -> pipeline.Study:
        """The study as the pipeline takes it."""
        from .. import pipeline
        from ..agreement.study.assistance import Suggested
        from .sentence_ends import CarriedSentenceEnds

        with self.snapshot() as study:
            consensus = frozenset(c.name for c in study.coders() if c.kind == "consensus")
            return pipeline.Study(
                segments=study.segments(),
                codebook=study.codebook(),
                codings=study.codings(),
                readings=study.readings(),
                rejections=frozenset(
                    (d.transcript, d.span, d.suggested, d.coder)
                    for d in study.decisions()
                    if d.action == "reject"
                ),
                transcripts=study.transcripts(),
                speech_ends=CarriedSentenceEnds(),
                machines=frozenset(c.name for c in study.coders() if c.kind == "machine"),
                consensus=consensus,
                passes=study.coding_passes(),
                resolutions=study.resolutions() if consensus else (),
                family_switches=study.family_switches(),
                suggested=Suggested(
                    frozenset(
                        SuggestionScope.from_parameters(run.parameters).coder
                        for run in study.newest_suggest_runs()
                    ),
                    tuple(map(ShowingSince.of_run, study.shown_runs())),
                ),
            )


class Snapshot(StudyReader):
    """One state of a study: every part is read once at most, in one transaction.

    With a `memory`, once at most by all snapshots of this state.
    """

    def __init__(
        self, path: Path, connection: Connection, memory: RevisionMemory | None = None
    ) -> None:
        self.path = path
        self._connection = connection
        self._known: Known = {} if memory is None else memory.recall(revision(connection))

    def _read(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        return self.keep((query, *arguments), lambda: query(self._connection, *arguments))

    def _read_anew(self, query: Callable[..., _Read], *arguments: object) -> _Read:
        return query(self._connection, *arguments)

    def keep(self, key: tuple[object, ...], compute: Callable[[], _Read]) -> _Read:
        """What `compute` makes of this state, once: `key` names it and all that it depends on.

        What is shown to somebody who may not see all must have who that is in its key.
        """
        if key not in self._known:
            self._known[key] = compute()
        kept: _Read = self._known[key]
        return kept

    def themes(self) -> ThemeDraft | None:
        """The last theme draft, on the segments already read."""
        return self.keep(
            ("themes",), lambda: theme_store.theme_draft(self._connection, self.segments())
        )

    def in_memory(self) -> pipeline.Study:
        """The study as the pipeline takes it, put together once."""
        return self.keep(("in memory",), super().in_memory)

    def thematic_map(self) -> ThematicMapView:
        """The thematic map with the segments and participants behind each theme, counted once."""
        return self.keep(("thematic map",), super().thematic_map)

    def code_counts(self) -> Mapping[str, CodeCount]:
        """What stands behind each code of the codebook, by id, counted once."""
        from ..analysis.code_counts import count_codes

        return self.keep(
            ("code counts",),
            lambda: {
                count.code.id: count
                for count in count_codes(
                    self.codebook(), self.segments(), self.codings(), (), coders=self.coders()
                )
            },
        )

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """This very state."""
        yield self
