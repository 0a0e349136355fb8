"""What the panel "Which ink" shows, as HTML."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.explaining.ink import FadedInk, Patch
from digitrec.explaining.left_out import LeftOut
from digitrec.reading import Digit, Reading
from digitrec.web.inside.ink_style import AGAINST, FOR, LITTLE
from digitrec.web.inside.ink_words import (
    is_given,
    named,
    of_the_ink,
    of_the_strokes,
    outcome,
    place,
    short,
)
from digitrec.web.inside.subject import Subject
from digitrec.web.style import ACCENT, QUIET
from digitrec.web.views import image_html

_WEAKEST = 1.0  # log-odds: where no ink changes more, none shows its full colour
_RING = '<li class="most">matters most</li>'
_SIDE = 100  # of the small drawings' paper, its own units
_ROOM = 8.0  # around the strokes, the same units
_PEN = 9.0
_EXACT = 0.6  # by which a small drawing may miss the pen's way, the same units


def page_html(
    subject: Subject, faded: FadedInk, left_out: Sequence[LeftOut], label: int | None
) -> str:
    """The picture with its legend, what matters most, and a row for each stroke."""
    digit = subject.digit
    patch = faded.weightiest(label, against=not is_given(digit, label))
    rows = ""
    if patch:
        rest = Reading("read", (((patch.without,),),), patch.without.image)
        seen = image_html(patch.without.image, "The 28×28 without what is in the circle")
        rows = _row(f'<div class="seen">{seen}</div>', digit, rest, "Without it,")
    return (
        '<div class="ink" data-testid="ink">'
        f"{_figure(digit, faded, label, patch)}"
        f'<div class="words"><p>{of_the_ink(digit, label, patch)}</p><ul class="spot">{rows}</ul>'
        f"<h3>Stroke by stroke</h3><p>{of_the_strokes(len(digit.strokes))}</p>"
        f"{_stroke_rows(subject, left_out)}</div></div>"
    )


def _figure(digit: Digit, faded: FadedInk, label: int | None, patch: Patch | None) -> str:
    what = named(label)
    alt = f"The 28×28 digit; its ink has the colours of what it is worth for {what}."
    if patch:
        side = "for" if is_given(digit, label) else "against"
        alt += f" What speaks most {side} it is {place(patch, digit.image)}."
    colours = coloured(digit.image, faded.importance(label))
    content = cv2.imencode(".png", colours[..., ::-1])[1].tobytes()
    legend = (
        f'<li class="for">speaks for {what}</li><li class="against">speaks against it</li>'
        f'<li class="little">matters little</li>{_RING if patch else ""}'
    )
    return (
        f'<figure><div class="map">{_image(content, alt)}{_circle(patch)}</div>'
        f"<figcaption><ul>{legend}</ul></figcaption></figure>"
    )


def _circle(patch: Patch | None) -> str:
    """A ring around the patch, in shares of the picture's side."""
    if patch is None:
        return ""
    edges = patch.x - patch.radius, patch.y - patch.radius, 2 * patch.radius + 1
    left, top, size = (f"{100 * edge / 28:.2f}%" for edge in edges)
    place = f"left:{left};top:{top};width:{size};height:{size}"
    return f'<i aria-hidden="true" style="{place}"></i>'


def coloured(image: NDArray[np.uint8], worth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The digit on black, its ink in the colours of the legend.

    Args:
        image: (28, 28) uint8.
        worth: (28, 28) float32, log-odds; see `FadedInk.importance`.

    Returns:
        (28, 28, 3) uint8, RGB.
    """
    share = worth[..., None] / max(float(np.abs(worth).max()), _WEAKEST)
    little, speaks_for, against = (
        np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
        for colour in (LITTLE, FOR, AGAINST)
    )
    mixed = little + np.abs(share) * (np.where(share > 0, speaks_for, against) - little)
    return np.asarray(np.rint(image[..., None] / 255 * mixed), np.uint8)


def _stroke_rows(subject: Subject, left_out: Sequence[LeftOut]) -> str:
    if len(subject.digit.strokes) == 1:
        return ""
    rows = "".join(
        _row(
            f'<div class="drawn">{_drawing(subject.own_strokes, stroke)}</div>',
            subject.digit,
            reading,
            f"Without stroke {stroke + 1}",
        )
        for stroke, reading in left_out
    )
    return f'<ul class="strokes">{rows}</ul>'


def _row(picture: str, digit: Digit, rest: Reading, without: str) -> str:
    text = short(rest)
    kind = "" if text == digit.text else ' class="other"'
    size = f' style="--chars:{len(text)}"'
    return (
        f"<li>{picture}<b{kind}{size}>{text}</b><span>{without} {outcome(digit, rest)}</span></li>"
    )


def _drawing(strokes: Sequence[NDArray[np.float32]], chosen: int) -> str:
    """The strokes, one of them in the accent, as an `img`."""
    points = np.concatenate(strokes)
    low, sides = points.min(axis=0), np.ptp(points, axis=0)
    scale = (_SIDE - 2 * _ROOM) / max(float(sides.max()), 1.0)
    offset = (_SIDE - scale * sides) / 2
    order = [*(i for i in range(len(strokes)) if i != chosen), chosen]
    lines = "".join(
        _line((strokes[i] - low) * scale + offset, ACCENT if i == chosen else QUIET) for i in order
    )
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}"><g fill="none" '
        f'stroke-width="{_PEN}" stroke-linecap="round" stroke-linejoin="round">{lines}</g></svg>'
    )
    return _image(content.encode(), f"The drawing; stroke {chosen + 1} stands out", "svg+xml")


def _line(points: NDArray[np.float32], colour: str) -> str:
    plain = cv2.approxPolyDP(points.astype(np.float32)[:, None], _EXACT, False)[:, 0]
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in plain)
    return f'<path stroke="{colour}" d="M{way}{"h0" if len(plain) == 1 else ""}"/>'


def _image(content: bytes, alt: str, kind: str = "png") -> str:
    source = base64.b64encode(content).decode("ascii")
    return f'<img alt="{alt}" src="data:image/{kind};base64,{source}">'
