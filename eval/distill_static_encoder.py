"""Distil the fast encoder from the default one; writes models/fast.

    python eval/distill_static_encoder.py models

The method is that of model2vec (Tulkens and van Dongen 2024): every piece of a word of the default
model's vocabulary is encoded alone, the vectors are reduced to 256 principal components, and each
is weighted by how rare it is (Arora et al. 2017, Zipf's law in place of counted frequencies: the
vocabulary is in the order of frequency). A text is then the mean of the vectors of its pieces. No
text is learned from, so that no corpus can leak into it. The file is in model2vec's own format.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from autocode import load_encoder
from autocode.encode.manifest import find_carried_folder, read_manifest
from autocode.linalg import one_thread

N_DIMENSIONS = 256
SIF = 1e-4
FIRST_PIECE = 999
"""Pieces before it are marks of the model's own, and numbers kept free."""


def encode_pieces(tokenizer: Tokenizer) -> np.ndarray:
    """A vector for each piece of the vocabulary, encoded alone between the model's marks."""
    encoder = load_encoder()
    encoder.encode(["Exported now, if it was not before."])
    exported = encoder._find_exported()
    assert exported is not None, "the default model has to run on onnxruntime"
    begin, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    ids = np.array(
        [[begin, piece, end] for piece in range(tokenizer.get_vocab_size())], dtype=np.int64
    )
    return np.vstack([exported.run(ids[at : at + 256]) for at in range(0, len(ids), 256)])


def reduce(vectors: np.ndarray) -> np.ndarray:
    """The first principal components, with signs fixed by the largest loading."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    with one_thread():
        _, axes = np.linalg.eigh(centred.T @ centred)
        axes = axes[:, ::-1][:, :N_DIMENSIONS]
        axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(N_DIMENSIONS)])
        return centred @ axes


def weight(vectors: np.ndarray) -> np.ndarray:
    """Rare pieces count more: a / (a + p), p by Zipf's law from the rank in the vocabulary."""
    ranks = np.arange(2, len(vectors) + 2)
    shares = (1 / ranks) / (1 / ranks).sum()
    return vectors * (SIF / (SIF + shares))[:, None]


def main() -> None:
    folder = Path(sys.argv[1]) / "fast"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest("all-MiniLM-L6-v2")
    tokenizer = Tokenizer.from_file(str(find_carried_folder(manifest) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    vectors = np.zeros((tokenizer.get_vocab_size(), N_DIMENSIONS))
    # Marks and free numbers stay 0: they say nothing of a text.
    vectors[FIRST_PIECE:] = weight(reduce(encode_pieces(tokenizer)[FIRST_PIECE:]))
    # Each is divided by the same number, so that float16 has room on both sides.
    vectors /= np.linalg.norm(vectors, axis=1).max()
    save_file({"embeddings": vectors.astype(np.float16)}, str(folder / "model.safetensors"))
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "normalize": True,
        "hidden_dim": N_DIMENSIONS,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("config.json", "model.safetensors", "tokenizer.json")
    }
    print(json.dumps(files, indent=2))


if __name__ == "__main__":
    main()
