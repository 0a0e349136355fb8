"""Whether a weakness is known of anything that is pinned.

    python scripts/audit.py requirements.txt deployment/requirements.txt

asks PyPI's advisories by `pip-audit --strict`, about the versions that this system would install.
An advisory service that cannot be reached, or a mirror that answers without knowing of any
advisory, must not look like good news: so a version of which weaknesses are known for certain is
asked about first.

The exit status is 0 where no weakness is known, 1 where some are, 3 where nobody could tell.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_WEAK = "jinja2==2.4.1"  # GHSA-462w-v97r-4m45 among others, since 2019
_KNOWN, _UNTOLD = 1, 3  # exit statuses
_SECONDS = 900  # for all of it; of a single question pip-audit waits for 15
_PIP_AUDIT = ["pip_audit", "--strict", "--disable-pip", "--progress-spinner=off", "--format=json"]


class UntoldError(Exception):
    """Nobody could tell; the message says why."""


def main(arguments: list[str] | None = None) -> int:
    """Print what is known; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path, help="pinned requirements with hashes")
    files = parser.parse_args(arguments).files
    try:
        _check_service()
        asked = _told("--require-hashes", *(f"--requirement={file}" for file in files))
    except UntoldError as error:
        print(
            f"audit.py: Expected PyPI's advisories. Received: {error}. NOTHING WAS AUDITED: try it "
            "where https://pypi.org can be reached.",
            file=sys.stderr,
        )
        return _UNTOLD
    weak = [package for package in asked if package["vulns"]]
    for package in weak:
        for known in package["vulns"]:
            print(_sentence(package, known))
    print(f"{len(weak)} of {len(asked)} packages have known weaknesses.")
    return _KNOWN if weak else 0


def _check_service() -> None:
    """Raise `UntoldError` unless the service knows what is known for certain."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weak.txt"
        file.write_text(f"{_WEAK}\n", encoding="utf-8")
        (package,) = _told("--no-deps", f"--requirement={file}")
    if not package["vulns"]:
        raise UntoldError(f"a service that knows of no weakness in {_WEAK}, which has several")


def _told(*options: str) -> Sequence[dict[str, Any]]:
    """What pip-audit tells of each package.

    Raises:
        UntoldError: it failed, or took too long.
    """
    command = [sys.executable, "-m", *_PIP_AUDIT, *options]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UntoldError(f"no answer within {_SECONDS} seconds") from error
    # Its status is 1 for known weaknesses and for every failure; only the former come with JSON.
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError as error:
        said = done.stderr.strip().splitlines() or ["nothing at all"]
        raise UntoldError(said[-1].removesuffix(".")) from error
    for package in packages:
        if "skip_reason" in package:
            raise UntoldError(package["skip_reason"])
    if not packages:
        raise UntoldError("no package to ask about")
    return packages


def _sentence(package: dict[str, Any], known: dict[str, Any]) -> str:
    mended = ", ".join(known["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {known['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
