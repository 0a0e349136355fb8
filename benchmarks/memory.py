"""The most memory that this process has had."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak() -> float:
    """MB, of this program alone.

    `getrusage` counts what began the process as well, before it became this program.
    """
    if _STATUS.exists():
        (line,) = (
            line for line in _STATUS.read_text(encoding="ascii").splitlines() if "VmHWM" in line
        )
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)
