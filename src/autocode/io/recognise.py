"""What kind of thing a path is, from its content as well as its name."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..core.errors import FileRefused
from ..serialise.plain import readable_text
from .file_options import AS_SHOWN, FileOptions
from .folders import MOST_FILES, is_lock_file, walk
from .kinds import LEAST, AssignedKind, Evidence, Kind, Recognition
from .source import SourceFile
from .tables.codebook_document import weigh_codebook_document
from .tables.evidence import weigh_table
from .tables.table import Table, read_headings, read_table
from .transcripts.formats import SUFFIXES
from .transcripts.whisper import looks_like_whisper
from .unreadable import explain_unreadable

ORDER: tuple[Kind, ...] = (
    "project",
    "corpus",
    "codebook",
    "transcript",
    "survey",
    "cases",
    "codings",
)
"""The order in which kinds are imported, so that what is referred to comes first."""

TABLES = {".csv", ".tsv", ".xlsx"}
_OUR_PAGE = b'name="generator" content="autocode"'
_MOST_HELD = 256 * 1024 * 1024
_MOST_COLUMNS = 10
"""Bytes of recognised files kept in memory for their readers; the rest are opened again."""

_ONLY_TABLES = {"survey", "codings", "cases"}

Ask = Callable[[Path, Recognition], AssignedKind | None]
"""Asks a person which of two kinds a file is; None if there is no answer."""

FindTool = Callable[[Path], str | None]
"""Names the format of another tool's project by its content; None for anything else."""


def _find_none(_: Path) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPath:
    """A file or corpus folder and what it is taken for, with the evidence.

    `named` is true if the user gave this very path.
    """

    source: SourceFile
    kind: Kind
    named: bool
    recognition: Recognition

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file in a folder that was not taken, and why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Recognised:
    """What was found under the paths a user gave: to be taken, passed over, and refused."""

    files: list[RecognisedPath] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)


def recognise_paths(
    paths: list[Path],
    options: FileOptions = AS_SHOWN,
    *,
    ask: Ask | None = None,
    find_tool: FindTool = _find_none,
) -> Recognised:
    """Everything importable under `paths`, in import order, what was skipped, and what was refused.

    A file that fits two kinds about equally well is asked about, and refused without an answer.
    `find_tool` knows the projects of other tools, files or folders.

    Raises:
        FileRefused: if a path does not exist; nothing is looked at then.
    """
    if missing := next((path for path in paths if not path.exists()), None):
        raise FileRefused.because(missing, "does not exist", remedy="Check the path.")
    recognised = Recognised()
    # What is taken in goes by its name, and "." has none.
    for path in (path.resolve() if path.name in ("", "..") else path for path in paths):
        if _take_tool(path, options, find_tool, recognised, named=True):
            continue
        if path.is_dir() and not is_corpus(path):
            _recognise_folder(path, options, ask, find_tool, recognised)
        else:
            _recognise_file(SourceFile(path, options=options), ask, recognised, named=True)
    rank = {kind: at for at, kind in enumerate(ORDER)}
    unique = {item.path.resolve(): item for item in _release(recognised.files)}
    recognised.files = sorted(unique.values(), key=lambda item: (rank[item.kind], str(item.path)))
    return recognised


def recognise_kind(file: SourceFile | Path) -> Kind | None:
    """The kind of one file or corpus folder, or None if it is none we read, or two alike.

    Raises:
        FileRefused: if its content decides and cannot be read.
    """
    return recognise(file).kind


def recognise(file: SourceFile | Path) -> Recognition:
    """What one file or corpus folder may be, with the evidence for each kind.

    Raises:
        FileRefused: if its content decides and cannot be read.
    """
    source = SourceFile.of(file)
    kind = source.options.kind
    if kind in _ONLY_TABLES and not is_table(source):
        raise FileRefused.because(
            source.path,
            f"is no table, as {kind} are" if kind != "survey" else "is no table, as a survey is",
            remedy="Save it as .csv or .xlsx, or import it in a call of its own without --as.",
        )
    recognition = _weigh(source)
    return recognition if kind is None else recognition.assign(kind)


