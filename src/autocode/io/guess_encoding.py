"""Encodings of text that names none: UTF-16 without a mark, and code pages of a byte a letter.

A code page is tried with the alphabets of the languages that are written in it. The likelihood of a
reading is that of its accented letters in the best language, by the order of how often they occur
there, and of signs where signs stand; small letters before a capital inside a word tell against it.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

# Letters beyond ASCII, commonest first; orders from public tables of letter frequencies.
_LETTERS = {
    "en": "éèïöñ",
    "fr": "éèàêçâîôùûœëï",
    "de": "äüößé",
    "es": "óíáéñúü",
    "pt": "ãçáéíóêõúâàô",
    "it": "èàùòéì",
    "ca": "éàèíóòçúïü",
    "nl": "éëïóüöè",
    "sv": "äåöé",
    "da": "øåæéä",
    "fi": "äöåé",
    "is": "áðíéóþúöýæ",
    "tr": "ışüğçöâî",
    "pl": "łąężśóćńź",
    "cs": "íáéěýčšřžůúňóťď",
    "sk": "áíéčýžšťúľôňďäóĺŕ",
    "hu": "áéöőóüíűú",
    "ro": "ăîşâţ",
    "sl": "čšžćđ",
    "lt": "ėšąžįųūčę",
    "lv": "āīšēūžņķļģč",
    "et": "äõüöšž",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оаиніеврткслмдупязьгбчхйжїшюцєщфґ",
    "bg": "аоиентсрвлкдпмзябъугчшщцжфйхюь",
    "sr": "аоиенрсјтукдвлпмзгбчшцжњљћђфхџ",
    "el": "αοιετσνηυρπκμλςωγίόδάχθέφήβύώξζψϊ",
    "he": "יוהלאמרתבשםנדקפעטחכסגןצזךףץ",
    "ar": "ايلمنتورهبدعفسكقحجشصطخأةىضغثذزظئءآإؤ،؟ـ",
    "th": "านรอกเงมยลวดทตสะปบคหแจพชขใไโผธณศซถฟฉษภิีึืุู่้์็ั๋ำๆ",
}
_WESTERN = ("en", "fr", "de", "es", "pt", "it", "ca", "nl", "sv", "da", "fi", "is", "et")
_CENTRAL = ("pl", "cs", "sk", "hu", "ro", "sl", "de")
_PAGES = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1254": ("tr",),
    "mac_roman": _WESTERN,
    "iso8859_2": _CENTRAL,
    "cp1257": ("lt", "lv", "et"),
    "cp850": _WESTERN,
    "mac_latin2": _CENTRAL,
    "mac_turkish": ("tr",),
}
"""The commonest first: it stands where two read as well."""
_CYRILLIC = ("ru", "uk", "bg", "sr")
_OTHER_PAGES = {
    "cp1251": _CYRILLIC,
    "koi8_r": _CYRILLIC,
    "koi8_u": _CYRILLIC,
    "cp866": _CYRILLIC,
    "iso8859_5": _CYRILLIC,
    "mac_cyrillic": _CYRILLIC,
    "cp1253": ("el",),
    "iso8859_7": ("el",),
    "mac_greek": ("el",),
    "cp1255": ("he",),
    "iso8859_8": ("he",),
    "cp1256": ("ar",),
    "iso8859_6": ("ar",),
    "cp874": ("th",),
}
"""Of other scripts than Latin that have a byte for each letter."""
_SIGNS = "“”‘’„‚…–—«»¿¡£€§°ºª·´`\xa0\xad©®™•¼½¾²³%‰"
_OF_SIGN = 0.05
_OF_SIGN_OTHER = 0.005
"""Likelihood of a sign among the characters beyond ASCII; in other scripts all letters are."""
_STRANGE = 1e-4
"""Likelihood of a character that a language does not write."""
_MISPLACED = 1e-3
"""How much less likely a sign is inside a word, and a capital behind a small letter."""
_MOST_HIGH = 0.45
"""Share of letters beyond ASCII from which a text is in another script."""
_CLOSE = math.log(20)
_LEAST_LIKELY = math.log(2e-3)
"""Mean likelihood of a character below which a text is in no language here."""
_LEAST_LIKELY_OTHER = math.log(1.2e-2)
"""Of a character in another script, where all letters count: Chinese in two bytes is below it."""
_SAMPLE = 200_000
_KANA_SHARE = 0.3
_SOUND = 0.99
_LEAST_PARITY = 0.98


@dataclass(frozen=True, slots=True)
class Guess:
    """A text, the encoding it was read in, and another that reads nearly as well (or "")."""

    text: str
    encoding: str
    rival: str = ""


def guess_utf16(raw: bytes) -> Guess | None:
    """The text of UTF-16 that lacks its byte-order mark, or None.

    Its blanks and line ends have a zero byte at one side, always the same.
    """
    zeros = Counter(at % 2 for at, byte in enumerate(raw[:_SAMPLE]) if not byte)
    if not zeros or len(raw) % 2:
        return None
    side, n = zeros.most_common(1)[0]
    if n < _LEAST_PARITY * zeros.total():
        return None
    encoding = "utf-16-le" if side else "utf-16-be"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    sound = sum(
        c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cn", "Co", "Cs") for c in sample
    )
    return Guess(text, encoding) if sound >= _SOUND * len(sample) else None


def guess_latin(raw: bytes) -> Guess | None:
    """The text in the code page of Latin letters that reads best; None for another script."""
    sample = raw[:_SAMPLE]
    high = sum(byte >= 0x80 for byte in sample)
    letters = high + sum(64 < byte & 0xDF < 91 for byte in sample if byte < 0x80)
    if not high or high > _MOST_HIGH * letters:
        return None
    return _choose_page(raw, _PAGES, high * _LEAST_LIKELY, of_sign=_OF_SIGN)


def guess_other(raw: bytes) -> Guess | None:
    """The text in a code page of Cyrillic, Greek, Hebrew, Arabic or Thai; None if it is in none."""
    high = sum(byte >= 0x80 for byte in raw[:_SAMPLE])
    least = high * _LEAST_LIKELY_OTHER
    return _choose_page(raw, _OTHER_PAGES, least, of_sign=_OF_SIGN_OTHER)


def guess_japanese(raw: bytes) -> Guess | None:
    """The text in a Japanese encoding if it holds as much kana as Japanese does, else None."""
    for page in ("cp932", "euc_jp"):
        try:
            text = raw.decode(page)
        except UnicodeDecodeError:
            continue
        sample = [char for char in text[:_SAMPLE] if char > "\x7f"]
        kana = sum("\u3040" <= char <= "\u30ff" for char in sample)
        if kana > _KANA_SHARE * len(sample):
            return Guess(text, page)
    return None


def _choose_page(
    raw: bytes, pages: Mapping[str, tuple[str, ...]], least: float, *, of_sign: float
) -> Guess | None:
    """The text in the page in which it is likeliest, if it is at least as likely as `least`."""
    readings: list[tuple[float, str, str]] = []
    for page, languages in pages.items():
        try:
            text = raw.decode(page)
        except UnicodeDecodeError:
            continue
        value = _weigh(text[:_SAMPLE], languages, of_sign)
        # A text that reads the same is no rival.
        if all(text != other for _, _, other in readings):
            readings.append((value, page, text))
    if not readings:
        return None
    best, *others = sorted(readings, key=lambda reading: -reading[0])
    if best[0] < least:
        return None
    close = others and best[0] - others[0][0] < _CLOSE
    return Guess(best[2], best[1], others[0][1] if close else "")


def _weigh(text: str, languages: tuple[str, ...], of_sign: float) -> float:
    """The log-likelihood of a text's characters beyond ASCII in the best of some languages."""
    counts: Counter[str] = Counter()
    n_misplaced = 0
    for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if char > "\x7f":
            counts[char.lower() if char.isalpha() else char] += 1
            n_misplaced += _is_misplaced(before, char, after)
    values = (
        sum(n * math.log(_likelihood(c, _LETTERS[language], of_sign)) for c, n in counts.items())
        for language in languages
    )
    return max(values) + n_misplaced * math.log(_MISPLACED)


def _likelihood(char: str, letters: str, of_sign: float) -> float:
    if char in _SIGNS:
        return of_sign
    if char not in letters:
        return _STRANGE
    total = sum(1 / rank for rank in range(1, len(letters) + 1))
    return 1 / (letters.index(char) + 1) / total


def _is_misplaced(before: str, char: str, after: str) -> bool:
    if char.isalpha():
        return char.isupper() and before.islower()
    return before.isalpha() and after.isalpha() and char not in "’\xad·"
