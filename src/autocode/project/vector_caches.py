"""Where a study's vectors are kept: in its file, and if asked for in a shared cache too."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import FileRefused
from ..encode.cache import LayeredVectorCache, VectorCache
from ..encode.cache_folder import find_shared_folder
from ..encode.shared_cache import SharedVectorCache
from ..store.file import StudyFile
from ..store.vectors import StudyVectorCache


def open_vector_cache(study: StudyFile) -> VectorCache:
    """The study's own vectors; those of the folder that AUTOCODE_CACHE names come to them."""
    own = StudyVectorCache(study)
    folder = find_shared_folder()
    return own if folder is None else LayeredVectorCache(own, SharedVectorCache(folder))


def check_shared_vectors() -> None:
    """See that vectors can be dropped from the shared cache, before words are erased for good.

    Raises:
        FileRefused: if the cache is damaged or of another version.
    """
    folder = find_shared_folder()
    if folder is not None:
        SharedVectorCache(folder).check()


def forget_shared_vectors(text_digests: Sequence[str]) -> int:
    """Drop vectors of erased words from the shared cache, if there is one; returns how many.

    Another study that holds the same words encodes them again.

    Raises:
        FileRefused: if they cannot be dropped; which they are is known no more after that.
    """
    folder = find_shared_folder()
    if folder is None:
        return 0
    try:
        return SharedVectorCache(folder).forget(text_digests)
    except FileRefused as error:
        raise FileRefused.because(
            error.path,
            f"{error.fault}, so that vectors of the words may be left in it; from the study the "
            "words are erased",
            remedy="Drop all vectors with: autocode cache prune --everything",
        ) from None
