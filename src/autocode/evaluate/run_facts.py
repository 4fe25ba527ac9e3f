"""With what an evaluation ran: encoder, versions, seconds, memory."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a result depends on beside the corpus and the method, and what it cost.

    `seconds` is by stage; `peak_rss_mb` is the largest resident set of the process in megabytes,
    None where the system does not say.
    """

    encoder: str
    encoder_digest: str
    versions: Mapping[str, str]
    seconds: Mapping[str, float]
    peak_rss_mb: float | None


def measure_peak_rss_mb() -> float | None:
    """The largest resident set of this process so far in megabytes, None where it is not known."""
    if _STATUS.exists():
        # On Linux `getrusage` starts a process with the peak of the one that started it.
        peak = re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"), re.MULTILINE)
        if peak:
            return int(peak[1]) / 2**10
    try:
        import resource
    except ImportError:  # Windows has no such module
        return None
    used = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # Linux counts kibibytes, macOS bytes.
    return used / (2**20 if sys.platform == "darwin" else 2**10)
