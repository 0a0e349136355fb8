"""Who made the data that the shipped network learned from, and what is left out of it.

CC BY asks for the names; the card of every artifact carries those that it used.
"""

from __future__ import annotations

import re
from typing import Any

MNIST: dict[str, Any] = {
    "name": "MNIST",
    "authors": "Yann LeCun, Corinna Cortes, Christopher J. C. Burges",
    "licence": "CC BY-SA 3.0",
    "source": "https://yann.lecun.com/exdb/mnist/",
}
# Other data in MNIST's form, which nobody vouches for.
UNCHECKED: dict[str, Any] = {"name": "not MNIST: unchecked arrays"}
PENDIGITS: dict[str, Any] = {
    "name": "Pen-Based Recognition of Handwritten Digits",
    "authors": "Ethem Alpaydin, Fevzi Alimoglu",
    "licence": "CC BY 4.0",
    "source": "https://archive.ics.uci.edu/dataset/81",
}
PENDIGITS_COUNTS = (780, 779, 780, 719, 780, 720, 720, 778, 719, 719)  # of 0 to 9: its mark
OMNIGLOT: dict[str, Any] = {
    "name": "Omniglot: Korean, Greek and Latin, as what is no digit",
    "authors": "Brenden M. Lake, Ruslan Salakhutdinov, Joshua B. Tenenbaum",
    "licence": "MIT",
    "source": "https://github.com/brendenlake/omniglot",
}
DRAWN: dict[str, Any] = {
    "name": "drawings of the project's own generator: digits, letters, signs, scribbles",
    "authors": "the digitrec developers",
    "licence": "MIT",
    "source": "digitrec/shapes",
}

# Alphabets that only judge: no network of ours has seen them.
OMNIGLOT_JUDGES = ("Balinese", "Early_Aramaic")
# Characters that a fair reader could take for a digit: teaching "no" for them would cost digits.
OMNIGLOT_LOOK_ALIKES = {
    "Greek": (2, 4, 6, 8, 9, 14, 15, 18, 19, 20),  # β δ ζ θ ι ξ ο σ τ υ
    "Latin": (2, 7, 9, 10, 12, 15, 17, 19, 20, 25, 26),  # b g i j l o q s t y z
    # Drawn like 9, 1 or 7, 4, 4, 9, 0, 1 or 7, 4: it only judges, and is told with and without.
    "Early_Aramaic": (2, 3, 4, 6, 14, 16, 17, 20),
    "Korean": (9, 10, 14, 20, 21, 22, 27, 28, 33, 37),  # like ⊥ 4 T 4 1 7 2 0 0 7
}


_OMNIGLOT_NAME = re.compile(r"(\w+_character\d\d)_")


def teaches_no(name: str) -> bool:
    """Whether an Omniglot picture may teach the network what is no digit.

    Args:
        name: the file's name, such as `Greek_character17_01240.png`; a name of another form
            is not Omniglot's and may.
    """
    return not name.startswith(OMNIGLOT_JUDGES) and not looks_like_a_digit(name)


def is_omniglot(name: str) -> bool:
    """Whether a file's name has the form of Omniglot's."""
    return _OMNIGLOT_NAME.match(name) is not None


def character(name: str) -> str:
    """What a picture shows, by its file's name: `Greek_character17`, else the name itself."""
    found = _OMNIGLOT_NAME.match(name)
    return found.group(1) if found else name


def alphabet(name: str) -> str:
    """The script of an Omniglot picture, by its file's name: `Early Aramaic`."""
    return name.partition("_character")[0].replace("_", " ")


def looks_like_a_digit(name: str) -> bool:
    """Whether an Omniglot picture, by its file's name, shows a character listed above."""
    alphabet, _, rest = name.partition("_character")
    number = rest[:2]
    return number.isdigit() and int(number) in OMNIGLOT_LOOK_ALIKES.get(alphabet, ())
