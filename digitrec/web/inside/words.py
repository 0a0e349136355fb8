"""An answer in few words, as several panels of "See inside" say it."""

from __future__ import annotations

import html

from digitrec.reading import Digit
from digitrec.web.answer import NAMED, others, percent


def two_lines(digit: Digit) -> str:
    """Two short lines of HTML to stand beside the label."""
    share = percent(digit.confidence)
    if digit.status == "not a digit":
        near = digit.confidence >= NAMED
        return (
            f"<b>Not a digit</b><br>{f'nearest: {digit.label}' if near else 'like none of the ten'}"
        )
    if digit.status == "ambiguous":
        return f"<b>or maybe {others(digit)}</b><br>{share} for the {digit.label}"
    return f"<b>{share}</b><br>sure that it is a {digit.label}"


def one_line(digit: Digit) -> str:
    """The answer as plain text, to be spoken."""
    if digit.status == "not a digit":
        return "not a digit"
    share = html.unescape(percent(digit.confidence)).replace(">", "over")
    maybe = f", or maybe {others(digit)}" if digit.alternatives else ""
    return f"{digit.label}, {share}{maybe}"
