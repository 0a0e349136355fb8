"""`digitrec corrections`: list, export, import and delete what people corrected."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitrec.errors import CorrectionFormatError
from digitrec.programs import tell

if TYPE_CHECKING:  # a database's libraries are loaded where they are needed
    from digitrec.corrections import Correction, CorrectionStore

_JSON_LINES = (".jsonl", ".jsonl.gz")


@click.group()
def command() -> None:
    """Look after what people corrected."""


_in_a_store = click.option(
    "--url",
    metavar="URL|FILE",
    help="The database, or the path of an SQLite file; else DIGITREC_DATABASE_URL, else the "
    "user's own file.",
)


def _label(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    from digitrec.corrections.exchange import label_of

    try:
        return None if value is None else label_of(value)
    except CorrectionFormatError as error:
        raise click.BadParameter(str(error)) from error


@command.command("list")
@_in_a_store
@click.option("--all", "everything", is_flag=True, help="Print a line each, the newest first.")
@click.option("--label", callback=_label, help="Print a line each of 0 to 9 or not-a-digit.")
def list_them(url: str | None, everything: bool, label: int | None) -> None:
    """Count them, and say where they are kept."""
    from digitrec.corrections.exchange import label_name

    with _open(url) as store:
        counts = store.counts()
        for kept in sorted(counts, key=lambda label: label % 11):  # what is no digit at the end
            print(f"{label_name(kept):<12}{counts[kept]:>7,}")
        print(f"{'all':<12}{sum(counts.values()):>7,}")
        print(f"kept in {store.place}")
        chosen = []
        if everything or label is not None:
            chosen = store.all(label=label)
    if chosen:
        print(f"\n{'key':<18}{'label':<13}{'answered':<13}{'sure':>7}  time")
    for correction in chosen:
        print(_line(correction))


def _open(url: str | None) -> CorrectionStore:
    from digitrec.corrections import CorrectionStore

    return CorrectionStore(url)


def _line(correction: Correction) -> str:
    from digitrec.corrections.exchange import NAME_DIGITS, label_name

    label, answered = label_name(correction.label), label_name(correction.predicted)
    sure = 100 * float(correction.probabilities.max())
    return (
        f"{correction.key[:NAME_DIGITS]:<18}{label:<13}{answered:<13}{sure:>5.1f} %  "
        f"{correction.time:%Y-%m-%dT%H:%M:%SZ}"
    )


@command.command("export")
@_in_a_store
@click.argument("target", metavar="[TO]", required=False)
@click.option("--to", help="The same as TO.")
@click.option(
    "--form",
    type=click.Choice(["png", "jsonl"]),
    help="A folder of pictures, or JSON lines with everything; else as the name ends.",
)
def export_them(url: str | None, target: str | None, to: str | None, form: str | None) -> None:
    """Write them to TO, a new folder or file."""
    from digitrec.corrections.exchange import write_json_lines, write_pictures

    if (target is None) == (to is None):
        raise click.UsageError("Expected one new folder or file: TO, or --to TO.")
    place = Path(to or target or "")
    form = form or ("jsonl" if place.name.endswith(_JSON_LINES) else "png")
    if form == "jsonl" and place.is_dir():
        place = place / "corrections.jsonl"
    write = write_json_lines if form == "jsonl" else write_pictures
    with _open(url) as store:
        count = write(place, store.all())
    print(f"{_counted(count)} in {place}")


@command.command("import")
@_in_a_store
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER…")
def import_them(url: str | None, sources: tuple[str, ...]) -> int:
    """Take them from files of JSON lines and folders of pictures."""
    from digitrec.cli.importing import corrections_from, not_older

    with _open(url) as store:
        found, problems = corrections_from(sources, store)
        new, changed = store.save_all(not_older(found, store))
    for problem in problems:
        tell(problem)
    skipped = len(found) + len(problems) - new - changed
    print(f"{new:,} new, {changed:,} changed, {skipped:,} skipped")
    return 1 if problems else 0


@command.command("delete")
@_in_a_store
@click.argument("keys", nargs=-1, metavar="[KEY…]")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_them(url: str | None, keys: tuple[str, ...], everything: bool, yes: bool) -> int:
    """Delete those whose keys begin so, for good."""
    if bool(keys) == everything:
        raise click.UsageError("Expected keys, or how they begin; or --all, and no key.")
    with _open(url) as store:
        chosen = store.keys() if everything else [_whole(key, store) for key in keys]
        question = f"Shall {_counted(len(chosen))} in {store.place} be deleted for good?"
        if chosen and not yes and not _agreed(question):
            tell("nothing was deleted.")
            return 1
        print(f"{_counted(store.delete(chosen))} deleted")
    return 0


def _whole(start: str, store: CorrectionStore) -> str:
    """The one key that begins so."""
    keys = store.keys(start.lower()) if start else []
    if len(keys) != 1:
        received = f"{len(keys):,} keys" if keys else "none"
        raise CorrectionFormatError(
            f"Expected one key that begins with {start!r}. Received: {received}. Nothing was "
            "deleted: see `digitrec corrections list --all`."
        )
    return keys[0]


def _agreed(question: str) -> bool:
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _counted(count: int) -> str:
    return f"{count:,} correction{'' if count == 1 else 's'}"
