"""Which codes the codebook's words do not find: said with every evaluation, as it limits them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..suggest.code_status import FEWEST_TRANSCRIPTS, FEWEST_USES, findable_by
from ..suggest.corpus import EncodedCorpus
from .gold import Exam

_MOST_NAMED = 8


def beyond_words(exam: Exam, corpus: EncodedCorpus) -> tuple[str, ...]:
    """A remark on the codes that their definition does not find, none where there are none.

    Judged on everything the reference coded: this describes the codebook and teaches no method.
    """
    judged, lost = 0, []
    for at, code in enumerate(exam.codes):
        rows = exam.scored & corpus.allowed[:, at]
        applied = exam.work.applied[rows, at]
        if applied.sum() < FEWEST_USES or _n_transcripts(exam, rows, at) < FEWEST_TRANSCRIPTS:
            continue
        judged += 1
        if findable_by(corpus.zero_shot.z[rows, at], applied)[1] == "no":
            lost.append(code.name or code.id)
    if not lost:
        return ()
    named = ", ".join(lost[:_MOST_NAMED]) + (", ..." if len(lost) > _MOST_NAMED else "")
    return (
        f"Not findable from the codebook's words alone: {len(lost)} of the {judged} codes used "
        f"{FEWEST_USES} times or more ({named}). These have to be learned from codings.",
    )


def _n_transcripts(exam: Exam, rows: npt.NDArray[np.bool_], at: int) -> int:
    return len(set(exam.place[rows & exam.work.applied[:, at]].tolist()))
