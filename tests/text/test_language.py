"""The language of a study by its stop words."""

from __future__ import annotations

import pytest

from autocode.text.language import detect_language

ENGLISH = "We had been waiting for months and nobody told us what they were going to do about it."
GERMAN = (
    "Ich habe lange auf einen Termin gewartet, und niemand hat mir gesagt, warum es so lange "
    "dauert und was ich tun soll, wenn es schlimmer wird."
)
SPANISH = (
    "Nadie me dijo por qué tenía que esperar tanto, y cuando llegué a la consulta ya no estaba "
    "el médico que me había atendido la primera vez."
)
POLISH = (
    "Czekaliśmy bardzo długo na wizytę, lekarz przyszedł dopiero wieczorem, dzieci były zmęczone, "
    "nikt nam niczego nie powiedział, pielęgniarka obiecała zadzwonić następnego dnia rano."
)


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, "en"), (GERMAN, "de"), (SPANISH, "es"), (POLISH, "pl")]
)
def test_a_language_is_known_by_its_stop_words(text, language):
    assert detect_language([text] * 3) == language


@pytest.mark.parametrize(
    "text", ["我们等了好几个月", "Мы ждали несколько месяцев", "انتظرنا عدة أشهر"]
)
def test_another_script_is_no_language_with_a_list_however_short_the_text(text):
    assert detect_language([text, "OK"]) is None


def test_of_a_few_words_nothing_is_said():
    assert detect_language([]) == "en"
    assert detect_language(["Termin", "Warten"]) == "en"


def test_notes_in_key_words_beside_english_are_english():
    assert detect_language(["parking at the clinic", "cost of travel", "no bus"] * 5) == "en"
