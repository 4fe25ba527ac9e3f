"""The language of a study by its stop words: enough to tell English from what it is not.

A guess over all texts together, by the lists in `stopwords/`; nothing is said of single texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import chain

from .stop_words import LANGUAGES, StopWords

_FEWEST_TOKENS = 20
"""With fewer words nothing is said, and English stands."""
_LEAST_SHARE = 0.12
"""Of words that are stop words. English talk has about half, notes in key words a quarter; English
lists find a word in thirty of Finnish or Polish."""
_MOST_TOKENS = 50_000


def detect_language(texts: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language of the texts, or None if it is none with a list.

    It is the language of whose stop words the texts hold most. Texts that hold few stop words of
    any list are in none of them.
    """
    tokens: Counter[str] = Counter()
    n_latin = n_letters = 0
    for word in _take_words(texts):
        tokens[word] += 1
        is_latin = word.isascii() or unicodedata.name(word[0], "").startswith("LATIN")
        # A script without blanks gives one "word" a sentence, so letters are counted.
        n_letters += len(word)
        n_latin += len(word) * is_latin
    n_tokens = tokens.total()
    if n_tokens < _FEWEST_TOKENS:
        return None if n_letters > 2 * n_latin else "en"
    held = {language: _count_held(tokens, language) for language in LANGUAGES}
    # English comes first, so that it stands where two are level.
    best = max(sorted(held, key=lambda language: language != "en"), key=lambda name: held[name])
    return best if held[best] >= _LEAST_SHARE * n_tokens else None


def resolve_stop_words(stop_words: StopWords, texts: Iterable[str]) -> StopWords:
    """The stop words with a language: the one given, else that of the texts, else English."""
    if stop_words.languages:
        return stop_words
    return StopWords((detect_language(texts) or "en",), stop_words.added)


def _count_held(tokens: Counter[str], language: str) -> int:
    words = StopWords((language,)).words
    # Single letters are in most lists, and in any text that numbers or abbreviates.
    return sum(n for word, n in tokens.items() if len(word) > 1 and word in words)


def _take_words(texts: Iterable[str]) -> Iterable[str]:
    words = chain.from_iterable(
        re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.replace("’", "'").casefold()) for text in texts
    )
    return (word for word, _ in zip(words, range(_MOST_TOKENS), strict=False))
