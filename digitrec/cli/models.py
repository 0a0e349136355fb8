"""`digitrec models`: the versions of an artifact, and which of them is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digitrec.cli.options import artifact_option
from digitrec.programs import printable

if TYPE_CHECKING:
    from digitrec.versions import Version


@click.group()
def command() -> None:
    """The network in use, and those before it."""


@command.command("list")
@artifact_option
def list_versions(artifact: str | None) -> None:
    """Print a line each, the one in use first."""
    from digitrec.models import artifact_folder
    from digitrec.versions import versions

    print(f"{'name':<22}{'on MNIST':>10}  created")
    for version in versions(artifact_folder(artifact)):
        print(_line(version))


def _line(version: Version) -> str:
    accuracy = version.figures.get("test_accuracy_at_run_time")
    share = f"{100 * accuracy:.2f} %" if isinstance(accuracy, float) else "–"
    in_use = "  in use" if version.in_use else ""
    # Folders' names and cards may come from anywhere.
    name, created = printable(version.name), printable(version.created)
    return f"{name:<22}{share:>10}  {created}{in_use}"


@command.command("use")
@artifact_option
@click.argument("name")
def use_version(artifact: str | None, name: str) -> None:
    """Take the version called NAME into use."""
    from digitrec.models import artifact_folder
    from digitrec.versions import use

    print(f"{printable(use(artifact_folder(artifact), name).name)} is in use.")


@command.command("rollback")
@artifact_option
def roll_back(artifact: str | None) -> None:
    """Take the version before into use."""
    from digitrec.models import artifact_folder
    from digitrec.versions import rollback

    print(f"{printable(rollback(artifact_folder(artifact)).name)} is in use again.")
