"""Panel "Replay": the drawing once more in slow motion, and the answer at every step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.explaining.replay import STEPS, Moment, Stretch, replay, stretches
from digitrec.reading import Digit, Reading
from digitrec.web.component import component
from digitrec.web.engine import recognizer
from digitrec.web.inside.subject import Subject
from digitrec.web.inside.words import one_line, two_lines
from digitrec.web.size import HEIGHT, WIDTH
from digitrec.web.views import data_url

_HERE = Path(__file__).parent
_KEPT = "kept_replay"
_HTML = """
<div class="replay"><div class="stage">
  <svg class="paper" role="img" aria-label="The drawing as far as this step"></svg>
  <div class="answer">
    <div class="headline">
      <div class="label" data-testid="replay-label"></div>
      <div class="words"></div>
      <img class="seen" alt="What the network sees at this step">
    </div>
    <table aria-label="Probability of each digit at this step, percent"><tbody></tbody></table>
    <div class="axis" aria-hidden="true"><span>0</span><span>50</span><span>100 %</span></div>
  </div>
  <div class="player">
    <button type="button">
      <svg viewBox="0 0 12 12" aria-hidden="true"><path></path></svg><span></span>
    </button>
    <div class="count" aria-hidden="true"></div>
    <div class="time">
      <input type="range" min="1" step="1" aria-label="Step of the drawing">
      <div class="band" role="img"></div>
    </div>
  </div>
</div></div>
"""


def show(subject: Subject) -> None:
    """The player, and a sentence on what is to be seen."""
    replayed = _replayed(subject)
    st.caption(_sentence(len(replayed["steps"])))
    shown = component("replay", _HTML, _HERE / "replay.css", _HERE / "replay.js")
    shown(key="inside_replay", data=replayed | {"pen": subject.pen_width})


def _replayed(subject: Subject) -> dict[str, Any]:
    """What the player gets; worked out once for a drawing and who reads it."""
    reads, drawing = recognizer(), [stroke.tobytes() for stroke in subject.strokes]
    known, drawn, data = st.session_state.get(_KEPT) or (None, None, {"drawing": 0})
    if known is not reads or drawn != drawing:
        moments = replay(reads, subject.strokes, subject.reading)
        # By its number the player tells another drawing.
        data = _data(moments) | {"drawing": data["drawing"] + 1}
        st.session_state[_KEPT] = (reads, drawing, data)
    return data


def _sentence(steps: int) -> str:
    sentence = (
        "The drawing once more, as the pen went, and what the network makes of it on the way. "
        "The band below the slider tells where the answer changes."
    )
    if steps < STEPS / 2:
        sentence += f" This drawing takes long to read: its {steps} steps are long ones."
    return sentence


def _data(moments: Sequence[Moment]) -> dict[str, Any]:
    lines = [moment.reading.text.split("\n") for moment in moments]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "chars": max(len(line) for text in lines for line in text),
        "lines": max(map(len, lines)),
        "steps": [_step(moment) for moment in moments],
        "stretches": [_stretch(stretch, moments) for stretch in stretches(moments)],
    }


def _step(moment: Moment) -> dict[str, Any]:
    digit = moment.digit
    step: dict[str, Any] = {
        "pieces": [[_path(piece), _length(piece)] for piece in moment.pieces],
        "label": _label(moment),
        "words": _words(digit),
        "told": _told(moment),
    }
    if digit:
        step |= {
            "shares": [round(float(share), 5) for share in digit.probabilities],
            "answered": list(digit.named),
            "seen": data_url(digit.image),
            "box": list(digit.box) if len(moment.reading.digits) > 1 else None,
        }
    return step


def _stretch(stretch: Stretch, moments: Sequence[Moment]) -> dict[str, Any]:
    digit = moments[stretch.first].digit
    if digit is None:
        told = "too little ink"
    else:
        told = "not a digit" if digit.status == "not a digit" else stretch.text
    steps = (
        f"step {stretch.first + 1}"
        if stretch.first == stretch.last
        else f"steps {stretch.first + 1} to {stretch.last + 1}"
    )
    return {
        "first": stretch.first,
        "last": stretch.last,
        "text": stretch.text or "–",
        "answered": told == stretch.text,
        "told": f"{told}, {steps}",
    }


# --- words ------------------------------------------------------------------------------


def _label(moment: Moment) -> str:
    """The text so far as HTML, the digit at the pen marked."""
    if not moment.reading.digits:
        return "–"
    return "<br>".join(
        " ".join("".join(_marked(digit, moment.digit) for digit in group) for group in line)
        for line in moment.reading.lines
    )


def _marked(digit: Digit, at_pen: Digit | None) -> str:
    if digit is not at_pen:
        return digit.text
    return f'<b class="{digit.status.replace(" ", "-")}">{digit.text}</b>'


def _words(digit: Digit | None) -> str:
    return two_lines(digit) if digit else "<b>Too little ink</b><br>to say anything"


def _told(moment: Moment) -> str:
    """The answer at this step in one line."""
    told = one_line(moment.digit) if moment.digit else "too little ink"
    return f"{_spelled(moment.reading)}; at the pen {told}" if _is_number(moment.reading) else told


def _is_number(reading: Reading) -> bool:
    return len(reading.digits) > 1


def _spelled(reading: Reading) -> str:
    return " ".join("no digit" if d.text == "?" else d.text for d in reading.digits)


# --- the pen's way ----------------------------------------------------------------------


def _path(piece: NDArray[np.float32]) -> str:
    """A piece (n, 2) as what an SVG path is made of."""
    if not np.ptp(piece, axis=0).any():
        return f"M{piece[0, 0]:.1f} {piece[0, 1]:.1f}h.01"  # a dot
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in piece)


def _length(piece: NDArray[np.float32]) -> float:
    return round(float(np.linalg.norm(np.diff(piece, axis=0), axis=1).sum()), 1)
