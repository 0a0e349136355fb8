"""Panel "Squeezed": what the same network answers where the canvas is merely made small."""

from __future__ import annotations

import numpy as np
import streamlit as st

from digitrec.imaging.mnist_format import INNER_SIDE, SIDE
from digitrec.imaging.squeezing import Standing, squeeze, standing
from digitrec.reading import Digit
from digitrec.web.engine import recognizer
from digitrec.web.inside.subject import Subject
from digitrec.web.inside.words import two_lines
from digitrec.web.size import HEIGHT, WIDTH
from digitrec.web.views import image_html

# MNIST's lines are 2 to 4.4 px wide, see `digitrec.imaging.strokes`.
_THINNEST, _THICKEST = 2.0, 4.5
_SMALL, _LARGE = 16, 23  # px, larger side: from here on it is worth a word
_ASIDE = 2.0  # px off the middle: the same
_STYLE = """
.squeezed {
  display: grid; grid-template-columns: repeat(2, 280px) minmax(0, 1fr); gap: 0 2.5rem;
  padding-top: 0.3rem; --pixel: 10px;
}
.squeezed h3 {
  font-size: 1rem; font-weight: 600; line-height: 1.3; margin: 0; padding: 0 0 0.5rem;
}
.squeezed .pixels {
  position: relative; width: calc(28 * var(--pixel)); height: calc(28 * var(--pixel));
  background: #000; border-radius: 6px; overflow: hidden;
}
.squeezed img {
  width: 100%; height: 100%; display: block; image-rendering: pixelated; border-radius: 0;
}
.squeezed .pixels::before, .squeezed .pixels::after {
  content: ""; position: absolute; background: var(--accent); opacity: 0.75;
}
.squeezed .pixels::before { inset: 0 auto 0 calc(14.5 * var(--pixel)); width: 1px; }
.squeezed .pixels::after { inset: calc(14.5 * var(--pixel)) 0 auto 0; height: 1px; }
.squeezed .said { display: flex; align-items: center; gap: 0.8rem; min-height: 4.6rem; }
.squeezed .said strong {
  font-size: 3.6rem; line-height: 1; min-width: 2.4rem; font-variant-numeric: tabular-nums;
  text-align: center; font-weight: 700;
}
.squeezed .ours strong { color: var(--accent); }
.squeezed .said strong.none { color: inherit; opacity: 0.6; }
.squeezed .said div { line-height: 1.35; }
.squeezed .said b { font-size: 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.squeezed .why { align-self: start; padding-top: 1.6rem; max-width: 34rem; }
.squeezed .why p { margin: 0 0 0.8rem; line-height: 1.5; }
@media (max-width: 1100px) {
  .squeezed { grid-template-columns: repeat(2, max-content); gap: 0 1.5rem; }
  .squeezed .why { grid-column: 1 / -1; padding-top: 0.4rem; }
}
@media (max-width: 660px) {
  .squeezed { --pixel: 5px; grid-template-columns: repeat(2, 1fr); gap: 0 1rem; }
  .squeezed h3 { display: flex; align-items: end; min-height: 3.1rem; }  /* two lines or one */
  .squeezed .said {
    flex-direction: column; align-items: flex-start; gap: 0; padding-top: 0.4rem;
    min-height: 7.4rem;
  }
  .squeezed .said strong { font-size: 2.8rem; min-width: 0; }
}
@media (min-width: 400px) and (max-width: 660px) {
  .squeezed { --pixel: 6px; }
}
@media (min-width: 540px) and (max-width: 660px) {
  .squeezed { --pixel: 8px; }
}
"""


