"""Who interviews and who is interviewed, guessed from labels and behaviour, to be confirmed.

The label decides where a word of it says so ("Interviewer", "Moderator", "INT"). A letter ("I",
"P01") is a hint that behaviour has to bear out, and a label that only counts speakers (such as
"SPEAKER_01") says nothing: the interviewer is then who asks most and says least. The confidence is
shown beside the guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.transcript import Role, Speaker, Transcript
from .words import n_words

_INTERVIEWER = re.compile(
    r"(?i)^(int|iv|i|q|r|interviewer(in)?|interview|moderator(in)?|mod|facilitator|researcher"
    r"|co-?moderator|host|therapist|befrager(in)?|forscher(in)?|enquêteur|enquêtrice|intervieweu(r|se)"
    r"|chercheu(r|se)|animat(eur|rice)|entrevistador(a)?|investigador(a)?|moderador(a)?"
    r"|pesquisador(a)?|intervistat(ore|rice)|ricercat(ore|rice)|onderzoek(er|ster)|intervjuare"
    r"|forskare|haastattelija|badacz(ka)?|prowadząc[ya]|görüşmeci|araştırmacı|интервьюер|модератор"
    r"|исследователь|מראיין|מראיינת|חוקרת?|الباحثة?|المحاورة?|采访者|访谈者|訪談者|访问者|主持人|聞き手"
    r"|インタビュアー|調査者|면접자|연구자)\W*\d*$"
    r"|\((researcher|interviewer|moderator|facilitator|host)\)"
)
_PARTICIPANT = re.compile(
    r"(?i)^(p|participants?|interviewees?|respondent(in)?|informant(in)?|client|patient|befragte[rn]?"
    r"|interviewpartner(in)?|teilnehmer(in)?|proband(in)?|enquêtée?|répondante?|participante?"
    r"|entrevistad[oa]|intervistat[oa]|partecipante|geïnterviewde|deelnemer|deltagare|informantti"
    r"|haastateltava|respondentka|badan[ya]|katılımcı|респондент(ка)?|информант|участни(к|ца)"
    r"|מרואיינת?|משתתפת?|المشاركة?|受访者|受訪者|被访者|参与者|回答者|参加者|응답자|참여자|pt|s|student|id)\W*\d*$"
)
_NOTE = re.compile(r"(?i)^(note|notes|narrator|scene)$")
_UNKNOWN = re.compile(r"(?i)^(unknown|unidentified|unnamed)\b")
_MACHINE = re.compile(
    r"(?i)(?:(?:speaker|spk|spkr|voice|person|unknown speaker|sprecher(?:in)?|locuteur|hablante"
    r"|orador"
    r"|falante|spreker|talare|mówca"
    r"|diktor|parlante|говорящий|спикер|说话人|講者|話者|화자)"
    r"[ _#.-]{0,2}(?:\d{1,3}|[a-z])|S\d{1,3})"
)
_LETTER = re.compile(r"[^\W\d_]\W{0,2}\d{0,4}")
_LABEL_CONFIDENCE = 0.95
_LETTER_CONFIDENCE = 0.8
_BORNE_OUT = 0.9
"""Confidence in a letter that behaviour bears out, and in those beside a stated interviewer."""
_ONLY_OTHER = 0.85
"""Confidence that who speaks with participants, and is none by its label, interviews."""
# What transcribers write about the talk, not names: events, gaps, and things taken out.
_ASIDE = re.compile(
    r"(?i)\W*(?:(?:laugh|chuckle?|giggle?|cough|sigh|sniff|cry|sob|nod|shrug|smile?|gesture?|whisper"
    r"|pause?|overlap|interrupt|knock|beep|clap|breathe?)(?:s|ed|d|ing|ping|ter|bing|ding)?"
    r"|cries|applause|clear(?:s|ing)? throat"
    r"|inaudible|indistinct|unintelligible|unclear|silence|crosstalk|cross talk|music|noise|phone"
    r"|background|name|place|redacted|removed|omitted|anonymi[sz]ed|deleted|sic|break|recording"
    r"|(?:start|end) of (?:recording|interview|tape|transcript|video|side)\w*"
    r"|lachen|lacht|pause|unverständlich|rires?|inaudible|risas?|gelach|śmiech)\b"
)


# Asking without a question mark, as speech recognition writes it, and saying what one is.
_ASKS = re.compile(
    r"(?i)\b(?:(?:can|could|would|will) you (?:please |just |maybe )?(?:tell|describe|explain|say"
    r"|talk|share|give|walk|elaborate|think)|tell (?:me|us)|let me ask|(?:next|first|last) question"
    r"|(?:what|how|why|where|when|who|which) (?:is|are|was|were|do|does|did|would|about|kind|made)"
    r"|do you (?:think|feel|find|have|want|remember)|have you (?:ever|had|been)|anything else)\b"
)
_SAYS_SO = re.compile(
    r"(?i)\bI(?:['’]m| am| will be|['’]ll be) (?:the|your|today['’]s) "
    r"(?:interviewer|moderator|facilitator|host)\b"
)
_CHECKS = re.compile(r"(?i)\b(?:right|okay|ok|yeah|you know|you see|isn['’]t it|hm+|huh|eh)\?")
_QUESTION_MARKS = "?？؟՞፧\u037e"
_ASKING_ENDS = ("か。", "까.", "吗。", "嗎。")
"""Ends of sentences that ask without a mark."""
# In Greek a semicolon asks.
_GREEK_QUESTION = re.compile('[\u0370-\u037d\u0386-\u03ff\u1f00-\u1fff]["»”)]?;')
_SAID_CONFIDENCE = 0.85
_LONGEST_ASKER = 2.5
"""Mean turn of who asks over that of the others; beyond this it is a talk with questions."""
_FEW_TURNS = 2
"""Turns added to everybody's count, so that a single question is no habit."""


