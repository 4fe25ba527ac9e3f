"""Quotes of a study as files: tables for sorting, documents for reading."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ..analysis.quotes import Quote, QuoteList, describe_source
from ..core.arguments import checked
from ..core.counted import say_count
from ..core.errors import FileRefused
from ..core.transcript import CODABLE_ROLES
from ..io.files import write_atomically
from ..io.tables.table import write_table
from ..io.word_document import Paragraph, paragraphs_to_markdown, write_word_document

FORMATS = (".docx", ".xlsx", ".csv", ".md")
_NOT_GIVEN = "not given"


@checked
def write_quotes(quotes: QuoteList, path: str | Path) -> int:
    """Write quotes in the format that the suffix of `path` names; returns how many.

    .csv and .xlsx hold a row a quote; .docx and .md a heading for each code or theme and, where
    they are sorted by an attribute, one for each of its values.

    Raises:
        FileRefused: for another suffix, or if the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    rows = quotes.to_rows()
    columns = list(rows[0])
    if suffix in (".csv", ".xlsx"):
        return write_table(path, columns, rows)
    if suffix == ".docx":
        write_word_document(path, _paragraphs(quotes))
    elif suffix == ".md":
        with write_atomically(path) as stream:
            stream.write(paragraphs_to_markdown(_paragraphs(quotes)))
    else:
        raise FileRefused.because(
            path,
            f"'{suffix or path.name}' is no format that quotes are written in",
            remedy=f"Name a file that ends with {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.",
        )
    return len(quotes.quotes)


def _paragraphs(quotes: QuoteList) -> Iterator[Paragraph]:
    yield Paragraph("title", f"Quotes of {quotes.of}")
    if quotes.n_left_out:
        yield Paragraph(
            "text",
            f"At most {quotes.at_most} of each participant; {quotes.n_left_out} more are left out.",
        )
    for _, of_key in groupby(quotes.quotes, key=lambda quote: quote.key):
        of_code = list(of_key)
        participants = {quote.participant for quote in of_code if quote.role in CODABLE_ROLES}
        yield Paragraph("heading", of_code[0].name)
        yield Paragraph("text", f"{_count(of_code)} of {_people(len(participants))}")
        for value, group in groupby(of_code, key=lambda quote: _value(quote, quotes.by)):
            if quotes.by is not None:
                yield Paragraph("subheading", f"{quotes.by}: {value}")
            for quote in group:
                if quote.before:
                    yield Paragraph("context", quote.before)
                yield Paragraph("quote", quote.excerpt)
                if quote.after:
                    yield Paragraph("context", quote.after)
                yield Paragraph("source", _describe_source(quote))


def _value(quote: Quote, by: str | None) -> str:
    return quote.attributes.get(by, "") or _NOT_GIVEN if by is not None else ""


def _count(quotes: list[Quote]) -> str:
    return say_count(len(quotes), "quote")


def _people(n: int) -> str:
    return say_count(n, "participant")


def _describe_source(quote: Quote) -> str:
    """Who said it and where: "P03 (role: nurse; setting: ward), P03_ward, Kofi, turn 12"."""
    given = (f"{name}: {value}" for name, value in quote.attributes.items() if value)
    return describe_source(quote, given)
