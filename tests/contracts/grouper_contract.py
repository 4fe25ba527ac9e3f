"""What every way of grouping excerpts must do, ours and those of `eval/peers.py`."""

from __future__ import annotations

import numpy as np

from autocode.evaluate.group_excerpts import UNASSIGNED, group_excerpts

N_CENTRES, N_EACH = 5, 20


def clear_groups():
    """Unit vectors around five centres, twenty each, with an excerpt for every one."""
    generator = np.random.default_rng(0)
    rows = np.repeat(np.eye(N_CENTRES, 16), N_EACH, axis=0)
    rows = rows + 0.05 * generator.normal(size=rows.shape)
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return vectors, ["queues at the counter"] * len(vectors)


def check_clear_groups_are_found_twice_alike(grouper):
    vectors, excerpts = clear_groups()
    groups = group_excerpts(grouper, vectors, excerpts)
    assert np.array_equal(groups, group_excerpts(grouper, vectors, excerpts))
    # No group holds rows of two centres.
    pairs = {(group, row // N_EACH) for row, group in enumerate(groups.tolist()) if group >= 0}
    assert len({group for group, _ in pairs}) == len(pairs) >= N_CENTRES


def check_its_input_is_left_as_it_was(grouper):
    vectors, excerpts = clear_groups()
    before, words = vectors.copy(), list(excerpts)
    group_excerpts(grouper, vectors, excerpts)
    assert np.array_equal(vectors, before)
    assert excerpts == words


def check_a_handful_of_rows_is_grouped_or_left(grouper):
    vectors, excerpts = clear_groups()
    groups = group_excerpts(grouper, vectors[:4], excerpts[:4])
    assert groups.shape == (4,)
    assert (groups >= UNASSIGNED).all()


def check_it_has_a_name(grouper):
    assert isinstance(grouper.name, str)
    assert grouper.name
