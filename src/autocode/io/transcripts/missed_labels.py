"""A check after reading: what begins lines inside turns like the name of another speaker.

The worst misreading is a silent one: words of a speaker whose name was not seen, given to the one
before. So the turns are looked through again for what looks like a name before a separator, with no
regard to the layout that was chosen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .clocks import BARE, WRAPPED, mask_times
from .folding import fold
from .labels import weigh_label
from .utterances import Utterance, join_same_speaker, speaker_key

_SHOWN = 3
_FEWEST_TURNS = 6
_T = f"[{BARE}{WRAPPED}]"
_LIKE_A_LABEL = re.compile(
    rf"^[ \t]*+[-–—*•·>#@]{{0,3}}[ \t]{{0,3}}(?:{_T}+[ \t|,-]{{0,4}})?(?:"
    rf"(?P<before>[^\s:：;|\[\](){{}}<>{BARE}{WRAPPED}][^\n:：;|\t{BARE}{WRAPPED}]{{0,79}}?)"
    rf"[ ]{{0,3}}{_T}*[ ]{{0,3}}(?::(?=[ \t\n]|$)|[：|;]|[ ][-–—](?=[ ])|\t)"
    rf"|[\[{{<](?P<inside>[^\n\[\]{{}}<>:{BARE}{WRAPPED}]{{1,60}})[\]}}>]:?(?=[ \t\n]|$))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedLabel:
    """What may be the name of a speaker that was not taken for one; how many lines it begins."""

    name: str
    n_lines: int


def find_missed_labels(
    texts: Iterable[str], known: Iterable[str] = (), *, n_turns: int
) -> list[MissedLabel]:
    """The three most frequent of what may be names at the beginning of lines, most frequent first.

    `texts` are the words of the turns with their line ends; of the `known` names only full
    mentions with a separator count, which are turns that were not separated.
    """
    keys = {speaker_key(name) for name in known}
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    folded = fold("\n".join(texts)).text
    for match in _LIKE_A_LABEL.finditer(mask_times(folded)):
        name = (match["before"] or match["inside"]).strip(" *_")
        weight = weigh_label(name)
        key = speaker_key(name)
        # A dash or tab after a few words is seldom a mark, unless the words are plainly a name.
        is_mark = folded[match.end() - 1] in ":：|;]}>"
        if key in keys or weight >= (0 if is_mark else 2):
            counts[key] += 1
            spelled.setdefault(key, name)
    least = max(2, 0.02 * n_turns)
    return [
        MissedLabel(name=spelled[key], n_lines=n)
        for key, n in counts.most_common()
        if n >= least and (n >= 3 or key in keys or weigh_label(spelled[key]) >= 2)
    ][:_SHOWN]


def describe_missed(missed: Sequence[MissedLabel], utterances: Sequence[Utterance]) -> list[str]:
    """Warnings of names that may have been missed, and of shares of talk that are implausible."""
    names = {u.speaker for u in utterances if u.speaker}
    said = []
    if missed:
        shown = ", ".join(f"'{label.name}' ({label.n_lines})" for label in missed)
        where = "lines inside turns begin" if names else "lines begin"
        said.append(
            f"{where} as if they named other speakers: {shown}; look with "
            "autocode speakers --preview FILE, or say how turns are marked with --speaker-pattern"
        )
    if said or not names:
        return said
    words = Counter[str]()
    for utterance in utterances:
        words[utterance.speaker or ""] += len(utterance.words.split())
    (first, most), *_ = words.most_common(1)
    alone = len(names) == 1 and len(utterances) >= _FEWEST_TURNS
    swallowed = len(join_same_speaker(utterances)) == 1
    if alone and swallowed:
        said.append(
            f"only '{first}' is named, in {len(utterances)} turns on end; check whether others "
            "speak in between"
        )
    elif len(utterances) >= 20 and len(names) > 1 and most >= 0.97 * words.total():
        share = round(100 * most / words.total())
        said.append(f"'{first}' has {share} % of the words; check whether others speak in between")
    return said
