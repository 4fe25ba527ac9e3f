"""What kind of thing a path is, from its content as well as its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..core.errors import FileRefused
from ..serialise.plain import readable_text
from .source import SourceFile
from .tables.codebook import CODE_COLUMNS
from .tables.csv_rows import find_delimiter
from .tables.survey import is_survey
from .tables.table import read_table
from .transcripts.formats import SUFFIXES
from .transcripts.whisper import looks_like_whisper
from .unreadable import explain_unreadable

Kind = Literal["corpus", "codebook", "transcript", "codings", "cases", "survey"]
ORDER: tuple[Kind, ...] = ("corpus", "codebook", "transcript", "survey", "cases", "codings")
"""The order in which kinds are imported, so that what is referred to comes first."""

TABLES = {".csv", ".tsv", ".xlsx"}
_IGNORED = {".autocode", ".html", ".gitignore", ".ds_store"}
# Columns of what we export for people to look at, and of tables of coded words in general.
_OUR_DRAFTS = {"suggestion", "theme"}
_CODED_WORDS = {"content", "excerpt", "text content", "document", "quotation content", "segment"}
_MOST_HELD = 256 * 1024 * 1024
"""Bytes of recognised files kept in memory for their readers; the rest are opened again."""


@dataclass(frozen=True, slots=True)
class RecognisedPath:
    """A file or corpus folder and what it is taken for.

    `named` is true if the user gave this very path.
    """

    source: SourceFile
    kind: Kind
    named: bool

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.source.path


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file in a folder that was not taken, and why."""

    path: Path
    reason: str


def recognise_paths(paths: list[Path]) -> tuple[list[RecognisedPath], list[SkippedFile]]:
    """Everything importable under `paths`, in import order, and what was skipped.

    Raises:
        FileRefused: if a path the user named does not exist or is of no known kind.
    """
    recognised: list[RecognisedPath] = []
    skipped: list[SkippedFile] = []
    for path in paths:
        if not path.exists():
            raise FileRefused.because(path, "does not exist", remedy="Check the path.")
        if path.is_dir() and not is_corpus(path):
            _recognise_folder(path, recognised, skipped)
        else:
            source = SourceFile(path)
            kind = recognise_kind(source)
            if kind is None:
                fault, remedy = _explain_unknown(source)
                raise FileRefused.because(path, fault, remedy=remedy)
            recognised.append(RecognisedPath(source, kind, True))
    rank = {kind: at for at, kind in enumerate(ORDER)}
    unique = {item.path.resolve(): item for item in _release(recognised)}
    return sorted(unique.values(), key=lambda item: (rank[item.kind], str(item.path))), skipped


def recognise_kind(file: SourceFile | Path) -> Kind | None:
    """The kind of one file or corpus folder, or None if it is none we read.

    Raises:
        FileRefused: if its content decides and cannot be read.
    """
    source = SourceFile.of(file)
    path = source.path
    if path.is_dir():
        return "corpus" if is_corpus(path) else None
    suffix = source.suffix
    if suffix == ".qdc" or (suffix == ".xml" and b"<CodeBook" in source.content[:4096]):
        return "codebook"
    if suffix in TABLES or path.name.endswith(".csv.gz"):
        return _recognise_table(source)
    if suffix in SUFFIXES:
        return "transcript"
    if suffix == "" and path.is_file():
        return "transcript"
    return None


def _recognise_table(source: SourceFile) -> Kind | None:
    """What a table holds; one with free text and no column of ours is a survey's.

    Surveys too have columns such as "id" and "case"; a codebook says what its codes mean.
    """
    kind = _kind_by_columns(_sniff_columns(source))
    if kind == "codings":
        return kind
    try:
        table = read_table(source)
    except FileRefused:
        # Whoever takes it as what its columns say will name the fault.
        if kind is None:
            raise
        return kind
    return "survey" if is_survey(table) else kind


def _kind_by_columns(columns: set[str]) -> Kind | None:
    if columns & _OUR_DRAFTS:
        return None
    # Without its coders it is refused for that, rather than taken for a codebook.
    if "code" in columns and columns & {"coder", "transcript"}:
        return "codings"
    if columns & {"case", "participant"} or ("transcript" in columns and "code" not in columns):
        return "cases"
    if columns & {*CODE_COLUMNS["id"], *CODE_COLUMNS["name"]} and not columns & _CODED_WORDS:
        return "codebook"
    return None


def _sniff_columns(source: SourceFile) -> set[str]:
    """The column names, also of a table whose rows cannot be read: its reader names the fault."""
    if source.suffix == ".xlsx":
        return set(read_table(source).columns)
    first = source.text.split("\n", 1)[0]
    return {c.strip().strip('"').casefold() for c in first.split(find_delimiter(source.text))}


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


def _recognise_folder(
    folder: Path, recognised: list[RecognisedPath], skipped: list[SkippedFile]
) -> None:
    for child in sorted(folder.iterdir()):
        if child.name.startswith(".") or child.suffix.lower() in _IGNORED:
            continue
        if child.is_dir() and not is_corpus(child):
            _recognise_folder(child, recognised, skipped)
            continue
        source = SourceFile(child)
        if source.suffix == ".json" and not _is_speech(source):
            continue
        try:
            kind = recognise_kind(source)
            reason = ". ".join(_explain_unknown(source)) if kind is None else ""
        except FileRefused as refusal:
            kind, reason = None, str(refusal)
        if kind is None:
            skipped.append(SkippedFile(child, reason))
        elif child.name.lower().startswith(("readme", "licence", "license")):
            skipped.append(SkippedFile(child, "a description of the folder, not a transcript"))
        else:
            recognised.append(RecognisedPath(source, kind, False))


def _release(recognised: list[RecognisedPath]) -> Iterator[RecognisedPath]:
    """The same paths, of which only the first few hundred megabytes stay in memory."""
    held = 0
    for item in recognised:
        held += item.source.n_bytes_held
        source = item.source if held <= _MOST_HELD else SourceFile(item.path)
        yield replace(item, source=source)


def _is_speech(source: SourceFile) -> bool:
    """Whether a JSON file that nobody named is a transcript; most are a program's own."""
    try:
        return looks_like_whisper(source.text)
    except FileRefused:
        return False


def _explain_unknown(source: SourceFile) -> tuple[str, str]:
    """What is wrong with a file of no kind, and the remedy."""
    remedy = "Import transcripts, codebooks or corpus folders."
    if source.suffix in TABLES:
        columns = ", ".join(read_table(source).columns)
        return (
            f"has none of the columns code, name, coder, case or transcript (columns: {columns}) "
            "and no column of free text, so it is no codebook, codings, cases or survey",
            remedy,
        )
    if explained := explain_unreadable(source.suffix):
        return explained
    suffix = readable_text(source.path.suffix)
    kind = f"'{suffix}' files are" if suffix else "this is"
    return f"{kind} not a kind that can be imported", remedy
