"""Fuzzing: bytes that lead somewhere new are changed on, to find what breaks a reader.

    python fuzzing/run.py --seconds 600 pictures canvas

Each target is a file here, with `seeds` (bytes to begin with) and `take` (the reader). A
`DigitrecError` is an answer. Anything else that is raised, a crash of a library, more than the
memory or the time that one input may take is a find: the input is left in `.fuzzing/found`, and
is read again with `--again FILE`. What led somewhere new is kept in `.fuzzing/corpus`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGETS = ("pictures", "canvas", "json_lines", "arrays", "artifacts", "bodies")
_MEMORY, _TIME = 2_500, 25  # MB that the process may take, s that one input may take
_LONGEST = 20_000  # bytes of an input


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 if nothing was found."""
    parser = argparse.ArgumentParser(description="Look for bytes that break a reader.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--place", type=Path, default=ROOT / ".fuzzing", help="corpus and finds")
    parser.add_argument("--again", type=Path, metavar="FILE", help="read one find again")
    parser.add_argument(
        "--seed", type=int, default=0, help="of the changes; 0 for another each time"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"Expected targets of {', '.join(TARGETS)}. Received: {', '.join(unknown)}.")
    if options.again and len(options.targets) != 1:
        parser.error("Expected the target of the file to read again. Received: none, or several.")
    return max(_run(target, options) for target in options.targets or TARGETS)


def _run(target: str, options: argparse.Namespace) -> int:
    """One target in a process of its own, as a crash of a library ends it."""
    corpus, found = options.place / "corpus" / target, options.place / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    limits = [f"-rss_limit_mb={_MEMORY}", f"-timeout={_TIME}", f"-max_len={_LONGEST}"]
    command = [*limits, f"-artifact_prefix={found}/{target}-", f"-seed={options.seed}"]
    command += ["-print_final_stats=1", "-close_fd_mask=0", "-verbosity=0"]
    if options.again:
        command.append(str(options.again.absolute()))
    else:
        command += [f"-max_total_time={options.seconds}", str(corpus)]
    with tempfile.TemporaryDirectory() as scratch:
        places = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {
            "DIGITREC_FUZZING_SCRATCH": scratch,
            "PYTHONPATH": os.pathsep.join(filter(None, places)),
        }
        done = subprocess.run(
            [sys.executable, "-m", "fuzzing.one", target, str(corpus), *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    tried = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed" in line]
    if done.returncode == 0:
        print(f"{target:<12}{tried[0] if tried else '1':>10} inputs, nothing found", flush=True)
        return 0
    print(
        f"{target}: a find, in {found}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}", flush=True
    )
    return 1


def plant(target: str, corpus: Path) -> None:
    """The target's seeds in its corpus."""
    for number, seed in enumerate(importlib.import_module(f"fuzzing.{target}").seeds()):
        (corpus / f"seed-{number:02}").write_bytes(seed)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
