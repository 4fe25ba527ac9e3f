"""The language of a transcript and of a study, by script and function words."""

from __future__ import annotations

import pytest

from autocode.text.language import (
    detect_language,
    find_direction,
    identify_language,
    name_language,
)
from autocode.text.stop_words import LANGUAGES

TEXTS = {
    "en": "We waited three weeks and then they said it was the wrong form, so I just went home.",
    "fr": "On a attendu trois semaines et puis ils ont dit que ce n'était pas le "
    "bon papier, alors je suis partie.",
    "de": "Wir haben drei Wochen gewartet und dann haben sie gesagt, es ist "
    "nicht das richtige Papier.",
    "es": "Esperamos tres semanas y luego dijeron que no era el papel, así que "
    "me fui a casa con mi hija.",
    "it": "Abbiamo aspettato tre settimane e poi hanno detto che non era il "
    "modulo giusto, ma io ci sono andata.",
    "nl": "We hebben drie weken gewacht en toen zeiden ze dat het niet het goede "
    "papier was, dus ik ging naar huis.",
    "pt": "Esperámos três semanas e depois disseram que não era o papel certo, e "
    "eu fui para casa com a minha filha.",
    "sv": "Vi väntade i tre veckor och sedan sa de att det inte var rätt papper, "
    "så jag gick hem med min dotter.",
    "da": "Vi ventede i tre uger og så sagde de at det ikke var det rigtige "
    "papir, så jeg gik hjem med hende og mig.",
    "no": "Vi ventet i tre uker og så sa de at det ikke var riktig papir, så jeg "
    "gikk hjem etter at noen kom til meg.",
    "fi": "Odotimme kolme viikkoa ja sitten he sanoivat että se ei ollut oikea "
    "paperi, mutta minä olin jo lähtenyt ja hän myös.",
    "pl": "Czekaliśmy trzy tygodnie i potem powiedzieli, że to nie jest ten "
    "papier, więc już nie było po co tam iść.",
    "cs": "Čekali jsme tři týdny a pak řekli, že to není ten správný papír, tak "
    "jsem šla domů, protože už nebylo kam.",
    "hu": "Három hetet vártunk, és akkor azt mondták, hogy ez nem az a papír, és "
    "én már nem is mentem el, mert volt más.",
    "ro": "Am așteptat trei săptămâni și după aceea mi-au zis că nu este hârtia "
    "bună, dar eu am fost acolo și mai sunt.",
    "tr": "Üç hafta bekledik ve sonra bu kâğıt değil dediler, ben de eve gittim "
    "ama hiç kimse bana bir şey demedi çok üzüldüm ne var.",
    "ru": "Мы ждали три недели, а потом сказали, что это не та бумага.",
    "uk": "Ми чекали три тижні, а потім сказали, що це не той папір і що її немає.",
    "bg": "Чакахме три седмици и после казаха, че това не е същата бележка, която е нужна.",
    "el": "Περιμέναμε τρεις εβδομάδες και μετά είπαν ότι δεν ήταν το σωστό χαρτί.",
    "he": "חיכינו שלושה שבועות ואז אמרו שזה לא הטופס הנכון.",
    "ar": "انتظرنا ثلاثة أسابيع ثم قالوا إن هذه ليست الورقة الصحيحة.",
    "fa": "سه هفته منتظر ماندیم و بعد گفتند که این برگه درست نیست و چرا پس آمدید.",
    "ur": "ہم نے تین ہفتے انتظار کیا اور پھر انہوں نے کہا کہ یہ صحیح کاغذ نہیں ہے۔",
    "zh": "我们等了三个星期，然后他们说这不是正确的表格，所以我回家了。",
    "ja": "三週間待ちましたが、これは正しい用紙ではないと言われました。",
    "ko": "우리는 삼 주를 기다렸는데 그 사람들은 맞는 서류가 아니라고 했어요.",
    "hi": "हमने तीन हफ्ते इंतज़ार किया और फिर उन्होंने कहा कि यह सही कागज़ नहीं है।",
    "th": "เรารอสามสัปดาห์แล้วพวกเขาบอกว่าไม่ใช่เอกสารที่ถูกต้อง",
}


@pytest.mark.parametrize("language", TEXTS)
def test_identify_language_knows_a_sentence_or_two(language):
    assert identify_language(TEXTS[language] * 2) == language


def test_identify_language_knows_every_language_with_stop_words():
    assert set(LANGUAGES) <= set(TEXTS)


@pytest.mark.parametrize(
    "text",
    ["", "42 + 7 = 49", "Yes. No.", "שלום", "xyzzy plugh frotz " * 20,
     TEXTS["en"] + TEXTS["ru"] * 2, "Aspirin Ibuprofen Metformin Ramipril " * 10],
    ids=["nothing", "numbers", "few words", "few letters", "no language", "two scripts", "names"],
)  # fmt: skip
def test_identify_language_says_nothing_where_it_is_not_clear(text):
    assert identify_language(text) is None


def test_identify_language_goes_by_most_of_the_words():
    assert identify_language(TEXTS["de"] * 5 + TEXTS["en"]) == "de"
    assert identify_language(TEXTS["he"] * 5 + "Interviewer and so on") == "he"


def test_a_language_is_known_whether_letters_are_composed_or_not():
    import unicodedata

    assert identify_language(unicodedata.normalize("NFD", TEXTS["pt"])) == "pt"


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("he", "rtl"),
        ("ar", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("en", "ltr"),
        ("ja", "ltr"),
        (None, "auto"),
    ],
)
def test_find_direction_says_how_a_language_is_written(language, direction):
    assert find_direction(language) == direction


@pytest.mark.parametrize("language", TEXTS)
def test_a_study_is_in_the_language_that_its_texts_are_in(language):
    # Sentence by sentence, none of which says enough by itself.
    texts = [f"{words} " for words in TEXTS[language].split(" ")] * 3
    assert detect_language(texts) == language
    assert name_language(language).istitle()


@pytest.mark.parametrize(
    "text", ["我们等了好几个月", "Мы ждали несколько месяцев", "انتظرنا عدة أشهر"]
)
def test_another_script_is_not_english_however_short_the_text(text):
    assert detect_language([text, "OK"]) != "en"


def test_of_a_few_words_english_is_assumed():
    assert detect_language([]) == "en"
    assert detect_language(["Termin", "Warten"]) == "en"


def test_notes_in_key_words_beside_english_are_english():
    assert detect_language(["parking at the clinic", "cost of travel", "no bus"] * 5) == "en"
