"""What an analyst asks draft themes to be about, as typed or as a table."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import FileRefused
from ..io.tables.table import read_table
from ..pipeline import GuidingPhrases


def seed_of(words: str) -> GuidingPhrases:
    """A seed as typed: phrases with semicolons between them, a name and a colon before them or not.

    Raises:
        InputError: if it holds no words.
    """
    name, colon, phrases = words.partition(":")
    if not colon:
        name, phrases = "", words
    return GuidingPhrases(tuple(phrases.split(";")), name)


def read_seeds(path: Path) -> tuple[GuidingPhrases, ...]:
    """Seeds of a table with the columns `name` and `phrase`, a row for each phrase or excerpt.

    Raises:
        FileRefused: if it is no such table, or a row names no theme or holds no words.
    """
    table = read_table(path)
    table.need(("name", "theme"), ("phrase", "excerpt"))
    phrases: dict[str, list[str]] = {}
    for row in table.rows:
        name, phrase = row.get("name", "theme"), row.get("phrase", "excerpt")
        if not name:
            raise table.refuse(row, "the theme has no name", "Fill in the column 'name'.")
        if not any(sign.isalnum() for sign in phrase):
            raise table.refuse(row, "the phrase has no words", "Fill in the column 'phrase'.")
        phrases.setdefault(" ".join(name.split()), []).append(phrase)
    if not phrases:
        raise FileRefused.because(path, "holds no seed", remedy="Write a name and a phrase a row.")
    return tuple(GuidingPhrases(tuple(said), name) for name, said in phrases.items())