def _weigh(source: SourceFile) -> Recognition:
    path = source.path
    if path.is_dir():
        folder = Recognition.certain("corpus", "a folder with segments and codebook")
        return folder if is_corpus(path) else Recognition()
    suffix = source.suffix
    if suffix == ".qdc" or (suffix == ".xml" and b"<CodeBook" in source.content[:4096]):
        return Recognition.certain("codebook", "REFI-QDA")
    if is_table(source):
        return weigh_table(_sniff_table(source))
    if suffix in SUFFIXES or (suffix == "" and path.is_file()):
        if codebook := _weigh_codebook_document(source):
            return Recognition.rank([codebook, Evidence("transcript", LEAST, (f"{suffix} file",))])
        return Recognition.certain("transcript", f"{suffix} file" if suffix else "text")
    return Recognition()


def _weigh_codebook_document(source: SourceFile) -> Evidence | None:
    """The evidence that a document is a codebook; none where it cannot be read as one."""
    try:
        score, reason = weigh_codebook_document(source)
    except FileRefused:
        return None  # whoever reads it as a transcript will name the fault
    return Evidence("codebook", score, (reason,)) if score else None


def is_table(source: SourceFile) -> bool:
    """Whether a file is named like a table."""
    return source.suffix in TABLES or source.path.name.lower().endswith(".csv.gz")


def _sniff_table(source: SourceFile) -> Table:
    """The table, or its headings alone where its rows cannot be read: its reader names the fault.

    Raises:
        FileRefused: if the rows cannot be read and the headings say nothing.
    """
    try:
        return read_table(source)
    except FileRefused:
        headings = read_headings(source)
        if source.options.kind is None and not weigh_table(headings).ranked:
            raise
        return headings


def is_corpus(folder: Path) -> bool:
    """Whether a folder holds segments and a codebook as tables."""
    return (
        find_corpus_file(folder, "segments") is not None
        and find_corpus_file(folder, "codebook") is not None
    )


def find_corpus_file(folder: Path, stem: str) -> Path | None:
    """`stem`.csv or `stem`.csv.gz of a corpus folder, whichever exists."""
    for name in (f"{stem}.csv", f"{stem}.csv.gz"):
        if (folder / name).is_file():
            return folder / name
    return None


def _recognise_file(
    source: SourceFile, ask: Ask | None, recognised: Recognised, *, named: bool
) -> None:
    """Put one file where it belongs: to be taken, passed over, or refused."""
    path = source.path
    try:
        recognition = recognise(source)
        if recognition.is_close:
            answer = ask(path, recognition) if ask else None
            if answer is None:
                recognised.refused.append(refuse_close_call(path, recognition))
                return
            recognition = recognition.assign(answer)
        kind = recognition.kind
        if kind is None:
            fault, remedy = explain_unknown(source)
            raise FileRefused.because(path, fault, remedy=remedy)
    except FileRefused as refusal:
        if named:
            recognised.refused.append(refusal)
        else:
            recognised.skipped.append(SkippedFile(path, _skip_reason(refusal)))
        return
    recognised.files.append(
        RecognisedPath(source=source, kind=kind, named=named, recognition=recognition)
    )


def _skip_reason(refusal: FileRefused) -> str:
    """Fault and remedy, without the path, which is shown beside it."""
    return ". ".join(part for part in (refusal.fault, refusal.remedy) if part) or str(refusal)


def refuse_close_call(path: Path, recognition: Recognition) -> FileRefused:
    """What is said of a file that fits two kinds or more about equally well."""
    kinds = recognition.close_kinds
    return FileRefused.because(
        path,
        f"may be {' or '.join(evidence.describe() for evidence in kinds)}",
        remedy=f"Say which: {' or '.join(f'--as {evidence.kind}' for evidence in kinds)}.",
    )


