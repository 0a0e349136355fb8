"""The answer beside the canvas, as HTML. Every part keeps its place and size in every state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitrec.reading import Digit, Reading

_ALMOST = 0.9995  # what would be rounded up to 100.0 %
NAMED = 0.2  # from this probability on the nearest digit of what is none is worth a word
_ROOMY = 6  # digits whose percent signs have room below their bars
_UNLIKE = "This does not look like a digit."
_WORDS = {
    "empty": ("–", "<b>Draw a digit</b><br>or a number, by mouse or finger."),
    "too little ink": ("–", "<b>Too little ink</b><br>Draw the whole digit, larger than a dot."),
}


def answer_html(reading: Reading) -> str:
    """Headline and ten bars on a fixed axis from 0 to 100 %; a number has ten for each digit.

    The accent marks what is answered: one bar, every alternative of an ambiguous digit, none
    for what is no digit.
    """
    if not reading.digits:
        label, words = _WORDS[reading.status]
        return _answer("none", _label(label), words, _bars(None))
    if len(reading.digits) > 1:
        return _answer("number", _marked(reading), _number_words(reading), _columns(reading))
    digit = reading.digits[0]
    kind = digit.status.replace(" ", "-")
    return _answer(kind, _label(digit.text), _headline(digit), _bars(digit))


def waiting_html(words: str) -> str:
    """The same place before there is an answer: words, and ten empty bars."""
    return _answer("none", _label("–"), words, _bars(None))


def _headline(digit: Digit) -> str:
    """What is said beside the large label: two lines whatever the status."""
    share = percent(digit.confidence)
    if digit.status == "not a digit":
        return f"<b>Not a digit</b><br>{_UNLIKE}{_nearest(digit)}"
    if digit.status == "ambiguous":
        return f"<b>or maybe {others(digit)}</b><br>{share} for the {digit.label}: not sure."
    return f"<b>{share}</b><br>sure that it is a {digit.label}"


def _nearest(digit: Digit) -> str:
    """The likeliest class, unless all ten are about as likely."""
    return f" Nearest: {digit.label}." if digit.confidence >= NAMED else ""


def spoken(reading: Reading) -> str:
    """The same in words, for a screen reader."""
    if not reading.digits:
        return {"empty": "Nothing drawn yet.", "too little ink": "Too little ink."}[reading.status]
    if len(reading.digits) > 1:
        return _spoken_number(reading)
    digit = reading.digits[0]
    order = np.argsort(-digit.probabilities, kind="stable")[1:4]
    others = ", ".join(f"{c}: {100 * digit.probabilities[c]:.1f} percent" for c in order)
    share = "over 99.9" if digit.confidence > _ALMOST else f"{100 * digit.confidence:.1f}"
    if digit.status == "not a digit":
        return f"Not a digit. {_UNLIKE}{_nearest(digit)}"
    if digit.status == "ambiguous":
        return f"This is a {digit.label}, {share} percent, but not surely. Then {others}."
    return f"This is a {digit.label}, {share} percent. Then {others}."


def _number_words(reading: Reading) -> str:
    """What is said beside a number: two lines whatever it holds."""
    digits, unlike = reading.digits, [d for d in reading.digits if d.status == "not a digit"]
    count = len(digits) - len(unlike)
    if not count:
        return f"<b>Not digits</b><br>None of the {len(digits)} looks like a digit."
    counted = f"<b>{count} digit{'s' if count > 1 else ''}</b><br>"
    if unlike:
        return f"{counted}and {len(unlike)} that {_look(unlike)} like none."
    unsure = [digit for digit in digits if digit.alternatives]
    if unsure:
        more = f", {len(unsure) - 1} more not sure" if len(unsure) > 1 else ""
        return f"{counted}{_alternatives(unsure[0])}{more}."
    least = min(digits, key=lambda digit: digit.confidence)
    if least.confidence > _ALMOST:
        return f"{counted}sure of each of them"
    return f"{counted}least sure: {least.label}, {percent(least.confidence)}"


def _look(digits: Sequence[Digit]) -> str:
    return "look" if len(digits) > 1 else "looks"


def _alternatives(digit: Digit) -> str:
    return f"the {digit.label} may be {others(digit)}"


def _spoken_number(reading: Reading) -> str:
    """Digit by digit, as nobody would say 2,026 for an order number."""
    lines = [" ".join(d.text for group in line for d in group) for line in reading.lines]
    said = ". Next line: ".join(lines).replace("?", "something that is no digit")
    unsure = [f"{_alternatives(d).capitalize()}." for d in reading.digits if d.alternatives]
    return " ".join([f"These are {len(reading.digits)} characters: {said}.", *unsure])


def _answer(kind: str, label: str, words: str, bars: str) -> str:
    return (
        f'<div class="answer {kind}" data-testid="answer"><div class="headline">'
        f'{label}<div class="words">{words}</div></div>{bars}</div>'
    )


def _label(text: str, style: str = "") -> str:
    return f'<div class="label" data-testid="label"{style}>{text}</div>'


def _marked(reading: Reading) -> str:
    """The number in large letters, what is no digit and what is ambiguous marked."""
    lines = reading.text.split("\n")
    size = f' style="--chars:{max(map(len, lines))};--lines:{len(lines)}"'
    marked = "<br>".join(
        " ".join("".join(map(_marked_digit, group)) for group in line) for line in reading.lines
    )
    return _label(marked, size)


def _marked_digit(digit: Digit) -> str:
    if digit.status == "not a digit":
        return "<i>?</i>"
    return f"<u>{digit.label}</u>" if digit.alternatives else str(digit.label)


def _bars(digit: Digit | None) -> str:
    """Ten bars of one digit."""
    rows = "".join(_row(c, digit) for c in range(10))
    return (
        f'<div><table aria-label="Probability of each digit, percent"><tbody>{rows}</tbody></table>'
        '<div class="axis" aria-hidden="true"><span>0</span><span>50</span><span>100 %</span></div>'
        "</div>"
    )


def _columns(reading: Reading) -> str:
    """Ten bars of each digit side by side, in the very rows that one digit's have."""
    rows = "".join(
        f'<tr><th scope="row">{c}</th>{"".join(_cell(c, d) for d in reading.digits)}</tr>'
        for c in range(10)
    )
    count = len(reading.digits)
    feet = "".join(f"<td>{_foot(digit, count)}</td>" for digit in reading.digits)
    return (
        f'<div class="columns"><table style="--digits:{count}" '
        'aria-label="Probability of each digit, percent">'
        f"<tbody>{rows}</tbody><tfoot><tr><th></th>{feet}</tr></tfoot></table></div>"
    )


