"""Digits as tiles to choose from: a component of the project's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.web.component import component
from digitrec.web.views import data_url

_HERE = Path(__file__).parent


class Tile(NamedTuple):
    """One digit of the gallery.

    Attributes:
        key: what it is called when it is chosen.
        image: (28, 28) uint8.
        title: in large letters below it.
        words: in small ones below that.
        told: all of it in a sentence, for a pointer that rests and for a screen reader.
    """

    key: str
    image: NDArray[np.uint8]
    title: str
    words: str
    told: str


def show(
    name: str, tiles: Sequence[Tile], chosen: Collection[str], on_choice: Callable[[], None]
) -> None:
    """Show the tiles.

    Args:
        name: the widget's key; `chosen_in` gives what is chosen in it.
        tiles: in their order.
        chosen: the keys of those that are.
        on_choice: called when the visitor chooses one more, or one less.
    """
    shown = component("gallery", "<ul></ul>", _HERE / "gallery.css", _HERE / "gallery.js")
    shown(
        key=name,
        data={
            "chosen": [tile.key for tile in tiles if tile.key in chosen],
            "tiles": [
                {
                    "key": tile.key,
                    "picture": data_url(tile.image),
                    "title": tile.title,
                    "words": tile.words,
                    "told": tile.told,
                }
                for tile in tiles
            ],
        },
        default={"chosen": []},
        on_chosen_change=on_choice,
    )


def chosen_in(name: str) -> list[str]:
    """The keys that the visitor chose, as the browser tells them."""
    found = (st.session_state.get(name) or {}).get("chosen") or []
    return [str(key) for key in found]
