"""`digitrec corrections`: list, export, import and delete what people corrected."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitrec.errors import CorrectionFormatError

if TYPE_CHECKING:  # a database's libraries are loaded where they are needed
    from digitrec.corrections import Correction, CorrectionStore

_JSON_LINES = (".jsonl", ".jsonl.gz")


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("corrections", help="look after what people corrected")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument(
        "--url",
        help="the database, or the path of an SQLite file; else DIGITREC_DATABASE_URL, else the "
        "user's own file",
    )

    show = actions.add_parser("list", parents=[place], help="count them, or print a line each")
    show.add_argument("--all", action="store_true", help="print a line each, the newest first")
    show.add_argument("--label", type=label, help="print a line each of 0 to 9 or not-a-digit")
    show.set_defaults(run=_list)

    export = actions.add_parser("export", parents=[place], help="write them to files")
    target = export.add_mutually_exclusive_group(required=True)
    target.add_argument("target", nargs="?", metavar="TO", help="a new folder or file")
    target.add_argument("--to", help="the same")
    export.add_argument(
        "--form",
        choices=["png", "jsonl"],
        help="a folder of pictures, or JSON lines with everything; else as the name ends",
    )
    export.set_defaults(run=_export)

    take = actions.add_parser("import", parents=[place], help="take them from files")
    take.add_argument("sources", nargs="+", metavar="FILE_OR_FOLDER")
    take.set_defaults(run=_import)

    delete = actions.add_parser("delete", parents=[place], help="delete them for good")
    which = delete.add_mutually_exclusive_group(required=True)
    which.add_argument("keys", nargs="*", default=[], metavar="KEY", help="or how it begins")
    which.add_argument("--all", action="store_true")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=_delete)


def label(name: str) -> int:
    """The label with that name, for argparse."""
    from digitrec.corrections.exchange import label_of

    return label_of(name)


def _open(options: argparse.Namespace) -> CorrectionStore:
    from digitrec.corrections import CorrectionStore

    return CorrectionStore(options.url)


def _list(options: argparse.Namespace) -> int:
    from digitrec.corrections.exchange import label_name

    with _open(options) as store:
        counts = store.counts()
        for label in sorted(counts, key=lambda label: label % 11):  # what is no digit at the end
            print(f"{label_name(label):<12}{counts[label]:>7,}")
        print(f"{'all':<12}{sum(counts.values()):>7,}")
        print(f"kept in {store.place}")
        chosen = []
        if options.all or options.label is not None:
            chosen = store.all(label=options.label)
    if chosen:
        print(f"\n{'key':<18}{'label':<13}{'answered':<13}{'sure':>7}  time")
    for correction in chosen:
        print(_line(correction))
    return 0


def _line(correction: Correction) -> str:
    from digitrec.corrections.exchange import NAME_DIGITS, label_name

    label, answered = label_name(correction.label), label_name(correction.predicted)
    sure = 100 * float(correction.probabilities.max())
    return (
        f"{correction.key[:NAME_DIGITS]:<18}{label:<13}{answered:<13}{sure:>5.1f} %  "
        f"{correction.time:%Y-%m-%dT%H:%M:%SZ}"
    )


def _export(options: argparse.Namespace) -> int:
    from digitrec.corrections.exchange import write_json_lines, write_pictures

    target = Path(options.to or options.target)
    form = options.form or ("jsonl" if target.name.endswith(_JSON_LINES) else "png")
    if form == "jsonl" and target.is_dir():
        target = target / "corrections.jsonl"
    write = write_json_lines if form == "jsonl" else write_pictures
    with _open(options) as store:
        count = write(target, store.all())
    print(f"{_counted(count)} in {target}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from digitrec.cli.importing import corrections_from, not_older

    with _open(options) as store:
        found, problems = corrections_from(options.sources, store)
        new, changed = store.save_all(not_older(found, store))
    for problem in problems:
        print(f"digitrec: {problem}", file=sys.stderr)
    skipped = len(found) + len(problems) - new - changed
    print(f"{new:,} new, {changed:,} changed, {skipped:,} skipped")
    return 1 if problems else 0


def _delete(options: argparse.Namespace) -> int:
    with _open(options) as store:
        keys = store.keys() if options.all else [_whole(key, store) for key in options.keys]
        question = f"Delete {_counted(len(keys))} from {store.place} for good?"
        if keys and not options.yes and not _agreed(question):
            print("digitrec: nothing was deleted.", file=sys.stderr)
            return 1
        print(f"{_counted(store.delete(keys))} deleted")
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
