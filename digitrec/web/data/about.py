"""On the page Data: whose it is, and who parted it into what teaches and what judges. HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from digitrec.datasets import Mnist
from digitrec.datasets.sources import MNIST
from digitrec.web.model.plain import count, items, mapping

_SPLIT = (
    "MNIST’s authors parted it: 60,000 digits to learn from, by about 250 people, and 10,000 to "
    "judge by, by other people. As they tell, half of each part comes from employees of the US "
    "Census Bureau and half from high-school students."
)


def about_html(mnist: Mnist | None, card: Mapping[str, Any]) -> str:
    """A few sentences at the foot of the page.

    Args:
        mnist: what is shown; None where there is nothing.
        card: of the network in use.
    """
    if mnist is not None and not mnist.genuine:
        return _paragraph("Whoever made these data parted them into the two that are shown here.")
    source = f'<a href="{MNIST["source"]}">{escape(MNIST["source"])}</a>'
    credit = f"MNIST is by {escape(MNIST['authors'])}; {MNIST['licence']}; {source}"
    return _paragraph(f"{_SPLIT} {_used(card)}") + _paragraph(credit)


def _used(card: Mapping[str, Any]) -> str:
    """What the network in use did with it, as far as its card tells."""
    for data in map(mapping, items(card.get("data"))):
        digits = mapping(data.get("digits"))
        learned, watched = count(digits.get("training")), count(digits.get("validation"))
        if data.get("name") == MNIST["name"] and learned is not None:
            return (
                f"The network in use learned from {learned:,} of the first; {watched or 0:,} "
                "watched over its training. It never learned from those that judge."
            )
    return ""


def _paragraph(words: str) -> str:
    return f'<p class="data-about">{words}</p>'
