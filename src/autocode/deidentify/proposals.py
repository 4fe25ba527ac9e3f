"""Names of people and places proposed for pseudonyms; a person confirms, corrects and adds.

Names are words with capitals where no sentence begins (`text/proper_names`), those of speakers, and
what follows a title; neighbours are one name. An NER model of spaCy adds what it finds, where one
is installed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..text.proper_names import find_proper_names

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_TITLES = (
    "mr", "mrs", "ms", "miss", "dr", "prof", "doctor", "professor", "sir", "herr", "frau",
    "madame", "monsieur", "sister", "nurse",
)  # fmt: skip
_AFTER_TITLE = re.compile(rf"(?i)\b(?:{'|'.join(_TITLES)})\.?\s+$")
_IN_PLACE = re.compile(r"\b(?:in|at|from|near|around|outside)\s+(?:the\s+)?$")
_PLACE_WORDS = frozenset((
    "street", "road", "lane", "avenue", "hospital", "ward", "clinic", "centre", "center",
    "school", "park", "house", "university", "college", "church", "green", "hill", "bridge",
    "surgery", "town", "city", "county",
))  # fmt: skip
_ROLE_WORDS = (
    "interviewer", "interviewee", "moderator", "participant", "speaker", "facilitator",
    "researcher", "respondent", "unnamed",
)  # fmt: skip
_FILE_WORDS = ("interview", "transcript", "recording", "session", "case", "group")
_NO_NAMES = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "christmas", "easter", "ramadan", "english", "internet", "god",
    "okay", "yes", "no",
)).union(_TITLES, _ROLE_WORDS)  # fmt: skip
_GENERIC = re.compile(
    rf"(?i)(?:{'|'.join(_ROLE_WORDS + _FILE_WORDS)})[\s_-]*\d*|"
    r"[a-z]{1,3}[\s_-]*\d+|[a-z]|int|mod|res"
)
"""Labels that name nobody: Interviewer, Speaker 2, interview-02, P07, Q."""
_CONTEXT = 30
_N_EXAMPLES = 3
_POSSESSIVE = re.compile(r"(?i)['’](?:s|d|ll|re|ve|m|t)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedName:
    """A name, its stand-in (empty where a person should decide), kind, count and examples.

    `kind` is person, place or uncertain.
    """

    name: str
    stand_in: str
    kind: str
    n: int
    examples: tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """How a name occurs: how often, after a title, after "in" and such, and some examples."""

    n: int = 0
    n_titled: int = 0
    n_in_place: int = 0
    examples: list[str] | None = None


def propose_names(
    texts: Sequence[str],
    speakers: Mapping[str, str | None],
    entities: Mapping[str, str] | None = None,
) -> list[ProposedName]:
    """Names in `texts`, people first, most frequent first.

    `speakers` are labels with the case each belongs to; a case that is no name (P07) is the
    stand-in;
    `entities` are names that a model found with their kinds. A name that is part of one longer name
    ("Hannah" of "Hannah Lowe") is the same person; a part of several is uncertain.
    """
    borne = dict.fromkeys([*speakers, *filter(None, speakers.values())])
    labels = [label for label in borne if not _GENERIC.fullmatch(label)]
    known = find_proper_names(texts, labels) - _NO_NAMES
    known |= {w.casefold() for name in entities or () for w in name.split()} - _NO_NAMES
    seen = _collect(texts, known)
    for label in labels:
        seen.setdefault(label, _Seen())
    kinds = {name: _kind(name, one, labels, entities or {}) for name, one in seen.items()}
    codes = {label: case for label, case in speakers.items() if case and _GENERIC.fullmatch(case)}
    stand_ins = _stand_ins(seen, kinds, codes)
    order = {"person": 0, "place": 1, "uncertain": 2}
    return sorted(
        (
            ProposedName(
                name=name,
                stand_in=stand_ins.get(name, ""),
                kind=kinds[name] if name in stand_ins else "uncertain",
                n=one.n,
                examples=tuple(one.examples or ()),
            )
            for name, one in seen.items()
        ),
        key=lambda p: (order[p.kind], -p.n, p.name),
    )


def _collect(texts: Iterable[str], known: frozenset[str] | set[str]) -> dict[str, _Seen]:
    """Every name with how it occurs: neighbours with capitals, on one line, are one name."""
    seen: dict[str, _Seen] = {}
    for text in texts:
        run: list[re.Match[str]] = []
        for match in [*_WORD.finditer(text), None]:
            if match and run and text[run[-1].end() : match.start()] != " ":
                _note(seen, text, run)
                run = []
            if match and _is_name(match[0], known):
                run.append(match)
                if not _POSSESSIVE.search(match[0]):
                    continue
            if run:
                _note(seen, text, run)
                run = []
    return seen


def _is_name(word: str, known: frozenset[str] | set[str]) -> bool:
    bare = _POSSESSIVE.sub("", word).casefold()
    # Capitals throughout are abbreviations; a name in capitals is written otherwise elsewhere.
    is_capital = word[0].isupper() and not _POSSESSIVE.sub("", word).isupper()
    return is_capital and len(bare) > 1 and bare in known and bare.rstrip("s") not in _NO_NAMES


def _note(seen: dict[str, _Seen], text: str, run: Sequence[re.Match[str]]) -> None:
    start, end = run[0].start(), run[-1].end()
    name = _POSSESSIVE.sub("", " ".join(m[0] for m in run))
    one = seen.setdefault(name, _Seen())
    before = text[max(0, start - _CONTEXT) : start]
    one.n += 1
    one.n_titled += bool(_AFTER_TITLE.search(before))
    one.n_in_place += bool(_IN_PLACE.search(before))
    one.examples = one.examples or []
    if len(one.examples) < _N_EXAMPLES:
        one.examples.append(" ".join(text[max(0, start - _CONTEXT) : end + _CONTEXT].split()))


def _kind(name: str, one: _Seen, labels: Sequence[str], entities: Mapping[str, str]) -> str:
    parts = {part.casefold() for label in labels for part in label.split()}
    words = name.casefold().split()
    if name in labels or one.n_titled or set(words) & parts:
        return "person"
    if name in entities:
        return entities[name]
    if words[-1] in _PLACE_WORDS or (one.n_in_place and one.n_in_place * 2 >= one.n):
        return "place"
    return "uncertain"


def _stand_ins(
    seen: Mapping[str, _Seen], kinds: Mapping[str, str], codes: Mapping[str, str]
) -> dict[str, str]:
    """One stand-in a person or place; names that may be two people's have none.

    Names that differ in capitals only are one name, as they are when they are replaced.
    """
    wholes = _wholes(seen, kinds)
    numbers: Counter[str] = Counter()
    given: dict[str, str] = {}
    by_letters = {label.casefold(): case for label, case in codes.items()}
    taken = set(codes.values())
    for name in sorted(seen, key=lambda n: (-len(n.split()), -seen[n].n, n)):
        whole = wholes.get(name, name)
        if whole is None or kinds[name] == "uncertain":
            continue
        case = codes.get(name) or codes.get(whole)
        if whole in given and not case:
            given[name] = given[whole]
        elif case:
            given[name] = case
        elif name.casefold() in by_letters:
            given[name] = by_letters[name.casefold()]
        else:
            kind = kinds[name].title()
            numbers[kind] += 1
            while f"{kind} {numbers[kind]}" in taken:
                numbers[kind] += 1
            given[name] = f"{kind} {numbers[kind]}"
        by_letters.setdefault(name.casefold(), given[name])
    return given


def _wholes(seen: Mapping[str, _Seen], kinds: Mapping[str, str]) -> dict[str, str | None]:
    """For a name that is part of longer names of people that one, None where there are several."""
    wholes: dict[str, str | None] = {}
    longer = [name for name in seen if " " in name and kinds[name] == "person"]
    for name in seen:
        parts = [one for one in longer if name != one and name in one.split()]
        if parts:
            wholes[name] = parts[0] if len(parts) == 1 else None
    return wholes
