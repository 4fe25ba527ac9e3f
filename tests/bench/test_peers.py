"""The groupers that ours is compared with keep the contract of every grouper."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

from ..contracts import grouper_contract

FOLDER = Path(__file__).parents[2] / "eval"


@pytest.fixture(scope="module")
def peers():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield importlib.import_module("peers")
        sys.modules.pop("peers", None)


@pytest.mark.parametrize("name", ["PlainWard", "KMeans"])
def test_peers_find_clear_groups_twice_alike(peers, name):
    grouper_contract.check_clear_groups_are_found_twice_alike(getattr(peers, name)())


@pytest.mark.parametrize("name", ["PlainWard", "KMeans", "PlainHdbscan"])
def test_peers_keep_the_rest_of_the_contract(peers, name):
    grouper = getattr(peers, name)()
    grouper_contract.check_it_has_a_name(grouper)
    grouper_contract.check_its_input_is_left_as_it_was(grouper)


def test_plain_hdbscan_leaves_rows_out(peers):
    vectors = np.random.default_rng(1).normal(size=(120, 16)).astype(np.float32)
    assert (peers.PlainHdbscan().groups(vectors, ["queues"] * 120) == -1).any()


def test_what_ours_is_compared_with_has_names_of_its_own(peers):
    names = [grouper.name for grouper in peers.groupers()]
    assert len(set(names)) == len(names)
