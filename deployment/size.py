"""Print how large the container's content is: install it as the container does, and count.

    python deployment/size.py

Prints MB (1,000,000 bytes of disk, whole blocks) for each package, and the sum with the base
image; the exit status is 1 where that is not below 900 MB.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from install import install

LIMIT = 900  # MB, unpacked
# What `docker images` shows for the image that the Containerfile starts from, rounded up: it
# differs by a few MB from one month's to the next.
BASE = 135
_SHOWN = 12  # packages; the rest is summed up


def sizes(environment: Path) -> Counter[str]:
    """MB on the disk by folder of a virtual environment's packages, and of all beside them.

    Folders rather than packages, since no package owns what Python makes of it (`__pycache__`);
    the libraries that a package brings (`numpy.libs`) count as the package's own.
    """
    (packages,) = environment.glob("lib/python*/site-packages")
    found: Counter[str] = Counter()
    for path in environment.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        place = path.relative_to(packages).parts[0] if path.is_relative_to(packages) else "programs"
        found[place.removesuffix(".libs")] += path.stat().st_blocks * 512
    return Counter({name: round(size / 1e6, 1) for name, size in found.items()})


def main() -> int:
    """Install, count, print; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        install(Path(folder) / "digitrec")
        found = sizes(Path(folder) / "digitrec")
    rows = found.most_common(_SHOWN)
    rows.append(("all others", sum(found.values()) - sum(size for _, size in rows)))
    rows += [("installed", sum(found.values())), ("base image, about", BASE)]
    total = sum(found.values()) + BASE
    for name, size in [*rows, ("container, about", total)]:
        print(f"{name:<28}{size:7.0f} MB")
    print(f"The limit is {LIMIT} MB: {'kept' if total < LIMIT else 'NOT KEPT'}.")
    return 0 if total < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
