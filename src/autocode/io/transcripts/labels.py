"""Which strings before a mark are speakers: by how they look, and by how often they recur.

A name has to recur, or stand among many others that do; a piece of a sentence ("The thing is: …")
is none however often it comes.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from ...text.speakers import is_aside, is_machine_label, role_of_label
from ...text.stop_words import LANGUAGES, StopWords
from .utterances import speaker_key

FRAGMENT = -4.0
"""At or below this evidence a string is a piece of a sentence."""

_MOST_WORDS = 12
_CODE = re.compile(r"[^\W\d_]{1,5}(?:[-_. ]?\d{1,4}[a-zA-Z]?)?|[A-Z]{1,5}[\w.-]{0,20}\d[\w.-]*")
_LETTERS_AND_DIGITS = re.compile(r"[^\W\d_]{1,3}[ -]?\d{1,4}")
_NUMBER = re.compile(r"[+#(]?\d[\d*\s().xX-]{0,24}")
_MAIL = re.compile(r"[\w.+-]{1,60}@[\w.-]{1,60}")
_IN_BRACKETS = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_SENTENCE_END = re.compile(r"[^\W\d_A-Z]{4,}[.?!]\s|[，。、？！…]")
_NO_NAME = re.compile(r"^[/?!=&]|[=<>{}\\]|\w\(\)")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Words of a sentence that are not part of a name: "The thing is:", "What I said was:".
_SENTENCE = frozenset(
    """is are was were it this that i you he she we they what why how because if then thing my but
    so not said says""".split()  # noqa: SIM905 - as a list it would be a screen of quotes
)
# Small words that names hold in lower case: "Maria del Carmen de la Fuente", "Jörg von Au".
_PARTICLES = frozenset(
    """de del della di da do dos das der den van von vom zu zum la le les el al bin ibn ben y e i
    und and of the für for to et du af av ter ten""".split()  # noqa: SIM905
)
# Capitalised at the start of a sentence, and nobody's name: what speech opens with.
_OPENERS = frozenset(
    """yes yeah no well so and but or okay ok oh ah um uh er hm right sure now then first second
    third also however because maybe anyway actually ja nein und aber oder also nun genau oui non et
    mais donc alors sí si y pero bueno entonces não sim mas então nej och men nee en maar dus tak
    nie at in on about from with for after before by since until around while um gegen nach
    seit vor bei à vers après pendant avant depuis desde hasta entre con por para em até når
    efter før http https mailto ftp am pm""".split()  # noqa: SIM905
)


_ANSWERS = frozenset("ok no yes oh so um uh hm er ah well ja nein si sí non oui".split())  # noqa: SIM905


@lru_cache(maxsize=20_000)
def weigh_label(name: str) -> float:
    """How much a string looks like the name of a speaker, from -6 (a piece of a sentence) to 3.

    3: a role, a code or a machine's label. 2: written like a name. 1: a number, a script without
    capitals. Around 0: a few words in lower case, as display names are.
    """
    name = name.strip()
    tokens = _TOKEN.findall(name)
    if not tokens or is_aside(name) or len(name.split()) > _MOST_WORDS:
        return -6.0
    if _is_code_or_role(name):
        return 3.0
    lowered = [token.casefold() for token in tokens]
    if lowered[0] in _OPENERS and (len(tokens) == 1 or not _is_capitalised(name)):
        return -3.0 if len(tokens) == 1 else -5.0
    if _NO_NAME.search(name) or _SENTENCE_END.search(name):
        return -5.0
    if _NUMBER.fullmatch(name):
        return 1.0
    return _weigh_words(_IN_BRACKETS.sub(" ", name), lowered)


def _is_code_or_role(name: str) -> bool:
    if is_machine_label(name) or role_of_label(name) is not None or _MAIL.fullmatch(name):
        return True
    if name.isupper() and _CODE.fullmatch(name):
        return name.casefold() not in _ANSWERS
    return _LETTERS_AND_DIGITS.fullmatch(name) is not None


def looks_like_a_name(name: str) -> bool:
    """Whether every word is capitalised or counted, and there are no more than four."""
    words = re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", "", name))
    return 0 < len(words) <= 4 and all(
        not word[0].islower() or word[-1].isdigit() for word in words
    )


def find_recurring_names(names: list[str], *, n_paragraphs: int) -> set[str]:
    """Keys of the names that are speakers: those that recur, and rare ones in such company.

    A single use counts when written like a name and most paragraphs open with a speaker.
    """
    counts = Counter(speaker_key(name) for name in names)
    spelled = {speaker_key(name): name for name in names}
    weights = {key: weigh_label(name) for key, name in spelled.items()}
    n_all = sum(n for key, n in counts.items() if weights[key] > FRAGMENT)
    regular = {
        key for key, n in counts.items() if _is_regular(n, weights[key], spelled[key], n_all)
    }
    again = {key for key, n in counts.items() if n >= 2 and weights[key] > FRAGMENT}
    if sum(counts[key] for key in again) >= 0.8 * n_paragraphs:
        regular |= again
    covered = sum(counts[key] for key in regular)
    company = n_paragraphs and covered >= 0.6 * n_paragraphs
    # Where all but a few paragraphs name a speaker, the others most likely do too.
    everywhere = company and covered >= 0.9 * n_paragraphs
    lone = {
        key
        for key, n in counts.items()
        if n < 3
        and weights[key] > FRAGMENT
        and (
            (everywhere and weights[key] >= 0)
            or _stands_alone(n, weights[key], spelled[key], in_company=bool(company))
        )
        and (company or len(counts) <= 4)
    }
    if company:
        return regular | lone
    if covered + len(lone) >= 2 and covered + len(lone) >= 0.4 * n_paragraphs:
        return regular | lone
    return regular if covered >= 3 and len(regular) >= 2 else set()


def _stands_alone(n: int, weight: float, name: str, *, in_company: bool) -> bool:
    """Whether a name that comes once or twice may be a speaker."""
    if n == 2 and in_company:
        return True
    return weight >= 2 or (weight > -1 and looks_like_a_name(name))


def _is_regular(n: int, weight: float, name: str, n_all: int) -> bool:
    if weight <= FRAGMENT:
        return False
    if weight <= -1:
        return n >= 3 and n >= 0.08 * n_all
    return n >= 3 or (n == 2 and looks_like_a_name(name))


def _weigh_words(name: str, lowered: list[str]) -> float:
    words = name.split() or [name]
    tokens = _TOKEN.findall(name)
    if not tokens:
        return 0.0
    if not any(char.islower() or char.isupper() for char in name):
        # A script without capitals, in which a label is short.
        return 1.0 if len(words) <= 5 and max(map(len, words)) <= 12 else -2.0
    if _is_capitalised(name):
        if len(tokens) == 1 and lowered[0] in _stop_words() and len(tokens[0]) > 1:
            return 0.5  # Ben, Will and Mia are names, and stop words of some language
        return 2.0 if len(tokens) <= 5 else 1.0
    small = [token for token in tokens if token[0].islower()]
    if len(tokens) > 1 and _SENTENCE & set(lowered):
        return -5.0
    n_said = sum(token in _stop_words() and token not in _PARTICLES for token in small)
    weight = 0.0 if len(words) <= 4 else -1.5
    weight -= 2.0 * min(n_said, 2)
    if re.search(r"[,;](?!\s*\(?[A-Z])", name):
        weight -= 1.0
    return weight


def _is_capitalised(name: str) -> bool:
    """Whether all words but particles begin with a capital, or end in a digit."""
    tokens = [token for token in _TOKEN.findall(name) if token not in _PARTICLES]
    return bool(tokens) and all(not token[0].islower() or token[-1].isdigit() for token in tokens)


@cache
def _stop_words() -> frozenset[str]:
    """The stop words of every language with a list, in lower case."""
    return frozenset().union(*(StopWords((language,)).words for language in LANGUAGES))
