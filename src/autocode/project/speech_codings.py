"""The tags of a table of speech as codings, by a coder named after the file's column."""

from __future__ import annotations

from ..core.codebook import Code, Codebook
from ..core.coding import Coding
from ..core.counted import say_count
from ..core.errors import NotFound
from ..core.transcript import Span, Transcript
from ..io.source import SourceFile
from ..io.tables.table import read_table
from ..io.transcripts.speech_table import SUFFIXES, find_tags_column, iterate_tags
from ..store.codebook import codebook as read_codebook
from ..store.codebook import put_codes
from ..store.codings import add_codings
from ..store.file import Connection

_SHOWN = 6


def add_speech_codings(
    connection: Connection, source: SourceFile, transcript: Transcript
) -> list[str]:
    """Add what a table of speech is tagged with as codings of whole utterances; what to say of it.

    A tag that is no code of the study becomes one.
    """
    if source.suffix not in SUFFIXES:
        return []
    table = read_table(source)
    column = find_tags_column(table)
    if column is None:
        return []
    coder = f"{column} of {source.name}"
    known = read_codebook(connection)
    new: dict[str, Code] = {}
    codings = []
    at = 0
    for words, tags in iterate_tags(table):
        start = transcript.text.index(words, at)
        at = start + len(words)
        for tag in dict.fromkeys(tags):
            code = _find(known, tag) or new.setdefault(tag, Code(id=tag, name=tag)).id
            codings.append(
                Coding(
                    transcript=transcript.name,
                    span=Span(start, at),
                    code=code,
                    coder=coder,
                    basis="imported",
                )
            )
    if not codings:
        return []
    if new:
        put_codes(connection, Codebook(tuple(new.values())))
    add_codings(connection, codings)
    n_codings = say_count(len(codings), "coding")
    notes = [f"{n_codings} from the column '{column}', by the coder '{coder}'"]
    if new:
        shown = ", ".join(list(new)[:_SHOWN]) + (", …" if len(new) > _SHOWN else "")
        notes.append(f"{say_count(len(new), 'code')} that the study did not know: {shown}")
    return notes


def _find(codebook: Codebook, tag: str) -> str | None:
    try:
        return codebook.find(tag).id
    except NotFound:
        return None
