"""The front of the package offers what it lists, and loads none of it beforehand."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autocode import evaluate


def test_every_listed_name_is_there():
    assert set(evaluate.__all__) == set(evaluate._HOMES)
    assert dir(evaluate) == sorted(evaluate.__all__)
    for name in evaluate.__all__:
        assert getattr(evaluate, name).__name__ == name


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = evaluate.absent


def test_the_front_loads_no_numpy():
    program = "import sys, autocode.evaluate; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
