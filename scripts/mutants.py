"""Mutation testing: how many small faults, put into the code one by one, the tests notice.

    python scripts/mutants.py --sample 200

takes as many mutants of each of the three parts that everything rests on, always the same for a
seed, runs the tests that reach them (pyproject.toml, [tool.mutmut]), and prints a table. What
survived is told with its diff in build/mutants/survivors.txt. Takes half an hour or more; `--part`
takes one part alone, and `--again` asks the tests as they are now about those alone that were not
noticed before. With `DIGITREC_MNIST` and `DIGITREC_DATA` set also the tests on real data are asked.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_PLACE = _ROOT / "build" / "mutants"  # a copy of the project, as mutmut writes beside what it reads
_MUTMUT = Path(sys.executable).parent / "mutmut"
# Part → what the names of its mutants begin with.
_PARTS = {
    "imaging/": ("digitrec.imaging.",),
    "classifier.py": ("digitrec.classifier.", "digitrec.logits."),
    "corrections/": ("digitrec.corrections.",),
}
# One that never ends, or uses up its time, is noticed as surely as one that fails.
_NOTICED = {"killed", "timeout", "segfault", "suspicious"}
_AIM = 0.8


def main() -> None:
    """Make the mutants, try a sample of them and print how many were noticed."""
    parser = argparse.ArgumentParser(description="Print how many mutants the tests notice.")
    parser.add_argument("--sample", type=int, default=200, help="mutants of each part")
    parser.add_argument("--seed", type=int, default=0, help="another one takes other mutants")
    parser.add_argument("--processes", type=int, help="mutants tried side by side; default: cores")
    parser.add_argument("--again", action="store_true", help="keep what was noticed before")
    parser.add_argument("--part", choices=_PARTS, help="of one part alone", action="append")
    options = parser.parse_args()
    if not options.again:
        shutil.rmtree(_PLACE, ignore_errors=True)
    _copy()
    first = "digitrec.logits.x_softmax__mutmut_1"
    _run(first)  # makes all of them and learns which tests reach which
    before = _statuses()
    names = sorted(before)
    chosen = {
        part: _sampled([n for n in names if n.startswith(begins)], options)
        for part, begins in _PARTS.items()
        if part in (options.part or _PARTS)
    }
    processes = ["--max-children", str(options.processes)] if options.processes else []
    left = [n for part in chosen.values() for n in part if before[n] not in _NOTICED]
    _run(*processes, *left)
    statuses = _statuses()
    print("| part | mutants | tried | noticed | survived | reached by no test | share |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    shares = []
    for part, tried in chosen.items():
        counts = Counter(statuses[name] for name in tried)
        noticed = sum(counts[status] for status in _NOTICED)
        shares.append(noticed / len(tried))
        made = sum(name.startswith(_PARTS[part]) for name in names)
        print(
            f"| {part} | {made:,} | {len(tried)} | {noticed} | {counts['survived']} | "
            f"{counts['no tests']} | {shares[-1]:.1%} |"
        )
    _tell_survivors(
        [n for tried in chosen.values() for n in tried if statuses[n] not in _NOTICED], statuses
    )
    sys.exit(min(shares) < _AIM)


def _copy() -> None:
    """The project as git knows it, and what was changed in it since, in a folder of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=_ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        if (_ROOT / name).is_file():
            (_PLACE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(_ROOT / name, _PLACE / name)


def _sampled(names: list[str], options: argparse.Namespace) -> list[str]:
    # No secret hangs on it.
    chance = random.Random(options.seed)  # noqa: S311  # nosec B311
    return chance.sample(names, min(options.sample, len(names)))


def _run(*arguments: str) -> None:
    with (_PLACE / "log.txt").open("a", encoding="utf-8") as log:
        command = [str(_MUTMUT), "run", *arguments]
        done = subprocess.run(
            command, cwd=_PLACE, env=_environment(), stdout=log, stderr=log, check=False
        )
    if done.returncode:
        sys.exit(f"Expected mutmut to run. Received: status {done.returncode}. See {log.name}.")


def _environment() -> dict[str, str]:
    """Tests of a trained network need one, and not one more for every mutant."""
    trained = _PLACE / "trained"
    trained.mkdir(exist_ok=True)
    return os.environ | {"DIGITREC_TINY_TRAINING": str(trained)}


def _statuses() -> dict[str, str]:
    """What became of each mutant, by name."""
    told = subprocess.run(
        [_MUTMUT, "results", "--all", "true"],
        cwd=_PLACE,
        check=True,
        capture_output=True,
        text=True,
    )
    pairs = (line.strip().rpartition(": ") for line in told.stdout.splitlines())
    return {name: status for name, _, status in pairs if "__mutmut_" in name}


def _tell_survivors(names: list[str], statuses: dict[str, str]) -> None:
    place = _PLACE / "survivors.txt"
    with place.open("w", encoding="utf-8") as file:
        for name in names:
            shown = subprocess.run(
                [_MUTMUT, "show", name], cwd=_PLACE, capture_output=True, text=True, check=False
            )
            file.write(f"# {name}: {statuses[name]}\n{shown.stdout}\n")
    print(f"\n{len(names)} that were not noticed: {place}")


if __name__ == "__main__":
    main()
