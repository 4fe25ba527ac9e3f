"""Documents that lie beside interviews and are none: interview guides and consent forms.

They are known by structure and words: hardly anybody answers in a guide, whose lines are questions;
a consent form speaks of agreeing, signing and withdrawing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_GUIDE_NAME = re.compile(
    r"(?i)\b(?:interview|topic|discussion|focus group)[\s_-]*"
    r"(?:guide|guideline|schedule|protocol|questions)\b"
    r"|\b(?:topic ?guide|leitfaden|interviewleitfaden|guide d['’]entretien|grille d['’]entretien"
    r"|gui[oó]n|gu[ií]a de entrevista|roteiro|vragenlijst|intervjuguide|scenariusz|гайд)\b"
)
_PROBE = re.compile(r"(?i)^\W*(?:probes?|prompts?|follow[- ]?ups?|nachfragen?|relances?)\b")
_CONSENT_NAME = re.compile(
    r"(?i)\b(?:informed consent|consent|information sheet|participant information|einwilligung\w*"
    r"|consentement|consentimiento|consentimento|consenso|toestemming\w*|samtycke\w*|zgoda)\b"
)
_CONSENT = (
    r"i (?:agree|consent|understand|confirm)|agree to (?:take part|participate|be recorded)",
    r"signature|signed|unterschrift|firma|assinatura|handtekening|underskrift|podpis",
    r"voluntary|freiwillig|volontaire|voluntari[oa]|vrijwillig",
    r"withdraw|widerrufen|zurückziehen|retirer|retirarme|terugtrekken",
    r"take part in (?:the|this) (?:study|research|interview|project)|teilnahme an|participer à",
    r"confidential|anonym|data protection|datenschutz|confidentiel|confidencial",
    r"(?m)^\W*(?:name|date|place|datum|fecha|nom|ort)\s*:?\s*[_.…]*\s*$",
)
_MOST_WORDS = 3_000
_NUMBERED = re.compile(r"^\W{0,3}(?:\d{1,2}[.)]|[a-z][.)]|[•▪–*-])\s+\S", re.IGNORECASE)


def describe_form(lines: Sequence[str], *, name: str) -> str:
    """What a document without speakers is, if it is no talk: "an interview guide (…)"; else empty.

    `lines` are its lines with words, `name` its file name.
    """
    filled = [line.strip() for line in lines if line.strip()]
    text = "\n".join(filled)
    if not filled or len(text.split()) > _MOST_WORDS:
        return ""
    titled = " ".join([re.sub(r"[_-]", " ", name), *filled[:2]])
    signs = sum(re.search(pattern, text, re.IGNORECASE) is not None for pattern in _CONSENT)
    if signs >= (2 if _CONSENT_NAME.search(titled) else 4):
        return "a consent form (it speaks of agreeing and signing, and nobody talks)"
    asked = sum(line.rstrip(" _.…").endswith(("?", "？", "؟")) for line in filled)
    probes = sum(_PROBE.match(line) is not None for line in filled)
    listed = sum(_NUMBERED.match(line) is not None for line in filled)
    share = (asked + probes) / len(filled)
    is_named = _GUIDE_NAME.search(titled) is not None
    if asked >= 2 and (share >= 0.6 or (share >= 0.25 and (is_named or probes))):
        shown = f"{asked} of its {len(filled)} lines are questions"
        return f"an interview guide ({shown}, without answers)"
    if is_named and listed >= 0.5 * len(filled) and len(filled) > 2:
        return "an interview guide (a numbered list under that title)"
    return ""
