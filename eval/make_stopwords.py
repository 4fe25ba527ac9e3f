"""Write src/autocode/text/stopwords/ from spaCy's lists, content words kept out of them.

    python eval/make_stopwords.py

spaCy's lists (MIT) were made for news and the web and hold words that carry what people say in a
study of lives: being alone, a serious illness, a day, a home. `KEPT` names those for each language;
they stay content. Forms with an apostrophe are left out, since words are cut there.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "autocode" / "text" / "stopwords"

KEPT = {
    "en": "alone call empty full move serious show together",
    "de": "allein besser besten ehrlich gut gute guter gutes jahr jahre jahren leicht neue neuen "
    "offen satt schlecht tag tage tagen wahr zeit zusammen",
    "fr": "gens ouvert ouverte ouverts parle parlent parler seul seule seules seuls stop",
    "es": "conocer dia dias día días habla hablan mal mejor peor sola solas verdad",
    "it": "anni anno casa citta città consiglio forza futuro giorni giorno governo gruppo lavoro "
    "male marche mesi ministro mondo mosto ora ore paese peccato piedi registrazione scola tempo "
    "titolo uomo vita",
    "nl": "beter betere vrij",
    "pt": "apoia apoio boa bom caminho certeza conselho falta grupo lugar mal meses mês povo "
    "questão quieta quieto sistema tempo tentar tentaram tente tentei",
    "sv": "beslut beslutat beslutit bra bäst bättre dag dagar dagarna dagen god goda lätt viktig "
    "viktigare viktigast viktigt",
}

HEADER = """\
# Stop words: {name} ({n}).
# Source: spaCy {version}, spacy/lang/{code}/stop_words.py. Licence: MIT.
# Copyright (C) 2016-2024 ExplosionAI GmbH, 2016 spaCy GmbH, 2015 Matthew Honnibal.
# Made by eval/make_stopwords.py. Kept as content words: {kept}.
"""

NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "sv": "Swedish",
    "ar": "Arabic",
    "da": "Danish",
    "el": "Greek",
    "fi": "Finnish",
    "he": "Hebrew",
    "hu": "Hungarian",
    "no": "Norwegian",
    "pl": "Polish",
    "ro": "Romanian",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
}

SOURCES = {"no": "nb"}
"""What spaCy calls a language, where it is not the code we use."""


def main() -> None:
    for code, name in NAMES.items():
        kept = set(KEPT.get(code, "").split())
        source = SOURCES.get(code, code)
        listed = import_module(f"spacy.lang.{source}.stop_words").STOP_WORDS
        missing = kept - listed
        if missing:
            raise SystemExit(f"{code}: not in spaCy's list: {', '.join(sorted(missing))}")
        plain = {word.casefold() for word in listed - kept}
        words = sorted(word for word in plain if not any(mark in word for mark in "'’‘"))
        head = HEADER.format(
            name=name,
            n=len(words),
            version=version("spacy"),
            code=source,
            kept=", ".join(sorted(kept)) or "none (not read through)",
        )
        (FOLDER / f"{code}.txt").write_text(head + "\n".join(words) + "\n", encoding="utf-8")
        print(f"{code}: {len(words)} words")


if __name__ == "__main__":
    main()
