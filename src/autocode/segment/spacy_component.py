"""The sentence rules as a spaCy component, `autocode_sentences`; the only adapter to spaCy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from .sentences import find_sentence_ends, may_part, split_at_marks

NAME = "autocode_sentences"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = 100_000
"""Characters that spaCy is given at once."""


def split_sentences(line: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence of `line`, without a gap; memory stays bounded.

    A very long line is read in pieces; the last sentence of each is read again with the next.
    """
    if not may_part(line):
        yield 0, len(line)
        return
    start = 0
    while start < len(line):
        stop = _end_of_piece(line, start)
        bounds = _sentence_bounds(line[start:stop])
        if stop < len(line) and len(bounds) > 1:
            bounds.pop()
        yield from ((start + begin, start + end) for begin, end in bounds)
        start += bounds[-1][1]


def _end_of_piece(line: str, start: int) -> int:
    stop = start + _LONGEST
    if stop >= len(line):
        return len(line)
    blank = line.rfind(" ", start + 1, stop)
    return blank if blank > 0 else stop


def _sentence_bounds(words: str) -> list[tuple[int, int]]:
    pipeline = _pipeline()
    sound = _SURROGATE.sub("\ufffd", words)  # spaCy keeps strings as UTF-8
    with pipeline.memory_zone():
        return [(sent.start_char, sent.end_char) for sent in pipeline(sound).sents]


@cache
def _pipeline() -> Any:  # noqa: ANN401 - spaCy is skipped by the type checker
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    def tokenise(text: str) -> Any:  # noqa: ANN401 - spaCy
        """A document whose tokens give the text back: no finer than needed, for speed."""
        words = split_at_marks(text)
        return Doc(pipeline.vocab, words=words, spaces=[False] * len(words))

    @Language.component(NAME)  # type: ignore[untyped-decorator]
    def mark(document: Any) -> Any:  # noqa: ANN401 - spaCy
        begins = np.array([0, *find_sentence_ends(document.text)])
        offsets = document.to_array(["IDX"]).astype(np.int64)
        reached = np.searchsorted(begins, offsets, side="right")
        starts = np.where(np.diff(reached, prepend=0) > 0, 1, -1)
        # One call for the whole: a token's own setter goes through the document every time.
        return document.from_array(["SENT_START"], starts.astype(np.uint64).reshape(-1, 1))

    pipeline = Language(Vocab())  # plain: nobody asks for a shape or a norm of our tokens
    pipeline.tokenizer = tokenise
    pipeline.add_pipe(NAME)
    return pipeline
