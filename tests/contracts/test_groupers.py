"""The library's own way of grouping keeps the contract of every grouper."""

from __future__ import annotations

import pytest

from autocode.evaluate.group_excerpts import AutocodeGrouper

from . import grouper_contract

CHECKS = [check for name, check in vars(grouper_contract).items() if name.startswith("check_")]


@pytest.mark.parametrize("method", ["combined", "ward", "hdbscan"])
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_library_keeps_the_contract(method, check):
    check(AutocodeGrouper(method))
