"""Predictions entered fold by fold."""

from __future__ import annotations

import numpy as np

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding
from autocode.core.transcript import Segment, Span
from autocode.evaluate.coded_corpus import CodedCorpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.predictions import NO_CODE, Predictions
from autocode.pipeline import Study


def test_codes_of_other_domains_are_no_suggestions():
    book = Codebook((Code(id="a", name="a", domain="Q1"), Code(id="b", name="b", domain="Q2")))
    segments = [
        Segment(
            transcript=t,
            span=Span(i, i + 1),
            excerpt="x",
            speaker="P",
            role="participant",
            given=True,
            domain="Q1",
        )
        for i, t in enumerate(("t1", "t2"))
    ]
    codings = [
        Coding(transcript=s.transcript, span=s.span, code="a", coder="Ana") for s in segments
    ]
    gold = build_gold_data(
        CodedCorpus(
            name="d", study=Study(segments=segments, codebook=book, codings=codings, readings=[])
        )
    )
    made = Predictions.empty(gold)

    class Given:  # a ranking's arrays
        logits = np.array([[0.0, -50.0], [0.0, -50.0]])
        probabilities = np.zeros((2, 2))
        likely = in_set = auto_acceptable = np.zeros((2, 2), dtype=bool)

    made.enter(np.array([0, 1]), Given, np.array([[True, False]] * 2))
    assert made.top_codes[0].tolist() == [0, NO_CODE, NO_CODE, NO_CODE, NO_CODE]
