"""The language of a text by its script and its function words, and how it is written.

Enough to choose stop words and an encoder, and to set `lang` and `dir` on a page. Of a transcript
nothing is said where it is short or two languages fit it alike (`identify_language`); of all texts
of a study together it is English where too little is said (`detect_language`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from types import MappingProxyType
from typing import Literal

Direction = Literal["ltr", "rtl", "auto"]

_RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "dv", "syr"})
_SCRIPTS = MappingProxyType(
    {
        "HEBREW": "he",
        "ARABIC": "ar",
        "GREEK": "el",
        "CYRILLIC": "ru",
        "CJK": "zh",
        "HIRAGANA": "ja",
        "KATAKANA": "ja",
        "HANGUL": "ko",
        "THAI": "th",
        "DEVANAGARI": "hi",
        "BENGALI": "bn",
        "TAMIL": "ta",
        "ARMENIAN": "hy",
        "GEORGIAN": "ka",
        "ETHIOPIC": "am",
        "THAANA": "dv",
        "SYRIAC": "syr",
    }
)
"""The language most often written in a script, by the first word of its letters' names."""
_LETTERS = MappingProxyType(
    {
        "ar": (("ur", "ٹڈڑےہ"), ("fa", "پچژگکی")),
        "ru": (("uk", "іїєґ"), ("sr", "јљњћђџ"), ("be", "ў")),
    }
)
"""Letters that tell languages of one script apart, the most telling first."""
_LETTER_SHARE = 0.02
_KANA_SHARE = 0.05
_BULGARIAN = ("ъ", "ыэё")
_FEWEST_WORDS = 20
_FEWEST_LETTERS = 20
_MOST_LETTERS = 200_000
_MOST_WORDS = 20_000
_LEAST_MAJORITY = 0.6
"""Share of letters that one script must have."""
_LEAST_SHARE = 0.06
"""Of words that are function words of the language, each counted by how few others have it."""
_LEAST_LEAD = 1.25
"""How many times the evidence of the second language that of the first must be."""
_MOST_TEXTS = 20_000
_LEAST_READ = 2_000
"""Characters in which a study that says enough has twenty words."""
_NAMES = MappingProxyType(
    {
        "am": "Amharic",
        "ar": "Arabic",
        "be": "Belarusian",
        "bg": "Bulgarian",
        "bn": "Bengali",
        "ca": "Catalan",
        "cs": "Czech",
        "da": "Danish",
        "de": "German",
        "dv": "Dhivehi",
        "el": "Greek",
        "en": "English",
        "es": "Spanish",
        "et": "Estonian",
        "fa": "Persian",
        "fi": "Finnish",
        "fr": "French",
        "he": "Hebrew",
        "hi": "Hindi",
        "hu": "Hungarian",
        "hy": "Armenian",
        "id": "Indonesian",
        "is": "Icelandic",
        "it": "Italian",
        "ja": "Japanese",
        "ka": "Georgian",
        "ko": "Korean",
        "lt": "Lithuanian",
        "lv": "Latvian",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "ro": "Romanian",
        "ru": "Russian",
        "sk": "Slovak",
        "sl": "Slovene",
        "sr": "Serbian",
        "sv": "Swedish",
        "syr": "Syriac",
        "ta": "Tamil",
        "th": "Thai",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "zh": "Chinese",
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def identify_language(text: str) -> str | None:
    """The ISO 639-1 code of the language most of a text is in, or None where it is not clear."""
    letters: Counter[str] = Counter()
    # counted before they are named, as few letters make a text
    for char, n in Counter(islice(filter(str.isalpha, text), _MOST_LETTERS)).items():
        letters[_name_script(char)] += n
    n_letters = letters.total()
    if n_letters < _FEWEST_LETTERS:
        return None
    kana = letters["HIRAGANA"] + letters["KATAKANA"]
    if letters["CJK"] + kana >= _LEAST_MAJORITY * n_letters:
        return "ja" if kana > _KANA_SHARE * n_letters else "zh"
    script, n = letters.most_common(1)[0]
    if n < _LEAST_MAJORITY * n_letters:
        return None
    if script == "LATIN":
        return _identify_latin(text)
    language = _SCRIPTS.get(script)
    return None if language is None else _tell_by_letters(language, text, n)


def detect_language(texts: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language that most of the texts of a study are in.

    None where they are in no language that is known, or in two alike; English where they hold too
    few words to say and most letters are Latin.
    """
    return _detect_in("\n".join(islice(texts, _MOST_TEXTS)))


@lru_cache(maxsize=4)
def _detect_in(text: str) -> str | None:
    """As `detect_language`; one command asks several times of the same texts."""
    language = identify_language(text)
    if language is not None or len(_WORD.findall(text[:_LEAST_READ])) >= _FEWEST_WORDS:
        return language
    letters = Counter(map(_name_script, filter(str.isalpha, text[:_LEAST_READ])))
    # A script without blanks gives one "word" a sentence, so letters are counted.
    return "en" if letters.total() <= 3 * letters["LATIN"] else None


def name_language(language: str) -> str:
    """The English name of a language by its ISO 639-1 code, or the code itself."""
    return _NAMES.get(language, language)


def find_direction(language: str | None) -> Direction:
    """In which direction a language is written; "auto" (by the first letter) where it is None."""
    if language is None:
        return "auto"
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=4096)
def _name_script(char: str) -> str:
    name = unicodedata.name(char, "")
    return "LATIN" if char.isascii() else name.partition(" ")[0].partition("-")[0]


def _tell_by_letters(language: str, text: str, n_letters: int) -> str:
    for other, letters in _LETTERS.get(language, ()):
        if sum(map(text.count, letters)) >= _LETTER_SHARE * n_letters:
            return other
    own, foreign = _BULGARIAN
    if language == "ru" and text.count(own) > 4 * sum(map(text.count, foreign)):
        return "bg"
    return language


def _identify_latin(text: str) -> str | None:
    folded = unicodedata.normalize("NFC", text).replace("’", "'").casefold()
    counts = Counter(match[0] for match in islice(_WORD.finditer(folded), _MOST_WORDS))
    if counts.total() < _FEWEST_WORDS:
        return None
    evidence: defaultdict[str, float] = defaultdict(float)
    for word, n in counts.items():
        languages = _load_function_words().get(word, ())
        for language in languages:
            evidence[language] += n / len(languages)
    ranked = sorted(evidence.items(), key=lambda entry: -entry[1])
    (best, most), (_, next_most) = [*ranked, ("", 0.0), ("", 0.0)][:2]
    clear = most >= _LEAST_SHARE * counts.total() and most >= _LEAST_LEAD * next_most
    return best if clear else None


@lru_cache(maxsize=1)
def _load_function_words() -> Mapping[str, tuple[str, ...]]:
    """The languages that have a word among their commonest, by word."""
    lines = files("autocode.text").joinpath("function_words.txt").read_text("utf-8").splitlines()
    languages: dict[str, list[str]] = {}
    for line in lines:
        if not line.startswith("#"):
            language, *words = line.split()
            for word in dict.fromkeys(words):
                languages.setdefault(word, []).append(language)
    return {word: tuple(among) for word, among in languages.items()}
