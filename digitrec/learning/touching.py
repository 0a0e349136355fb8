"""What a cutter makes of marks: parts that are a digit, and parts that are none.

Numbers are composed of digits that may train, cut in every way that a page's reader would try
(`imaging.pages.cutting`), and each part is told by the ink that it holds. Characters of other
scripts, letters and words are cut, too: no part of them is a digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.pages.cutting import Part, candidate_parts
from digitrec.imaging.pages.marks import find_marks
from digitrec.learning.material import NONE, NOT_A_DIGIT
from digitrec.shapes import (
    StrokeVariation,
    random_character,
    random_digit,
    random_letter,
    vary_strokes,
)

Ink = NDArray[np.uint8]

_HEIGHT = 48.0  # px, a digit
_SIZES = (0.8, 1.2)  # of it
_PENS = (0.05, 0.14)  # pen widths, in `_HEIGHT`
_OVERLAP = (0.0, 0.15)  # by how much digits are pushed into each other, in `_HEIGHT`
_RISE = 0.06  # standard deviation of a digit's place above the line, in `_HEIGHT`
_LENGTHS, _ODDS = (2, 3), (0.65, 0.35)
_NO_DIGITS = 0.45  # share of what is composed that is characters that are no digits
_ALONE = 0.5  # of these, one character instead of several
_LETTERS, _INVENTED = 0.3, 0.35  # of these, too; the rest is of other scripts, if there are any
_FROM_MNIST = 0.4  # of the digits; the rest is half of drawings, half of the generator's
_THIN = 0.3  # digit heights: a thinner part of what is no digit may be a 1 to anybody
_HALF = 96  # of 255: covered by so much, a pixel is ink
_ONE = 0.87  # of a digit's ink a part has to hold, and of the part's ink be its own
_NONE = 0.62  # less than that of every digit is none
_APART, _HELD = 0.5, 0.6  # of a digit's ink: it shares no more; it is in the part as well
_EACH = 4  # parts of each kind that a number gives


@dataclass(frozen=True)
class Writing:
    """What is put together and cut.

    Attributes:
        mnist: digits to make numbers of.
        drawings: digits drawn with a pen, too; may be empty.
        scripts: (M, 28, 28) characters of other scripts, in MNIST's form; M may be 0.
    """

    mnist: LabelledDigits
    drawings: Sequence[Drawing]
    scripts: Ink


def touching_digits(
    count: int, writing: Writing, hand: StrokeVariation, rng: np.random.Generator
) -> LabelledDigits:
    """Parts of touching digits, about half of them digits and half none, and of what is no digit.

    Args:
        count: how many.
        writing: what they are made of.
        hand: how far drawings are varied.
        rng: the randomness.
    """
    images: list[Ink] = []
    labels: list[int] = []
    if not count:
        return NONE
    while len(images) < count:
        if rng.uniform() < _NO_DIGITS:
            number = _no_digits(writing.scripts, hand, rng)
        else:
            number = _number(writing, hand, rng)
        for label, ink in _parts(number, rng):
            labels.append(label)
            images.append(normalize_digit(ink))
    return LabelledDigits(np.stack(images[:count]), np.array(labels[:count], np.int64))


def _parts(number: Sequence[tuple[int, Ink]], rng: np.random.Generator) -> list[tuple[int, Ink]]:
    """Labels and inks of a few parts of the number's largest mark."""
    whole = np.maximum.reduce([ink for _, ink in number])
    mark = max(find_marks(whole), key=lambda m: m.width)
    area = (slice(mark.y, mark.bottom), slice(mark.x, mark.right))
    own = [(label, ink[area] >= _HALF) for label, ink in number]
    own = [(label, ink) for label, ink in own if ink.any()]
    no_digits = any(label == NOT_A_DIGIT for label, _ in own)
    digits, others = [], []
    for part in candidate_parts(mark, min(_HEIGHT, mark.height))[0]:
        if no_digits and part.width < _THIN:
            continue
        likeness, best = max((_likeness(part, ink), i) for i, (_, ink) in enumerate(own))
        if likeness < _NONE or _holds_another(part, [ink for _, ink in own], best):
            others.append((NOT_A_DIGIT, part.ink))
        elif likeness >= _ONE:
            digits.append((own[best][0], part.ink))
    chosen = []
    for kind in (digits, others):
        order = rng.permutation(len(kind))[:_EACH]
        chosen += [kind[i] for i in order]
    return chosen


def _likeness(part: Part, digit: NDArray[np.bool_]) -> float:
    """Of the digit's ink the share in the part, of the part's ink the digit's: the lesser."""
    inside = part.ink >= _HALF
    height, width = inside.shape
    shared = inside & digit[part.y : part.y + height, part.x : part.x + width]
    larger = max(int(inside.sum()), int(digit.sum()), 1)
    return int(shared.sum()) / larger


def _holds_another(part: Part, own: Sequence[NDArray[np.bool_]], best: int) -> bool:
    """Whether a second digit is in the part, such as a 1, which is little ink beside an 8."""
    height, width = part.ink.shape
    for i, digit in enumerate(own):
        alone = digit & ~own[best]  # not the strokes that both share
        if i != best and alone.sum() >= _APART * digit.sum():
            inside = alone[part.y : part.y + height, part.x : part.x + width]
            if (inside & (part.ink >= _HALF)).sum() >= _HELD * alone.sum():
                return True
    return False