def _take_tool(
    path: Path, options: FileOptions, find_tool: FindTool, recognised: Recognised, *, named: bool
) -> bool:
    """Put another tool's project where it belongs; whether it was one."""
    tool = find_tool(path) if options.kind is None else None
    if tool is None:
        return False
    recognition = Recognition.certain("project", tool)
    source = SourceFile(path, options=options)
    recognised.files.append(
        RecognisedPath(source=source, kind="project", named=named, recognition=recognition)
    )
    return True


def _recognise_folder(
    folder: Path, options: FileOptions, ask: Ask | None, find_tool: FindTool, recognised: Recognised
) -> None:
    children = list(walk(folder, lambda child: is_corpus(child) or find_tool(child) is not None))
    for child in children:
        if _take_tool(child, options, find_tool, recognised, named=False):
            continue
        if child.suffix.lower() == ".autocode" or _is_our_page(child):
            continue
        source = SourceFile(child, options=options)
        if reason := _explain_skipping(source):
            recognised.skipped.append(SkippedFile(child, reason))
        else:
            _recognise_file(source, ask, recognised, named=False)
    if len(children) >= MOST_FILES:
        reason = f"only the first {MOST_FILES} files are looked at; import the rest by themselves"
        recognised.skipped.append(SkippedFile(folder, reason))


def _explain_skipping(source: SourceFile) -> str:
    """Why a file that nobody named is not looked at; empty where it is."""
    if is_lock_file(source.path):
        return "what a program keeps beside a document while it is open"
    if source.suffix == ".json" and not _is_speech(source):
        return "a JSON file that is no transcript of speech recognition"
    if source.path.name.lower().startswith(("readme", "licence", "license")):
        return "a description of the folder, not a transcript"
    return ""


def _release(recognised: list[RecognisedPath]) -> Iterator[RecognisedPath]:
    """The same paths, of which only the first few hundred megabytes stay in memory."""
    held = 0
    for item in recognised:
        held += item.source.n_bytes_held
        source = item.source
        yield item if held <= _MOST_HELD else replace(item, source=source.reopen())


def _is_speech(source: SourceFile) -> bool:
    """Whether a JSON file that nobody named is a transcript; most are a program's own."""
    try:
        return looks_like_whisper(source.text)
    except FileRefused:
        return False


def _is_our_page(path: Path) -> bool:
    """Whether a page is a report that we wrote, which nobody means to import."""
    if path.suffix.lower() != ".html":
        return False
    try:
        with path.open("rb") as stream:
            return _OUR_PAGE in stream.read(2048)
    except OSError:
        return False


def explain_unknown(source: SourceFile) -> tuple[str, str]:
    """Why a file is of no kind we read, and what to do about it."""
    if is_table(source):
        columns = [c for c in read_table(source).columns if c]
        if exported := _explain_exported(source.path, columns):
            return exported
        shown = ", ".join(columns[:_MOST_COLUMNS])
        more = f" and {len(columns) - _MOST_COLUMNS} more" if len(columns) > _MOST_COLUMNS else ""
        return (
            "is no codebook, codings, cases, survey or table of talk by its columns "
            f"({shown}{more})",
            "Say what it is with --as, and which column is which with --column ROLE=NAME.",
        )
    if explained := explain_unreadable(source.suffix):
        return explained
    suffix = readable_text(source.path.suffix)
    kind = f"'{suffix}' files are" if suffix else "this is"
    return (
        f"{kind} not a kind that can be imported",
        "Import transcripts, codebooks or corpus folders.",
    )


def _explain_exported(path: Path, columns: Sequence[str]) -> tuple[str, str] | None:
    """What is said of a table that `autocode export` writes and no import takes."""
    names = {column.casefold() for column in columns}
    if {"suggestion", "probability", "decision"} <= names:
        return (
            "is a sheet of suggestions to be decided on",
            "Fill in 'decision' and run: "
            f"autocode decide STUDY {shlex.quote(str(path))} --coder YOU",
        )
    if {"suggestion", "decision", "applied"} <= names or {"theme", "strength", "reason"} <= names:
        return (
            "is a table that was exported for other programs, and is not read back",
            "What people coded comes in with the table 'codings' of that folder.",
        )
    return None