def _cell(label: int, digit: Digit) -> str:
    share = 100 * float(digit.probabilities[label])
    winner = ' class="winner"' if label in digit.named else ""
    return (
        f'<td{winner} title="{label}: {share:.1f} %"><div class="track">'
        f'<div class="bar" style="width:{share:.2f}%"></div></div></td>'
    )


def _foot(digit: Digit, count: int) -> str:
    """Below a digit's bars; short where there are many."""
    if digit.status == "not a digit":
        return "no digit" if count <= _ROOMY else "?"
    if digit.alternatives:
        return " or ".join(str(label) for label in digit.alternatives)
    share = percent(digit.confidence)
    return share if count <= _ROOMY else share.removesuffix(" %")


def _row(label: int, digit: Digit | None) -> str:
    share = 100 * float(digit.probabilities[label]) if digit else 0.0
    marked = digit is not None and label in digit.named
    winner = ' class="winner"' if marked else ""
    number = percent(share / 100) if digit else ""
    return (
        f'<tr{winner}><th scope="row">{label}</th><td><div class="track">'
        f'<div class="bar" style="width:{share:.2f}%"></div></div></td>'
        f'<td class="number" data-testid="probability-{label}">{number}</td></tr>'
    )


def others(digit: Digit) -> str:
    """What an ambiguous digit may be besides its label: "1 or 9"."""
    return " or ".join(map(str, digit.alternatives[1:]))


def percent(share: float) -> str:
    """A share 0-1 as HTML; no network is 100 % sure, so none is rounded up to it."""
    return "&gt; 99.9 %" if share > _ALMOST else f"{100 * share:.1f} %"
