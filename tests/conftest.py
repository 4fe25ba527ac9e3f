"""What every test shares: no network, the tiny encoder, and where the shared corpora lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket

from autocode.encode.hashing import HashEncoder

from .shared import SHARED, present

# A busy machine is no failure, and what fails here fails again on the next run.
settings.register_profile(
    "autocode",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
settings.load_profile("autocode")

EXAMPLE = Path(__file__).parents[1] / "src" / "autocode" / "example" / "study"


@pytest.fixture(autouse=True)
def _no_network():
    disable_socket(allow_unix_socket=True)


@pytest.fixture
def encoder():
    return HashEncoder()


@pytest.fixture(scope="session")
def example():
    """The folder of the bundled example study."""
    return EXAMPLE


@pytest.fixture(scope="session")
def shared():
    """The shared corpora and samples, where this machine has them."""
    return present(SHARED)
