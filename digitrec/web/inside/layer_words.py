"""What is said of a layer: true for any network, its numbers from the network itself."""

from __future__ import annotations

from collections.abc import Sequence

from digitrec.explaining.graph import SIDE, View
from digitrec.explaining.layers import Layer

# What there is room for in a part of the drawing of up to so many px; a digit is 20 px high.
_ROOM = (
    (4, "enough for ink, paper, or an edge in one direction"),
    (9, "enough for a piece of a stroke and the way it runs"),
    (14, "enough for a bend, an end or a corner"),
    (19, "enough for a crossing or half a loop"),
    (SIDE - 1, "enough for a whole loop or bar, and what stands beside it"),
)


def caption(layer: Layer) -> str:
    """A layer's size on two short lines."""
    count, height, width = layer.maps.shape
    return f"{count}\nunits" if _single(layer) else f"{count} maps\n{height}×{width}"


def told(layer: Layer) -> str:
    """A layer in a few words, for who does not see it."""
    kind, number = layer.name.split()
    count, height, width = layer.maps.shape
    what = f"{count} units" if _single(layer) else f"{count} maps of {height}×{width}"
    return f"{kind} {number}, {what}"


def unit(layer: Layer) -> str:
    """What one of its maps is called."""
    return "unit" if _single(layer) else "map"


def words(layers: Sequence[Layer], place: int) -> str:
    """Some sentences on one of the layers, as HTML.

    Args:
        layers: all of them; the one that adds up the scores comes after the last.
        place: which one.
    """
    layer = layers[place]
    count, height, width = layer.maps.shape
    what = f"{count} units" if _single(layer) else f"{count} maps of {height}×{width}"
    head = f"<b>Layer {place + 1} of {len(layers) + 1}, {_article(layer.kind)}: {what}.</b>"
    last = " What answers here is all that the scores are made of." if layer is layers[-1] else ""
    return f"{head} {_work(layer, place)} {_sight(layer)} {_lit(layer)}{last}"


def _article(kind: str) -> str:
    return kind if kind == "pooling" else f"a {kind} layer" if kind == "dense" else f"a {kind}"


def _work(layer: Layer, place: int) -> str:
    """What a layer does."""
    if layer.kind == "pooling":
        return "Each map is one of the layer below, made smaller: of neighbours one answer is kept."
    if layer.kind == "dense":
        if layer.filters is None:
            return "Each unit adds up all answers of the layer below, with weights of its own."
        return "Each unit adds up all pixels, with weights of its own, shown above its answer."
    if layer.filters is not None:
        return (
            "Each map moves a small filter of its own, shown beside it, over the drawing, and "
            "answers where it fits."
        )
    if _single(layer):
        return f"Each unit adds up all maps of layer {place}, with weights of its own."
    return f"Each map moves a filter of its own over all maps of layer {place} at once."


def _sight(layer: Layer) -> str:
    """How much of the drawing a point of it looks at, and what there is room for in that."""
    if layer.view is None:
        return ""
    if _whole(layer.view):
        return f"{'It' if _single(layer) else 'A point'} sees the whole drawing."
    height, width = layer.view.size
    room = next(what for most, what in _ROOM if max(height, width) <= most)
    return f"A point looks at {height}×{width} pixels of the drawing: {room}."


def _whole(view: View) -> bool:
    return min(view.size) >= SIDE


def _lit(layer: Layer) -> str:
    """How many of its maps have something to say of this drawing."""
    total = len(layer.maps)
    count = sum(bool(answers.any()) for answers in layer.maps)
    name = "units" if _single(layer) else "maps"
    if count == total:
        return f"All {total} {name} answer to this drawing."
    return f"{count} of the {total} {name} answer to this drawing."


def _single(layer: Layer) -> bool:
    """Whether its units stand for themselves, without a place in the drawing."""
    return layer.maps.shape[1:] == (1, 1)
