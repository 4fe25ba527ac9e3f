"""A long history is listed and verified whole; how fast, `eval/bench_acts.py` measures."""

from __future__ import annotations

import pytest

from autocode.core.acts import Change, NewAct
from autocode.store import acts

N = 100_000


@pytest.mark.slow
def test_a_hundred_thousand_acts_are_listed_and_verified(study):
    columns = ("id", "transcript_id", "start", "end", "code_id", "coder_id", "made_at", "memo")
    with study.keeping() as connection:
        for at in range(N):
            row = (at, 1, at, at + 9, 2, 3, "2026-11-30T02:40:11+00:00", "")
            change = Change(table="codings", row=(at,), columns=columns, before=None, after=row)
            new = NewAct(kind="code", summary=f"coding {at}", coder="Amina", key=str(at))
            acts.append_act(connection, new, [change], "2026-11-30T02:40:11+00:00")
    with study.reading() as connection:
        assert len(acts.acts(connection)) == N + 1
        assert acts.verify_acts(connection).is_sound
