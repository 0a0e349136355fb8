"""Draw the README's pictures of what the engine does, from the project's own drawings.

    python scripts/pictures.py docs/images

`path.svg` follows one drawing to its answer; `predictions.svg` shows some answers, drawn by the
generator from one seed, none left out.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from browser import ROOT
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import crop_to_ink, normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.reading import Digit
from digitrec.recognizer import Recognizer
from digitrec.shapes import (
    StrokeVariation,
    digit_strokes,
    random_character,
    random_digit,
    random_letter,
    vary_strokes,
)
from digitrec.web.size import HEIGHT, WIDTH

_ACCENT, _QUIET, _TEXT, _PAPER = "#0b6e99", "#8a949d", "#16212b", "#fffdf7"
_SEED = 5
_TILE = 96.0  # px
# How people write: of each digit one shape.
_SHAPES = {
    0: "slashed",
    1: "long upstroke",
    2: "looped",
    3: "flat top",
    4: "open",
    5: "like an S",
    6: "small loop",
    7: "crossed",
    8: "two rings",
    9: "curved tail",
}


def main() -> None:
    """Write both pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    recognizer = Recognizer()
    (folder / "path.svg").write_text(_path(recognizer), encoding="utf-8")
    (folder / "predictions.svg").write_text(_predictions(recognizer), encoding="utf-8")


