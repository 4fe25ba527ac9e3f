"""Under what forms a person's name is looked for in texts: without a title, and its parts alone.

"Dr. Jing Wang" is also "Jing Wang", in any capitals; and "Jing" or "Wang" where it is written with
a capital. What is a word of everyday speech as well ("Will"), and what others are called too, is
not looked for alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .proper_names import ROLES, TITLES
from .stop_words import StopWords
from .words import lacks_blanks

_MORE_TITLES = frozenset(
    {
        *("mx", "madam", "lady", "lord", "rev", "reverend", "father", "sister", "nurse", "hon"),
        *("mag", "dipl", "ing", "drs", "ir", "dra", "don", "doña", "dottssa", "phd", "md"),
    }
)
_BETWEEN = r"[\s_-]+"
_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]")
_PART = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))+")
_NO_PARTS = ROLES | {"interview", "transcript", "recording", "session", "case", "group"}
_MOST_PARTS = 4
"""Words of a name; what has more is a description."""
_SHORTEST = 3
"""Letters of a name that is looked for in any capitals inside of longer texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForms:
    """Forms of some names: `whole` in any capitals, `parts` where they have a capital.

    `untitled` are the parts that are all there is of a name besides its title ("Wang" of "Dr.
    Wang"). `left_out` are parts that are not looked for alone.
    """

    whole: tuple[str, ...]
    untitled: tuple[str, ...]
    parts: tuple[str, ...]
    left_out: tuple[str, ...]


def drop_titles(name: str) -> str:
    """A name without the titles before it, what is in brackets, and what follows a comma."""
    words = _BRACKETED.sub(" ", name).replace(".", ". ").split()
    while len(words) > 1 and words[0].casefold().rstrip(".") in TITLES | _MORE_TITLES:
        words = words[1:]
    while len(words) > 1 and re.sub(r"\W", "", words[-1].casefold()) in {"phd", "md"}:
        words = words[:-1]
    return " ".join(words).rstrip(",")


def find_name_forms(
    names: Iterable[str], people: Iterable[str], others: Iterable[str] = ()
) -> NameForms:
    """The forms of `names`; those among them that are `people` have parts too.

    `others` are the names of everybody else.
    """
    whole = {name for name in names if name.strip()}
    theirs = {word.casefold() for other in others for word in _PART.findall(other)}
    words = StopWords().words
    untitled: set[str] = set()
    parts: set[str] = set()
    left_out: set[str] = set()
    for name in {person for person in people if person.strip()}:
        bare = drop_titles(name)
        bare_parts = [p for p in _PART.findall(bare) if _may_be_name(p)]
        if len(bare_parts) > _MOST_PARTS or re.search(r"\d", bare):
            continue
        if bare != name and len(bare.split()) > 1:
            whole.add(bare)
        for part in bare_parts:
            if part == name:
                continue
            if part.casefold() in theirs or part.casefold() in words:
                left_out.add(part)
            elif part == bare:
                untitled.add(part)
            else:
                parts.add(part)
    return NameForms(
        whole=tuple(sorted(whole)),
        untitled=tuple(sorted(untitled)),
        parts=tuple(sorted(parts - untitled)),
        left_out=tuple(sorted(left_out)),
    )


def _may_be_name(part: str) -> bool:
    return not part[0].islower() and part.casefold() not in _NO_PARTS


class NameCounter:
    """Counts names as whole words: `whole` in any capitals, `capitalised` with a capital only.

    A short name counts inside of a text with its capital only. "Ann's" and "Anns" count as "Ann".
    Where a script puts no blanks between words, a name counts wherever its letters stand.
    """

    def __init__(self, whole: Collection[str], capitalised: Collection[str] = ()) -> None:
        self._whole = {_plain(name) for name in whole if name.strip()}
        words = StopWords().words
        short = {n for n in whole if len(n) == _SHORTEST - 1 and n.casefold() not in words}
        short = {name for name in short if name.isalpha() and not name.islower()}
        long = {name for name in whole if len(name.strip()) >= _SHORTEST}
        # "Will" in small letters is a word, and names nobody.
        self._any = {_plain(name) for name in long if name.casefold() not in words}
        forms = {unicodedata.normalize("NFC", n) for n in {*long, *short, *capitalised}}
        forms |= {form.upper() for form in forms}  # "Strauß" is written "STRAUSS"
        patterns = [_pattern_of(form) for form in sorted(forms, key=len, reverse=True)]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def count(self, text: str) -> int:
        """How often one of the names stands in a text."""
        if _plain(text) in self._whole:
            return 1
        if self._pattern is None:
            return 0
        matches = self._pattern.finditer(unicodedata.normalize("NFC", text))
        return sum(not m[0][0].islower() or self._is_whole(m[0]) for m in matches)

    def _is_whole(self, words: str) -> bool:
        plain = _plain(words)
        return bool({plain, re.sub(r"['’]?s$", "", plain)} & self._any)


def _plain(name: str) -> str:
    composed = unicodedata.normalize("NFC", name).casefold()
    return re.sub(_BETWEEN, " ", composed).strip()


def _pattern_of(form: str) -> str:
    words = [re.escape(word) for word in re.split(_BETWEEN, form) if word]
    before = "" if len(form) > 1 and lacks_blanks(form[0]) else r"(?<![^\W_])"
    after = "" if len(form) > 1 and lacks_blanks(form[-1]) else r"(?:['’]?s)?(?![^\W_])"
    return f"{before}{_BETWEEN.join(words)}{after}"
