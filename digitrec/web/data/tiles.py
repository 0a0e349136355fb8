"""Digits as tiles, of which one is opened: a component of the project's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.web.component import component
from digitrec.web.views import data_url

_HERE = Path(__file__).parent


class Tile(NamedTuple):
    """One digit among many.

    Attributes:
        image: (28, 28) uint8.
        title: in large letters below it.
        words: in small ones beside that.
        told: all of it in a sentence, for a pointer that rests and for a screen reader.
        kind: "right", "wrong" or "refused": how its frame looks.
    """

    image: NDArray[np.uint8]
    title: str
    words: str
    told: str
    kind: str


def show(name: str, tiles: Sequence[Tile]) -> int | None:
    """Show the tiles.

    Args:
        name: the widget's key.
        tiles: in their order.

    Returns:
        The place of the one that the visitor just clicked; else None.
    """
    shown = component("tiles", "<ul></ul>", _HERE / "tiles.css", _HERE / "tiles.js")
    found = shown(
        key=name,
        data={
            "tiles": [
                {
                    "picture": data_url(tile.image),
                    "title": tile.title,
                    "words": tile.words,
                    "told": tile.told,
                    "kind": tile.kind,
                }
                for tile in tiles
            ]
        },
        on_opened_change=lambda: None,
    )
    place = found.get("opened")
    return place if isinstance(place, int) and 0 <= place < len(tiles) else None
