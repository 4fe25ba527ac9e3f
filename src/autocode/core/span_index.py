"""Which of many items of a transcript share characters with a span, without looking at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from .transcript import Span


class Spanned(Protocol):
    """What stands on a span of a transcript."""

    @property
    def span(self) -> Span:
        """Where it stands."""


Item = TypeVar("Item", bound=Spanned)


class SpanIndex(Generic[Item]):
    """Items of one transcript, ordered by where they start, then where they end."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = sorted(items, key=lambda item: (item.span.start, item.span.end))
        self._starts = [item.span.start for item in self._items]
        self._longest = max((len(item.span) for item in self._items), default=0)

    def overlapping(self, span: Span) -> list[Item]:
        """The items that share a character with `span`, in order."""
        first = bisect_left(self._starts, span.start - self._longest)
        last = bisect_left(self._starts, span.end)
        return [item for item in self._items[first:last] if item.span.overlap(span)]
