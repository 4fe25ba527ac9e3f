"""Words that say nothing of what is talked about, as data per language, each list with its source.

The lists lie in `stopwords/`: one a language from spaCy, sounds of hesitation for all, and words of
talk for English. A study may add words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ..core.errors import InputError
from .language import detect_language

LANGUAGES = (
    *("ar", "da", "de", "el", "en", "es", "fi", "fr", "he", "hu"),
    *("it", "nl", "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk"),
)
"""ISO 639-1 codes of the languages with a list."""

_SOUNDS = "sounds"
_OF_TALK = {"en": ("talk_en",)}


@dataclass(frozen=True, slots=True)
class StopWords:
    """The stop words of some languages, and words that a study adds.

    Raises:
        InputError: if there is no list for a language.
    """

    languages: tuple[str, ...] = ("en",)
    added: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for language in self.languages:
            if language not in LANGUAGES:
                raise InputError(
                    f"No stop words for the language '{language}'. Choose from: "
                    f"{', '.join(LANGUAGES)}."
                )
        plain = {" ".join(word.replace("’", "'").casefold().split()) for word in self.added}
        object.__setattr__(self, "added", tuple(sorted(plain - {""})))

    @property
    def words(self) -> frozenset[str]:
        """All of them, in lower case."""
        return _collect(self.languages, self.added)

    @property
    def sounds(self) -> frozenset[str]:
        """Sounds of hesitation and listening, which speakers join by hyphens."""
        return _load(_SOUNDS)


def resolve_stop_words(stop_words: StopWords, texts: Iterable[str]) -> StopWords:
    """The stop words with a language: the one given, else that of the texts.

    English ones where the texts are in a language without a list.
    """
    if stop_words.languages:
        return stop_words
    language = detect_language(texts)
    return StopWords((language if language in LANGUAGES else "en",), stop_words.added)


@lru_cache(maxsize=32)
def _collect(languages: tuple[str, ...], added: tuple[str, ...]) -> frozenset[str]:
    lists = [_SOUNDS, *languages, *(more for code in languages for more in _OF_TALK.get(code, ()))]
    return frozenset(added).union(*map(_load, lists))


@lru_cache(maxsize=32)
def _load(name: str) -> frozenset[str]:
    text = files("autocode.text").joinpath("stopwords", f"{name}.txt").read_text("utf-8")
    return frozenset(_words(text.splitlines()))


def _words(lines: Iterable[str]) -> Iterable[str]:
    """The words of a list: a line each, without notes (#)."""
    return (line for line in map(str.strip, lines) if line and not line.startswith("#"))
