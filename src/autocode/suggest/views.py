"""The views a learner weighs: the codebook's words, part by part, and what people gave a code."""

from __future__ import annotations

from . import zero_shot
from .corpus import EncodedCorpus
from .linear import Views
from .nearest_examples import precedent_scores
from .protocol import Flags, Rows

NAMES = (*zero_shot.VIEWS, "nearest codings")
_USUAL = (*(1.0 for _ in zero_shot.VIEWS), 0.0)


def views(corpus: EncodedCorpus, applied: Flags, *, of: Rows) -> Views:
    """All views of the segments `of`, given what may be known to be `applied` to all."""
    codebook = tuple(view[of] for view in corpus.zero_shot.views)
    return Views((*codebook, precedent_scores(corpus, applied, of=of)), _USUAL)
