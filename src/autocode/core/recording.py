"""Recordings of what a transcript writes down: where the file is, and what it must hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file with the sound of a transcript; the study knows of it and does not hold it.

    `path` is relative to the folder of the study where the file lies in or below it, else absolute.
    `digest` is the SHA-256 of its bytes, `n_bytes` their number. `media_type` is one of a fixed
    table (`io/recordings`), never guessed by whoever plays it.
    """

    transcript: str
    path: str
    digest: str
    n_bytes: int
    media_type: str
    added_at: str = ""
