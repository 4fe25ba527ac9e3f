"""Names inside the words of cues: "Name: words", however the name is marked.

Zoom, YouTube and speech recognisers put the speaker into the words of a caption. The same layouts
are tried as on plain text, with a line for each cue.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from .clocks import mask_times
from .folding import FoldedText, fold
from .labels import FRAGMENT, weigh_label
from .layouts import Layout, known_layouts
from .openings import extend_names
from .readings import Opening, find_openings, rank_readings
from .utterances import speaker_key


def find_cue_labels(
    cues: Sequence[str], *, layouts: Sequence[Layout] = ()
) -> list[tuple[str | None, str]]:
    """The speaker that each cue names, or None, and its words without the name.

    All None where no speakers are found; `cues` are single lines. With `layouts` no others are
    tried.
    """
    text = "\n".join(cues)
    folded = fold(text)
    openings = _choose(folded, layouts)
    starts = [0, *accumulate(len(cue) + 1 for cue in cues)]
    named: list[tuple[str | None, str]] = [(None, cue) for cue in cues]
    for opening in openings:
        at = bisect_right(starts, folded.find_start(opening.start)) - 1
        words_start = folded.find_start(opening.words_start) - starts[at]
        if named[at][0] is None and 0 <= words_start <= len(cues[at]):
            named[at] = (opening.speaker, cues[at][words_start:].strip())
        elif named[at][0] is None:
            named[at] = (opening.speaker, "")
    return named


def _choose(folded: FoldedText, layouts: Sequence[Layout]) -> list[Opening]:
    tried = layouts or [layout for layout in known_layouts() if not layout.own_line]
    masked = mask_times(folded.text)
    readings = rank_readings(folded.text, masked, tried)
    if readings:
        return extend_names(folded.text, readings[0].openings)
    # A long turn runs over many cues and only its first names the speaker.
    colon = next((layout for layout in tried if layout.name == "colon"), None)
    if colon is None:
        return []
    openings = list(find_openings(folded.text, masked, colon))
    counts = Counter(speaker_key(opening.speaker) for opening in openings)
    return [
        opening
        for opening in openings
        if counts[speaker_key(opening.speaker)] >= 3 and weigh_label(opening.speaker) > FRAGMENT
    ]
