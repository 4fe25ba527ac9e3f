"""The small corpus on disk and as objects."""

from __future__ import annotations

import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.evaluate.coded_corpus import read_coded_corpus
from autocode.evaluate.gold import build_gold_data
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate_suggestions
from autocode.pipeline import Tools

from .support import write_folder


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "towns")


@pytest.fixture
def gold(folder):
    return build_gold_data(read_coded_corpus(folder))


@pytest.fixture
def tools():
    return Tools(HashEncoder(), MemoryVectorCache())


@pytest.fixture
def evaluate(tools):
    """Evaluate a method on a folder."""

    def run(folder, method, shares=(0.0, 0.5, 0.8), **more):
        protocol = Protocol(shares=shares, resampling=Resampling(n_resamples=200), **more)
        return evaluate_suggestions(folder, method, tools=tools, protocol=protocol)

    return run
