"""The words of a study's transcripts, to tell a conversation that is in it in another format."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.transcript import Transcript
from ..store.file import Connection
from ..store.transcripts import transcript_ids, transcripts
from ..text.likeness import digest_words, sketch_words

LEAST_WORDS = 12
"""Words from which two transcripts with the same ones are the same conversation."""
_SAME_VERSION = 0.5
"""Share of common word runs from which two files of one name are versions of one transcript."""


@dataclass(slots=True)
class StoredWords:
    """Digests of what is said in each transcript of a study, read when first asked for.

    `added` are the names of transcripts that this import added.
    """

    by_digest: dict[bytes, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)

    def find_same(self, connection: Connection, transcript: Transcript) -> str | None:
        """The name of the transcript in the study that has the same words, if there is one."""
        if not transcript_ids(connection):
            return None
        n_words, digest = digest_words(spoken(transcript))
        if n_words < LEAST_WORDS:
            return None
        self._read(connection)
        return self.by_digest.get(digest)

    def _read(self, connection: Connection) -> None:
        names = set(transcript_ids(connection))
        if names <= self.known:
            return
        for stored in transcripts(connection):
            if stored.name not in self.known:
                self.by_digest.setdefault(digest_words(spoken(stored))[1], stored.name)
        self.known |= names


def is_other_version(one: Transcript, other: Transcript) -> bool:
    """Whether two transcripts share so many words that one is a version of the other."""
    return sketch_words(spoken(one)).likeness(sketch_words(spoken(other))) >= _SAME_VERSION


def spoken(transcript: Transcript) -> str:
    """What is said in a transcript, without labels and times."""
    return " ".join(transcript.words_of(turn) for turn in transcript.turns)
