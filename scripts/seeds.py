"""What the same recipe gives with several seeds: every one of them, and the mean.

    python scripts/seeds.py benchmarks/seeds

Each folder there holds the card and the history of one whole training; none is left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

_COLUMNS = {
    "test_accuracy": "MNIST test",
    "test_accuracy_at_run_time": "as it runs",
    "validation_accuracy": "MNIST validation",
    "validation_strokes_accuracy": "pen strokes of held-out writers",
    "validation_refused": "not digits refused",
}


def main(arguments: list[str] | None = None) -> int:
    """Read every card below a folder and print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    try:
        cards = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*/card.json"))]
    except (OSError, ValueError) as error:
        print(f"seeds.py: Expected cards in {folder}. Received: {error}.", file=sys.stderr)
        return 1
    recipes = {json.dumps({**card["recipe"], "seed": 0}, sort_keys=True) for card in cards}
    if not cards or len(recipes) > 1:
        print(
            f"seeds.py: Expected cards of one recipe in {folder}/*/card.json. Received: "
            f"{len(recipes)} recipes. Train with the same options and another --seed.",
            file=sys.stderr,
        )
        return 1
    print(f"| seed | {' | '.join(_COLUMNS.values())} | minutes |")
    print(f"| --- |{' ---: |' * (len(_COLUMNS) + 1)}")
    for card in cards:
        print(_row(str(card["recipe"]["seed"]), [card]))
    print(_row(f"mean of {len(cards)}", cards))
    return 0


def _row(name: str, cards: list[dict[str, Any]]) -> str:
    means = [
        statistics.fmean(100 * card["figures"].get(column, float("nan")) for card in cards)
        for column in _COLUMNS
    ]
    minutes = statistics.fmean(card["duration_seconds"] / 60 for card in cards)
    return f"| {name} | {' | '.join(f'{mean:.2f}' for mean in means)} | {minutes:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
