"""Install digitrec as the container does: what serving needs, pinned, checked by hash.

    python deployment/install.py /opt/digitrec

makes a virtual environment there, with the page, the HTTP door, HEIC and PostgreSQL, and without
what trains, tests or reads in bulk. `deployment/requirements.txt` says what goes into it (`make
lock` makes it). Nothing is built but digitrec itself, with the setuptools that `requirements.txt`
pins.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def install(target: Path) -> None:
    """Fill an empty folder with everything that serving needs; the program is `bin/digitrec`.

    Args:
        target: where it will stay: its programs know their place by heart.

    Raises:
        subprocess.CalledProcessError: pip has said what is wrong.
    """
    pinned = ("install", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r")
    venv.create(target, symlinks=True)
    _pip(target, *pinned, str(_ROOT / "deployment" / "requirements.txt"))
    with tempfile.TemporaryDirectory() as folder:
        builder, pin = Path(folder) / "builder", Path(folder) / "pin.txt"
        venv.create(builder, symlinks=True)
        pin.write_text(_pin("setuptools"))
        _pip(builder, *pinned, str(pin))
        _pip(builder, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, str(_ROOT))
        (wheel,) = Path(folder).glob("digitrec-*.whl")
        _pip(target, "install", "--no-deps", "--no-index", str(wheel))
    _pip(target, "check")  # nothing that one of them asks for is missing
    _leave_out(target)


def _leave_out(target: Path) -> None:
    """Delete what packages bring for those who work on them: their tests, and maps of scripts."""
    for folder in [path for path in target.rglob("tests") if path.is_dir()]:
        shutil.rmtree(folder, ignore_errors=True)  # one may lie in another
    for file in target.rglob("*.js.map"):
        file.unlink()


def _pin(name: str) -> str:
    """The lines of `requirements.txt` that pin a package and give its hashes."""
    text = (_ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==(?:.*\\\n)*.*\n", text, re.MULTILINE)
    assert found is not None
    return found[0]


def _pip(environment: Path, *arguments: str) -> None:
    """Run this Python's pip on another environment, which needs none of its own."""
    options = ("--quiet", "--disable-pip-version-check", "--no-cache-dir")
    python = str(environment / "bin" / "python")
    command = [sys.executable, "-m", "pip", "--python", python, *arguments, *options]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python deployment/install.py FOLDER")
    install(Path(sys.argv[1]))
