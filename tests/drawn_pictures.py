"""Pictures and drawings of many kinds, drawn here; what is made of them, right or not, is kept.

    python tests/drawn_pictures.py

writes `tests/kept/readings.npz` anew: for a change that is meant to read differently. Look at
what `tests/test_same_readings.py` tells first.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from digitrec import Recognizer
from digitrec.imaging.bonds import bonds
from digitrec.imaging.ink import load_image
from digitrec.imaging.pages.cutting import candidate_parts
from digitrec.imaging.pages.marks import typical_height
from digitrec.imaging.pages.page import read_page
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes, random_digit

KEPT = Path(__file__).parent / "kept" / "readings.npz"
_SHEETS = 36
PEN, BLUE, RED = (25, 25, 30), (40, 60, 150), (200, 40, 40)


def pictures():
    """Name → picture, as `Recognizer.read` takes it."""
    rng = np.random.default_rng(7)
    white = (255, 255, 255)
    plain = _page(["2026", "731 58", "4 09"], rng)
    column = _page(["12.5", "907", "3341", "88"], rng, height=38, gap=6)
    ruled = _page(["60718", "25394"], rng, 60, rows=90, form=_rules(90, (150, 190, 230)))
    form = _page(["4071", "8362"], rng, 52, gap=33, rows=90, form=_boxes(80, 90))
    red = _boxes(80, 90, colour=RED)
    two_inks = _page(["5290", "1736"], rng, 52, gap=33, rows=90, pen=BLUE, form=red)
    close = _page(["80461", "27395"], rng, gap=-14)
    closer = _page(["0068", "5542"], rng, gap=-22, pen=BLUE)
    yield "one digit", _page(["7"], rng, height=200)
    yield "plain", plain
    yield "column", column
    yield "grey", cv2.cvtColor(plain, cv2.COLOR_RGB2GRAY)
    yield "white on black", 255 - plain
    yield "yellow paper", _page(["3158", "0624"], rng, paper=(250, 236, 170), pen=BLUE)
    yield "pencil", _page(["9471", "2603"], rng, pen=(165, 165, 165))
    yield "see-through", _see_through(["503", "941"], rng)
    yield "sixteen bits", cv2.cvtColor(column, cv2.COLOR_RGB2GRAY).astype(np.uint16) * 257
    yield "floats", cv2.cvtColor(column, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    yield "photographed", _photographed(plain, rng)
    yield "photographed column", _photographed(column, rng)
    yield "ruled", ruled
    yield "ruled and photographed", _photographed(ruled, rng)
    yield "form", form
    yield "form, two inks", two_inks
    yield "leaning form", _turned(form, 4.0, white)
    yield "leaning, ruled", _turned(ruled, -2.5, white)
    yield "on its side", np.rot90(plain).copy()
    yield "upside down", np.rot90(column, 2).copy()
    yield "touching", close
    yield "touching more", closer
    yield (
        "large and small",
        np.vstack([_page(["47"], rng, 150, width=600), _page(["218"], rng, 40, width=600)]),
    )
    yield "tiny", _page(["5"], rng, height=20, margin=4)
    yield (
        "MNIST's form",
        255
        - cv2.resize(
            _page(["4"], rng, height=40, margin=8), (28, 28), interpolation=cv2.INTER_AREA
        ),
    )
    yield "framed", _framed(_page(["6291"], rng))
    yield "on a table", _framed(_photographed(_page(["730", "184"], rng), rng), 40, (90, 70, 50))
    yield "nothing", np.full((120, 160, 3), 250, np.uint8)
    for number in range(_SHEETS):
        yield f"sheet {number}", _any_sheet(np.random.default_rng((9, number)))


def drawings():
    """Name → strokes, as `Recognizer.read_strokes` takes them."""
    rng = np.random.default_rng(8)
    for label in range(10):
        yield f"a {label}", digit_strokes(label, height=200, left=100, top=40)
        yield f"another {label}", _hand(label, rng, 150, 60, 80)
    for number in ("2026", "14710", "5384"):
        strokes = [
            stroke
            for place, label in enumerate(number)
            for stroke in _hand(int(label), rng, 90, 30 + 95 * place, 60)
        ]
        yield f"number {number}", strokes
        yield f"number {number}, from the right", strokes[::-1]
    lines = [
        stroke
        for row, line in enumerate(("305", "1142", "76"))
        for place, label in enumerate(line)
        for stroke in _hand(int(label), rng, 70, 20 + 80 * place, 10 + 100 * row)
    ]
    yield "three lines", lines
    yield (
        "close together",
        [
            stroke
            for place, label in enumerate("2815")
            for stroke in _hand(int(label), rng, 90, 30 + 52 * place, 60)
        ],
    )
    corners = [(40, 60), (200, 70), (45, 180), (210, 190), (60, 260), (190, 50)]
    yield "scribble", [np.array(corners * 3, np.float32)]
    yield "dots", [np.array([[50, 50]], np.float32), np.array([[90, 52]], np.float32)]
    yield "nothing", []


def kept_of(reading, page=None, strokes=()):
    """What is kept of a reading: its text, each digit's box, 28×28 pixels, strokes and score.

    Of a page also which way it leaned or lay, where its marks are and where they may be cut, and
    what was left on it after each step, small. Of a drawing also how its strokes cling together.
    """
    small = np.zeros((0, 0), np.uint8)
    marks, lay, ways = [], f"{reading.turned} degrees", []
    if page is not None:
        marks = [(m.x, m.y, m.width, m.height) for m in page.marks]
        steps = (page.flat, page.mask, page.cleaned)
        small = np.hstack([cv2.resize(s, (40, 40), interpolation=cv2.INTER_AREA) for s in steps])
        lay += f", {page.skew:.1f}, {typical_height(page.marks):.1f} px"
        ways = [way for mark in page.marks for way in _ways(mark, typical_height(page.marks))]
    elif len(strokes) > 1:
        ways = [(*pair, odds) for pair, odds in sorted(bonds(strokes).items())]
    return {
        "lay": np.array(lay),
        "marks": np.array(marks, np.int32).reshape(-1, 4),
        "ways": np.array(ways, np.float32).reshape(-1, 3),
        "left": small,
        "scores": np.array([d.digit_score for d in reading.digits], np.float32),
        "text": np.array(reading.text),
        "status": np.array(" ".join([reading.status, *(d.status for d in reading.digits)])),
        "boxes": np.array([d.box for d in reading.digits], np.int32).reshape(-1, 4),
        "images": np.array([d.image for d in reading.digits], np.uint8).reshape(-1, 28, 28),
        "strokes": np.array(repr([d.strokes for d in reading.digits])),
    }


def _ways(mark, height):
    """Where a wide mark may be cut: x at the top and at the foot, px, and ink that is crossed."""
    if mark.width < height:
        return
    for path in candidate_parts(mark, height, paths_a_height=8)[1]:
        yield path.columns[0], path.columns[-1], path.cost


def readings():
    """Kind and name, and what is made of it."""
    recognizer = Recognizer()
    for name, picture in pictures():
        page = read_page(load_image(picture))
        yield f"picture: {name}", kept_of(recognizer.read(picture), page)
    for name, strokes in drawings():
        yield f"drawing: {name}", kept_of(recognizer.read_strokes(strokes), strokes=strokes)


def _any_sheet(rng):
    """Numbers on a sheet of any kind: hands, sizes, gaps, forms, colours, light and lean vary."""
    height = int(rng.integers(24, 90))
    gap = round(height * rng.uniform(-0.45, 0.6))
    lines = [
        "".join(rng.choice(list("0123456789 "), rng.integers(2, 8), p=[0.094] * 10 + [0.06]))
        for _ in range(rng.integers(1, 5))
    ]
    rows = round(height * rng.uniform(1.3, 2.2))
    forms = [None, None, _rules(rows, (150, 190, 230)), _boxes(2 * height, rows + 20)]
    paper = tuple(int(v) for v in rng.integers(215, 256, 3))
    pen = (PEN, BLUE, RED, (110, 110, 110))[rng.integers(4)]
    form = forms[rng.integers(4)]
    sheet = _page(lines, rng, height, gap=gap, rows=rows, paper=paper, pen=pen, form=form)
    if rng.random() < 0.4:
        sheet = _turned(sheet, float(rng.uniform(-7, 7)), paper)
    if rng.random() < 0.5:
        sheet = _photographed(sheet, rng)
    if rng.random() < 0.15:
        sheet = cv2.resize(sheet, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    return np.ascontiguousarray(np.rot90(sheet, rng.choice([0, 0, 0, 1, 2, 3])))


def _hand(label, rng, height, left, top):
    """A digit in some hand, as tall as that: strokes in pixels."""
    strokes = [np.asarray(stroke, np.float64) for stroke in random_digit(label, rng)]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = height / max(high[1] - low[1], 0.5 * (high[0] - low[0]))
    return [((stroke - low) * scale + (left, top)).astype(np.float32) for stroke in strokes]


def _page(
    lines,
    rng,
    height=80,
    *,
    gap=24,
    margin=40,
    rows=None,
    width=None,
    paper=255,
    pen=PEN,
    form=None,
):
    """Lines of digits (a dot is a dot) on a sheet (H, W, 3) that `form` prints on before."""
    rows = rows or height + 50
    side = max(round(0.9 * height) + gap, 8)
    across = width or 2 * margin + side * max(map(len, lines))
    image = np.empty((2 * margin + rows * len(lines), across, 3), np.uint8)
    image[:] = paper
    if form:
        form(image)
    for row, line in enumerate(lines):
        for place, sign in enumerate(line):
            left, top = margin + place * side, margin + row * rows
            if sign == ".":
                cv2.circle(image, (left + 10, top + height - 3), 3, pen, -1, cv2.LINE_AA)
            elif sign != " ":
                _put(image, _inked(int(sign), height, rng), left, top, pen)
    return image


def _inked(label, height, rng):
    ink = ink_from_strokes(_hand(label, rng, 120, 0, 0))
    scale = height / max(ink.shape)
    return cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _put(image, ink, left, top, pen):
    part = image[top : top + ink.shape[0], left : left + ink.shape[1]]
    share = ink[: part.shape[0], : part.shape[1], None].astype(float) / 255
    part[:] = np.rint(part * (1 - share) + np.array(pen[: part.shape[2]]) * share)


def _rules(step, colour):
    """A form: rules all `step` px."""

    def printed(image):
        for y in range(step // 2, image.shape[0], step):
            cv2.line(image, (0, y), (image.shape[1], y), colour, 2)

    return printed


def _boxes(width, height, colour=(60, 60, 60)):
    """A form: boxes of such a size, side by side."""

    def printed(image):
        for y in range(25, image.shape[0] - height, height):
            for x in range(20, image.shape[1] - width, width):
                cv2.rectangle(image, (x, y), (x + width, y + height), colour, 2)

    return printed


def _turned(image, degrees, paper):
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.85)
    return cv2.warpAffine(image, matrix, (width, height), borderValue=paper)


def _photographed(image, rng):
    height, width = image.shape[:2]
    light = np.linspace(0.55, 1, width)[None, :, None] * np.linspace(1, 0.8, height)[:, None, None]
    return np.clip(image * light + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def _framed(image, side=12, colour=(20, 20, 20)):
    return cv2.copyMakeBorder(image, side, side, side, side, cv2.BORDER_CONSTANT, value=colour)


def _see_through(lines, rng):
    ink = 255 - cv2.cvtColor(_page(lines, rng), cv2.COLOR_RGB2GRAY)
    return np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])


if __name__ == "__main__":
    KEPT.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        KEPT,
        **{f"{name}/{part}": v for name, kept in readings() for part, v in kept.items()},
    )
    print(f"{KEPT}: {KEPT.stat().st_size:,} bytes")
