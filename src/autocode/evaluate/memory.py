"""How much memory this process has needed at most."""

from __future__ import annotations

import re
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_rss_mb() -> float | None:
    """The largest resident set so far in megabytes; None where the system does not say."""
    if _STATUS.exists():
        # On Linux `getrusage` starts a process with the peak of the one that started it.
        found = re.search(r"^VmHWM:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"), re.MULTILINE)
        if found:
            return int(found[1]) / 2**10
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kibibytes, macOS bytes.
    return float(peak) / (2**20 if sys.platform == "darwin" else 2**10)
