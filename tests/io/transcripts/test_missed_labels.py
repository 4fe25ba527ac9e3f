from __future__ import annotations

import pytest

from autocode.io.transcripts.missed_labels import find_missed_labels
from autocode.io.transcripts.read import read_transcript


def test_find_missed_labels_names_the_most_frequent_first():
    texts = ["yes\nNora: no\nOmar: so", "Nora: ah\nthe thing is: so", "Nora: oh\nOmar: well"]
    labels = find_missed_labels(texts, ["Ann"], n_turns=3)
    assert [(label.name, label.n_lines) for label in labels] == [("Nora", 3), ("Omar", 2)]


def test_find_missed_labels_finds_no_piece_of_a_sentence():
    texts = ["The thing is: it rained.\nWhat I said: no"] * 5
    assert find_missed_labels(texts, ["Ann"], n_turns=5) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ann: yes\nBen: no\nNora - I left\n" * 4, "named other speakers: 'Nora' (4)"),
        ("".join(f"Ann: yes {n}\n" for n in range(8)), "only 'Ann' is named, in 8 turns"),
    ],
)
def test_words_that_may_be_of_another_speaker_are_pointed_out(tmp_path, text, word):
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert word in "; ".join(read_transcript(path).warnings)


def test_a_dominant_speaker_is_told(tmp_path):
    long = (
        "and then we went on to the next village and stayed there until the rains came again " * 4
    )
    path = tmp_path / "a.txt"
    path.write_text("".join(f"Ann: {long}\nBen: Yes.\n" for _ in range(12)))
    assert "'Ann' has 99 % of the words" in "; ".join(read_transcript(path).warnings)
