"""`digitrec models`: the versions of an artifact, and which of them is in use."""

from __future__ import annotations

import argparse
from typing import Any

from digitrec.models import artifact_folder
from digitrec.versions import Version, rollback, use, versions


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("models", help="the network in use, and those before it")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument(
        "--artifact", help="an artifact folder; else DIGITREC_ARTIFACT, else the shipped one"
    )
    show = actions.add_parser("list", parents=[place], help="print a line each")
    show.set_defaults(run=_list)
    choose = actions.add_parser("use", parents=[place], help="take one of them into use")
    choose.add_argument("name", metavar="NAME")
    choose.set_defaults(run=_use)
    back = actions.add_parser("rollback", parents=[place], help="take the one before into use")
    back.set_defaults(run=_rollback)


def _list(options: argparse.Namespace) -> int:
    print(f"{'name':<22}{'on MNIST':>10}  created")
    for version in versions(artifact_folder(options.artifact)):
        print(_line(version))
    return 0


def _line(version: Version) -> str:
    accuracy = version.figures.get("test_accuracy_at_run_time")
    share = f"{100 * accuracy:.2f} %" if isinstance(accuracy, float) else "–"
    in_use = "  in use" if version.in_use else ""
    return f"{version.name:<22}{share:>10}  {version.created}{in_use}"


def _use(options: argparse.Namespace) -> int:
    print(f"{use(artifact_folder(options.artifact), options.name).name} is in use.")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    print(f"{rollback(artifact_folder(options.artifact)).name} is in use again.")
    return 0
