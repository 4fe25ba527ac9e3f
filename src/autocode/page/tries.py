"""How often somebody may try a password: five times a minute for a name, and from an address."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

MOST_TRIES = 5
SECONDS = 60.0
_MOST_KEYS = 10_000


class Tries:
    """The tries of the last minute, by what they were for; `clock` counts seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def begin(self, keys: Iterable[str]) -> bool:
        """Count a try under each key before it is made; false where one has had its share.

        Counted before, so that many at once are not let in together.
        """
        now, keys = self._clock(), tuple(keys)
        with self._lock:
            if len(self._tries) > _MOST_KEYS:
                self._forget(now)
            lists = [self._tries.setdefault(key, deque()) for key in keys]
            for tries in lists:
                while tries and now - tries[0] > SECONDS:
                    tries.popleft()
            if any(len(tries) >= MOST_TRIES for tries in lists):
                return False
            for tries in lists:
                tries.append(now)
            return True

    def forgive(self, keys: Iterable[str]) -> None:
        """Take back the last try under each key: it was right."""
        with self._lock:
            for key in keys:
                if tries := self._tries.get(key):
                    tries.pop()

    def _forget(self, now: float) -> None:
        self._tries = {
            key: tries for key, tries in self._tries.items() if tries and now - tries[-1] <= SECONDS
        }
