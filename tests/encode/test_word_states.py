"""Inner states of the default encoder, and the shipped head that reads them."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.encode import word_states as reading
from autocode.encode.load import DEFAULT_MODEL, load_encoder
from autocode.encode.manifest import find_models_folder, read_manifest
from autocode.encode.word_states import compute_word_states
from autocode.segment import unpunctuated
from autocode.segment.unpunctuated import SpeechHead, list_bare_words

pytestmark = pytest.mark.model

TALK = (
    "i came here in april it was cold and i did not know anybody my sister lived in the north "
    "do you remember that winter yes i do we had no heating at all"
)


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def head():
    return SpeechHead.load(find_models_folder())


@pytest.mark.slow
def test_word_states_have_a_row_for_each_word(encoder):
    first, none = compute_word_states(encoder, [TALK.split(), []])
    assert first.shape == (len(TALK.split()), 768)
    assert none.shape == (0, 768)
    assert np.isfinite(first).all()
    assert (np.abs(first).sum(axis=1) > 0).all()


def test_word_states_do_not_depend_on_what_else_is_asked_for(encoder):
    alone = compute_word_states(encoder, [TALK.split()])[0]
    beside = compute_word_states(encoder, [["well"], TALK.split(), ["so"] * 300])[1]
    assert np.array_equal(alone, beside)


def test_word_states_depend_on_the_words_around(encoder):
    first, second = compute_word_states(
        encoder, [["the", "river", "bank"], ["the", "savings", "bank"]]
    )
    assert not np.allclose(first[2], second[2])


def test_word_states_of_a_long_text_are_read_in_windows_with_context(encoder):
    words = (TALK.split() * 8)[:200]
    at = reading._WORDS_PER_WINDOW
    whole = compute_word_states(encoder, [words])[0]
    context = words[at - reading._CONTEXT_WORDS : 2 * at + reading._CONTEXT_WORDS]
    beside = compute_word_states(encoder, [context[: reading._WORDS_PER_WINDOW]])[0]
    # The first word of the second stretch was read with the words before it.
    assert not np.allclose(whole[at], compute_word_states(encoder, [words[at:]])[0][0], atol=1e-3)
    assert beside.shape[0] == at


def test_word_states_of_words_in_many_pieces_end_with_zeros_not_errors(encoder):
    states = compute_word_states(encoder, [["internationalisierungsbestrebungen"] * 90])[0]
    assert np.isfinite(states).all()
    assert not states[-1].any()


def test_word_states_leave_the_number_of_threads_as_it_was(encoder):
    import torch

    before = torch.get_num_threads()
    compute_word_states(encoder, [["well"]])
    assert torch.get_num_threads() == before


def test_shipped_weights_are_those_of_the_card_and_of_the_pinned_encoder(head):
    folder = find_models_folder() / "speech-head"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((folder / card["file"]).read_bytes()).hexdigest() == card["sha256"]
    assert head.encoder == card["encoder"] == read_manifest(DEFAULT_MODEL).digest
    assert head.weights["states"].shape == (2 * 768, 64)
    assert len(head.known) == len(head.weights["embedding"]) - 1
    assert 0 < head.threshold < 1


def test_shipped_weights_find_most_ends_of_plain_talk(head, encoder):
    ends = head.ends(TALK, lambda texts: compute_word_states(encoder, texts))
    found = [TALK[a:b].strip() for a, b in zip([0, *ends], [*ends, len(TALK)], strict=True)]
    assert {"my sister lived in the north", "do you remember that winter", "yes"} <= set(found)


def test_altered_weights_are_refused_in_one_line(tmp_path):
    shutil.copytree(find_models_folder() / "speech-head", tmp_path / "speech-head")
    with (tmp_path / "speech-head" / "weights.npz").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(InputError, match=r"^[^\n]+weights\.npz: not the file its card describes"):
        SpeechHead.load(tmp_path)


def test_missing_weights_are_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^[^\n]+cannot be read[^\n]+Install autocode again"):
        SpeechHead.load(tmp_path)


def test_ends_of_a_long_line_do_not_need_it_at_once(head, encoder, monkeypatch):

    text = f"{TALK} " * 6
    asked = []

    def states(texts):
        asked.append(len(texts[0]))
        return compute_word_states(encoder, texts)

    whole = head.ends(text, states)
    monkeypatch.setattr(unpunctuated, "_WORDS_AT_ONCE", 96)
    parts = head.ends(text, states)
    assert asked[0] == len(list_bare_words(text))
    assert max(asked[1:]) == 97
    assert len(set(whole) ^ set(parts)) <= 2  # context is lost where stretches meet
