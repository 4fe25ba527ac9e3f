"""Every method sorts rows into groups, the same way twice."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.evaluate.groupers import NOWHERE, KMeans, OurGrouper, PlainDense, PlainWard


@pytest.mark.parametrize(
    "grouper", [OurGrouper(), OurGrouper("ward"), OurGrouper("hdbscan"), PlainWard(), KMeans()]
)
def test_groupers_find_clear_groups_twice_alike(grouper):
    generator = np.random.default_rng(0)
    rows = np.repeat(np.eye(5, 16), 20, axis=0) + 0.05 * generator.normal(size=(100, 16))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    excerpts = ["queues at the counter"] * 100
    found = grouper.groups(vectors, excerpts)
    assert np.array_equal(found, grouper.groups(vectors, excerpts))
    # No group holds rows of two centres.
    homes = {(g, at // 20) for at, g in enumerate(found.tolist()) if g >= 0}
    assert len({g for g, _ in homes}) == len(homes) >= 5


def test_plain_hdbscan_leaves_rows_out():
    vectors = np.random.default_rng(1).normal(size=(120, 16)).astype(np.float32)
    assert (PlainDense().groups(vectors, ["queues"] * 120) == -1).any()


def test_our_grouper_leaves_out_what_a_draft_calls_too_short():
    generator = np.random.default_rng(2)
    rows = np.repeat(np.eye(4, 16), 15, axis=0) + 0.05 * generator.normal(size=(60, 16))
    excerpts = ["Yeah, I know." if at % 15 == 0 else "Queues." for at in range(60)]
    found = OurGrouper("ward").groups(rows.astype(np.float32), excerpts)
    assert (found[::15] == NOWHERE).all()
    assert (found >= 0).sum() > 50
