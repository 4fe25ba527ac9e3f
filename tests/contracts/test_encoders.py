"""What every encoder must do: ours, and the least that another can be."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from autocode.encode.hashing import HashEncoder
from autocode.encode.load import load_encoder
from autocode.encode.protocol import Encoder

TEXTS = ["I waited for a year.", "My sister came.", "Ünïcode \U0001f600", "", "...", "So it was."]


class CountsLetters:
    """The least of an encoder: how often each letter of the alphabet occurs."""

    name = "letters"
    digest = hashlib.sha256(b"letters 1").hexdigest()
    n_dimensions = 26

    def encode(self, texts, *, progress=None):
        rows = [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts]
        counts = np.array(rows, dtype=np.float32).reshape(len(texts), 26)
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return counts / np.where(lengths == 0, 1, lengths)


@pytest.fixture(
    params=["hash", "letters", pytest.param("sentences", marks=pytest.mark.model)], scope="module"
)
def encoder(request):
    makers = {"hash": HashEncoder, "letters": CountsLetters, "sentences": load_encoder}
    return makers[request.param]()


def test_encoder_has_what_the_protocol_asks_for(encoder):
    assert isinstance(encoder, Encoder)
    assert encoder.name
    assert len(encoder.digest) == 64


def test_encoder_gives_a_row_of_its_width_to_each_text(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.n_dimensions)
    assert vectors.dtype == np.float32
    assert encoder.encode([]).shape == (0, encoder.n_dimensions)


def test_encoder_gives_rows_of_length_one_or_zero(encoder):
    lengths = np.linalg.norm(encoder.encode(TEXTS), axis=1)
    assert lengths[[0, 1, 5]] == pytest.approx(1, abs=1e-5)
    assert not lengths[[3, 4]].any(), "texts without a letter"


def test_encoder_gives_the_same_bits_to_the_same_texts(encoder):
    assert encoder.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


def test_encoder_does_not_heed_the_order_or_the_company(encoder):
    vectors = encoder.encode(TEXTS)
    assert encoder.encode(TEXTS[::-1])[::-1].tobytes() == vectors.tobytes()
    for row, text in enumerate(TEXTS):
        assert encoder.encode([text])[0].tobytes() == vectors[row].tobytes()


@pytest.mark.parametrize("name", ["hash:", "hash:32"])
def test_hash_encoders_load_by_their_name(name):
    encoder = load_encoder(name)
    assert load_encoder(encoder.name).digest == encoder.digest


@pytest.mark.model
def test_the_default_loads_by_its_name_and_scheme():
    assert load_encoder("st:all-MiniLM-L6-v2").digest == load_encoder().digest
