"""A drawing in more strokes than it was drawn in."""

from itertools import pairwise

import numpy as np


def in_pieces(strokes, count):
    """So many strokes that each go on where the one before ends."""
    points = np.concatenate(strokes)
    edges = np.linspace(0, len(points) - 1, count + 1).round().astype(int)
    return [points[a : b + 1] for a, b in pairwise(edges)]
