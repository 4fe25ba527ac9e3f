"""The sentence rules as a spaCy component, `autocode_sentences`, for anybody's pipeline.

spaCy finds it by the entry point of this package: `nlp.add_pipe("autocode_sentences")`. Nothing of
ours needs spaCy to part sentences: loading it brings torch along, for seconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language

from .sentences import find_sentence_ends

NAME = "autocode_sentences"


@Language.component(NAME)  # type: ignore[untyped-decorator]
def mark_sentences(document: Any) -> Any:  # noqa: ANN401 - spaCy is skipped by the type checker
    """A document of spaCy's whose tokens say where sentences begin."""
    begins = np.array([0, *find_sentence_ends(document.text)])
    offsets = document.to_array(["IDX"]).astype(np.int64)
    reached = np.searchsorted(begins, offsets, side="right")
    starts = np.where(np.diff(reached, prepend=0) > 0, 1, -1)
    # One call for the whole: a token's own setter goes through the document every time.
    return document.from_array(["SENT_START"], starts.astype(np.uint64).reshape(-1, 1))
