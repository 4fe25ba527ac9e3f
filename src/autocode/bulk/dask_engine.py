"""Work on partitions done by the workers of a Dask cluster: the adapter of dask.distributed.

Workers must see the output folder under the same path, and have the same autocode installed. Work
that a lost worker had is done again by another: each piece writes whole files or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from ..core.errors import InputError
from .engine import Answer, Item

_RETRIES = 3
_SECONDS = 20


class DaskEngine:
    """Maps over the workers of a `distributed.Client`."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - distributed is untyped
        self._client = client

    def map(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """The answer for each item, in order.

        Raises:
            InputError: if workers or the scheduler were lost, or cannot use the files.
        """
        from distributed import KilledWorker

        futures = self._client.map(function, list(items), pure=False, retries=_RETRIES)
        for at, future in enumerate(futures):
            try:
                answer = future.result()
            except (KilledWorker, CancelledError, OSError) as error:
                raise InputError(
                    f"Dask workers failed ({type(error).__name__}: {str(error)[:200]}). See that "
                    "they run, have enough memory and see OUT under the same path, and start the "
                    "same command again: what is finished is kept."
                ) from None
            yield answer
            futures[at] = None  # the scheduler may forget it


@contextmanager
def open_dask(scheduler: str | None = None, *, n_workers: int = 2) -> Iterator[DaskEngine]:
    """An engine on the cluster of a scheduler (`tcp://HOST:PORT`), else on workers started here.

    Raises:
        InputError: if dask.distributed is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "Dask is not installed. Install it with: pip install 'autocode[dask]'"
        ) from None
    if scheduler is None:
        # One thread a worker: numerics are the same then, and encoders need not be shared.
        with (
            LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=None) as own,
            Client(own) as client,
        ):
            yield DaskEngine(client)
        return
    try:
        client = Client(scheduler, timeout=_SECONDS)
    except (OSError, ValueError) as error:
        raise InputError(
            f"No scheduler answers at '{scheduler}' ({type(error).__name__}). Check that it runs "
            "and that this machine reaches it; what is finished is kept."
        ) from None
    with client:
        yield DaskEngine(client)
