"""Where the work on partitions is done: here, one after the other, or by workers elsewhere.

A function that an engine maps takes one item, reads and writes files that all workers see, and
gives the same wherever it runs; answers come in the order of the items. So no result hangs on the
number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Engine(Protocol):
    """Maps a function over items; answers come in their order."""

    def map(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """The answer for each item, in order."""


class LocalEngine:
    """In this process, one item after the other."""

    def map(self, function: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
        """The answer for each item, in order."""
        return map(function, items)
