"""Words that are names of people and places, known by how a study writes them, not by a list.

In scripts with capitals a name is a word with a capital where no sentence begins. Words in
capitals throughout are abbreviations (NHS) and no names. Where every noun has a capital, as in
German, and in scripts without capitals, only the names of speakers and what follows a title are
known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[^\W\d_][\w'’-]*[^\W_]|[^\W\d_]|[.!?…:;\"“”„«»()\[\]\n。！？]|[^\w\s]")
_OPENS = frozenset('.!?…:"“”„«»()[]\n。！？')
"""After these a capital says nothing."""
TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "dr", "prof", "doctor", "professor", "sir"),
        *("herr", "frau", "doktor", "monsieur", "madame", "mme", "mlle"),
        *("señor", "señora", "sr", "sra", "signor", "signora", "dott"),
        *("meneer", "mevrouw", "dhr", "mevr", "fru", "herra", "pan", "pani"),
    }
)
ROLES = frozenset(
    {"interviewer", "moderator", "participant", "speaker", "facilitator", "researcher", "unnamed"}
)
_NOUNS_HAVE_CAPITALS = 0.15
"""Of words within sentences, from which all nouns seem to be written so: English has 1 to 8 %."""
_POSSESSIVE = re.compile(r"['’](?:s|d|ll|re|ve|m|t)$")


@dataclass(slots=True)
class _Counts:
    """How often each word is written with a small letter, with a capital, and after a title."""

    small: Counter[str] = field(default_factory=Counter)
    capital: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    titled: Counter[str] = field(default_factory=Counter)


def find_proper_names(texts: Iterable[str], speakers: Iterable[str] = ()) -> frozenset[str]:
    """The words of `texts` that name people or places, case-folded; `speakers` are labels."""
    counts = _count(texts)
    n_capital, n_small = counts.capital.total(), counts.small.total()
    names = {word for word, n in counts.titled.items() if n > counts.small[word]}
    if n_capital and n_capital <= _NOUNS_HAVE_CAPITALS * (n_capital + n_small):
        for word in counts.capital.keys() | counts.first.keys():
            # What never has a small letter and always begins a sentence is a name or says little.
            if counts.capital[word] > counts.small[word] or not counts.small[word]:
                names.add(word)
    for label in speakers:
        words = set(re.findall(r"[^\W\d_]{2,}", label.casefold())) - ROLES
        # "Hope" may be a speaker, and a word of the others; without capitals it cannot be told.
        names |= {w for w in words if not n_capital or counts.small[w] <= counts.capital[w]}
    return frozenset(names)


def _count(texts: Iterable[str]) -> _Counts:
    counts = _Counts()
    for text in texts:
        before, is_first = "", True
        for token in _TOKEN.findall(text):
            if not token[0].isalpha():
                # A full stop after a title or an initial ends no sentence.
                is_first = token in _OPENS and not (
                    token == "." and (before in TITLES or len(before) == 1)
                )
                continue
            word = _POSSESSIVE.sub("", token.casefold())
            if token[0].islower():
                counts.small[word] += 1
            elif len(token) > 1 and token.isupper():
                pass
            elif token[0].isupper():
                (counts.first if is_first else counts.capital)[word] += 1
            if before in TITLES and not token[0].islower():
                counts.titled[word] += 1
            before, is_first = word, False
    return counts
