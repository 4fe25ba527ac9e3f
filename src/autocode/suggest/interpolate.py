"""How far to follow what was learned: against the cold ranking, and along the conversation.

With one or two coded transcripts, or few codings of each code, a learner can be worse than the
codebook's words alone. So its logits are blended with the cold score, the more the less is coded,
and smoothed over what the same speaker said just before and after where codes last longer than one
segment. Another amount is taken only where it ranks clearly better on coded transcripts the learner
had not seen; the largest is the cold ranking itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from .corpus import EncodedCorpus
from .linear import COLD_SLOPE
from .protocol import KnownCodings
from .sequence import Course, row_means, share_kept

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_COLD = (0.0, 0.25, 0.5, 1.0, 2.0, 8.0)
_SMOOTHING = (0.0, 0.15, 0.3)
_USUAL_SMOOTHING, _KEPT_LITTLE, _KEPT_OFTEN = 0.15, 0.4, 0.6
"""The usual smoothing where a speaker's codes are kept often; none where they are kept little."""
_MOST_COLD, _FEW_TRANSCRIPTS, _FEW_USES = 1.5, 2.0, 3.0
"""The usual amount of cold with nothing coded; what halves it: transcripts, codings of a code."""
_FIRST = 3
_FEWEST, _FEWEST_TRANSCRIPTS = 10, 3


@dataclass(frozen=True, slots=True)
class Blend:
    """Learned logits with `cold` parts of 1.2 z to one, and `smoothing` of the speaker's next ones.

    Both change how codes stand to each other within a segment, not the segment's mean logit: that
    says how much is coded at all, which the cold score knows nothing of.
    """

    cold: float = 0.0
    smoothing: float = 0.0

    def apply(self, logits: Floats, corpus: EncodedCorpus) -> Floats:
        """The blended logits of all segments, shape (n_segments, n_codes)."""
        allowed, z = corpus.allowed, corpus.zero_shot.z
        mean = row_means(logits, allowed)
        above = np.where(allowed, logits - mean, 0.0)
        above = (above + self.cold * COLD_SLOPE * np.where(allowed, z, 0.0)) / (1 + self.cold)
        if self.smoothing:
            above = corpus.around.along(above, self.smoothing)
        return np.asarray(mean + above)


def usual_blend(corpus: EncodedCorpus, known: KnownCodings) -> Blend:
    """The blend to take unless another proves better, by how much is coded.

    The amount of cold is 1.5 / (1 + T/2 + (U/3)²) for T coded transcripts and U codings of a code
    on average: many codings in two transcripts teach much, few codings in ten teach little. The
    form was set on eight public corpora at four shares.
    """
    n_transcripts = len(set(corpus.transcripts[known.read].tolist()))
    uses = int(known.applied.sum()) / max(corpus.n_codes, 1)
    cold = _MOST_COLD / (1 + n_transcripts / _FEW_TRANSCRIPTS + (uses / _FEW_USES) ** 2)
    return Blend(round(cold, 3), round(_usual_smoothing(corpus, known), 3))


def _usual_smoothing(corpus: EncodedCorpus, known: KnownCodings) -> float:
    if not _is_running_text(corpus):
        return 0.0
    kept = (share_kept(corpus, known) - _KEPT_LITTLE) / (_KEPT_OFTEN - _KEPT_LITTLE)
    return _USUAL_SMOOTHING * min(max(kept, 0.0), 1.0)


def _is_running_text(corpus: EncodedCorpus) -> bool:
    return bool((corpus.around.previous >= 0).mean() > 0.5)


def choose_blend(
    held_out: Floats, course: Course, *, usual: Blend, applied: Flags, rows: Rows
) -> Blend:
    """The blend that ranks best on held-out logits, if it is clearly better than the usual one.

    `held_out` and `applied` are (n_segments, n_codes), and `course` is what the blended logits go
    through; `rows` are the segments to measure on, each with a code. The measure of a segment is
    whether its first code is right plus the share of its codes in the first three. A blend must
    gain surely: the lower end of the 95 % interval of its gain is above zero, with transcripts as
    what varies, since segments of one are alike. Of those that do, the one with the highest lower
    end wins; with fewer than three transcripts none does.
    """
    corpus = course.corpus
    transcript = np.unique(corpus.transcripts[rows], return_inverse=True)[1]
    if len(rows) < _FEWEST or int(transcript.max(initial=-1)) + 1 < _FEWEST_TRANSCRIPTS:
        return usual

    def ranked_well(blend: Blend) -> Floats:
        logits = course.along(blend.apply(held_out, corpus))
        logits = np.where(corpus.allowed, logits, -np.inf)[rows]
        return _ranked_well(logits, applied[rows])

    before = ranked_well(usual)
    best, most = usual, 0.0
    for amount, cold in product(_SMOOTHING if _is_running_text(corpus) else (0.0,), _COLD):
        surely = _sure_gain(ranked_well(Blend(cold, amount)) - before, transcript)
        if surely > most + 1e-9:
            best, most = Blend(cold, amount), surely
    return best


def _sure_gain(gain: Floats, transcript: Rows) -> float:
    """Lower end of the 95 % t-interval of the mean gain, its error taken over transcripts."""
    from scipy.special import stdtrit

    sizes = np.bincount(transcript)
    off = np.bincount(transcript, weights=gain) - sizes * gain.mean()
    n = len(sizes)
    error = float(np.sqrt(n / (n - 1) * (off**2).sum())) / len(gain)
    return float(gain.mean()) - float(stdtrit(n - 1, 0.975)) * error


def _ranked_well(logits: Floats, applied: Flags) -> Floats:
    """For each row: 1 if its first code is right, plus the share in the first three."""
    ranked = np.argsort(-logits, axis=1, kind="stable")[:, :_FIRST]
    right = np.take_along_axis(applied, ranked, axis=1)
    return np.asarray(right[:, 0] + right.sum(axis=1) / applied.sum(axis=1))
