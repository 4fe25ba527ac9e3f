"""Evidence as data of a page: nothing is lost, and no word of anybody's ends the data."""

from __future__ import annotations

import json
import re

from autocode.core.codebook import Code, Codebook
from autocode.core.suggestion import CodebookPhrase, Evidence, Precedent, Suggestion
from autocode.core.transcript import Segment, Source, Span, Transcript, Turn
from autocode.report.evidence_data import pack_evidence
from autocode.report.excerpts import view_transcript
from autocode.suggest.readable import EvidenceReader

HOSTILE = "</script><!-- & <script>alert(\u2028'x')"
TEXT = "Ann: It never came.\nAnn: Nobody wrote it down.\n"


def make_views(words):
    """The views of two transcripts, whose names differ in a letter only, with suggestions."""
    codebook = Codebook(
        (Code(id="bus", name="The bus", definition=words), Code(id="heard", name="Being heard"))
    )
    colours = {"bus": "#111111", "heard": "#222222"}
    turns = (Turn(span=Span(0, 19), speaker="Ann"), Turn(span=Span(20, 46), speaker="Ann"))
    for number, name in enumerate(("t 1", "t-1")):
        transcript = Transcript(
            name=name,
            text=TEXT,
            turns=turns,
            source=Source(name="t.txt", format="txt", digest="0" * 64),
        )
        segments = [
            Segment(transcript=name, span=turn.span, excerpt=turn.span.of(TEXT)) for turn in turns
        ]
        precedent = Precedent(
            transcript="old",
            span=Span(0, 3),
            excerpt=f"{words} {number}",
            coders=("Kim",),
            similarity=0.5,
            codes=("bus",),
        )
        suggestions = [
            Suggestion(
                transcript=name,
                span=turns[1].span,
                code=code,
                rank=rank,
                score=0.0,
                probability=0.5,
                likely=True,
                evidence=Evidence(
                    phrase=CodebookPhrase("definition", words, 0.25), precedents=(precedent,)
                ),
            )
            for rank, code in enumerate(("bus", "heard"), start=1)
        ]
        yield view_transcript(
            transcript,
            segments,
            [],
            suggestions,
            codebook,
            colours,
            EvidenceReader(segments, codebook),
            anchor=f"t{number}",
        )


def unpack(data):
    """Label, whether quoted, and phrases with figures of every line, by anchor."""
    read = json.loads(data)

    def line(packed):
        kind, *rest = packed
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return (*read["kinds"][kind], [(read["phrases"][at], figure) for at, figure in pairs])

    return {
        anchor: [[line(each) for each in one] for one in suggested]
        for anchor, suggested in read["of"].items()
    }


def test_what_is_packed_is_all_that_is_shown():
    views = list(make_views("The bus that comes twice"))
    shown = {
        row.anchor: [
            [
                (line.label, line.is_quoted, [(q.words, q.number) for q in line.quotes])
                for line in one.evidence
            ]
            for one in row.suggested
        ]
        for view in views
        for row in view.rows
        if row.suggested
    }
    packed = pack_evidence(views)
    assert unpack(packed) == shown
    assert set(shown) == {"t0-1", "t1-1"}
    assert packed.count("The bus that comes twice 0") == 1, "a phrase is kept once"


def test_no_word_ends_the_data():
    views = list(make_views(HOSTILE))
    packed = pack_evidence(views)
    assert not re.search("[<>&]", packed)
    assert unpack(packed)["t1-1"][0][1][2][0][0] == f"{HOSTILE} 1"
