"""How the history keeps rows: as compact JSON, compressed where that gains something."""

from __future__ import annotations

import json
import zlib

_SHORT = 256
"""Rows of at most this many bytes are kept as they are: compressing would gain nothing."""
# Made once: `json.dumps` with options makes an encoder at each call.
write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack(values: object) -> bytes | None:
    """Plain values as they are stored, None for None."""
    if values is None:
        return None
    words = write_json(values).encode()
    return words if len(words) <= _SHORT else zlib.compress(words, 1)


def inflate(stored: bytes) -> bytes:
    """The JSON that was packed."""
    # Neither a list nor a string of JSON begins with the byte of a zlib stream.
    return zlib.decompress(stored) if stored[:1] == b"\x78" else stored


def unpack(stored: bytes | None) -> tuple[object, ...] | None:
    """The values of a row that was packed, None for None."""
    return None if stored is None else tuple(json.loads(inflate(stored)))