@dataclass(slots=True, kw_only=True)
class _Behaviour:
    n_turns: int = 0
    n_words: float = 0
    n_marked: int = 0
    n_asking: int = 0
    says_so: bool = False


def guess_roles(transcript: Transcript) -> tuple[Speaker, ...]:
    """A role with a confidence (0..1) for every named speaker, in order of first appearance."""
    turns = transcript.turns
    speakers = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker is not None))
    asker = None if _interviews_by_label(speakers) else _find_by_behaviour(transcript)
    roles = _read_labels(speakers, asker[0] if asker else None)
    stated = [confidence for role, confidence in roles.values() if role == "interviewer"]
    if stated:
        rest = min(_BORNE_OUT, max(stated))
    elif asker is not None and asker[0] not in roles:
        roles[asker[0]] = ("interviewer", asker[1])
        rest = asker[1]
    else:
        rest = 0.5
        if (other := _find_only_other(speakers, roles)) is not None:
            roles[other] = ("interviewer", _ONLY_OTHER)
    return tuple(
        Speaker(name=name, role=role, basis="guessed", confidence=confidence)
        for name in speakers
        for role, confidence in [roles.get(name, ("participant", rest))]
    )


def _interviews_by_label(speakers: Iterable[str]) -> bool:
    """Whether a label says in a word, not in a letter, who interviews: no behaviour counts then."""
    return any(role_of_label(name) == "interviewer" and not _is_letter(name) for name in speakers)


def _find_by_behaviour(transcript: Transcript) -> tuple[str, float] | None:
    speakers = _observe_behaviour(transcript)
    return _find_self_named(speakers) or _find_asker(speakers)


def _is_letter(name: str) -> bool:
    return _LETTER.fullmatch(name.strip()) is not None


def _read_labels(speakers: Iterable[str], asker: str | None) -> dict[str, tuple[Role, float]]:
    """The roles that labels state, with a confidence; `asker` is who behaves like an interviewer.

    Where the letters say one thing and who asks another, behaviour is believed, with a doubt.
    """
    stated = {name: role for name in speakers if (role := role_of_label(name)) is not None}
    askers = [name for name, role in stated.items() if role == "interviewer"]
    # "R" is a researcher, but beside an "I" it is the respondent.
    stated |= {name: "participant" for name in askers if name.upper() == "R" and len(askers) > 1}
    letters = {name for name in stated if _is_letter(name)}
    in_words = any(role == "interviewer" and n not in letters for n, role in stated.items())
    if asker in letters and stated[asker] == "participant" and not in_words:
        swapped: dict[Role, Role] = {"participant": "interviewer", "interviewer": "participant"}
        turned = {asker} | {name for name in letters if stated[name] == "interviewer"}
        if len(turned) > 1:
            return {
                name: (swapped.get(role, role), 0.6) if name in turned else (role, 0.6)
                for name, role in stated.items()
            }
    borne_out = in_words or (
        asker is not None and stated.get(asker, "interviewer") == "interviewer"
    )
    confidence = _BORNE_OUT if borne_out else _LETTER_CONFIDENCE
    return {
        name: (role, confidence if name in letters else _LABEL_CONFIDENCE)
        for name, role in stated.items()
    }


