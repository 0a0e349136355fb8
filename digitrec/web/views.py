"""What is shown of a drawing: boxes over it, and its way to what the network sees. HTML and PNG."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import crop_to_ink
from digitrec.reading import Digit, Reading
from digitrec.web.size import HEIGHT, WIDTH

_THUMBNAIL = 84  # px, the height of the small pictures
_FINE = 2  # times finer, before it is scaled down
_MARGIN = 5  # px between ink and box
_LABEL = 18  # px, the height of a box' label


def boxes_html(reading: Reading, pen_width: int) -> str:
    """A box around each digit of a number, with what it is read as; nothing for a single one.

    Lies over the canvas, and lets every touch through to it.
    """
    digits = reading.digits if len(reading.digits) > 1 else ()
    boxes = "".join(_box(digit, pen_width) for digit in digits)
    return f'<div class="boxes" data-testid="boxes" aria-hidden="true">{boxes}</div>'


def _box(digit: Digit, pen_width: int) -> str:
    out = pen_width / 2 + _MARGIN
    left, top = max(1.0, digit.box.x - out), max(1.0, digit.box.y - out)
    right = min(WIDTH - 1.0, digit.box.x + digit.box.width + out)
    bottom = min(HEIGHT - 1.0, digit.box.y + digit.box.height + out)
    # The label stands on the box, or hangs below it where there is no room above.
    place = "below" if top < _LABEL and bottom < HEIGHT - _LABEL else "above"
    if top < _LABEL and bottom >= HEIGHT - _LABEL:
        place = "inside"
    return (
        f'<div class="box {digit.status.replace(" ", "-")} {place}" style="left:{left:.0f}px;'
        f'top:{top:.0f}px;width:{right - left:.0f}px;height:{bottom - top:.0f}px">'
        f"<span>{digit.text}</span></div>"
    )


def strip_html(strokes: Sequence[NDArray[np.float32]], reading: Reading, spoken: str) -> str:
    """What the network sees: drawing → cropped → 28×28, enlarged without smoothing.

    A number shows the 28×28 of each digit instead of the crop. A screen reader hears `spoken`,
    the answer in words.
    """
    drawing = cropped = ""
    if reading.digits:
        drawing = image_html(255 - _whole(strokes), "the drawing")
    figures = [_figure("drawing", _frame(drawing, "drawing"))]
    if len(reading.digits) > 1:
        tiles = "".join(
            _frame(image_html(digit.image, f"the 28×28 of the {digit.text}"), "seen")
            for digit in reading.digits
        )
        count = len(reading.digits)
        size = "few" if count <= 2 else "some" if count <= 4 else ""
        figures.append(_figure("28×28 each", f'<div class="tiles {size}">{tiles}</div>', "many"))
    else:
        seen = ""
        if reading.digits:
            cropped = image_html(255 - crop_to_ink(reading.ink), "the drawing, cropped to its ink")
            seen = image_html(reading.digits[0].image, "the 28×28 digit that the network sees")
        figures += [
            _figure("cropped", _frame(cropped)),
            _figure("28×28", _frame(seen, "seen")),
        ]
    arrow = '<span class="arrow" aria-hidden="true">→</span>'
    return (
        f'<div class="sr-only" role="status" aria-live="polite">{spoken}</div>'
        '<div class="strip-title">What the network sees</div>'
        f'<div class="strip" data-testid="strip">{arrow.join(figures)}</div>'
    )


def _figure(caption: str, content: str, kind: str = "") -> str:
    return f'<figure class="{kind}">{content}<figcaption>{caption}</figcaption></figure>'


def _frame(image: str, kind: str = "") -> str:
    return f'<div class="frame {kind}">{image}</div>'


def _whole(strokes: Sequence[NDArray[np.float32]]) -> NDArray[np.uint8]:
    """The canvas as a thumbnail (84, 147) uint8 of ink."""
    scale = _THUMBNAIL / HEIGHT
    size = (round(WIDTH * scale), _THUMBNAIL)
    thumbnail = np.zeros((size[1] * _FINE, size[0] * _FINE), np.uint8)
    for stroke in strokes:
        path = np.rint(stroke * (scale * _FINE) * 16).astype(np.int32)
        cv2.polylines(thumbnail, [np.repeat(path, 2, axis=0)], False, 255, 7, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(thumbnail, size, interpolation=cv2.INTER_AREA), np.uint8)


def download(reading: Reading) -> tuple[bytes, str]:
    """Every 28×28 side by side as PNG, and a file name that says what it shows."""
    digits = reading.digits
    if not digits:
        return b"", "digit.png"
    content = png(np.hstack([digit.image for digit in digits]))
    if any(digit.status == "not a digit" for digit in digits):  # `?` has no place in a name
        return content, "digit.png" if len(digits) == 1 else "number.png"
    text = "".join(digit.text for digit in digits)[:40]
    return content, f"digit-{text}.png" if len(digits) == 1 else f"number-{text}.png"


def png(image: NDArray[np.uint8]) -> bytes:
    """A grey picture (H, W) uint8 as PNG."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())


def data_url(image: NDArray[np.uint8]) -> str:
    """A grey picture (H, W) uint8 as an address that holds all of it."""
    return as_data_url(png(image))


def as_data_url(content: bytes) -> str:
    """A PNG as such an address."""
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def image_html(image: NDArray[np.uint8], alt: str) -> str:
    """A grey picture (H, W) uint8 as an `img` that holds it; `alt` is escaped here."""
    return f'<img alt="{escape(alt)}" src="{data_url(image)}">'