def _path(recognizer: Recognizer) -> str:
    """A small 7 in a corner, step by step, to ten probabilities."""
    strokes = digit_strokes(7, height=130, left=330, top=40)
    digit = recognizer.read_strokes(strokes).digits[0]
    ink = crop_to_ink(ink_from_strokes(strokes))
    side = max(ink.shape)
    square = np.zeros((side, side), np.uint8)
    top, left = (side - ink.shape[0]) // 2, (side - ink.shape[1]) // 2
    square[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    small = cv2.resize(square, (20, 20), interpolation=cv2.INTER_AREA)
    middle = 44.0
    cross = "".join(
        f'<path d="M{x - 5} {y}h10M{x} {y - 5}v10" stroke="#f0a04b" stroke-width="1.5"/>'
        for x, y in [(640 + 130 * 14.5 / 28, middle + 130 * 14.5 / 28)]
    )
    parts = [
        _canvas(strokes, 20, middle, 130 / HEIGHT),
        _picture(255 - ink, (275 + (130 - 130 * ink.shape[1] / side) / 2, middle), 130),
        _picture(255 - np.asarray(small, np.uint8), (460, middle), 130, pixels=True),
        _picture(digit.image, (640, middle), 130, pixels=True),
        cross,
        _ten_bars(digit, 825, middle),
    ]
    steps = [
        (20 + 130 * WIDTH / HEIGHT / 2, "the drawing", "anywhere, any size,", "any pen"),
        (340, "drawn anew", "with a pen of 12 %", "of the digit's size"),
        (525, "20 × 20", "extended to a square,", "averaged, brightened"),
        (705, "28 × 28", "the centre of mass", "in the middle"),
        (895, "the network", "ten probabilities;", "is it a digit at all?"),
    ]
    for x, title, first, second in steps:
        parts.append(_words(x, 28, title, "600 15px"))
        parts += [_words(x, 196, first), _words(x, 213, second)]
    parts += [_words(x, 114, "→", "20px") for x in (261, 438, 622, 800)]
    return _card(990, 232, "How a drawing becomes a digit, step by step", parts)


def _predictions(recognizer: Recognizer) -> str:
    """Ten digits in the world's ways, and six drawings that are none or may be two."""
    rng = np.random.default_rng(_SEED)
    hand = StrokeVariation()
    drawn = [
        (f"{label}, {shape}", vary_strokes(random_digit(label, rng, variant=shape), hand, rng))
        for label, shape in _SHAPES.items()
    ]
    drawn += [("between 1 and 7", _between_one_and_seven(recognizer))]
    drawn += [("a letter", vary_strokes(random_letter(rng), hand, rng)) for _ in range(2)]
    drawn += [("an invented sign", random_character(rng)) for _ in range(2)]
    drawn += [("a scribble", [rng.uniform(0, 1, (9, 2))])]
    parts, columns, pitch, height = [], 8, 120.0, 190.0
    for place, (words, strokes) in enumerate(drawn):
        image = normalize_digit(
            ink_from_strokes([np.float32(200) * stroke.astype(np.float32) for stroke in strokes])
        )
        digit = recognizer.read_digits(image[None])[0]
        left, top = 20 + pitch * (place % columns), 18 + height * (place // columns)
        parts.append(_prediction(digit, words, left, top))
    return _card(20 + int(pitch) * columns, 18 + int(height) * 2, "Sixteen answers", parts)


def _between_one_and_seven(recognizer: Recognizer) -> list[NDArray[np.float64]]:
    """The first shortening of a 7's bar at which the network names two digits."""
    for left in range(230, 310, 5):
        bar = [[left, 112], [(left + 320) / 2, 94], [320, 80]]
        stroke = np.array([*bar, [310, 150], [300, 220], [290, 270]], float) / 200
        if recognizer.read_strokes([200 * stroke]).digits[0].alternatives:
            return [stroke]
    raise RuntimeError("no drawing between 7 and 1 is ambiguous")


def _prediction(digit: Digit, words: str, left: float, top: float) -> str:
    """What was drawn, what the network saw of it, and its three likeliest classes."""
    middle = left + _TILE / 2
    parts = [
        _picture(digit.image, (left, top), _TILE, pixels=True),
        _words(middle, top + _TILE + 17, words),
    ]
    if digit.status == "not a digit":
        return "".join([*parts, _words(middle, top + _TILE + 46, "no digit", "600 17px")])
    answered = digit.alternatives or (digit.label,)
    for row, label in enumerate(np.argsort(-digit.probabilities, kind="stable")[:3]):
        parts.append(_bar(digit, int(label), (left, top + _TILE + 27 + 17 * row), answered))
    return "".join(parts)


def _bar(digit: Digit, label: int, corner: tuple[float, float], answered: Sequence[int]) -> str:
    """One class: its name, its bar, its share."""
    (left, top), share = corner, float(digit.probabilities[label])
    colour, weight = (_ACCENT, 600) if label in answered else (_QUIET, 400)
    words = "&gt; 99.9" if share > 0.9995 else f"{100 * share:.1f}"
    return (
        _words(left + 5, top + 10, str(label), f"{weight} 12px")
        + f'<rect x="{left + 14}" y="{top}" width="38" height="11" rx="3" fill="#e8edf1"/>'
        + f'<rect x="{left + 14}" y="{top}" width="{38 * share:.1f}" height="11" rx="3" '
        + f'fill="{colour}"/>'
        + _words(left + _TILE, top + 10, words, f"{weight} 11px", "end")
    )


def _ten_bars(digit: Digit, left: float, top: float) -> str:
    parts = []
    for label in range(10):
        y, share = top + 13 * label, float(digit.probabilities[label])
        weight = 700 if label == digit.label else 400
        parts.append(_words(left, y + 10, str(label), f"{weight} 12px"))
        parts.append(
            f'<rect x="{left + 12}" y="{y + 1}" width="130" height="9" rx="3" fill="#e8edf1"/>'
        )
        colour = _ACCENT if label == digit.label else _QUIET
        parts.append(
            f'<rect x="{left + 12}" y="{y + 1}" width="{130 * share:.1f}" height="9" rx="3" '
            f'fill="{colour}"/>'
        )
    return "".join(parts)


def _canvas(strokes: Sequence[NDArray[np.floating]], left: float, top: float, scale: float) -> str:
    """The whole canvas with its strokes, so much smaller."""
    paths = "".join(
        "<polyline fill='none' stroke='#1b2733' stroke-width='8' stroke-linecap='round' points='"
        + " ".join(f"{x:.1f},{y:.1f}" for x, y in stroke)
        + "'/>"
        for stroke in strokes
    )
    return (
        f'<g transform="translate({left} {top}) scale({scale:.4f})"><rect width="{WIDTH}" '
        f'height="{HEIGHT}" rx="12" fill="{_PAPER}" stroke="#cdd6dd" stroke-width="3"/>{paths}</g>'
    )


def _picture(
    image: NDArray[np.uint8], corner: tuple[float, float], height: float, *, pixels: bool = False
) -> str:
    """A grey picture (H, W) uint8, so high, each pixel a square if asked."""
    width = height * image.shape[1] / image.shape[0]
    if pixels:  # enlarged here: not every viewer keeps pixels apart
        image = np.kron(image, np.ones((8, 8), np.uint8))
    content = base64.b64encode(cv2.imencode(".png", image)[1].tobytes()).decode("ascii")
    x, y = corner
    return (
        f'<image x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" '
        f'href="data:image/png;base64,{content}"/>'
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="none" '
        'stroke="#cdd6dd"/>'
    )


def _words(x: float, y: float, words: str, font: str = "12px", anchor: str = "middle") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'style="font:{font} system-ui, sans-serif">{words}</text>'
    )


def _card(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """All of it on a white card, legible on whatever ground it is shown."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" fill="{_TEXT}">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{width}" height="{height}" rx="10" fill="#ffffff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()
