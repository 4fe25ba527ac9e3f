from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autocode.core.transcript import Source, Span, Speaker, Transcript, Turn
from autocode.text.excerpts import ExcerptIndex
from autocode.text.folding import Strength, fold, trim_marks

SOURCE = Source(name="t.txt", format="text", digest="")


def conversation(*turns: tuple[str, str]) -> Transcript:
    """A transcript with a line "Name: words" for each turn."""
    text, spans = "", []
    for name, words in turns:
        text += f"{name}: "
        spans.append(Turn(span=Span(len(text), len(text) + len(words)), speaker=name))
        text += f"{words}\n"
    names = dict.fromkeys(name for name, _ in turns)
    speakers = tuple(Speaker(name=name) for name in names)
    return Transcript(name="t", text=text, turns=tuple(spans), source=SOURCE, speakers=speakers)


INTERVIEW = conversation(
    ("I", "How was it?"),
    ("P", "I didn’t expect that – “go home”, she said… so I went. It cost 3.5 euros in 1990."),
    ("I", "Yes?"),
    (
        "P",
        "Yes. It was un\u00adaccept\u00adable, weeks of «\u202fwaiting\u202f», at the cafe\u0301.",
    ),
    ("I", "Nai\u0308ve question: why?"),
    ("P", "Nobody rang, nobody wrote. I waited for eight weeks and then I wrote to them. Yes."),
)


def located(excerpt: str, transcript: Transcript = INTERVIEW) -> list[str]:
    spans = ExcerptIndex(transcript).locate(excerpt).spans
    return [span.of(transcript.text) for span in spans]


@pytest.mark.parametrize(
    ("excerpt", "words"),
    [
        ("I didn't expect that", "I didn’t expect that"),
        ('that - "go home", she', "that – “go home”, she"),
        ("that--go home, she", "that – “go home”, she"),
        ("she said... so I went", "she said… so I went"),
        ("she said . . . so I went", "she said… so I went"),
        ("unacceptable", "un\u00adaccept\u00adable"),
        ('"waiting", at', "«\u202fwaiting\u202f», at"),
        ("at the café", "at the cafe\u0301"),
        ("Naïve question", "Nai\u0308ve question"),
        ("NOBODY RANG", "Nobody rang"),
        ("nobody rang nobody wrote", "Nobody rang, nobody wrote"),
        ("P: Nobody rang", "Nobody rang"),
        ("[P] Nobody rang", "Nobody rang"),
        ("Participant 2: Nobody rang", "Nobody rang"),
        ("P (00:12): Nobody rang", "Nobody rang"),
        ("I: Yes?", "Yes?"),
        ("Nobody rang (...) I waited", "Nobody rang, nobody wrote. I waited"),
        ("eight weeks […] to them", "eight weeks and then I wrote to them"),
        ("(...) nobody wrote.", "nobody wrote."),
        ("I waited ... to them", "I waited for eight weeks and then I wrote to them"),
        ("why?\nP: Nobody", "why?\nP: Nobody"),
        ("why?\nNobody", "why?\nP: Nobody"),
    ],
)  # fmt: skip
def test_an_excerpt_is_found_whatever_its_typography(excerpt, words):
    (found,) = located(excerpt)
    text = INTERVIEW.text
    place = text.index(words)
    start = text.index(found)
    assert trim_marks(text, Span(start, start + len(found))) == trim_marks(
        text, Span(place, place + len(words))
    )


@pytest.mark.parametrize(
    ("excerpt", "n_places"),
    [
        ("Yes", 3),
        ("yes", 3),
        ("Yes.", 2),
        ("Yes?", 1),
        ("P: Yes", 1),
        ("35 euros", 0),
        ("3,5 euros", 0),
        ("at the cafe", 0),
        ("It snowed", 0),
        ("I (...) Yes", 0),
        ("Nobody rang (...) How", 0),
        ("Yes (...) nobody", 0),
        ("", 0),
        ("…", 1),
        ("(...)", 0),
        ("He remarked: Nobody rang", 0),
    ],
)
def test_what_is_not_there_or_there_twice_is_not_taken_for_one_place(excerpt, n_places):
    found = located(excerpt)
    if "(...)" in excerpt and n_places == 0:
        assert len(found) != 1
    else:
        assert len(found) == n_places


def test_the_same_words_in_another_typography_are_two_places():
    twice = conversation(("P", 'I said "no" and then I said “no”.'))
    assert len(located('said "no"', twice)) == 2
    assert len(located("said “no”", twice)) == 2


def test_words_to_the_letter_are_told_from_words_in_another_case():
    twice = conversation(("P", "It rained and it rained."))
    assert located("It rained", twice) == ["It rained"]
    assert len(located("IT RAINED", twice)) == 2


