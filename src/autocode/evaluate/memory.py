"""How much memory this process has needed at most."""

from __future__ import annotations

import sys


def peak_rss_mb() -> float | None:
    """The largest resident set so far in megabytes; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kibibytes, macOS bytes.
    return float(peak) / (2**20 if sys.platform == "darwin" else 2**10)
