"""The act of the search: one code on all excerpts that were ticked."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.errors import InputError, StudyChanged
from ..project.hand_coding import HandOptions, Place
from .act_requests import Asked, Kinds, Outcome
from .reading import find_name
from .search_view import digest_words


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMany:
    """Put a code on excerpts, given by the number of the transcript, start and end.

    `digests` stand for their words, which must still be there.
    """

    code: str
    transcripts: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    digests: tuple[str, ...]

    def do(self, asked: Asked) -> Outcome:
        """Do it, for all or none; codings that are there already stay."""
        lists = (self.transcripts, self.starts, self.ends, self.digests)
        if len({len(one) for one in lists}) != 1:
            raise InputError("Each excerpt needs a transcript, start, end and digest.")
        names = {number: find_name(asked.project, number) for number in set(self.transcripts)}
        texts = {number: asked.project.transcript_text(name) for number, name in names.items()}
        places = []
        for number, start, end, digest in zip(*lists, strict=True):
            if not 0 <= start < end or digest_words(texts[number][start:end]) != digest:
                raise StudyChanged(
                    f"The words at {start}..{end} of '{names[number]}' are others by now. Search "
                    "again; nothing was coded."
                )
            places.append(Place(transcript=names[number], start=start, end=end))
        options = HandOptions(new_coder=True, key=asked.key, seen=asked.sight.codebook)
        done = asked.project.code_many(places, self.code, coder=asked.coder, options=options)
        made = done.result
        return Outcome.of(
            done, {"n_made": len(made.made) if made else 0, "n_known": made.n_known if made else 0}
        )


SEARCH_KINDS: Kinds = {"code-many": CodeMany}
