"""Fetch what the shipped network was trained on: MNIST, pendigits and Omniglot's small set.

    python scripts/fetch_data.py

Files come from where they are published, are checked by hash and lie in your cache folder; a broken
connection costs nothing, the next run goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from digitrec.datasets import cache_folder, fetching, unpacking
from digitrec.datasets.places import CACHE_VARIABLE, MIRROR_VARIABLE, mirror_address
from digitrec.programs import run_program


def main(arguments: list[str] | None = None) -> int:
    """Parse, fetch, print the training's command; the exit status."""
    options = _parser().parse_args(arguments)
    cache = Path(options.cache) if options.cache else cache_folder()
    return run_program(
        "fetch_data.py",
        lambda: _fetch_all(cache, options.mirror or mirror_address()),
        unharmed=f"Make room or check {cache}, and run it again.",
        stopped="Run it again to go on.",
    )


def _fetch_all(cache: Path, mirror: str | None) -> None:
    archives = cache / "archives"
    with _bar("MNIST") as progress:
        fetching.fetch_mnist(cache / "mnist", mirror=mirror, progress=progress)
    pen = _fetch(fetching.PENDIGITS_FILE, archives, mirror, unpacking.pendigits_text)
    scripts = _fetch(fetching.OMNIGLOT_FILE, archives, mirror, None)
    drawings = unpacking.unpack_pendigits(pen, cache / "pendigits.jsonl.gz")
    pictures = unpacking.unpack_omniglot(scripts, cache / "omniglot")
    print(f"MNIST, {drawings:,} pen drawings and {pictures:,} pictures are in {cache}.")
    print("Train on them with:")
    print(
        f"python -m digitrec train --mnist '{cache / 'mnist'}' "
        f"--strokes '{cache / 'pendigits.jsonl.gz'}' --not-digits '{cache / 'omniglot'}'"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--cache", metavar="DIR", help=f"else ${CACHE_VARIABLE}, else your cache folder"
    )
    parser.add_argument(
        "--mirror",
        metavar="ADDRESS",
        help=f"a folder on the web that has the same files; else ${MIRROR_VARIABLE}",
    )
    return parser


def _fetch(
    remote: fetching.Remote,
    folder: Path,
    mirror: str | None,
    unpack: Callable[[bytes], bytes] | None,
) -> Path:
    with _bar(remote.name) as progress:
        return fetching.fetch(remote.at(mirror), folder, unpack=unpack, progress=progress)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar in the terminal, as what moves it."""
    with tqdm(unit="B", unit_scale=True, desc=name, leave=False) as bar:

        def progress(there: int, total: int) -> None:
            bar.total = total or None
            bar.update(there - bar.n)

        yield progress


if __name__ == "__main__":
    sys.exit(main())
