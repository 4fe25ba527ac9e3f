"""ELAN files (.eaf) as utterances: which tiers hold the talk, who speaks on them, and when.

The format is the EAF schema of the Max Planck Institute for Psycholinguistics, versions 2 and 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.counted import say_count
from ...core.errors import FileRefused
from ..source import SourceFile
from ..xml import local_name, parse_xml
from .reader import ParsedTranscript, TranscriptReader
from .utterances import Utterance

if TYPE_CHECKING:
    from ..xml import XmlElement

_WHAT = "ELAN file"
_TEXT = re.compile(r"(?i)(?:^|[^a-z])(?:tx|txt|text|utt\w*|transcri\w*|orth?\w*)(?:[^a-z]|$)")
_ABOUT = re.compile(r"(?i)(?:^|[^a-z])(?:ft|translat\w*|gloss\w*|gls|note|comment|pos)(?:[^a-z]|$)")
_Times = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class _Tier:
    """A tier with a time of its own: its name, its speaker, and its annotations."""

    name: str
    speaker: str | None
    utterances: list[Utterance]

    @property
    def words_each(self) -> float:
        """Mean number of words of an annotation: talk has more than gestures and glosses."""
        return sum(len(u.words.split()) for u in self.utterances) / len(self.utterances)


def read_elan(source: SourceFile) -> ParsedTranscript:
    """Read an ELAN file; its utterances are in order of time.

    Tiers that depend on others (words, glosses, translations) are left out, unless the tier above
    only numbers the utterances and the words stand below it. Tiers with less than two words an
    annotation (gestures, gaze) are left out where another tier has sentences.

    Raises:
        FileRefused: if it is no ELAN file, declares entities, or holds no words.
    """
    path = source.path
    root = parse_xml(source.content, path, what=_WHAT)
    if local_name(root) != "ANNOTATION_DOCUMENT":
        raise FileRefused.because(
            path, f"is XML but not an {_WHAT}", remedy="Export it from ELAN as .eaf."
        )
    elements = [element for element in root if local_name(element) == "TIER"]
    times = _annotation_times(root, elements)
    tiers = [
        _worded(element, elements, times) for element in elements if not element.get("PARENT_REF")
    ]
    tiers = [tier for tier in tiers if tier.utterances]
    if not tiers:
        raise FileRefused.because(
            path, "holds no tier with words", remedy="Check the tiers in ELAN."
        )
    sentences = [tier for tier in tiers if tier.words_each >= 2]
    kept = sentences or tiers
    warnings = []
    if left := [tier.name for tier in tiers if tier not in kept]:
        warnings.append(f"tiers left out, as they hold no sentences: {', '.join(left[:8])}")
    if untimed := sum(u.begin is None for tier in kept for u in tier.utterances):
        without = f"{say_count(untimed, 'annotation')} without a time"
        warnings.append(f"{without}: each follows the one before it")
    return ParsedTranscript(format="eaf", utterances=_in_order(kept), warnings=warnings)


def _annotation_times(root: XmlElement, tiers: list[XmlElement]) -> dict[str, _Times]:
    """Begin and end in seconds by annotation; one that refers to another has the other's times."""
    slots: dict[str, float] = {}
    for slot in root.iter("TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        if value.isdecimal() and len(value) < 13:  # a slot may lack its value
            slots[slot.get("TIME_SLOT_ID", "")] = int(value) / 1000
    times: dict[str, _Times] = {}
    for tier in tiers:
        for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
            times[annotation.get("ANNOTATION_ID", "")] = (
                slots.get(annotation.get("TIME_SLOT_REF1", "")),
                slots.get(annotation.get("TIME_SLOT_REF2", "")),
            )
    return times


def _worded(element: XmlElement, elements: list[XmlElement], times: dict[str, _Times]) -> _Tier:
    """A top tier, or the tier below it that holds its words if it only numbers them."""
    tier = _tier(element, times)
    if tier.utterances and tier.words_each >= 2:
        return tier
    below = [_tier(e, times) for e in elements if e.get("PARENT_REF") == tier.name]
    below = [t for t in below if t.utterances and t.words_each >= 2]
    if not below:
        return tier
    chosen = max(below, key=lambda t: (bool(_TEXT.search(t.name)), not _ABOUT.search(t.name)))
    return _Tier(chosen.name, chosen.speaker or tier.speaker, chosen.utterances)


def _tier(element: XmlElement, times: dict[str, _Times]) -> _Tier:
    name = element.get("TIER_ID", "")
    speaker = " ".join(element.get("PARTICIPANT", "").split()) or None
    utterances = []
    for annotation in element.iter("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"):
        words = " ".join((annotation.findtext("ANNOTATION_VALUE") or "").split())
        if words:
            key = annotation.get("ANNOTATION_REF") or annotation.get("ANNOTATION_ID", "")
            begin, finish = times.get(key or "", (None, None))
            utterances.append(Utterance(words=words, speaker=speaker, begin=begin, finish=finish))
    return _Tier(name, speaker, utterances)


def _in_order(tiers: list[_Tier]) -> list[Utterance]:
    """Annotations of all tiers by begin; one without a time keeps its place in its tier."""
    several = len(tiers) > 1
    placed: list[tuple[float, int, int, Utterance]] = []
    for rank, tier in enumerate(tiers):
        at = 0.0
        for number, u in enumerate(tier.utterances):
            at = u.begin if u.begin is not None else at
            speaker = tier.speaker or (tier.name if several else None)
            placed.append(
                (
                    at,
                    rank,
                    number,
                    Utterance(words=u.words, speaker=speaker, begin=u.begin, finish=u.finish),
                )
            )
    return [u for *_, u in sorted(placed, key=lambda item: item[:3])]


def _is_elan(source: SourceFile) -> bool:
    return source.has_suffix(".eaf") or b"<ANNOTATION_DOCUMENT" in source.content[:4096]


ELAN = TranscriptReader(
    name="eaf",
    label="ELAN",
    suffixes=(".eaf",),
    sniff=_is_elan,
    read=read_elan,
    takes_text=False,
)
