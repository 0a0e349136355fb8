"""Panel "Look-alikes": which drawings the network takes for most alike to the visitor's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT, Correction
from digitrec.engine import shared_recognizer
from digitrec.errors import DigitrecError
from digitrec.explaining.look_alikes import nearest, nearest_of_each
from digitrec.reading import Digit
from digitrec.web.inside import known
from digitrec.web.inside.kept import MOST, Kept, kept
from digitrec.web.inside.kinds import in_words, named
from digitrec.web.inside.subject import Subject
from digitrec.web.markdown import literal
from digitrec.web.views import image_html

_SHOWN = 10
_STYLE = """
.alike h3 { padding-bottom: 0.6rem; }
.alike h3 + p { margin: -0.3rem 0 0.8rem; min-height: 3em; }
.alike .beside + h3 { padding-top: 1.4rem; }
.alike ol {
  list-style: none; margin: 0; padding: 0; display: grid; gap: 14px 10px;
  grid-template-columns: repeat(10, minmax(0, 1fr));
}
.alike li { margin: 0; padding: 0; font-size: 0.86rem; line-height: 1.25; min-width: 0; }
.alike li img {
  width: 100%; aspect-ratio: 1; image-rendering: pixelated; border-radius: 6px; display: block;
  background: #000; margin-bottom: 5px;
}
.alike li b { font-size: 1.15rem; margin-right: 0.25rem; }
.alike li span { font-variant-numeric: tabular-nums; white-space: nowrap; }
.alike li small { display: block; font-size: 0.82rem; min-height: 2.5em; opacity: 0.9; }
.alike li.own img { outline: 2px dashed var(--accent); outline-offset: 2px; }
.alike .meter {
  height: 6px; border-radius: 3px; overflow: hidden; margin: 3px 0 4px;
  background: color-mix(in srgb, currentColor 12%, transparent);
}
.alike .meter i {
  display: block; height: 100%; background: color-mix(in srgb, currentColor 45%, transparent);
}
.alike li.answered .meter i { background: var(--accent); }
.alike li.answered b { color: var(--accent); }
.alike .beside { display: grid; grid-template-columns: 132px minmax(0, 1fr); gap: 28px; }
.alike .beside > figure { margin: 0; font-size: 0.86rem; }
.alike .beside > figure img {
  width: 132px; height: 132px; image-rendering: pixelated; border-radius: 6px; display: block;
  margin-bottom: 5px;
}
@media (max-width: 900px) {
  .alike ol { grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 12px 8px; }
  .alike .beside { grid-template-columns: minmax(0, 1fr); gap: 12px; }
  .alike .beside > figure { display: none; }
}
@media (max-width: 480px) {
  .alike h3 + p { min-height: 6em; }
  .alike li { font-size: 0.8rem; }
  .alike li small { font-size: 0.75rem; min-height: 3.75em; overflow-wrap: anywhere; }
}
"""


class _Known(NamedTuple):
    """A drawing that the visitor's is compared with."""

    image: NDArray[np.uint8]
    label: int
    kind: str  # a variant's name, or of a kept one its key
    kept: datetime | None
    likeness: float


def show(subject: Subject) -> None:
    """The panel."""
    try:
        if not shared_recognizer().adapts:
            st.info(
                "This network gives its answers alone, and not what its last layer saw: so "
                "nothing can be said to be alike for it. A network that is trained now tells both."
            )
            return
        found = kept()
        drawings = _compared(subject.digit.image, found)
        usual = known.usual_likeness()
    except DigitrecError as error:
        st.info(literal(error))
        return
    st.html(f"<style>{_STYLE}</style>")
    st.html(f'<p class="inside">{_introduction(found)}</p>')
    st.html(_panel(subject.digit, drawings, usual))
    if isinstance(found, str):
        st.caption(f"The digits that were kept here are left out just now. {found}")


def _introduction(found: Kept | str | None) -> str:
    count = len(known.drawings().labels)
    kept_too = ""
    if isinstance(found, Kept) and found.corrections:
        many = len(found.corrections)
        newest = "the newest " if many == MOST else ""
        digits = "1 digit that was" if many == 1 else f"{newest}{many:,} digits that were"
        kept_too = f", and with {digits} kept here"
    return (
        "What the network's last layer makes of this drawing, compared with what it makes of "
        f"{count:,} drawings of the project's own, every digit in the ways that people write "
        f"it{kept_too}. The same would be 100\N{NO-BREAK SPACE}%."
    )


