"""Who interviews and who is interviewed, guessed from labels and behaviour, to be confirmed.

The label decides where it says so ("Interviewer", "Moderator", "INT"). Otherwise the interviewer is
the voice that asks most and says least. The confidence is shown beside the guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .transcript import Role, Speaker, Transcript

_INTERVIEWER = re.compile(
    r"(?i)^(int|iv|i|q|r|interviewer|interview|moderator|mod|facilitator|researcher|co-?moderator"
    r"|host|therapist|entrevistador[a]?|enquêteur|enquêtrice|intervieweur|moderador[a]?"
    r"|befrager(in)?|moderatorin)\W*\d*$|\((researcher|interviewer|moderator|facilitator|host)\)"
)
_PARTICIPANT = re.compile(
    r"(?i)^(p|participant|interviewee|respondent|client|patient|befragte[r]?|pt|s|student|id)\W*\d*$"
)
_NOTE = re.compile(r"(?i)^(note|notes|narrator|scene)$")
_UNKNOWN = re.compile(r"(?i)^(unknown|unidentified|unnamed)\b")
_LABEL_CONFIDENCE = 0.95


@dataclass(slots=True)
class _Voice:
    n_turns: int = 0
    n_words: int = 0
    n_questions: int = 0


def guess_roles(transcript: Transcript) -> tuple[Speaker, ...]:
    """A role with a confidence (0..1) for every named voice, in order of first appearance."""
    voices = _voices(transcript)
    stated = {name: role for name in voices if (role := role_of_label(name)) is not None}
    askers = [name for name, role in stated.items() if role == "interviewer"]
    # "R" is a researcher, but beside an "I" it is the respondent.
    stated |= {name: "participant" for name in askers if name.upper() == "R" and len(askers) > 1}
    asker = _asker(voices) if not askers else None
    if asker is not None and asker[0] in stated:
        asker = None
    rest = asker[1] if asker else 0.9 if "interviewer" in stated.values() else 0.5
    return tuple(
        Speaker(name, stated[name], "guessed", _LABEL_CONFIDENCE)
        if name in stated
        else Speaker(
            name, "interviewer" if asker and name == asker[0] else "participant", "guessed", rest
        )
        for name in voices
    )


def role_of_label(name: str) -> Role | None:
    """The role that a label states, or None if it states none."""
    label = name.strip()
    if _NOTE.search(label):
        return "note"
    if _UNKNOWN.search(label):
        return "unknown"
    if _INTERVIEWER.search(label):
        return "interviewer"
    return "participant" if _PARTICIPANT.search(label) else None


def _voices(transcript: Transcript) -> dict[str, _Voice]:
    voices: dict[str, _Voice] = {}
    for turn in transcript.turns:
        if turn.speaker is None:
            continue
        voice = voices.setdefault(turn.speaker, _Voice())
        words = transcript.words_of(turn)
        voice.n_turns += 1
        voice.n_words += len(words.split())
        voice.n_questions += sum(words.count(mark) for mark in "?？؟")
    return voices


def _asker(voices: dict[str, _Voice]) -> tuple[str, float] | None:
    """The voice that asks clearly most and says clearly less, with a confidence below a label's.

    Nobody is named unless one voice asks in at least every fourth turn, twice as often as the
    next, and with fewer words a turn than the others: a panel among equals has no interviewer.
    """
    if len(voices) < 2:
        return None
    rate = {name: v.n_questions / v.n_turns for name, v in voices.items()}
    first, second, *_ = sorted(voices, key=lambda name: (-rate[name], name))
    others = [v for name, v in voices.items() if name != first]
    own_length = voices[first].n_words / voices[first].n_turns
    their_length = sum(v.n_words for v in others) / sum(v.n_turns for v in others)
    if rate[first] < 0.25 or rate[first] < 2 * rate[second] or own_length > their_length:
        return None
    lead = 1 - rate[second] / rate[first]
    brevity = 1 - own_length / their_length
    return first, round(0.5 + 0.2 * lead + 0.2 * brevity, 2)
