from __future__ import annotations

import pytest

from autocode.io.transcripts.labels import FRAGMENT, find_recurring_names, weigh_label

_NAMES = [
    "Ann", "Ben", "P01_F_34", "I (female, 40s)", "1415***0123", "+44 7700 900123", "003",
    "2nd Floor Tenant", "okafor, ngozi", "Ngozi!", "🌻Ngozi🌻", "_Ngozi_", "samira's ipad",
    "Maria del Carmen de la Fuente y Ruiz Gómez", "n.okafor@example.org", "iPhone von Jörg",
    "רות", "الباحثة", "老师", "SPEAKER_00", "Sprecher 2", "3rd floor nurse", "Interviewer",
]  # fmt: skip
_PIECES = [
    "The thing is", "I said, and I mean it", "What about that", "My mother", "It rained",
    "他想了想，说", "[laughs]", "?xml version", "So I thought", "as he always said to me",
]  # fmt: skip


@pytest.mark.parametrize("name", _NAMES)
def test_weigh_label_lets_names_of_all_kinds_pass(name):
    assert weigh_label(name) > FRAGMENT


@pytest.mark.parametrize("piece", _PIECES)
def test_weigh_label_knows_a_piece_of_a_sentence(piece):
    assert weigh_label(piece) <= FRAGMENT


def test_a_piece_of_a_sentence_is_no_speaker_however_often_it_comes():
    names = ["Ann", "The thing is"] * 20 + ["Ben"] * 20
    assert find_recurring_names(names, n_paragraphs=60) == {"ann", "ben"}


def test_display_names_that_recur_are_speakers():
    names = ["Helen Marsh", "okafor, ngozi"] * 8 + ["3rd floor nurse"] * 2
    keys = find_recurring_names(names, n_paragraphs=18)
    assert keys == {"helenmarsh", "okafor,ngozi", "3rdfloornurse"}
