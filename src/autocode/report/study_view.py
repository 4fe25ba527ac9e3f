"""A study as a reader sees it: everything its report shows, read and put into words once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..agreement.reporting.methods_text import format_count
from ..analysis.attribute_values import name_participants, split_values
from ..analysis.code_counts import CodeCount, count_codes
from ..analysis.cross_tabs import CrossTable, CrossTables, cross_tabulate
from ..analysis.people import keep_people, list_participants
from ..analysis.saturation import Saturation, SaturationCurves, describe_unseen
from ..core.codebook import Code, Codebook
from ..core.coding import Case, Coder, Coding, Decision
from ..core.counted import say_count
from ..core.errors import NothingToDo
from ..core.suggestion import Suggestion
from ..core.theme import ThemeDraft
from ..pipeline import codable, versions
from ..project.reader import StudyReader
from ..suggest.readable import EvidenceReader
from .attribute_table import RowHead, render_attribute_tables
from .charts.saturation import draw_saturation
from .evidence_data import pack_evidence
from .excerpts import CodeOption, TranscriptView, view_transcript
from .map_view import MapSection, view_map
from .methods_view import MethodsView, view_methods
from .palette import assign_code_colours
from .study_agreement import Fact, StudyAgreementView, compare_coders
from .themes_view import ThemesView, view_themes

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_VALUES, _MOST_ATTRIBUTES = 12, 6
_FEWEST_STEPS = 3
_BAR = 60
"""Pixels of the bar of a code that every participant speaks of."""
_MOST_OPEN = 60
"""With more transcripts than this, all start closed."""


@dataclass(frozen=True, slots=True)
class CodeNote:
    """A part of a codebook entry that is shown when opened."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """A code in the codebook's table; `depth` in the tree, `bar` a width in pixels.

    Numbers of participants and segments include the codes below it.
    """

    name: str
    colour: str
    depth: int
    is_parent: bool
    definition: str
    notes: tuple[CodeNote, ...]
    n_participants: int
    bar: int
    n_segments: int
    n_suggested: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyView:
    """A whole report; charts and tables are HTML, empty where the study holds nothing for them.

    `unseen` says how many codes no transcript has shown yet, as far as that can be estimated.
    `no_agreement` says why there is no `agreement`; `has_suggestions`: some are still open, and
    `evidence` is theirs, as data of the page.
    """

    name: str
    facts: tuple[Fact, ...]
    people: str
    codes: tuple[CodeRow, ...]
    has_tree: bool
    filter_codes: tuple[CodeOption, ...]
    attribute_tables: str
    saturation: str
    unseen: str
    thematic_map: MapSection | None
    themes: ThemesView | None
    agreement: StudyAgreementView | None
    no_agreement: str
    transcripts: tuple[TranscriptView, ...]
    evidence: Markup
    opens_first: bool
    methods: MethodsView
    has_suggestions: bool


def view_study(study: StudyReader, coder: str | None = None) -> StudyView:
    """Everything the report of a study shows; with `coder` the suggestions made for them."""
    codebook, segments, draft = study.codebook(), study.segments(), study.themes()
    suggestions, coders = study.suggestions(coder=coder), study.coders()
    codings, cases = study.codings(), study.cases()
    colours = assign_code_colours(codebook)
    counts = count_codes(codebook, segments, codings, suggestions, coders=coders)
    counted = name_participants(cases)
    n_participants = len(list_participants(segments))
    tables = _tabulate_attributes(study, draft)
    curves = _trace_saturation(study)
    unseen = curves.codes.unseen if curves.codes else None
    agreement, no_agreement = compare_coders(study)
    transcripts = _view_transcripts(study, suggestions, colours)
    drafted = study.last_run("themes")
    runs = [*study.suggest_runs(coder), *([drafted] if drafted else [])]
    machines = {c.name for c in coders if c.kind == "machine"}
    return StudyView(
        name=study.path.name,
        facts=(
            Fact.of(len(transcripts), "transcript"),
            Fact.of(n_participants, counted.removesuffix("s")),
            Fact.of(len(codable(segments)), f"{counted.removesuffix('s')} segment"),
            Fact.of(len(codebook), "code"),
            _count_codings(keep_people(codings, (), coders).codings),
            *_count_suggested(suggestions),
            *([Fact.of(len(draft.themes), "draft theme")] if draft else []),
            _count_compared(agreement),
        ),
        people=_describe_people(codings, coders, study.decisions()),
        codes=tuple(_view_code(count, codebook, colours, n_participants) for count in counts),
        has_tree=bool(codebook.parents),
        filter_codes=tuple(CodeOption(code.id, code.name) for _, code in codebook.walk()),
        attribute_tables=_render_code_tables(
            [table.codes for table in tables if table.codes is not None], colours
        ),
        saturation=_draw_curve(curves.codes, "codes seen"),
        unseen=describe_unseen(unseen) if unseen else "",
        thematic_map=view_map(study.thematic_map(), colours),
        themes=view_themes(
            draft,
            codebook,
            colours,
            tables=[table.themes for table in tables if table.themes is not None],
            saturation=_draw_curve(curves.themes, "draft themes seen"),
            languages={transcript.name: transcript.language for transcript in transcripts},
            counted=counted,
        )
        if draft
        else None,
        agreement=agreement,
        no_agreement=no_agreement,
        transcripts=transcripts,
        evidence=pack_evidence(transcripts),
        opens_first=len(transcripts) <= _MOST_OPEN,
        methods=view_methods(
            runs, versions(), machines=sorted({c.coder for c in codings} & machines)
        ),
        has_suggestions=bool(suggestions),
    )


def _tabulate_attributes(study: StudyReader, draft: ThemeDraft | None) -> list[CrossTables]:
    """Codes and draft themes by each attribute that makes a readable table."""
    cases, segments, codebook = study.cases(), study.segments(), study.codebook()
    codings, readings, coders = study.codings(), study.readings(), study.coders()
    return [
        cross_tabulate(
            [attribute],
            cases=cases,
            segments=segments,
            codebook=codebook,
            codings=codings,
            readings=readings,
            coders=coders,
            draft=draft,
        )
        for attribute in choose_attributes(cases)
    ]


def _view_transcripts(
    study: StudyReader, suggestions: Sequence[Suggestion], colours: Mapping[str, str]
) -> tuple[TranscriptView, ...]:
    """Every transcript with its codings and suggestions."""
    codebook, segments = study.codebook(), study.segments()
    of_segments = _group_by_transcript(segments)
    of_codings = _group_by_transcript(study.codings())
    of_suggestions = _group_by_transcript(suggestions)
    evidence = EvidenceReader(segments, codebook)
    return tuple(
        view_transcript(
            transcript,
            of_segments.get(transcript.name, []),
            of_codings.get(transcript.name, []),
            of_suggestions.get(transcript.name, []),
            codebook,
            colours,
            evidence,
            # Not by names: two of them may differ in letters that an anchor cannot have.
            anchor=f"t{number}",
        )
        for number, transcript in enumerate(study.transcripts(), start=1)
    )


def _count_codings(codings: Sequence[Coding]) -> Fact:
    n_people = len({coding.coder for coding in codings})
    people = f" by {say_count(n_people, 'person')}" if codings else ""
    return Fact.of(len(codings), "coding", people)


def _count_suggested(suggestions: Sequence[Suggestion]) -> list[Fact]:
    """The one fact about open suggestions; none where there are none."""
    spans = {(s.transcript, s.span) for s in suggestions}
    likely = {(s.transcript, s.span) for s in suggestions if s.likely}
    label = (
        f"of {say_count(len(spans), 'uncoded segment')} "
        f"{'has' if len(likely) == 1 else 'have'} a likely suggestion"
    )
    return [Fact(f"{len(likely)}", label)] if spans else []


def _count_compared(agreement: StudyAgreementView | None) -> Fact:
    n = agreement.n_units if agreement else 0
    return Fact.of(n, "unit", " read by two or more coders")


def _describe_people(
    codings: Sequence[Coding], coders: Sequence[Coder], decisions: Sequence[Decision]
) -> str:
    """Codings by coder, machines named as such, and decisions on suggestions by kind."""
    machines = {coder.name for coder in coders if coder.kind == "machine"}
    counts = Counter(coding.coder for coding in codings)
    coded = "; ".join(
        f"{name}{' (machine)' if name in machines else ''}: {format_count(n, 'coding')}"
        for name, n in sorted(counts.items())
    )
    actions = Counter(decision.action for decision in decisions)
    decided = ", ".join(f"{n:,} {action}" for action, n in sorted(actions.items()))
    parts = [coded, f"Decisions on suggestions: {decided}" if decided else ""]
    return "".join(f"{part}. " for part in parts if part).strip()


def _view_code(
    count: CodeCount, codebook: Codebook, colours: Mapping[str, str], n_participants: int
) -> CodeRow:
    code, shown = count.code, count.rolled_up
    n = len(shown.participants)
    return CodeRow(
        name=code.name,
        colour=colours[code.id],
        depth=count.depth,
        is_parent=code.id in codebook.parents,
        definition=code.definition,
        notes=tuple(_list_code_notes(code)),
        n_participants=n,
        bar=round(_BAR * n / n_participants) if n_participants else 0,
        n_segments=shown.n_segments,
        n_suggested=count.n_suggested,
    )


def _list_code_notes(code: Code) -> list[CodeNote]:
    notes = [
        CodeNote("Include", code.inclusion),
        CodeNote("Exclude", code.exclusion),
        *(CodeNote("Example", f"“{example}”") for example in code.examples),
        CodeNote("Memo", code.memo),
    ]
    return [note for note in notes if note.text]


def choose_attributes(cases: Iterable[Case]) -> list[str]:
    """The first six attributes with two to twelve values: others make no readable table."""
    values: dict[str, set[str]] = {}
    for case in cases:
        for name, value in case.attributes.items():
            values.setdefault(name, set()).update(split_values(value))
    names = [name for name, known in sorted(values.items()) if 2 <= len(known) <= _MOST_VALUES]
    return names[:_MOST_ATTRIBUTES]


def _render_code_tables(tables: Sequence[CrossTable], colours: Mapping[str, str]) -> str:
    rows = tables[0].rows if tables else ()
    heads = [RowHead(row.name, colour=colours[row.key]) for row in rows]
    return render_attribute_tables("Code", heads, tables)


def _trace_saturation(study: StudyReader) -> SaturationCurves:
    try:
        return study.saturation()
    except NothingToDo:
        return SaturationCurves(codes=None, themes=None)


def _draw_curve(curve: Saturation | None, counted: str) -> str:
    if curve is None or len(curve.steps) < _FEWEST_STEPS:
        return ""
    band = f"95 % over {curve.n_orders:,} orders of the same transcripts"
    return draw_saturation(curve.steps, counted=counted, band=band)


class _InTranscript(Protocol):
    @property
    def transcript(self) -> str: ...


_Item = TypeVar("_Item", bound=_InTranscript)


def _group_by_transcript(items: Iterable[_Item]) -> dict[str, list[_Item]]:
    grouped: dict[str, list[_Item]] = {}
    for item in items:
        grouped.setdefault(item.transcript, []).append(item)
    return grouped
