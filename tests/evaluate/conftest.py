"""The small exam on disk and as objects."""

from __future__ import annotations

import pytest

from autocode.agreement.study.table import Resampling
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.evaluate.gold import exam_of
from autocode.evaluate.protocol import Protocol
from autocode.evaluate.runner import evaluate
from autocode.evaluate.source import source_of
from autocode.pipeline import Tools

from .small_exam import write_folder


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "towns")


@pytest.fixture
def exam(folder):
    return exam_of(source_of(folder))


@pytest.fixture
def tools():
    return Tools(HashEncoder(), MemoryVectorCache())


@pytest.fixture
def sit(tools):
    """Evaluate a method on a folder."""

    def run(place, method, shares=(0.0, 0.5, 0.8), **more):
        asked = Protocol(shares=shares, resampling=Resampling(n_resamples=200), **more)
        return evaluate(source_of(place), method, tools, protocol=asked)

    return run
