"""What kind of thing a path is, from its content as well as its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..core.errors import FileRefused
from .files import read_bytes, read_text
from .tables.survey import is_survey
from .tables.table import read_table, table_kind
from .transcripts.formats import SUFFIXES
from .transcripts.whisper import looks_like_whisper

Kind = Literal["corpus", "codebook", "transcript", "codings", "cases", "survey"]
ORDER: tuple[Kind, ...] = ("corpus", "codebook", "transcript", "survey", "cases", "codings")
"""The order in which kinds are imported, so that what is referred to comes first."""

TABLES = {".csv", ".tsv", ".xlsx"}
_IGNORED = {".autocode", ".html", ".gitignore", ".ds_store"}


@dataclass(frozen=True, slots=True)
class RecognisedPath:
    """A path and what it is taken for; `named` is true if the user gave this very path."""

    path: Path
    kind: Kind
    named: bool


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
            kind = recognise_kind(path)
            if kind is None:
                raise FileRefused.because(
                    path,
                    _explain_unknown(path),
                    remedy="Import transcripts, codebooks or corpus folders.",
                )
            recognised.append(RecognisedPath(path, kind, True))
    rank = {kind: at for at, kind in enumerate(ORDER)}
    unique = {item.path.resolve(): item for item in recognised}
    return sorted(unique.values(), key=lambda item: (rank[item.kind], str(item.path))), skipped


def recognise_kind(path: Path) -> Kind | None:
    """The kind of one file or corpus folder, or None if it is none we read."""
    if path.is_dir():
        return "corpus" if is_corpus(path) else None
    suffix = path.suffix.lower()
    if suffix == ".qdc" or (suffix == ".xml" and b"<CodeBook" in read_bytes(path)[:4096]):
        return "codebook"
    if suffix in TABLES or path.name.endswith(".csv.gz"):
        return _kind_of_table(path)
    if suffix in SUFFIXES:
        return "transcript"
    if suffix == "" and path.is_file():
        return "transcript"
    return None


def _kind_of_table(path: Path) -> Kind | None:
    """What a table holds; one with free text and no column of ours is a survey's.

    Surveys too have columns such as "id" and "case"; a codebook says what its codes mean.
    """
    kind = table_kind(path)
    if kind == "codings":
        return kind
    try:
        table = read_table(path)
    except FileRefused:
        # Whoever takes it as what its columns say will name the fault.
        if kind is None:
            raise
        return kind
    return "survey" if is_survey(table) else kind


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
        if child.suffix.lower() == ".json" and not _is_speech(child):
            continue
        try:
            kind = recognise_kind(child)
            reason = _explain_unknown(child) if kind is None else ""
        except FileRefused as refusal:
            kind, reason = None, str(refusal)
        if kind is None:
            skipped.append(SkippedFile(child, reason))
        elif child.name.lower().startswith(("readme", "licence", "license")):
            skipped.append(SkippedFile(child, "a description of the folder, not a transcript"))
        else:
            recognised.append(RecognisedPath(child, kind, False))


def _is_speech(path: Path) -> bool:
    """Whether a JSON file that nobody named is a transcript; most are a program's own."""
    try:
        return looks_like_whisper(read_text(path).text)
    except FileRefused:
        return False


def _explain_unknown(path: Path) -> str:
    if path.suffix.lower() in TABLES:
        columns = ", ".join(read_table(path).columns)
        return (
            f"has none of the columns code, name, coder, case or transcript (columns: {columns}) "
            "and no column of free text, so it is no codebook, codings, cases or survey"
        )
    kind = f"'{path.suffix}' files are" if path.suffix else "this is"
    return f"{kind} not a kind that can be imported"
