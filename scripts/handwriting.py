"""What "Teach it your digits" gives: how many errors a few samples a class take away.

    python scripts/handwriting.py --networks DIR --strokes pendigits.jsonl.gz --judge FILE

Teaches each writer's hand to a network that never saw it (scripts/leave_writers_out.py --networks
makes those) and reads the writer's other digits; --judge does so with the artifact in use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from digitrec.datasets import Drawing, load_drawings
from digitrec.errors import DatasetError
from digitrec.programs import run_program
from digitrec.recognizer import Recognizer


def main(arguments: list[str] | None = None) -> int:
    """Parse, teach and read, print the tables; the exit status."""
    options = _parser().parse_args(arguments)
    return run_program(
        "handwriting.py", lambda: _run(options), unharmed=f"{options.output} is as it was."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--networks", metavar="DIR", required=True, help="of left-out writers")
    parser.add_argument("--strokes", metavar="FILE", required=True, help="those writers' drawings")
    parser.add_argument(
        "--judge", metavar="FILE", nargs="*", default=[], help="drawings that never trained"
    )
    parser.add_argument("--artifact", metavar="DIR", help="what --judge reads with; else in use")
    parser.add_argument("--samples", metavar="N", type=int, nargs="+", default=[1, 3, 5])
    parser.add_argument("--draws", metavar="N", type=int, default=5, help="for each writer")
    parser.add_argument("--output", metavar="FILE", default="handwriting.json", help="as JSON")
    return parser


def _run(options: argparse.Namespace) -> None:
    from digitrec.learning.hands import strangers

    drawings = load_drawings(options.strokes)
    known = strangers(Path(options.networks))
    taught = []
    for recognizer, writers in known:
        taught += [(recognizer, writer, _of(drawings, writer)) for writer in writers]
    recipe = known[0][0].artifact.card["recipe"]
    named = f"{len(known)} network{'s' * (len(known) > 1)}, recipe {_recipe_name(recipe)}"
    sets = [_measure(Path(options.strokes), named, taught, options)]
    for file in options.judge:
        drawings = load_drawings(file)
        recognizer = Recognizer(options.artifact)
        hands = sorted({drawing.writer for drawing in drawings})
        taught = [(recognizer, hand, _of(drawings, hand)) for hand in hands]
        sets.append(_measure(Path(file), recognizer.artifact.network.name, taught, options))
    whole = {"recipe": recipe, "draws": options.draws, "sets": sets}
    output = Path(options.output)
    temporary = output.with_name(f".{output.name}")
    temporary.write_text(json.dumps(whole) + "\n", encoding="utf-8")
    temporary.replace(output)


def _of(drawings: Sequence[Drawing], writer: str) -> list[Drawing]:
    found = [drawing for drawing in drawings if drawing.writer == writer]
    if not found:
        raise DatasetError(
            f"Expected drawings of writer {writer}, whom a network was trained without. Received: "
            "none. Give the --strokes of that training."
        )
    return found


def _measure(
    file: Path,
    network: str,
    taught: Sequence[tuple[Recognizer, str, Sequence[Drawing]]],
    options: argparse.Namespace,
) -> dict[str, Any]:
    """All the lessons of one set; prints a line for each number of samples."""
    from digitrec.learning.hands import hand_of, summarize, teach

    name = file.name.partition(".")[0]
    hands = [(recognizer, writer, hand_of(drawings)) for recognizer, writer, drawings in taught]
    print(f"\n{name} ({network}), {options.draws} draws\n")
    print("| samples | writers | with errors | digits | before | after | fewer | worst |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    summaries, errors = [], {}
    for samples in options.samples:
        given = [
            lesson
            for recognizer, writer, hand in hands
            for lesson in teach(recognizer, hand, writer, samples, options.draws)
        ]
        row = summarize(given)
        print(
            f"| {row.samples} | {row.writers} | {row.with_errors} | {row.digits:,} | {row.before} "
            f"| {row.after} | {100 * row.reduction:.1f} % | {row.worst:+d} |",
            flush=True,
        )
        summaries.append(asdict(row))
        errors[samples] = {
            writer: [[lesson.before, lesson.after] for lesson in given if lesson.writer == writer]
            for _, writer, _ in hands
        }
    return {
        "set": name,
        "network": network,
        "summaries": summaries,
        "errors_before_and_after": errors,
    }


def _recipe_name(recipe: dict[str, Any]) -> str:
    from digitrec.learning.recipe import RECIPES, recipe_from

    names = [name for name, known in RECIPES.items() if known == recipe_from(recipe)]
    return names[0] if names else "of its own"


if __name__ == "__main__":
    sys.exit(main())
