"""Where a study's vectors are kept: in its file, and if asked for in a shared cache too."""

from __future__ import annotations

from collections.abc import Sequence

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


def forget_shared_vectors(text_digests: Sequence[str]) -> int:
    """Drop vectors of erased words from the shared cache, if there is one; returns how many.

    Another study that holds the same words encodes them again.
    """
    folder = find_shared_folder()
    return 0 if folder is None else SharedVectorCache(folder).forget(text_digests)
