"""The page about an evaluation: whole, offline, escaped, with and without a human ceiling."""

from __future__ import annotations

import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.pipeline import Tools
from autocode.report.evaluation_page import render_evaluation, write_evaluation

from ..evaluate.support import TOWNS, Words, write_folder
from .support import NAMESPACE


def evaluated(folder, shares=(0.0, 0.5)):
    asked = Protocol(shares=shares, n_folds=3, resampling=Resampling(n_resamples=100))
    tools = Tools(HashEncoder(), MemoryVectorCache())
    return evaluate_suggestions(folder, Words(), tools=tools, protocol=asked)


def test_page_is_whole_and_offline(tmp_path):
    evaluation = evaluated(write_folder(tmp_path / "c"))
    size = write_evaluation(evaluation, tmp_path / "e.html")
    text = (tmp_path / "e.html").read_text(encoding="utf-8")
    assert size == len(text.encode())
    assert "http" not in text.replace("http-equiv", "").replace(NAMESPACE, "")
    assert 'class="curve"' in text
    assert 'class="reliability"' in text
    assert 'class="forest"' in text
    assert 'class="heatmap"' in text
    assert "nan" not in text.lower().split()


def test_human_ceiling_is_drawn_where_two_people_coded(tmp_path):
    both = render_evaluation(evaluated(write_folder(tmp_path / "two")))
    alone = render_evaluation(evaluated(write_folder(tmp_path / "one", coders=("Amina",))))
    assert "People with each other" in both
    assert 'stroke-dasharray="6 4"' in both
    assert "People with each other" not in alone
    assert "no human ceiling" in alone


def test_one_share_can_be_drawn(tmp_path):
    assert 'class="curve"' in render_evaluation(evaluated(write_folder(tmp_path / "c"), (0.5,)))


@pytest.mark.parametrize("nasty", ['<script>alert("x")</script>'])
def test_words_are_escaped(tmp_path, nasty):
    folder = write_folder(tmp_path / "c", copies=[(TOWNS[0], nasty)])
    text = render_evaluation(evaluated(folder))
    assert nasty not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("regime", "said"),
    [
        (
            "while-coding",
            ("and nothing after it", "followed in reading order", "dealt into 3 folds"),
        ),
        ("part-coded", ("some segments of every transcript", "Of every transcript")),
    ],
)
def test_the_page_says_what_was_known(tmp_path, regime, said):
    folder = write_folder(tmp_path / "c")
    asked = Protocol(regime=regime, n_folds=3, resampling=Resampling(n_resamples=50))
    tools = Tools(HashEncoder(), MemoryVectorCache())
    evaluation = evaluate_suggestions(folder, "repeat-last", tools=tools, protocol=asked)
    text = " ".join(render_evaluation(evaluation).split())
    for words in said:
        assert words in text
    assert ("folds" in text) == (regime == "while-coding")
    assert "<td>starts</td>" in text
    assert "Start of a passage: people" in text