def _compared(image: NDArray[np.uint8], found: Kept | str | None) -> list[_Known]:
    """All drawings that are known, with their likeness."""
    own = known.drawings()
    likeness = known.bank().likeness(image)
    everything = [
        _Known(digit, int(label), kind, None, float(share))
        for digit, label, kind, share in zip(
            own.digits, own.labels, own.kinds, likeness, strict=True
        )
    ]
    if isinstance(found, Kept) and found.corrections:
        shares = found.bank.likeness(image)
        everything += [
            _kept_one(correction, float(share))
            for correction, share in zip(found.corrections, shares, strict=True)
            if (correction.image != image).any()  # this very drawing says nothing
        ]
    return everything


def _kept_one(correction: Correction, likeness: float) -> _Known:
    return _Known(correction.image, correction.label, correction.key, correction.time, likeness)


def _panel(digit: Digit, drawings: Sequence[_Known], usual: tuple[float, float]) -> str:
    likeness = np.array([known_one.likeness for known_one in drawings], np.float32)
    labels = np.array([known_one.label for known_one in drawings], np.int64)
    kinds = [(one.label, "kept" if one.kept else one.kind) for one in drawings]
    alike = [drawings[place] for place in nearest(likeness, kinds, _SHOWN)]
    each = nearest_of_each(likeness, labels)
    of_classes = [drawings[each[label]] for label in range(10)]
    first = "".join(_tile(one) for one in alike)
    second = "".join(
        _tile(one, meter=True, answered=one.label in digit.named) for one in of_classes
    )
    return (
        '<div class="alike"><h3 class="inside">Most alike</h3><div class="beside">'
        f"<figure>{image_html(digit.image, 'this drawing')}this drawing</figure>"
        f'<ol data-testid="alike">{first}</ol></div>'
        '<h3 class="inside">The nearest of each digit</h3>'
        f'<p class="inside">{_hesitation(digit, alike[0], of_classes, usual)}</p>'
        f'<ol data-testid="each">{second}</ol></div>'
    )


def _hesitation(
    digit: Digit, best: _Known, of_classes: Sequence[_Known], usual: tuple[float, float]
) -> str:
    """How near the nearest of another digit comes, and what that means."""
    same, different = (_percent(share) for share in usual)
    scale = (
        f"As a rule two drawings of one digit are alike by {same}, of two digits by {different}."
    )
    if best.likeness < sum(usual) / 2:
        return (
            f"None of them is much like this: the nearest is {_article(best)}, by "
            f" {_percent(best.likeness)}. {scale}"
        )
    others = [one for one in of_classes if one.label != best.label]
    rival = max(others, key=lambda one: one.likeness)
    doubt = " That is near, and the network hesitates, too." if digit.status == "ambiguous" else ""
    return (
        f"The nearest of another digit is {_article(rival)}, alike by "
        f"{_percent(rival.likeness)}.{doubt} {scale}"
    )


def _article(one: _Known) -> str:
    if one.label == NOT_A_DIGIT:
        return "what was kept as no digit"
    return f"an {one.label}" if one.label == 8 else f"a {one.label}"


def _tile(one: _Known, *, meter: bool = False, answered: bool = False) -> str:
    sign = "no digit" if one.label == NOT_A_DIGIT else str(one.label)
    words = f"kept on {_day(one.kept)}" if one.kept else in_words(one.kind)
    alt = f"{sign}, {words}" if one.kept else named(one.label, one.kind)
    share = _percent(one.likeness)
    bar = (
        f'<div class="meter"><i style="width:{100 * one.likeness:.0f}%"></i></div>' if meter else ""
    )
    classes = " ".join(["own"] * bool(one.kept) + ["answered"] * answered)
    return (
        f'<li class="{classes}">{image_html(one.image, alt)}<b>{sign}</b> <span>{share}</span>{bar}'
        f"<small>{escape(words)}</small></li>"
    )


def _day(time: datetime | None) -> str:
    """A day as people say it, the year only where it is another one."""
    assert time is not None
    local = time.astimezone()
    day = f"{local.day} {local:%B}"
    return day if local.year == datetime.now().astimezone().year else f"{day} {local.year}"


def _percent(likeness: float) -> str:
    return f"{100 * likeness:.0f}\N{NO-BREAK SPACE}%"
