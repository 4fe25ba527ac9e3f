"""Texts in the code pages people keep files in, each to be read back letter by letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from autocode.core.errors import FileRefused
from autocode.io.decoding import decode

A_TXT = Path("a.txt")
TEXTS = {
    "en": "Interviewer: I don’t think so — it’s “fine”. It cost £30.\nRuth: The café was naïve…\n",
    "fr": "Enquêtrice : Ça vous a fait quoi ?\n"
    "Mère : J’étais très fatiguée, où aller après ? Ça coûte.\n",
    "de": "Interviewerin: Wie ging es für Sie weiter?\n"
    "Frau Müller: Nach der Größe der Wohnung, Tür zu.\n",
    "es": "Entrevistadora: ¿Cómo llegó aquí?\nInés: Con mi hermana, en un camión. Éramos niñas.\n",
    "pt": "Entrevistadora: Não está à espera?\n"
    "João: A situação é difícil, ninguém atende às três.\n",
    "it": "Intervistatrice: Perché è andata così?\n"
    "Niccolò: Però la città non è più la stessa, già.\n",
    "sv": "Intervjuare: Hur gick det på jobbet?\nÅsa: Chefen drog ner timmarna för mig också.\n",
    "da": "Interviewer: Hvordan går det?\nSøren: Jeg får ikke løn, så jeg køber ikke så meget.\n",
    "is": "Spyrill: Hvað gerðist svo þá?\nÞóra: Ég fór heim og það var ekki gott við þetta.\n",
    "tr": "Görüşmeci: İşe nasıl başladınız?\n"
    "Ayşe: Komşum söyledi, işçi arıyorlarmış. Çok ağırdı.\n",
    "pl": "Badaczka: Jak się pani żyje?\n"
    "Ania: Ciężko, ale spokojnie. Mąż jeździ do miasta, źle śpi.\n",
    "cs": "Tazatel: Jak se vám žije?\nJiří: Těžko, ale klidně. Muž jezdí každý den do města.\n",
    "hu": "Kérdező: Hogyan élnek?\nZsófi: Nehezen, de békésen. Őszintén szólva fáradt, űzött.\n",
    "ro": "Intervievator: Cum trăiţi?\n"
    "Ion: Greu, dar liniştit. Soţul merge în oraş şi stă prost.\n",
    "lt": "Klausėja: Kaip gyvenate?\n"
    "Jonas: Sunkiai, bet ramiai. Vyras važiuoja į miestą, ūkį prižiūri.\n",
}
WESTERN = ("en", "fr", "de", "es", "pt", "it", "sv", "da")
PAGES = {
    "cp1252": (*WESTERN, "is"),
    "mac_roman": WESTERN,
    "cp850": ("de", "es", "pt", "sv"),
    "cp1254": ("tr",),
    "mac_turkish": ("tr",),
    "cp1250": ("pl", "cs", "hu", "ro"),
    "iso8859_2": ("pl", "cs", "hu"),
    "mac_latin2": ("pl", "cs", "hu"),
    "cp1257": ("lt",),
    "utf-16-le": tuple(TEXTS),
    "utf-16-be": ("en", "pl"),
}


@pytest.mark.parametrize("page", PAGES)
def test_decode_reads_every_letter_and_says_that_it_guessed(page):
    for language in PAGES[page]:
        decoded = decode(TEXTS[language].encode(page), A_TXT)
        assert decoded.text == TEXTS[language], (language, decoded.encoding)
        assert "guessed" in decoded.doubts[0]


OTHERS = {
    "Russian": (
        "Интервьюер: Как вы нашли эту работу?\nОльга: Случайно, через соседку.\n",
        ("cp1251", "koi8_r", "cp866", "iso8859_5", "mac_cyrillic"),
    ),
    "Russian in English": (
        "Interviewer: Who came?\nRuth: " + "Случайно соседка пришла. " * 8,
        ("cp1251", "koi8_r"),
    ),
    "Ukrainian": ("Ганна: Як ви знайшли її?\nОльга: Випадково, через сусідку.\n", ("cp1251",)),
    "Greek": (
        "Ερευνήτρια: Πότε έκλεισε η γέφυρα;\nΕλένη: Πέρυσι τον χειμώνα, με το χιόνι.\n",
        ("cp1253", "mac_greek"),
    ),
    "Hebrew": ("מראיינת: איך הגעת לכאן?\nרות: אמא שלי התקשרה אליהם.\n", ("cp1255",)),
    "Arabic": (
        "الباحثة: كيف بدأت العمل؟\nأم علي: بدأت مع جارتي في الخياطة.\n",
        ("cp1256", "iso8859_6"),
    ),
    "Thai": ("ผู้สัมภาษณ์: สะพานปิดเมื่อไหร่\nสมชาย: ฤดูหนาวปีที่แล้ว เพราะหิมะ\n", ("cp874",)),
    "Japanese": (
        "聞き手: 毎日はどうですか。\n佐藤: 忙しいです。朝から夜まで店に立っています。\n",
        ("shift_jis", "euc_jp"),
    ),
    "Chinese": (
        "访谈者: 您每天几点上班？\n李梅: 早上六点，天还没亮就出门了。\n"
        "谁照顾孩子？婆婆照顾，她身体也不好。\n",
        ("gb18030",),
    ),
    "Korean": (
        "면담자: 언제 다리가 닫혔어요?\n김: 작년 겨울에 눈 때문에 닫혔습니다. "
        "그래서 도시로 갔어요.\n",
        ("euc_kr",),
    ),
}


@pytest.mark.parametrize("language", OTHERS)
def test_decode_reads_other_scripts_letter_by_letter(language):
    words, pages = OTHERS[language]
    for page in pages:
        decoded = decode(words.encode(page), A_TXT)
        assert decoded.text == words, (page, decoded.encoding)
        assert "guessed" in decoded.doubts[0]


def test_decode_names_an_encoding_that_reads_nearly_as_well():
    # One letter: in another page it is a letter of another language.
    (doubt,) = decode("Ann: café\n".encode("cp1252"), A_TXT).doubts
    assert "guessed as cp1252 (" in doubt
    assert "fits nearly as well" in doubt


@pytest.mark.parametrize(
    "raw",
    [b"\x00\x01\x02\x03" * 50, b"PK\x00\x00", b"a\x00b" * 9, b"\xff\xfe\x01\x00\x02\x00\x00\x00"],
    ids=["bytes", "archive", "both parities", "marked and not text"],
)
def test_decode_refuses_what_is_not_text(raw):
    with pytest.raises(FileRefused, match="binary data"):
        decode(raw, A_TXT)


def test_decode_refuses_a_zero_byte_far_into_a_text():
    with pytest.raises(FileRefused, match="binary data"):
        decode(b"Ann: yes\n" * 10_000 + b"\x00", A_TXT)
