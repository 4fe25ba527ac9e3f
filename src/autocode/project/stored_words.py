"""The words of a study's transcripts, to tell a conversation that is in it in another format."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.transcript import Transcript
from ..store.file import Connection
from ..store.transcripts import transcript_ids, transcripts
from ..text.likeness import WordSketch, digest_words, sketch_words

LEAST_WORDS = 12
"""Words from which two transcripts with the same ones are the same conversation."""
_SAME_VERSION = 0.5
"""Share of common word runs from which two files of one name are versions of one transcript."""
_PERHAPS_VERSION = 0.15
"""The share from which they may be; two people's answers to the same questions have less."""


@dataclass(slots=True)
class StoredWords:
    """Digests of what is said in each transcript of a study, read when first asked for.

    `added` are the names of transcripts that this import added; `last_sketched` is what was last
    sketched, with its sketch.
    """

    by_digest: dict[bytes, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    sketches: dict[str, WordSketch] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)
    last_sketched: tuple[str, WordSketch] | None = None

    def find_same(self, connection: Connection, transcript: Transcript) -> str | None:
        """The name of the transcript in the study that has the same words, if there is one."""
        if not transcript_ids(connection):
            return None
        n_words, digest = digest_words(spoken(transcript))
        if n_words < LEAST_WORDS:
            return None
        self._read(connection)
        return self.by_digest.get(digest)

    def find_version(self, connection: Connection, transcript: Transcript) -> str | None:
        """The name of the transcript that this one may be a version of: the one most like it."""
        names = set(transcript_ids(connection))
        if not names:
            return None
        sketch = self._sketch(transcript)
        if sketch.n_words < LEAST_WORDS:
            return None
        if not names <= self.sketches.keys():
            for stored in transcripts(connection):
                if stored.name not in self.sketches:
                    self.sketches[stored.name] = sketch_words(spoken(stored))
        likeness = {
            name: self.sketches[name].likeness(sketch)
            for name in sorted(names)
            # Most transcripts of a study have not one run of words in common.
            if not self.sketches[name].runs.isdisjoint(sketch.runs)
        }
        nearest = max(likeness, key=lambda name: likeness[name], default=None)
        if nearest is None or likeness[nearest] < _SAME_VERSION:
            return None
        return nearest

    def add(self, transcript: Transcript) -> None:
        """Know a transcript that this import added, so that it is not read again."""
        self.added.add(transcript.name)
        if self.sketches:
            self.sketches[transcript.name] = self._sketch(transcript)
        if self.known:
            self.known.add(transcript.name)
            self.by_digest.setdefault(digest_words(spoken(transcript))[1], transcript.name)

    def _sketch(self, transcript: Transcript) -> WordSketch:
        """The sketch of a transcript, made once: it is compared first, and known after."""
        words = spoken(transcript)
        if self.last_sketched is None or self.last_sketched[0] != words:
            self.last_sketched = words, sketch_words(words)
        return self.last_sketched[1]

    def _read(self, connection: Connection) -> None:
        names = set(transcript_ids(connection))
        if names <= self.known:
            return
        for stored in transcripts(connection):
            if stored.name not in self.known:
                self.by_digest.setdefault(digest_words(spoken(stored))[1], stored.name)
        self.known |= names


def is_other_version(one: Transcript, other: Transcript, *, later: bool = False) -> bool:
    """Whether two transcripts share so many words that one is a version of the other.

    One that comes `later` under the same name may be a version where it has fewer words in common,
    or few words at all, since nobody may have meant both.
    """
    sketches = [sketch_words(spoken(transcript)) for transcript in (one, other)]
    alike = sketches[0].likeness(sketches[1])
    if later and min(sketch.n_words for sketch in sketches) < LEAST_WORDS:
        return True
    return alike >= (_PERHAPS_VERSION if later else _SAME_VERSION)


def spoken(transcript: Transcript) -> str:
    """What is said in a transcript, without labels and times."""
    return " ".join(transcript.words_of(turn) for turn in transcript.turns)