def show(subject: Subject) -> None:
    """Both pictures, both answers, and what is wrong with the one."""
    image = squeeze(subject.strokes, (WIDTH, HEIGHT), subject.pen_width)
    (digit,) = recognizer().read_digits(image[None])
    number = len(subject.reading.digits) > 1
    ours = f"The {subject.digit.text}, brought into form" if number else "Brought into form"
    if number and subject.digit.text == "?":
        ours = "This part, brought into form"
    figures = _figure("The whole canvas, squeezed", digit, "") + _figure(
        ours, subject.digit, "ours"
    )
    sentences = [
        "Left, what many programs do: all of the canvas, made small. Right, what this one does: "
        "the digit drawn anew with the right pen, as large as MNIST's are and in their middle, "
        "which the cross marks. The same network answers to both.",
        faults(standing(image), subject.pen_width, number=number),
        verdict(digit, subject.digit) if not number else number_verdict(digit, subject),
    ]
    why = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    st.html(
        f'<style>{_STYLE}</style><div class="squeezed" data-testid="squeezed">{figures}'
        f'<div class="why">{why}</div></div>'
    )


def faults(ink: Standing, pen_width: int, *, number: bool = False) -> str:
    """What squeezing did to this drawing, in a sentence.

    Args:
        ink: how the squeezed drawing stands.
        pen_width: of the canvas, px.
        number: whether several digits are in it.
    """
    found = []
    across, along = pen_width * SIDE / WIDTH, pen_width * SIDE / HEIGHT
    if across < _THINNEST:
        found.append(f"upright lines are {_pixels(across)} wide, where MNIST's are 2 to 4")
    elif along > _THICKEST:
        found.append(f"lying lines are {_pixels(along)} thick, where MNIST's are 2 to 4")
    larger = max(ink.width, ink.height)
    if number:
        size = f"{ink.width} × {ink.height}"
        found.append(f"its digits share {size} pixels, where MNIST has 20 × 20 for one")
    elif larger < _SMALL:
        found.append(f"all of it is {larger} pixels large instead of {INNER_SIDE}")
    elif larger > _LARGE:
        found.append(f"it is {larger} pixels large instead of {INNER_SIDE}")
    aside = float(np.hypot(ink.right, ink.down))
    if aside > _ASIDE and not number:
        found.append(f"it stands {_pixels(aside)} off the middle")
    found.append(f"everything is {WIDTH / HEIGHT:g} times narrower than it was drawn")
    said = "; ".join([*found[:-1], f"and {found[-1]}"] if len(found) > 1 else found)
    begun = "The whole number becomes one picture" if number else "Squeezed"
    return f"{begun}: {said}."


def verdict(squeezed: Digit, ours: Digit) -> str:
    """What both answer to one digit; nobody but the visitor knows who is right."""
    if squeezed.text == ours.text:
        if ours.text == "?":
            return "Neither way it is taken for a digit."
        return (
            f"Both ways the answer is {ours.label}: the network forgives much. Draw the same digit "
            "smaller, or in a corner, and see."
        )
    answers = [
        "it is taken for no digit" if digit.text == "?" else f"the answer is {digit.label}"
        for digit in (squeezed, ours)
    ]
    return f"Squeezed, {answers[0]}; brought into form, {answers[1]}. Only you know what it is."


def number_verdict(squeezed: Digit, subject: Subject) -> str:
    """The one answer to a whole number, beside an answer for each of its digits."""
    one = "which is no digit" if squeezed.text == "?" else f"which is {squeezed.label}"
    text = " ".join(subject.reading.text.split())
    return (
        f"Squeezed, there is one answer for all of it, {one}. Taken apart, each of the "
        f"{len(subject.reading.digits)} has its own: {text}."
    )


def _figure(title: str, digit: Digit, kind: str) -> str:
    none = ' class="none"' if digit.text == "?" else ""
    return (
        f'<div class="{kind}"><h3>{title}</h3>'
        f'<div class="pixels">{image_html(digit.image, f"{title}: 28×28 pixels")}</div>'
        f'<div class="said"><strong{none}>{digit.text}</strong>'
        f"<div>{two_lines(digit)}</div></div></div>"
    )


def _pixels(length: float) -> str:
    return f"{length:.1f} pixels"
