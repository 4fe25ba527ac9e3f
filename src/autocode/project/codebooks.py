"""Taking a codebook into a study: the same codes stay themselves, and every change is named."""

from __future__ import annotations

from ..core.codebook_merge import CodebookChange, CodebookFile, merge_codebook
from ..core.errors import FileRefused, InputError
from ..io.source import SourceFile
from ..io.tables.codebook import read_codebook_table
from ..io.tables.codebook_document import read_codebook_document
from ..io.tables.qdc import guid_of, read_qdc_file
from ..store.codebook import codebook as read_stored_codebook
from ..store.codebook import put_codes
from ..store.earlier_codes import earlier_codes
from .import_report import ImportedFile, ImportOptions, Into


def take_codebook(into: Into, source: SourceFile) -> ImportedFile:
    """Add the codes that are new to the study; revise those it has where that is asked for.

    Raises:
        FileRefused: if the file is no sound codebook, or does not fit the study's.
    """
    path = source.path
    read = read_codebook_file(source)
    with into.taking(path.name) as connection:
        try:
            change = merge_codebook(
                read_stored_codebook(connection),
                read,
                guid_of,
                earlier_codes(connection),
                revive=into.options.update_codes,
            )
        except FileRefused:
            raise
        except InputError as error:
            raise FileRefused.because(
                path, str(error), remedy="Nothing of this file was imported."
            ) from None
        n_stored = put_codes(
            connection, change.codes if into.options.update_codes else change.without_revisions()
        )
    return ImportedFile(
        path=path,
        kind="codebook",
        account=f"{read.account}; {_account(change, into.options)}",
        new=bool(n_stored),
        warnings=(*read.notes, *change.describe(taken=into.options.update_codes)),
    )


def _account(change: CodebookChange, options: ImportOptions) -> str:
    """What is new, and what differs and was taken or not."""
    n_new, n_differ = len(change.new), change.n_differ
    parts = [f"{n_new} new code{'s' * (n_new != 1)}"] if n_new else []
    if n_differ and options.update_codes:
        parts.append(f"{n_differ} changed")
    elif n_differ or change.removed:
        words = [f"{n_differ} that differ{'s' * (n_differ == 1)}"] if n_differ else []
        words += [f"{len(change.removed)} taken out before"] if change.removed else []
        parts.append(f"{' and '.join(words)}: not taken; add --update-codes")
    return ", ".join(parts) or "already in the study"


def read_codebook_file(source: SourceFile) -> CodebookFile:
    """The codebook of a table, a REFI-QDA file or a document.

    Raises:
        FileRefused: if it is no sound codebook.
    """
    if source.has_suffix(".qdc", ".xml"):
        return read_qdc_file(source)
    if source.has_suffix(".csv", ".tsv", ".xlsx", ".gz"):
        return read_codebook_table(source)
    return read_codebook_document(source)
