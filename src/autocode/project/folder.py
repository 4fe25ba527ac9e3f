"""A corpus folder as a study in memory, for those who only want its numbers."""

from __future__ import annotations

from pathlib import Path

from ..core.coding import Coding, Reading
from ..core.transcript import Segment, Span
from ..io.corpus import Corpus, read_corpus
from ..pipeline import Study


def study_of_folder(folder: Path) -> Study:
    """Read a corpus folder into memory; nothing is written.

    Raises:
        FileRefused: if the folder is not a sound corpus.
    """
    return study_of_corpus(read_corpus(folder))


def study_of_corpus(corpus: Corpus) -> Study:
    """A corpus already read, as a study in memory."""
    segments: list[Segment] = []
    places: dict[str, tuple[str, Span]] = {}
    for transcript in corpus.transcripts:
        roles = {speaker.name: speaker.role for speaker in transcript.speakers}
        for given in corpus.segments[transcript.name]:
            places[given.name] = (transcript.name, given.span)
            segments.append(
                Segment(
                    transcript.name,
                    given.span,
                    given.span.of(transcript.text),
                    given.speaker,
                    roles.get(given.speaker or "", "unknown"),
                    unit="given",
                    given=True,
                    name=given.name,
                    domain=given.domain,
                )
            )
    return Study(
        segments,
        corpus.codebook,
        [Coding(*places[name], code, coder) for name, coder, code in corpus.codings if code],
        [Reading(*places[name], coder) for name, coder, _ in corpus.codings],
        transcripts=corpus.transcripts,
    )
