"""What the library leaves unassigned, and answers of other methods that are refused."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.evaluate.group_excerpts import UNASSIGNED, AutocodeGrouper, group_excerpts


def test_what_a_draft_calls_too_short_is_unassigned():
    generator = np.random.default_rng(2)
    rows = np.repeat(np.eye(4, 16), 15, axis=0) + 0.05 * generator.normal(size=(60, 16))
    excerpts = ["Yeah, I know." if row % 15 == 0 else "Queues." for row in range(60)]
    groups = AutocodeGrouper("ward").groups(rows.astype(np.float32), excerpts)
    assert (groups[::15] == UNASSIGNED).all()
    assert (groups >= 0).sum() > 50


def test_the_order_in_which_excerpts_come_makes_no_difference():
    generator = np.random.default_rng(5)
    rows = np.repeat(np.eye(4, 16), 15, axis=0) + 0.2 * generator.normal(size=(60, 16))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    excerpts = [f"Queue number {row}." for row in range(60)]
    groups = AutocodeGrouper().groups(rows, excerpts)
    order = generator.permutation(60)
    shuffled = AutocodeGrouper().groups(rows[order], [excerpts[at] for at in order])
    assert len(set(groups.tolist())) > 2
    assert shuffled.tolist() == groups[order].tolist()


class Returns:
    name = "own"

    def __init__(self, groups):
        self.answer = groups

    def groups(self, vectors, excerpts):
        return self.answer


@pytest.mark.parametrize("answer", [None, [0], [0.0, 1.0], ["a", "b"], [[0, 1]]])
def test_what_is_no_group_for_each_excerpt_is_refused(answer):
    with pytest.raises(InputError, match="'own' returned"):
        group_excerpts(Returns(answer), np.zeros((2, 3), np.float32), ["a", "b"])


def test_every_negative_group_is_unassigned():
    groups = group_excerpts(Returns([-7, 3]), np.zeros((2, 3), np.float32), ["a", "b"])
    assert groups.tolist() == [UNASSIGNED, 3]
