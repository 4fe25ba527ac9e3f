"""autocode: NLP-assisted codebook and framework analysis that runs on your own machine.

The names below load what they need when first used, so that `import autocode` is instant. The
coefficients of agreement are in `autocode.agreement`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .agreement.machine.plan import MachinePlan
    from .agreement.machine.report import ComparisonOptions, MachineReport
    from .agreement.study.span_table import SpanAgreement
    from .agreement.study.table import Agreement
    from .analysis.cross_tabs import CrossTables
    from .analysis.map_counts import ThematicMapView
    from .analysis.noticed_families import NoticedFamily
    from .analysis.quotes import Quote, QuoteList, QuoteOptions
    from .analysis.saturation import SaturationCurves
    from .bulk.options import BulkOptions
    from .bulk.result import BulkResult
    from .bulk.run import draft_corpus
    from .bulk.suggest_codes import BulkCodes
    from .core.acts import Act, Change, Done, HistoryCheck, WorkSince
    from .core.code_change import CodeChange, CodeVersion, OutdatedCoding
    from .core.code_family import CodeFamily
    from .core.codebook import Code, Codebook
    from .core.coding import Case, Coder, Coding, Decision, Memo, Reading, Resolution, ThemeDecision
    from .core.coding_pass import CodingPass
    from .core.errors import (
        AutocodeError,
        EncoderError,
        FileRefused,
        InputError,
        JoinBlocked,
        LeakageError,
        NotFound,
        NothingToDo,
        PassLocked,
        SpanError,
        StudyChanged,
        StudyError,
        UndoBlocked,
    )
    from .core.joining import JoinConflict, JoinDecisions
    from .core.progress import Progress
    from .core.recording import Recording
    from .core.run import Run
    from .core.similar_codes import SimilarCodes
    from .core.suggestion import Suggestion
    from .core.suggestion_scope import SuggestionScope
    from .core.thematic_map import ThematicMap
    from .core.theme import Theme, ThemeDraft
    from .core.transcript import Segment, Span, Speaker, Transcript, Turn
    from .encode.hashing import HashEncoder
    from .encode.load import load_encoder
    from .encode.protocol import Encoder
    from .evaluate.protocol import Protocol
    from .evaluate.results import Evaluation
    from .evaluate.runner import evaluate_suggestions
    from .evaluate.themes import ThemesEvaluation, ThemesProtocol, evaluate_themes
    from .exchange.losses import LossReport
    from .io.recognise import SkippedFile
    from .pipeline import AgreementOptions, Study
    from .pipeline.following import FitMemory
    from .project import Project
    from .project.agreed import AgreedPlace, AgreedTaken
    from .project.assigning import Assignment, AssignOptions, CoderLoad
    from .project.bulk_codes import read_bulk_codes
    from .project.code_editing import CodeWords
    from .project.code_sheets import SplitProposal
    from .project.code_splitting import SplitRow
    from .project.codebook_editor import CodebookEditor
    from .project.coding_many import ManyCoded
    from .project.deciding import Decided
    from .project.erasing import Erasure
    from .project.families import FamilyChange, FamilyList, FamilyView
    from .project.following import Following
    from .project.hand_coding import CodingChange, HandOptions, Place
    from .project.hand_reading import ReadingChange
    from .project.history import HistoryFilter, UndoOptions
    from .project.import_report import (
        ImportedFile,
        ImportOptions,
        ImportReport,
        PlannedFile,
        RefusedFile,
    )
    from .project.joining import Joined, JoinOptions
    from .project.overview import CodeList, Overview
    from .project.pass_list import PassList, PassView
    from .project.pass_states import PassChange, PassOptions
    from .project.pseudonyms import NameProposals, Pseudonymised
    from .project.quoting import write_quotes
    from .project.reader import Snapshot
    from .project.recordings import RecordingChange, RecordingList
    from .project.removing import Removal, RemovalTarget
    from .project.replacing import CarriedWork, Replacement, ReplaceOptions
    from .project.resolving import Resolved, ResolveOptions
    from .project.searching import SearchOptions, SearchResult
    from .project.sections import SectionView
    from .project.sharing import SharedFile
    from .project.speakers import SpeakerChanges
    from .project.theme_segments import SegmentMove
    from .project.theming import DecideOptions
    from .project.turns import TurnChange
    from .report.agreement_page import write_agreement
    from .report.bulk_page import write_bulk_report
    from .report.evaluation_page import write_evaluation
    from .report.map_file import write_map
    from .report.study_page import write_report
    from .report.themes_evaluation_page import write_themes_evaluation
    from .store.file import Revision
    from .suggest.active_learning import CodingQueue
    from .suggest.families import FamilyState
    from .suggest.next_passages import PassageQueue, QueuedPassage
    from .suggest.protocol import Scorer, Suggester
    from .themes.draft import ThemeOptions
    from .themes.update import Update
    from .workflow import RunOutcome, run_every_step

_HOMES = {
    "Project": ".project",
    "Snapshot": ".project.reader",
    "write_report": ".report.study_page",
    "write_quotes": ".project.quoting",
    "write_agreement": ".report.agreement_page",
    "write_evaluation": ".report.evaluation_page",
    "write_themes_evaluation": ".report.themes_evaluation_page",
    "draft_corpus": ".bulk.run",
    "BulkOptions": ".bulk.options",
    "BulkResult": ".bulk.result",
    "BulkCodes": ".bulk.suggest_codes",
    "read_bulk_codes": ".project.bulk_codes",
    "write_bulk_report": ".report.bulk_page",
    "run_every_step": ".workflow",
    "RunOutcome": ".workflow",
    "ImportOptions": ".project.import_report",
    "ImportReport": ".project.import_report",
    "PlannedFile": ".project.import_report",
    "ImportedFile": ".project.import_report",
    "RefusedFile": ".project.import_report",
    "SkippedFile": ".io.recognise",
    "SpeakerChanges": ".project.speakers",
    "SegmentMove": ".project.theme_segments",
    "Overview": ".project.overview",
    "CodeList": ".project.overview",
    "SectionView": ".project.sections",
    "Revision": ".store.file",
    "Act": ".core.acts",
    "Change": ".core.acts",
    "Done": ".core.acts",
    "HistoryFilter": ".project.history",
    "HistoryCheck": ".core.acts",
    "WorkSince": ".core.acts",
    "UndoOptions": ".project.history",
    "TurnChange": ".project.turns",
    "CarriedWork": ".project.replacing",
    "Replacement": ".project.replacing",
    "ReplaceOptions": ".project.replacing",
    "NameProposals": ".project.pseudonyms",
    "Pseudonymised": ".project.pseudonyms",
    "Erasure": ".project.erasing",
    "Removal": ".project.removing",
    "RemovalTarget": ".project.removing",
    "JoinOptions": ".project.joining",
    "Joined": ".project.joining",
    "ResolveOptions": ".project.resolving",
    "Resolution": ".core.coding",
    "Resolved": ".project.resolving",
    "AgreedPlace": ".project.agreed",
    "AgreedTaken": ".project.agreed",
    "Recording": ".core.recording",
    "RecordingChange": ".project.recordings",
    "RecordingList": ".project.recordings",
    "SharedFile": ".project.sharing",
    "ManyCoded": ".project.coding_many",
    "SearchOptions": ".project.searching",
    "SearchResult": ".project.searching",
    "CodingPass": ".core.coding_pass",
    "AssignOptions": ".project.assigning",
    "Assignment": ".project.assigning",
    "CoderLoad": ".project.assigning",
    "PassList": ".project.pass_list",
    "PassView": ".project.pass_list",
    "PassOptions": ".project.pass_states",
    "PassChange": ".project.pass_states",
    "JoinConflict": ".core.joining",
    "JoinDecisions": ".core.joining",
    "Run": ".core.run",
    "Progress": ".core.progress",
    "Transcript": ".core.transcript",
    "Turn": ".core.transcript",
    "Speaker": ".core.transcript",
    "Segment": ".core.transcript",
    "Span": ".core.transcript",
    "Code": ".core.codebook",
    "Codebook": ".core.codebook",
    "CodebookEditor": ".project.codebook_editor",
    "CodeChange": ".core.code_change",
    "CodeVersion": ".core.code_change",
    "CodeFamily": ".core.code_family",
    "FamilyList": ".project.families",
    "FamilyView": ".project.families",
    "FamilyChange": ".project.families",
    "FamilyState": ".suggest.families",
    "NoticedFamily": ".analysis.noticed_families",
    "OutdatedCoding": ".core.code_change",
    "SimilarCodes": ".core.similar_codes",
    "SplitProposal": ".project.code_sheets",
    "CodeWords": ".project.code_editing",
    "SplitRow": ".project.code_splitting",
    "Coder": ".core.coding",
    "Coding": ".core.coding",
    "Reading": ".core.coding",
    "Decision": ".core.coding",
    "Decided": ".project.deciding",
    "Place": ".project.hand_coding",
    "HandOptions": ".project.hand_coding",
    "CodingChange": ".project.hand_coding",
    "ReadingChange": ".project.hand_reading",
    "ThemeDecision": ".core.coding",
    "DecideOptions": ".project.theming",
    "Case": ".core.coding",
    "LossReport": ".exchange.losses",
    "Memo": ".core.coding",
    "Suggestion": ".core.suggestion",
    "SuggestionScope": ".core.suggestion_scope",
    "Following": ".project.following",
    "FitMemory": ".pipeline.following",
    "Suggester": ".suggest.protocol",
    "Scorer": ".suggest.protocol",
    "CodingQueue": ".suggest.active_learning",
    "PassageQueue": ".suggest.next_passages",
    "QueuedPassage": ".suggest.next_passages",
    "Theme": ".core.theme",
    "ThemeDraft": ".core.theme",
    "ThemeOptions": ".themes.draft",
    "Update": ".themes.update",
    "Agreement": ".agreement.study.table",
    "SpanAgreement": ".agreement.study.span_table",
    "MachinePlan": ".agreement.machine.plan",
    "MachineReport": ".agreement.machine.report",
    "AgreementOptions": ".pipeline",
    "ComparisonOptions": ".agreement.machine.report",
    "CrossTables": ".analysis.cross_tabs",
    "ThematicMap": ".core.thematic_map",
    "ThematicMapView": ".analysis.map_counts",
    "write_map": ".report.map_file",
    "Quote": ".analysis.quotes",
    "QuoteList": ".analysis.quotes",
    "QuoteOptions": ".analysis.quotes",
    "SaturationCurves": ".analysis.saturation",
    "evaluate_suggestions": ".evaluate.runner",
    "evaluate_themes": ".evaluate.themes",
    "Evaluation": ".evaluate.results",
    "ThemesEvaluation": ".evaluate.themes",
    "Protocol": ".evaluate.protocol",
    "ThemesProtocol": ".evaluate.themes",
    "load_encoder": ".encode.load",
    "Encoder": ".encode.protocol",
    "HashEncoder": ".encode.hashing",
    "Study": ".pipeline",
    "AutocodeError": ".core.errors",
    "InputError": ".core.errors",
    "FileRefused": ".core.errors",
    "SpanError": ".core.errors",
    "NotFound": ".core.errors",
    "StudyError": ".core.errors",
    "StudyChanged": ".core.errors",
    "UndoBlocked": ".core.errors",
    "JoinBlocked": ".core.errors",
    "EncoderError": ".core.errors",
    "PassLocked": ".core.errors",
    "NothingToDo": ".core.errors",
    "LeakageError": ".core.errors",
}

__all__ = [
    "Project",
    "Snapshot",
    "write_report",
    "write_quotes",
    "write_agreement",
    "write_evaluation",
    "write_themes_evaluation",
    "draft_corpus",
    "BulkOptions",
    "BulkResult",
    "BulkCodes",
    "read_bulk_codes",
    "write_bulk_report",
    "run_every_step",
    "RunOutcome",
    "ImportOptions",
    "ImportReport",
    "PlannedFile",
    "ImportedFile",
    "RefusedFile",
    "SkippedFile",
    "SpeakerChanges",
    "SegmentMove",
    "Overview",
    "CodeList",
    "SectionView",
    "Revision",
    "Act",
    "Change",
    "Done",
    "HistoryFilter",
    "HistoryCheck",
    "WorkSince",
    "UndoOptions",
    "TurnChange",
    "CarriedWork",
    "Replacement",
    "ReplaceOptions",
    "NameProposals",
    "Pseudonymised",
    "Erasure",
    "Removal",
    "RemovalTarget",
    "JoinOptions",
    "Joined",
    "ResolveOptions",
    "Resolution",
    "Resolved",
    "AgreedPlace",
    "AgreedTaken",
    "Recording",
    "RecordingChange",
    "RecordingList",
    "SharedFile",
    "ManyCoded",
    "SearchOptions",
    "SearchResult",
    "CodingPass",
    "AssignOptions",
    "Assignment",
    "CoderLoad",
    "PassList",
    "PassView",
    "PassOptions",
    "PassChange",
    "JoinConflict",
    "JoinDecisions",
    "Run",
    "Progress",
    "Transcript",
    "Turn",
    "Speaker",
    "Segment",
    "Span",
    "Code",
    "Codebook",
    "CodebookEditor",
    "CodeChange",
    "CodeVersion",
    "CodeFamily",
    "FamilyList",
    "FamilyView",
    "FamilyChange",
    "FamilyState",
    "NoticedFamily",
    "OutdatedCoding",
    "SimilarCodes",
    "SplitProposal",
    "CodeWords",
    "SplitRow",
    "Coder",
    "Coding",
    "Reading",
    "Decision",
    "Decided",
    "Place",
    "HandOptions",
    "CodingChange",
    "ReadingChange",
    "ThemeDecision",
    "DecideOptions",
    "Case",
    "LossReport",
    "Memo",
    "Suggestion",
    "SuggestionScope",
    "Following",
    "FitMemory",
    "Suggester",
    "Scorer",
    "CodingQueue",
    "PassageQueue",
    "QueuedPassage",
    "Theme",
    "ThemeDraft",
    "ThemeOptions",
    "Update",
    "Agreement",
    "SpanAgreement",
    "MachinePlan",
    "MachineReport",
    "AgreementOptions",
    "ComparisonOptions",
    "CrossTables",
    "ThematicMap",
    "ThematicMapView",
    "write_map",
    "Quote",
    "QuoteList",
    "QuoteOptions",
    "SaturationCurves",
    "evaluate_suggestions",
    "evaluate_themes",
    "Evaluation",
    "ThemesEvaluation",
    "Protocol",
    "ThemesProtocol",
    "load_encoder",
    "Encoder",
    "HashEncoder",
    "Study",
    "AutocodeError",
    "InputError",
    "FileRefused",
    "SpanError",
    "NotFound",
    "StudyError",
    "StudyChanged",
    "UndoBlocked",
    "JoinBlocked",
    "EncoderError",
    "PassLocked",
    "NothingToDo",
    "LeakageError",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public object
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module 'autocode' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
