"""The answer beside the canvas, as HTML. Every part keeps its place and size in every state."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import crop_to_ink
from digitrec.recognizer import Digit, Reading

_ALMOST = 0.9995  # what would be rounded up to 100.0 %
_NAMED = 0.2  # from this probability on the nearest digit of what is none is worth a word
_UNLIKE = "This does not look like a digit."
_WORDS = {
    "empty": ("–", "<b>Draw a digit</b><br>with the mouse, a pen or a finger."),
    "too little ink": ("–", "<b>Too little ink</b><br>Draw the whole digit, larger than a dot."),
}


def answer_html(reading: Reading) -> str:
    """Headline and ten bars on a fixed axis from 0 to 100 %.

    The accent marks what is answered: one bar, every alternative of an ambiguous digit, none
    for what is no digit.
    """
    if not reading.digits:
        label, words = _WORDS[reading.status]
        return _answer(label, words, None)
    digit = reading.digits[0]
    return _answer(digit.text, _headline(digit), digit)


def _headline(digit: Digit) -> str:
    """What is said beside the large label: two lines whatever the status."""
    percent = _percent(digit.confidence)
    if digit.status == "not a digit":
        return f"<b>Not a digit</b><br>{_UNLIKE}{_nearest(digit)}"
    if digit.status == "ambiguous":
        others = " or ".join(str(label) for label in digit.alternatives[1:])
        return f"<b>or maybe {others}</b><br>{percent} for the {digit.label}: not sure."
    return f"<b>{percent}</b><br>sure that it is a {digit.label}"


def _nearest(digit: Digit) -> str:
    """The likeliest class, unless all ten are about as likely."""
    return f" Nearest: {digit.label}." if digit.confidence >= _NAMED else ""


def spoken(reading: Reading) -> str:
    """The same in words, for a screen reader."""
    if not reading.digits:
        return {"empty": "Nothing drawn yet.", "too little ink": "Too little ink."}[reading.status]
    digit = reading.digits[0]
    order = np.argsort(-digit.probabilities, kind="stable")[1:4]
    others = ", ".join(f"{c}: {100 * digit.probabilities[c]:.1f} percent" for c in order)
    share = "over 99.9" if digit.confidence > _ALMOST else f"{100 * digit.confidence:.1f}"
    if digit.status == "not a digit":
        return f"Not a digit. {_UNLIKE}{_nearest(digit)}"
    if digit.status == "ambiguous":
        return f"This is a {digit.label}, {share} percent, but not surely. Then {others}."
    return f"This is a {digit.label}, {share} percent. Then {others}."


def _answer(label: str, words: str, digit: Digit | None) -> str:
    rows = "".join(_row(c, digit) for c in range(10))
    status = digit.status.replace(" ", "-") if digit else "none"
    return (
        f'<div class="answer {status}" data-testid="answer"><div class="headline">'
        f'<div class="label" data-testid="label">{escape(label)}</div>'
        f'<div class="words">{words}</div></div>'
        f'<div><table aria-label="Probability of each digit, percent"><tbody>{rows}</tbody></table>'
        '<div class="axis" aria-hidden="true"><span>0</span><span>50</span><span>100 %</span></div>'
        "</div></div>"
    )


def _row(label: int, digit: Digit | None) -> str:
    share = 100 * float(digit.probabilities[label]) if digit else 0.0
    marked = digit is not None and label in _answered(digit)
    winner = ' class="winner"' if marked else ""
    number = _percent(share / 100) if digit else ""
    return (
        f'<tr{winner}><th scope="row">{label}</th><td><div class="track">'
        f'<div class="bar" style="width:{share:.2f}%"></div></div></td>'
        f'<td class="number" data-testid="probability-{label}">{number}</td></tr>'
    )


def _answered(digit: Digit) -> tuple[int, ...]:
    """The classes that the answer names."""
    if digit.status == "not a digit":
        return ()
    return digit.alternatives or (digit.label,)


def _percent(share: float) -> str:
    """A share 0-1 as HTML; no network is 100 % sure, so none is rounded up to it."""
    return "&gt; 99.9 %" if share > _ALMOST else f"{100 * share:.1f} %"


def strip_html(strokes: Sequence[NDArray[np.float32]], reading: Reading, side: int) -> str:
    """What the network sees: drawing → cropped → 28×28, enlarged without smoothing."""
    drawing = cropped = seen = ""
    if reading.digits:
        drawing = _image(255 - _whole(strokes, side), "the drawing")
        cropped = _image(255 - crop_to_ink(reading.ink), "the drawing, cropped to its ink")
        seen = _image(reading.digits[0].image, "the 28×28 digit that the network sees")
    arrow = '<span class="arrow" aria-hidden="true">→</span>'
    return (
        '<div class="strip" data-testid="strip">'
        + arrow.join(
            f'<figure><div class="frame{extra}">{image}</div>'
            f"<figcaption>{caption}</figcaption></figure>"
            for image, caption, extra in (
                (drawing, "drawing", ""),
                (cropped, "cropped", ""),
                (seen, "28×28", " seen"),
            )
        )
        + "</div>"
    )


def _whole(strokes: Sequence[NDArray[np.float32]], side: int) -> NDArray[np.uint8]:
    """The canvas as a thumbnail (84, 84) uint8 of ink."""
    thumbnail = np.zeros((168, 168), np.uint8)
    for stroke in strokes:
        path = np.rint(stroke * (168 / side) * 16).astype(np.int32)
        cv2.polylines(thumbnail, [np.repeat(path, 2, axis=0)], False, 255, 7, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(thumbnail, (84, 84), interpolation=cv2.INTER_AREA), np.uint8)


def png(image: NDArray[np.uint8]) -> bytes:
    """A grey picture (H, W) uint8 as PNG."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())


def _image(image: NDArray[np.uint8], alt: str) -> str:
    source = base64.b64encode(png(image)).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{source}">'
