"""A codebook and what was coded with it, read from files, for the rows of a corpus."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from .. import pipeline
from ..bulk.suggest_codes import BulkCodes
from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.errors import FileRefused, InputError, NothingToDo
from ..core.progress import Progress, silent
from ..encode.cache import MemoryVectorCache
from ..encode.protocol import Encoder
from ..io.source import SourceFile
from ..io.tables.coded_excerpts import read_coded_excerpts
from ..io.url_copy import copy_here
from ..io.url_path import AnyPath, UrlPath, as_path
from ..untrusted_sqlite import is_sqlite
from .bulk_asking import ask_for_rows
from .facade import Project
from .importing import ImportOptions


@checked
def read_bulk_codes(
    encoder: Encoder,
    codebook: str | AnyPath | None = None,
    codings: str | AnyPath | None = None,
    *,
    top: int = 3,
    progress: Progress = silent,
) -> BulkCodes:
    """What `draft_corpus` suggests codes from.

    Args:
        encoder: the one that the corpus is encoded with.
        codebook: a file that `autocode import` takes for a codebook.
        codings: a study, which has its own codebook; a table with a column of excerpts and one of
            codes; or a corpus folder. Either may be a URL of fsspec, and is copied here to be read.
        top: how many codes a row.
        progress: called while texts are encoded.

    Raises:
        FileRefused: if a file cannot be used.
        InputError: if nothing is named, or a codebook beside a study.
        NothingToDo: if there are no codes.
    """
    given = [None if path is None else as_path(path) for path in (codebook, codings)]
    _check_given(*given)
    with ExitStack() as copies:
        book, coded = (
            None if path is None else copies.enter_context(copy_here(path)) for path in given
        )
        _check_studies(book, coded)
        if coded is not None and is_sqlite(coded):
            _check_closed(given[1])
        return _read(encoder, book, coded, top, progress)


def _read(
    encoder: Encoder, book: Path | None, coded: Path | None, top: int, progress: Progress
) -> BulkCodes:
    if coded is not None and is_sqlite(coded):
        with Project.open(coded) as project:
            return project.ask_for_rows(encoder, top=top, progress=progress)
    if coded is not None and coded.is_dir():
        return _import(encoder, [book, coded], top, progress)
    words = Codebook() if book is None else _import(encoder, [book], top, progress).codebook
    if coded is None:
        return BulkCodes(codebook=words, top=top)
    table = read_coded_excerpts(SourceFile(coded), words, makes_new_codes=book is None)
    study = pipeline.Study(
        segments=table.segments,
        codebook=table.codebook,
        codings=table.codings,
        readings=table.readings,
    )
    return ask_for_rows(study, pipeline.Tools(encoder, MemoryVectorCache(), progress), top=top)


def _check_given(book: AnyPath | None, coded: AnyPath | None) -> None:
    for path in (book, coded):
        if path is not None and not path.exists():
            raise FileRefused.because(path, "there is no such file", remedy="Check the path.")
    if book is None and coded is None:
        raise InputError("Name a codebook, or codings with a column of codes.")


def _check_studies(book: Path | None, coded: Path | None) -> None:
    if book is not None and is_sqlite(book):
        raise InputError(f"{book} is a study: name it as codings; its codebook comes along.")
    if book is not None and coded is not None and is_sqlite(coded):
        raise InputError(f"{coded} has a codebook of its own: leave {book} out.")


def _check_closed(path: AnyPath | None) -> None:
    """Refuse a study named by URL of which a part lies in a file beside it, where that is seen."""
    if not isinstance(path, UrlPath):
        return
    try:
        is_open = path.with_name(f"{path.name}-wal").exists()
    except FileRefused:  # a signed URL gives a right to one file
        return
    if is_open:
        raise FileRefused.because(
            path,
            "is a study that is open, with work in the file beside it ('-wal')",
            remedy="Close it first, or copy both files to this machine.",
        )


def _import(encoder: Encoder, paths: list[Path | None], top: int, progress: Progress) -> BulkCodes:
    """A study for the time being with what these files hold."""
    given = [path for path in paths if path is not None]
    is_codebook = len(given) == 1 and given[0].is_file()
    options = ImportOptions(kind="codebook" if is_codebook else None)
    with (
        tempfile.TemporaryDirectory(prefix="autocode-") as folder,
        Project.open(Path(folder) / "codes.autocode", create_new=True) as project,
    ):
        report = project.import_paths(given, options)
        if report.refused:
            raise report.refused[0].to_error()
        if not len(project.codebook()):
            raise NothingToDo(f"{given[0]} holds no codes.")
        return project.ask_for_rows(encoder, top=top, progress=progress)