def test_the_place_that_shares_most_words_is_the_nearest():
    index = ExcerptIndex(INTERVIEW)
    span = index.nearest("Nobody called me and nobody wrote anything")
    assert span is not None
    assert "nobody wrote" in span.of(INTERVIEW.text)
    assert INTERVIEW.locate(span) == "P, turn 6"
    assert index.nearest("completely unrelated remarks") is None
    assert index.nearest("") is None


VOCABULARY = (
    "we waited I didn’t “go home” – – 3.5 1990 café cafe\u0301 naïve so… and Yes. no, "
    "un\u00adable (laughs) שלום وقال 今天 👋 Straße don't e-mail ﬁnd"
)
TURNS = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "I", "P 2"]),
        st.lists(st.sampled_from(VOCABULARY.split()), min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=6,
)
VARIANTS = ["'’‘‛´ʼ`\"“”„«»", "-–—−‐", " \u00a0\u202f\n"]


def retype(data: st.DataObject, words: str) -> str:
    """The words as another program would have them."""
    out = []
    form = data.draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    for character in unicodedata.normalize(form, words):
        for variants in VARIANTS:
            if character in variants:
                character = data.draw(st.sampled_from(variants))
                break
        if character == "…":
            character = data.draw(st.sampled_from(["…", "..."]))
        out.append(character)
        if character.isalpha() and data.draw(st.integers(0, 9)) == 0:
            out.append(data.draw(st.sampled_from(["\u00ad", "\u200b", "\u200e", "\ufeff"])))
    return "".join(out)


def count(transcript: Transcript, words: str, strength: Strength) -> int:
    folded = fold(transcript.text, strength, [turn.span for turn in transcript.turns])
    return len(folded.occurrences(fold(words, strength).text, 50))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_typographic_change_of_a_slice_finds_that_slice_and_no_other(data):
    transcript = conversation(*((name, " ".join(words)) for name, words in data.draw(TURNS)))
    turn = data.draw(st.sampled_from(transcript.turns))
    start = data.draw(st.integers(turn.span.start, turn.span.end - 1))
    span = Span(start, data.draw(st.integers(start + 1, turn.span.end)))
    words = span.of(transcript.text)
    # In the middle of a letter with its accent there is no place that typing keeps.
    after = transcript.text[span.end]
    assume(not unicodedata.combining(after) and not unicodedata.combining(words[0]))
    assume(fold(words, Strength.PUNCTUATION).text)
    changed = retype(data, words)
    change = data.draw(st.sampled_from(["none", "case", "label"]))
    loosest = Strength.CASE if change == "case" else Strength.TYPOGRAPHY
    if change == "case":
        changed = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase]))(changed)
        # Words to the letter win over the same words in another case.
        assume(changed == words or count(transcript, words, Strength.CASE) == 1)
        loosest = Strength.TYPOGRAPHY if changed == words else Strength.CASE
    if change == "label":
        changed = f"{turn.speaker}: {changed}"
    found = ExcerptIndex(transcript).locate(changed)
    places = [trim_marks(transcript.text, place) for place in found.spans]
    true_place = trim_marks(transcript.text, span)
    if count(transcript, words, loosest) == 1:
        assert true_place in places
    if count(transcript, words, Strength.CASE) == 1 and change != "label":
        assert places == [true_place]
    if len(places) == 1 and change != "label":
        assert count(transcript, words, loosest) == 1


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_words_left_out_lead_to_the_stretch_they_were_left_out_of(data):
    transcript = conversation(*((name, " ".join(words)) for name, words in data.draw(TURNS)))
    turn = data.draw(st.sampled_from([t for t in transcript.turns]))
    words = turn.span.of(transcript.text).split(" ")
    assume(len(words) > 3)
    first = data.draw(st.integers(1, len(words) - 2))
    last = data.draw(st.integers(first + 1, len(words) - 1))
    head, tail = " ".join(words[:first]), " ".join(words[last:])
    assume(fold(head, Strength.PUNCTUATION).text and fold(tail, Strength.PUNCTUATION).text)
    mark = data.draw(st.sampled_from(["(...)", "[...]", "[…]", "(…)"]))
    found = ExcerptIndex(transcript).locate(f"{head} {mark} {tail}")
    places = [trim_marks(transcript.text, place) for place in found.spans]
    assert trim_marks(transcript.text, turn.span) in places


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_can_be_looked_for_in_any_other(text, words):
    transcript = conversation(("P", text.replace("\n", " ") or "x"))
    index = ExcerptIndex(transcript)
    for span in index.locate(words).spans:
        assert 0 <= span.start < span.end <= len(transcript.text)
    index.nearest(words)


@pytest.mark.parametrize("name", ["Ann", "Ben", "Cem", "Dan", "Eva", "Flo", "Gil", "Hal"])
def test_of_two_names_that_begin_alike_the_longer_one_says_the_excerpt(name):
    talk = conversation((name, "Oh. Lee I slept well"), (f"{name} Lee", "Yes. I slept well"))
    index = ExcerptIndex(talk)
    (span,) = index.locate(f"{name} Lee I slept well").spans
    assert span.start > talk.turns[1].span.start
