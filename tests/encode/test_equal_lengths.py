"""Batches of one token count: every row once, no padding, the longest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.encode.equal_lengths import group_by_length


@pytest.mark.slow
@given(st.lists(st.integers(1, 9), max_size=80), st.integers(1, 7))
def test_every_row_is_in_one_batch_with_others_of_its_length(counts, size):
    batches = group_by_length(counts, size=size)
    assert sorted(row for batch in batches for row in batch) == list(range(len(counts)))
    lengths = [{counts[row] for row in batch} for batch in batches]
    assert all(len(found) == 1 for found in lengths)
    assert all(len(batch) <= size for batch in batches)
    firsts = [counts[batch[0]] for batch in batches]
    assert firsts == sorted(firsts, reverse=True)
