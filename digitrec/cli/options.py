"""Options that several commands have, in the same words."""

from __future__ import annotations

import click

# The order of `models.artifact_folder`.
artifact_option = click.option(
    "--artifact",
    metavar="DIR",
    help="An artifact folder; else DIGITREC_ARTIFACT, else the shipped one.",
)
