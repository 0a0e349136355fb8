"""Panel of "See inside"."""

from __future__ import annotations

from digitrec.web.inside.subject import Subject


def show(subject: Subject) -> None:
    """The panel."""
