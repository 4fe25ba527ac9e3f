"""The part of the evidence that is shown."""

from __future__ import annotations

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.core.suggestion import CodebookPhrase, Evidence, Suggestion
from autocode.core.transcript import Span
from autocode.suggest.readable import EvidenceReader

from .support import say

HEARD = Code(id="heard", name="Being_heard", definition="Being heard.")
ENGLISH = [say("And then she said it to me, and I was on my own with all of that again", 0)]
GERMAN = [say("Ich habe auf einen Termin gewartet und niemand hat mir gesagt was ich tun soll", 0)]


def read(evidence, segments=ENGLISH):
    suggestion = Suggestion(
        transcript="t1",
        span=Span(0, 5),
        code="heard",
        rank=1,
        score=0.0,
        probability=0.5,
        likely=False,
        evidence=evidence,
    )
    return EvidenceReader(segments * 3, Codebook((HEARD,))).read(suggestion)


@pytest.mark.parametrize(
    "text", ["Being heard", "Being heard.", "Being_heard. Being heard.", "To be being heard"]
)
def test_a_definition_that_repeats_the_name_is_not_shown(text):
    assert read(Evidence(phrase=CodebookPhrase("definition", text, 0.9))).phrase is None


def test_a_definition_that_says_more_than_the_name_is_shown():
    phrase = CodebookPhrase("definition", "Being heard. Staff take time to listen", 0.9)
    assert read(Evidence(phrase=phrase)).phrase == phrase


def test_function_words_and_fillers_are_not_shown():
    words = ("and", "it", "i'm", "she said", "erm", "?", "ward", "very", "lever arch")
    shown = read(Evidence(words=tuple((word, 0.1) for word in words))).words
    assert [word for word, _ in shown] == ["ward", "lever arch"]


def test_no_word_is_better_than_a_function_word():
    assert read(Evidence(words=(("and", 0.5), ("was", 0.4)))).words == ()


def test_stop_words_are_those_of_the_language_of_the_study():
    words = (("niemand", 0.3), ("die", 0.2), ("termin", 0.1))
    assert [word for word, _ in read(Evidence(words=words), GERMAN).words] == ["termin"]
    assert [word for word, _ in read(Evidence(words=words)).words] == ["niemand", "die", "termin"]
