"""Shapes that the project drew itself: digits in the world's ways, letters, signs. NumPy only.

They stand in for hands that no free data set holds, in training, in examples and in tests.
"""

from digitrec.shapes.curves import SHEET, Stroke
from digitrec.shapes.digits import digit_strokes, random_digit
from digitrec.shapes.invented import random_character
from digitrec.shapes.letters import LETTERS, SIGNS, random_letter
from digitrec.shapes.variants import VARIANTS
from digitrec.shapes.variations import StrokeVariation, vary_strokes

__all__ = [
    "LETTERS",
    "SHEET",
    "SIGNS",
    "VARIANTS",
    "Stroke",
    "StrokeVariation",
    "digit_strokes",
    "random_character",
    "random_digit",
    "random_letter",
    "vary_strokes",
]
