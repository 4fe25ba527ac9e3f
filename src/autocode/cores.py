"""How many cores this process may use: affinity, quota of its container, OMP_NUM_THREADS.

And work shared among them, where it is done by libraries that let other threads run meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TypeVar

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")

_Made = TypeVar("_Made")


def count_usable_cores(
    environment: Mapping[str, str] = os.environ,
    *,
    groups: Path = _GROUPS,
    own_group: Path = _OWN_GROUP,
) -> int:
    """Cores that this process may keep busy, at least 1.

    A scheduler or container may allow fewer than there are: by the cores that the process may run
    on, or by a quota of time (control groups of Linux, rounded down). OMP_NUM_THREADS, which
    clusters set for each of the processes on a machine, is a bound as well.
    """
    allowed = [_count_by_affinity(), *_read_quotas(groups, own_group)]
    asked = environment.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if asked.isdecimal() and int(asked):
        allowed.append(int(asked))
    return max(min(allowed), 1)


def make_each(makers: Sequence[Callable[[], _Made]], *, at_once: int) -> Iterator[_Made]:
    """What each of `makers` makes, in their order; `at_once` of them at most run at a time.

    With one at a time they run in the thread of the caller, each when it is asked for.
    """
    if min(at_once, len(makers)) <= 1:
        yield from (make() for make in makers)
        return
    with ThreadPoolExecutor(max_workers=min(at_once, len(makers))) as pool:
        yield from pool.map(lambda make: make(), makers)


def _count_by_affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_quotas(groups: Path, own_group: Path) -> Iterator[int]:
    """Whole cores by the quota of the process's control group and of those that it lies in."""
    for folder in _list_groups(groups, own_group):
        words = _read(folder / "cpu.max").split()
        if len(words) == 2:
            yield from _divide(*words)
    # The older hierarchy, as a container sees it.
    older = groups / "cpu"
    yield from _divide(
        _read(older / "cpu.cfs_quota_us").strip(), _read(older / "cpu.cfs_period_us").strip()
    )


def _list_groups(groups: Path, own_group: Path) -> Iterator[Path]:
    yield groups
    for line in _read(own_group).splitlines():
        if line.startswith("0::/"):
            path = PurePosixPath(line.removeprefix("0::/"))
            if ".." not in path.parts:
                yield from (groups / part for part in (path, *path.parents) if part.parts)


def _divide(quota: str, period: str) -> Iterator[int]:
    if quota.isdecimal() and period.isdecimal() and int(period):
        yield int(quota) // int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
