"""Seeds as typed and as a table."""

from __future__ import annotations

import pytest

from autocode.core.errors import FileRefused, InputError
from autocode.pipeline import GuidingPhrases
from autocode.project.seeds import read_seeds, seed_of


@pytest.mark.parametrize(
    ("words", "name", "phrases"),
    [
        ("waiting for help", "waiting for help", ("waiting for help",)),
        ("long waits; waiting for help", "long waits", ("long waits", "waiting for help")),
        ("money: cost of travel; cannot afford", "money", ("cost of travel", "cannot afford")),
        (" money :  cost  of travel ;; ", "money", ("cost of travel",)),
    ],
)
def test_a_seed_is_read_as_typed(words, name, phrases):
    assert seed_of(words) == GuidingPhrases(phrases, name)


@pytest.mark.parametrize("words", ["", "  ", "money:", ": ;", "?"])
def test_a_seed_without_words_is_refused(words):
    with pytest.raises(InputError, match="have no words"):
        seed_of(words)


def test_phrases_of_a_table_are_put_together_by_name(tmp_path):
    path = tmp_path / "seeds.csv"
    path.write_text(
        "name,phrase\nmoney,cost: of travel\nwaiting,a long wait; a year\nmoney,cannot afford\n"
    )
    assert read_seeds(path) == (
        GuidingPhrases(("cost: of travel", "cannot afford"), "money"),
        GuidingPhrases(("a long wait; a year",), "waiting"),
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("name,phrase\nmoney,\n", "line 2: the phrase has no words"),
        ("name,phrase\n,cost\n", "line 2: the theme has no name"),
        ("name,phrase\n", "holds no seed"),
        ("name\nmoney\n", "no column 'phrase'"),
    ],
)
def test_a_table_without_names_or_words_is_refused(tmp_path, table, told):
    path = tmp_path / "seeds.csv"
    path.write_text(table)
    with pytest.raises(FileRefused, match=told):
        read_seeds(path)
