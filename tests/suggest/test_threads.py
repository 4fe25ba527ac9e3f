"""The same bits on any number of threads: sums of linear algebra are added in one order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib
from dataclasses import replace
import numpy as np
from autocode.core.alignment import align
from autocode.suggest.active_learning import prioritise_segments
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import make_suggestions
from autocode.suggest.online import OnlineRanking
from tests.suggest.support import make_wide_task

task = make_wide_task()
digest = hashlib.sha256()
digest.update(task.corpus.features.matrix.tobytes())
digest.update(task.corpus.zero_shot.z.tobytes())
ranking = CodebookSuggester().rank(task)
digest.update(ranking.logits.tobytes())
digest.update(ranking.probabilities.tobytes())
aligned = align(task.corpus.segments, [], [])
digest.update(repr(make_suggestions(task, ranking, aligned=aligned, top=2)).encode())
digest.update(repr(prioritise_segments(task, ranking, n_wanted=5)).encode())
online = OnlineRanking(task)
online.decide(int(task.targets[0]), [1])
digest.update(online.scores().tobytes())
rows = np.flatnonzero(task.corpus.transcripts == "t1")
follower = CodebookSuggester().fit(task).follow(rows)
for row in rows[:9].tolist():
    follower.observe(row, np.arange(task.corpus.n_codes) == row % 3)
digest.update(follower.rank(rows[9:]).probabilities.tobytes())
half = task.hold_out(rows)
part = replace(half, targets=half.read_rows[::2]).hold_out(half.read_rows[::2])
digest.update(CodebookSuggester().rank(part).probabilities.tobytes())
print(digest.hexdigest())
"""


def start(n_threads: int) -> subprocess.Popen[str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[2],
        env=os.environ | dict.fromkeys(names, str(n_threads)),
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_suggestions_do_not_depend_on_the_number_of_threads():
    runs = [start(1), start(2)]
    digests = [run.communicate()[0] for run in runs]
    assert digests[0].strip()
    assert digests[0] == digests[1]
