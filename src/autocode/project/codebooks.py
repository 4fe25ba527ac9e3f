"""Taking a codebook into a study: the same codes stay themselves, and every change is named."""

from __future__ import annotations

from ..core.codebook_merge import CodebookFile, merge_codebook
from ..core.errors import FileRefused, InputError
from ..io.source import SourceFile
from ..io.tables.codebook import read_codebook_table
from ..io.tables.codebook_document import read_codebook_document
from ..io.tables.qdc import guid_of, read_qdc_file
from ..store.codebook import codebook as read_stored_codebook
from ..store.codebook import put_codes
from .import_report import ImportedFile, Into


def take_codebook(into: Into, source: SourceFile) -> ImportedFile:
    """Add the codes that are new to the study and revise those it has.

    Raises:
        FileRefused: if the file is no sound codebook, or does not fit the study's.
    """
    path = source.path
    read = read_codebook_file(source)
    with into.taking(path.name) as connection:
        try:
            change = merge_codebook(read_stored_codebook(connection), read, guid_of)
        except FileRefused:
            raise
        except InputError as error:
            raise FileRefused.because(path, str(error), remedy="Nothing was imported.") from None
        changed = put_codes(connection, change.codes)
    notes = (*read.notes, *change.notes)
    account = f"{read.account}; {change.n_new} new, {change.n_changed} changed"
    if not changed:
        account = f"{read.account}; already in the study"
    return ImportedFile(
        path=path, kind="codebook", account=account, new=bool(changed), warnings=notes
    )


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