def _find_only_other(
    speakers: Iterable[str], roles: Mapping[str, tuple[Role, float]]
) -> str | None:
    """The one speaker who is no participant by its label where all others are."""
    others = [name for name in speakers if name not in roles]
    named = [role for role, _ in roles.values() if role != "note"]
    is_alone = len(others) == 1 and named and set(named) == {"participant"}
    return others[0] if is_alone and not is_machine_label(others[0]) else None


def role_of_label(name: str) -> Role | None:
    """The role that a label states, or None if it states none."""
    label = name.strip()
    if is_machine_label(label):
        return None
    if _NOTE.search(label):
        return "note"
    if _UNKNOWN.search(label):
        return "unknown"
    if _INTERVIEWER.search(label):
        return "interviewer"
    return "participant" if _PARTICIPANT.search(label) else None


def is_machine_label(name: str) -> bool:
    """Whether a label counts speakers, as programs that tell speakers apart write them.

    "SPEAKER_01", "S00", "Speaker 2" and "spk_0" say who spoke again, not who it is.
    """
    return _MACHINE.fullmatch(name.strip()) is not None


def count_question_marks(words: str) -> int:
    """How many question marks of any script stand in some words."""
    marks = sum(map(words.count, (*_QUESTION_MARKS, *_ASKING_ENDS)))
    return marks + (len(_GREEK_QUESTION.findall(words)) if ";" in words else 0)


def asks(words: str) -> bool:
    """Whether somebody asks: a question mark that is no "right?", or a turn of phrase that asks."""
    marked = count_question_marks(words) > len(_CHECKS.findall(words))
    return marked or _ASKS.search(words) is not None


def is_aside(words: str) -> bool:
    """Whether words begin with an aside of the transcriber, which is nobody's name.

    Such are "[laughter]", "(inaudible 00:12)", and a redaction like "[name]".
    """
    return _ASIDE.match(words) is not None


def _observe_behaviour(transcript: Transcript) -> dict[str, _Behaviour]:
    speakers: dict[str, _Behaviour] = {}
    for turn in transcript.turns:
        if turn.speaker is None:
            continue
        behaviour = speakers.setdefault(turn.speaker, _Behaviour())
        words = transcript.words_of(turn)
        behaviour.n_turns += 1
        behaviour.n_words += n_words(words)
        n_marks = count_question_marks(words)
        behaviour.n_marked += n_marks - len(_CHECKS.findall(words))
        behaviour.n_asking += bool(_ASKS.search(words))
        behaviour.says_so = behaviour.says_so or bool(_SAYS_SO.search(words))
    return speakers


def _find_self_named(speakers: dict[str, _Behaviour]) -> tuple[str, float] | None:
    """The one speaker who says of itself that it interviews."""
    named = [name for name, behaviour in speakers.items() if behaviour.says_so]
    return (named[0], _SAID_CONFIDENCE) if len(named) == 1 and len(speakers) > 1 else None


def _find_asker(speakers: dict[str, _Behaviour]) -> tuple[str, float] | None:
    """The speaker who asks clearly most and says clearly less, with a confidence below a label's.

    Nobody is named unless one of them asks in at least every fourth turn, twice as often as the
    next (or, among more than two, twice as many questions), without making speeches: a panel among
    equals has no interviewer. "Right?" is no question. On 118 conversations whose labels say who
    interviews, with the labels hidden, this named 78, two of them wrongly; its settings were chosen
    on these, so expect less.
    """
    if len(speakers) < 2:
        return None
    n_turns = sum(behaviour.n_turns for behaviour in speakers.values())
    # Without question marks in the file, turns of phrase have to do.
    marked = sum(behaviour.n_marked for behaviour in speakers.values()) >= 0.05 * n_turns
    asked = {name: v.n_marked if marked else v.n_asking for name, v in speakers.items()}
    rate = {name: asked[name] / (v.n_turns + _FEW_TURNS) for name, v in speakers.items()}
    first, second, *_ = sorted(speakers, key=lambda name: (-rate[name], name))
    others = [v for name, v in speakers.items() if name != first]
    own_length = speakers[first].n_words / speakers[first].n_turns
    their_length = sum(v.n_words for v in others) / sum(v.n_turns for v in others)
    lead = 1 - rate[second] / rate[first] if rate[first] else 0.0
    if len(speakers) > 2:
        # Among many, somebody who speaks once may ask once; a moderator asks most of what is asked.
        most = max(n for name, n in asked.items() if name != first)
        lead = max(lead, 1 - most / asked[first] if asked[first] else 0.0)
    if rate[first] < 0.25 or lead < 0.5 or own_length > _LONGEST_ASKER * their_length:
        return None
    brevity = max(0.0, 1 - own_length / their_length)
    return first, round(0.5 + 0.2 * lead + 0.2 * brevity, 2)
