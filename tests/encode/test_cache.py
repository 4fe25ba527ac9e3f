"""Each text is encoded once, and what is stored does not depend on the order it came in."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.transcript import text_digest
from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.encode.hashing import HashEncoder

TEXTS = [
    "I waited a year.",
    "My sister came.",
    "Ünïcode 😀",
    "I waited a year.",
    "",
    "My sister came",
]


class CountingEncoder(HashEncoder):
    """Remembers what it was asked for."""

    def __init__(self, **options):
        super().__init__(**options)
        self.asked = []

    def encode(self, texts, **options):
        self.asked.append(list(texts))
        return super().encode(texts, **options)


@pytest.fixture
def counting():
    return CountingEncoder()


def test_rows_are_in_the_order_of_the_texts(counting):
    found = encode_once(counting, TEXTS, cache=MemoryVectorCache())
    assert found.shape == (6, 64)
    assert found.dtype == np.float32
    for row, text in zip(found, TEXTS, strict=True):
        assert row.tobytes() == HashEncoder().encode([text])[0].tobytes()


def test_each_text_is_encoded_once_in_order_of_digest(counting):
    encode_once(counting, TEXTS, cache=MemoryVectorCache())
    assert counting.asked == [sorted(set(TEXTS), key=text_digest)]


def test_order_of_texts_does_not_reach_the_encoder(counting):
    for order in (TEXTS, TEXTS[::-1]):
        encode_once(counting, order, cache=MemoryVectorCache())
    assert counting.asked[0] == counting.asked[1]


def test_known_texts_are_not_encoded_again(counting):
    cache = MemoryVectorCache()
    first = encode_once(counting, TEXTS[:2], cache=cache)
    again = encode_once(counting, [TEXTS[1], TEXTS[2], TEXTS[0]], cache=cache)
    assert [set(texts) for texts in counting.asked] == [set(TEXTS[:2]), {TEXTS[2]}]
    assert again[[2, 0]].tobytes() == first.tobytes()
    encode_once(counting, TEXTS[:3], cache=cache)
    assert len(counting.asked) == 2


def test_vectors_of_another_encoder_are_not_used():
    cache = MemoryVectorCache()
    wide, narrow = CountingEncoder(n_dimensions=64), CountingEncoder(n_dimensions=16)
    assert encode_once(wide, TEXTS, cache=cache).shape == (6, 64)
    assert encode_once(narrow, TEXTS, cache=cache).shape == (6, 16)
    assert wide.digest != narrow.digest
    assert len(narrow.asked) == 1


def test_no_texts_give_no_rows_of_the_right_width(counting):
    found = encode_once(counting, [], cache=MemoryVectorCache())
    assert found.shape == (0, 64)
    assert counting.asked == []


def test_progress_is_heard():
    heard = []
    encode_once(
        HashEncoder(), TEXTS, cache=MemoryVectorCache(), progress=lambda *told: heard.append(told)
    )
    assert heard[-1] == ("Encoding", 5, 5)
