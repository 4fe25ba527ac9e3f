"""A corpus folder as a study in memory, for those who only want its numbers."""

from __future__ import annotations

from pathlib import Path

from ..core.coding import Coding, Reading
from ..core.transcript import Segment, Span
from ..io.corpus import CorpusFolder, read_corpus
from ..pipeline import Study


def study_of_folder(folder: Path) -> Study:
    """Read a corpus folder into memory; nothing is written.

    Raises:
        FileRefused: if the folder is not a sound corpus.
    """
    return study_of_corpus(read_corpus(folder))


def study_of_corpus(corpus: CorpusFolder) -> Study:
    """A corpus already read, as a study in memory."""
    segments: list[Segment] = []
    places: dict[str, tuple[str, Span]] = {}
    for transcript in corpus.transcripts:
        roles = {speaker.name: speaker.role for speaker in transcript.speakers}
        for given in corpus.segments[transcript.name]:
            places[given.name] = (transcript.name, given.span)
            segments.append(
                Segment(
                    transcript=transcript.name,
                    span=given.span,
                    excerpt=given.span.of(transcript.text),
                    speaker=given.speaker,
                    role=roles.get(given.speaker or "", "unknown"),
                    unit="given",
                    given=True,
                    name=given.name,
                    domain=given.domain,
                )
            )
    return Study(
        segments=segments,
        codebook=corpus.codebook,
        codings=[
            Coding(transcript=places[name][0], span=places[name][1], code=code, coder=coder)
            for name, coder, code in corpus.codings
            if code
        ],
        readings=[Reading(*places[name], coder) for name, coder, _ in corpus.codings],
        transcripts=corpus.transcripts,
    )
