"""What was read of a page, upright and light enough to be kept for a whole visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.annotating import turned_box, turned_upright
from digitrec.imaging.ink import on_white
from digitrec.reading import Box, Digit, Reading

Kind = Literal["sure", "doubtful", "not a digit"]

SURE = 0.95  # a digit less sure than this is worth a look
_PREVIEW = 1_600  # px, larger side
_QUALITY = 85  # of the preview's JPEG
_MOST_MARKS = 2_000  # the engine looks at the largest ones,
_NEARLY = 0.95  # and joins some of them
_EVEN = 24  # grey values: a page that differs by no more is of one colour
_TINY = 8  # px


@dataclass(frozen=True)
class Mark:
    """One digit, or what is none.

    Attributes:
        text: "0" to "9", or "?".
        kind: "sure", "doubtful" or "not a digit".
        confidence: 0-1, of the likeliest digit.
        alternatives: what a doubtful one may be, the likeliest first.
        box: px of the upright page.
        digit: all that is known of it; its own box is that of the picture as it came.
    """

    text: str
    kind: Kind
    confidence: float
    alternatives: tuple[int, ...]
    box: Box
    digit: Digit = field(compare=False)


@dataclass(frozen=True)
class Number:
    """A group of digits that stand together.

    Attributes:
        line: of the page, from 1.
        place: on its line, from 1.
        marks: left to right.
    """

    line: int
    place: int
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        """As it was read."""
        return "".join(mark.text for mark in self.marks)

    @property
    def has_digits(self) -> bool:
        """Whether anything in it is a digit."""
        return any(mark.kind != "not a digit" for mark in self.marks)

    @property
    def confidence(self) -> float:
        """That of its least sure digit, 0-1; 0 where something is no digit."""
        return min(m.confidence if m.kind != "not a digit" else 0.0 for m in self.marks)

    @property
    def doubtful(self) -> bool:
        """Whether it is worth a look."""
        return any(mark.kind != "sure" for mark in self.marks)

    @property
    def box(self) -> Box:
        """Around all of it."""
        left, top = (min(mark.box[i] for mark in self.marks) for i in (0, 1))
        right = max(mark.box.x + mark.box.width for mark in self.marks)
        bottom = max(mark.box.y + mark.box.height for mark in self.marks)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Sheet:
    """A page as it was read.

    Attributes:
        name: the file's, with the page's number if it has several.
        page: its number in the file, from 0.
        width, height: px, upright.
        turned: degrees clockwise by which it was turned to be read.
        numbers: in reading order.
        preview: JPEG, upright, 1,600 px at most.
        trouble: why there is nothing to show, or what is odd, in a sentence; else empty.
        model: hash of the network that read it.
        crops: what the table shows of numbers, as addresses of images by their boxes; filled when
            they are first shown, and gone with the page.
    """

    name: str
    page: int
    width: int
    height: int
    turned: int
    numbers: tuple[Number, ...]
    preview: bytes
    trouble: str
    model: str
    crops: dict[Box, str] = field(default_factory=dict, compare=False, repr=False)


def make_sheet(
    name: str, page: int, image: NDArray[np.uint8], reading: Reading, model: str
) -> Sheet:
    """Keep what the page needs.

    Args:
        name: of the page.
        page: its number in the file, from 0.
        image: (H, W) or (H, W, 4) uint8, as it was read.
        reading: of this image.
        model: hash of the network that read it.
    """
    size = image.shape[1], image.shape[0]
    upright = turned_upright(image, reading.turned)
    numbers = [
        Number(i, j, tuple(_mark(digit, size, reading.turned) for digit in group))
        for i, line in enumerate(reading.lines, 1)
        for j, group in enumerate(line, 1)
    ]
    return Sheet(
        name=name,
        page=page,
        width=upright.shape[1],
        height=upright.shape[0],
        turned=reading.turned,
        numbers=tuple(numbers),
        preview=_preview(upright),
        trouble=_trouble(image, reading, numbers),
        model=model,
    )


def _mark(digit: Digit, size: tuple[int, int], turned: int) -> Mark:
    kind: Kind = "sure" if digit.confidence >= SURE else "doubtful"
    if digit.status != "digit":
        kind = "not a digit" if digit.status == "not a digit" else "doubtful"
    box = turned_box(digit.box, size, turned)
    return Mark(digit.text, kind, digit.confidence, digit.alternatives, box, digit)


def _preview(upright: NDArray[np.uint8]) -> bytes:
    scale = min(1.0, _PREVIEW / max(upright.shape[:2]))
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in upright.shape[1::-1])
        upright = np.asarray(cv2.resize(upright, size, interpolation=cv2.INTER_AREA), np.uint8)
    shown = upright if upright.ndim == 2 else on_white(upright)[:, :, ::-1]
    _, encoded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(encoded)


def _trouble(image: NDArray[np.uint8], reading: Reading, numbers: Sequence[Number]) -> str:
    height, width = image.shape[:2]
    if max(height, width) < _TINY:
        return f"It is only {width}×{height} pixels large: too small for a digit."
    if reading.status == "too little ink":
        return "Only specks were found, too small for digits. Take the picture from closer by."
    marks = [mark for number in numbers for mark in number.marks]
    if not marks:
        return _why_empty(image)
    return _about([mark.kind for mark in marks])


def _about(kinds: Sequence[Kind]) -> str:
    """What is odd about marks of these kinds."""
    marks, digits = len(kinds), sum(kind != "not a digit" for kind in kinds)
    if not digits:
        return f"No digits were found: {_none_of(marks)} looks like one."
    if marks >= _NEARLY * _MOST_MARKS:
        return (
            f"There are more marks on it than are looked at, which is the largest {_MOST_MARKS:,}. "
            f"{digits:,} of them look like digits. Split the page into several pictures."
        )
    if marks > 3 and digits < marks / 2:
        return f"Few digits were found: {digits:,} of {marks:,} marks look like one."
    if "sure" not in kinds:
        return (
            "No digit on it is sure. If it is a page of digits, take the picture again: sharper, "
            "from closer by, in better light."
        )
    return ""


def _none_of(marks: int) -> str:
    return "the one mark there is hardly" if marks == 1 else f"none of its {marks:,} marks"


def _why_empty(image: NDArray[np.uint8]) -> str:
    colours = image if image.ndim == 2 else on_white(image)
    spread = int(colours.max()) - int(colours.min())
    if spread >= _EVEN:
        return "No digits were found: nothing on it looks like writing."
    if int(colours.max()) < 64:
        return "It is black all over. Take the picture again, with more light."
    return "It is blank: one colour all over."