def _number(
    writing: Writing, hand: StrokeVariation, rng: np.random.Generator
) -> list[tuple[int, Ink]]:
    """A label, and the ink alone on the whole sheet, of each digit of a number."""
    source, pen = rng.uniform(), _random_pen(rng)
    digits: list[tuple[int, Ink]] = []
    for _ in range(_random_length(rng)):
        height = _random_height(rng)
        if source < _FROM_MNIST:
            i = int(rng.integers(len(writing.mnist)))
            label = int(writing.mnist.labels[i])
            digits.append((label, _scaled(writing.mnist.digits[i], height)))
        elif writing.drawings and source < (1 + _FROM_MNIST) / 2:
            drawing = writing.drawings[int(rng.integers(len(writing.drawings)))]
            strokes = vary_strokes(drawing.strokes, hand, rng)
            digits.append((int(drawing.label), _drawn(strokes, height, pen)))
        else:
            label = int(rng.integers(10))
            strokes = vary_strokes(random_digit(label, rng), hand, rng)
            digits.append((label, _drawn(strokes, height, pen)))
    return _pushed_together(digits, rng)


def _no_digits(
    scripts: Ink, hand: StrokeVariation, rng: np.random.Generator
) -> list[tuple[int, Ink]]:
    """The ink of each character of a word, or of a single one, in the same form."""
    source, pen = rng.uniform(), _random_pen(rng)
    characters: list[Ink] = []
    for _ in range(1 if rng.uniform() < _ALONE else _random_length(rng)):
        height = _random_height(rng)
        if len(scripts) and source >= _LETTERS + _INVENTED:
            characters.append(_scaled(scripts[rng.integers(len(scripts))], height))
        else:
            draw = random_letter if source < _LETTERS else random_character
            characters.append(_drawn(vary_strokes(draw(rng), hand, rng), height, pen))
    return _pushed_together([(NOT_A_DIGIT, ink) for ink in characters], rng)


def _random_pen(rng: np.random.Generator) -> float:
    return _HEIGHT * float(rng.uniform(*_PENS))


def _random_height(rng: np.random.Generator) -> float:
    return _HEIGHT * float(rng.uniform(*_SIZES))


def _random_length(rng: np.random.Generator) -> int:
    return int(rng.choice(_LENGTHS, p=_ODDS))


def _scaled(digit: Ink, height: float) -> Ink:
    x, y, w, h = cv2.boundingRect(digit)
    scale = height / h
    size = (max(2, round(w * scale)), max(2, round(height)))
    return np.asarray(cv2.resize(digit[y : y + h, x : x + w], size, interpolation=cv2.INTER_CUBIC))


def _drawn(strokes: Sequence[NDArray[np.floating]], height: float, pen: float) -> Ink:
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = height / max(float(high[1] - low[1]), 0.4 * float(high[0] - low[0]), 1e-6)
    room = np.ceil((high - low) * scale + 2 * pen).astype(int)
    ink = np.zeros((int(room[1]), int(room[0])), np.uint8)
    for stroke in strokes:
        path = np.rint(((stroke - low) * scale + pen) * 16).astype(np.int32)
        path = np.repeat(path, 2, axis=0) if len(path) == 1 else path
        cv2.polylines(ink, [path], False, 255, max(1, round(pen)), cv2.LINE_AA, 4)
    x, y, w, h = cv2.boundingRect(ink)
    return ink[y : y + h, x : x + w]


def _pushed_together(
    digits: Sequence[tuple[int, Ink]], rng: np.random.Generator
) -> list[tuple[int, Ink]]:
    """The digits on one sheet, each pushed to the left until it touches, and a little farther."""
    height = int(2.2 * _HEIGHT)
    width = sum(ink.shape[1] for _, ink in digits) + int(_HEIGHT)
    placed: list[tuple[int, Ink]] = []
    right = np.full(height, -np.inf)  # where each row's ink ends so far
    for label, ink in digits:
        top = (height - ink.shape[0]) // 2 + round(rng.normal(0, _RISE * _HEIGHT))
        top = min(max(top, 0), height - ink.shape[0])
        rows = slice(top, top + ink.shape[0])
        inked = ink >= _HALF
        left = np.where(inked.any(axis=1), inked.argmax(axis=1), np.inf)
        gap = float((left - right[rows]).min())
        if np.isfinite(gap):
            shift = round(1 - gap - _HEIGHT * float(rng.uniform(*_OVERLAP)))
        else:  # the first one, or nothing beside it
            shift = int(max(0.0, right[np.isfinite(right)].max(initial=0.0)))
        shift = min(max(shift, 0), width - ink.shape[1])
        sheet = np.zeros((height, width), np.uint8)
        sheet[rows, shift : shift + ink.shape[1]] = ink
        ends = shift + ink.shape[1] - 1 - inked[:, ::-1].argmax(axis=1)
        right[rows] = np.maximum(right[rows], np.where(inked.any(axis=1), ends, -np.inf))
        placed.append((label, sheet))
    return placed
