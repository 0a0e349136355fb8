"""How the last layer adds up a score, and how ten scores become probabilities; HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.explaining.layers import Scores
from digitrec.logits import CLASSES
from digitrec.web.views import image_html

SHOWN = 8  # units with rows of their own
_LARGEST = 700.0  # e to the power of more is beyond floats, and of less than its negative
STYLE = """
.sums { display: grid; gap: 1.4rem 3rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.sums h4 { font-size: 1rem; font-weight: 600; margin: 0; padding: 0 0 0.35rem; }
.sums table, .softmax table {
  border-collapse: collapse; width: 100%; table-layout: fixed; margin: 0;
  font-variant-numeric: tabular-nums;
}
.sums :is(td, th), .softmax :is(td, th) {
  border: 0; padding: 0.1rem 0.3rem 0.1rem 0; font-weight: 400; text-align: left;
  height: 30px; line-height: 1.2;
}
.sums th { width: 7.6rem; font-size: 0.9rem; white-space: nowrap; }
.sums td.likes { width: 96px; white-space: nowrap; overflow: hidden; }
.sums td.likes img {
  width: 26px; height: 26px; border-radius: 3px; image-rendering: pixelated; margin-right: 3px;
  display: inline-block; vertical-align: middle; background: #000; max-width: none; padding: 0;
}
.sums td.number { width: 4.2rem; text-align: right; padding-right: 0; }
.sums .steps { position: relative; height: 18px; }
.sums .steps i {
  position: absolute; top: 0; bottom: 0; border-radius: 2px; min-width: 2px;
  background: var(--accent);
}
.sums .steps i.against { background: #e58e36; }
.sums .steps i.rest { opacity: 0.55; }
.sums .steps u {
  position: absolute; top: -6px; bottom: -6px; width: 1px;
  background: color-mix(in srgb, currentColor 35%, transparent);
}
.sums tr.sum :is(th, td) {
  font-weight: 700; border-top: 1px solid color-mix(in srgb, currentColor 30%, transparent);
}
.inside sup, .softmax sup { line-height: 0; }
p.softmax-words { min-height: 3em; }
.softmax { overflow: hidden; max-width: 44rem; }
.softmax :is(td, th) { text-align: right; height: 1.55rem; padding: 0 0.5rem 0 0; }
.softmax :is(td, th):first-child { width: 3.4rem; text-align: center; }
.softmax thead th {
  font-size: 0.88rem; border-bottom: 1px solid color-mix(in srgb, currentColor 30%, transparent);
}
.softmax tr.winner :is(td, th) { font-weight: 700; }
.softmax tr.winner th { color: var(--accent); }
@media (max-width: 1100px) {
  .sums { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 640px) {
  p.softmax-words { min-height: 9em; }
  .sums th { width: 4.9rem; font-size: 0.84rem; }
  .sums td.likes { width: 66px; }
  .sums td.likes img { width: 18px; height: 18px; margin-right: 2px; }
  .softmax :is(td, th) { font-size: 0.88rem; padding-right: 0.15rem; }
  .softmax :is(td, th):first-child { width: 2.2rem; }
}
"""


class Liking(NamedTuple):
    """A drawing that excites a unit.

    Attributes:
        image: (28, 28) uint8.
        words: what it is.
    """

    image: NDArray[np.uint8]
    words: str


class Step(NamedTuple):
    """One row of a sum.

    Attributes:
        name: what adds, or takes away.
        value: how much; below 0 it takes away.
        before: what there was before it.
        kind: "unit", "rest" or "bias".
        unit: which one; -1 where there is none.
    """

    name: str
    value: float
    before: float
    kind: str
    unit: int


def steps(scores: Scores, row: int) -> list[Step]:
    """A score as a sum to follow: the units with most to say, all others, and the constant.

    The rows' values add up to the score; there are as many rows whatever the digit.

    Args:
        scores: all sums of the last layer.
        row: which of them.
    """
    parts = scores.contributions[row].astype(np.float64)
    largest = np.argsort(-np.abs(parts), kind="stable")[:SHOWN]
    units = [int(unit) for unit in sorted(largest, key=lambda unit: (-parts[unit], unit))]
    rows = [(f"unit {unit + 1}", float(parts[unit]), "unit", unit) for unit in units]
    rest = np.delete(parts, units)
    for some, words in ((rest[rest > 0], "for it"), (rest[rest < 0], "against it")):
        rows.append((f"{len(some):,} more {words}", float(some.sum()), "rest", -1))
    rows.append(("constant", float(scores.bias[row]), "bias", -1))
    made, so_far = [], 0.0
    for name, value, kind, unit in rows:
        made.append(Step(name, value, so_far, kind, unit))
        so_far += value
    return made


def sums_html(
    scores: Scores, shown: Sequence[tuple[int, str]], likings: Mapping[int, Sequence[Liking]]
) -> str:
    """Sums beside each other, on one axis.

    Args:
        scores: all sums of the last layer.
        shown: which of them, each with its name ("the 7").
        likings: of some units, the drawings that excite them most.
    """
    tables = [(name, steps(scores, row)) for row, name in shown]
    ends = [0.0]
    for _, rows in tables:
        ends += [step.before + step.value for step in rows]
    low, high = min(ends), max(*ends, min(ends) + 1e-6)
    tall = "".join(_sum(name, rows, (low, high), likings) for name, rows in tables)
    return f'<div class="sums" data-testid="sums">{tall}</div>'


def _sum(
    name: str,
    rows: Sequence[Step],
    axis: tuple[float, float],
    likings: Mapping[int, Sequence[Liking]],
) -> str:
    total = rows[-1].before + rows[-1].value
    body = "".join(_row(step, axis, likings) for step in rows)
    whole = Step("score", total, 0.0, "sum", -1)
    return (
        f"<section><h4>Score of {escape(name)}: {signed(total)}</h4>"
        f'<table aria-label="What adds up to the score of {escape(name)}"><tbody>'
        f"{body}{_row(whole, axis, likings)}</tbody></table></section>"
    )


def _row(step: Step, axis: tuple[float, float], likings: Mapping[int, Sequence[Liking]]) -> str:
    low, high = axis
    scale = 100 / (high - low)
    start = (min(step.before, step.before + step.value) - low) * scale
    kind = f"{'against' if step.value < 0 else 'for'} {step.kind}"
    pictures = "".join(
        image_html(liking.image, liking.words) for liking in likings.get(step.unit, ())
    )
    sign = "= " if step.kind == "sum" else ""
    name = f'<th scope="row">{step.name}</th><td class="likes">{pictures}</td>'
    if step.unit < 0:
        name = f'<th scope="row" colspan="2">{step.name}</th>'
    return (
        f'<tr class="{step.kind}">{name}<td><div class="steps" aria-hidden="true">'
        f'<u style="left:{-low * scale:.2f}%"></u>'
        f'<i class="{kind}" style="left:{start:.2f}%;width:{abs(step.value) * scale:.2f}%"></i>'
        f'</div></td><td class="number">{sign}{signed(step.value, plus=not sign)}</td></tr>'
    )


def softmax_html(logits: NDArray[np.float32], temperature: float, marked: Sequence[int]) -> str:
    """Ten scores on their way to probabilities, a row each.

    Args:
        logits: (10,) float32.
        temperature: what they are divided by.
        marked: the classes that the answer names.
    """
    scores = logits[:CLASSES].astype(np.float64)
    with np.errstate(over="ignore"):  # a card from elsewhere may name any temperature
        divided, behind = scores / temperature, (scores - scores.max()) / temperature
    powers = np.exp(np.clip(divided, -_LARGEST, _LARGEST))
    shares = np.exp(behind)
    shares /= shares.sum()
    rows = "".join(
        f'<tr{" class=winner" if label in marked else ""}><th scope="row">{label}</th>'
        f"<td>{signed(float(logits[label]))}</td><td>{signed(float(divided[label]))}</td>"
        f"<td>{_power(float(powers[label]))}</td><td>{exact_percent(float(shares[label]))}</td></tr>"
        for label in range(CLASSES)
    )
    return (
        '<div class="softmax" data-testid="softmax"><table '
        'aria-label="From the ten scores to the ten probabilities"><thead><tr>'
        '<th scope="col">digit</th><th scope="col">score</th>'
        f'<th scope="col">÷ {temperature:.2f}</th><th scope="col">e to that</th>'
        f'<th scope="col">share of all</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def signed(value: float, *, plus: bool = False) -> str:
    """A number with two digits after the point and a real minus."""
    text = f"{value:+.2f}" if plus else f"{value:.2f}"
    return ("0.00" if float(text) == 0 else text).replace("-", "−")


def exact_percent(share: float) -> str:
    """A share 0-1 as percent in HTML, near 0 and 100 with as many digits as it takes to tell."""
    percent = 100 * share
    if percent < 1e-6:
        return "&lt; 0.000001 %"
    for digits in range(1, 7):
        if 10.0**-digits <= percent <= 100 - 10.0**-digits:
            return f"{percent:.{digits}f} %"
    return "&gt; 99.999999 %" if percent > 50 else f"{percent:.6f} %"


def _power(value: float) -> str:
    if 0.01 <= value < 100_000:
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    exponent = int(np.floor(np.log10(value))) if value > 0 else 0
    return f"{value / 10.0**exponent:.1f} × 10<sup>{exponent:d}</sup>".replace("-", "−")


def counted(times: float) -> str:
    """About how many times, as HTML: two digits that count."""
    if times < 10:
        return f"{times:.1f}"
    if times >= 1e6:
        return _power(times)
    return f"{round(times, 1 - int(np.log10(times))):,.0f}"
