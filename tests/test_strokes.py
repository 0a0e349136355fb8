import gzip
import json
from itertools import pairwise

import numpy as np
import pytest

from digitrec.errors import StrokesError
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import checked_strokes, ink_from_strokes, strokes_from_canvas
from digitrec.shapes import digit_strokes


def path(*commands, **transform):
    return {"type": "Path", "path": [list(c) for c in commands], **transform}


def canvas(*objects):
    return {"version": "7", "objects": list(objects)}


def digit(strokes):
    return normalize_digit(ink_from_strokes(checked_strokes(strokes)))


def test_lines_become_points():
    (stroke,) = strokes_from_canvas(canvas(path(("M", 1, 2), ("L", 3, 4))))
    assert stroke.dtype == np.float32
    assert stroke.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("close", ["Z", "z"])
def test_closed_path_is_read_and_other_commands_are_told(close):
    (stroke,) = strokes_from_canvas(canvas(path(("M", 1, 2), ("L", 3, 4), (close,))))
    assert stroke.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(StrokesError, match=r"M, L, Q and Z\. Received: 'C'\. Draw with the pen"):
        strokes_from_canvas(canvas(path(("M", 1, 2), ("C", 3, 4, 5, 6, 7, 8))))


def test_curve_passes_its_middle_and_its_end():
    (stroke,) = strokes_from_canvas(canvas(path(("M", 0, 0), ("Q", 10, 20, 20, 0))))
    assert stroke[0].tolist() == [0, 0]
    assert stroke[-1].tolist() == [20, 0]
    assert [10, 10] in stroke.tolist()  # a quarter of each end, half of the control point


def test_curve_is_followed_to_a_tenth_of_a_pixel_by_few_points():
    # As a hand's mouse leaves them: curves of some 6 px, along a circle.
    corners = [(40 * np.cos(a), 40 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 41)]
    middles = [np.add(a, b) / 2 for a, b in pairwise(corners)]
    curves = [("Q", *a, *m) for a, m in zip(corners, middles, strict=False)]
    (stroke,) = strokes_from_canvas(canvas(path(("M", *corners[0]), *curves)))
    radius = np.hypot(*stroke[1:].T)
    assert 39.7 < radius.min() <= radius.max() < 40  # the curves' own distance from the middle
    assert len(stroke) <= 3 * len(curves)
    (stroke,) = strokes_from_canvas(canvas(path(("M", 0, 0), ("Q", 2, 3, 5, 0))))
    t = np.linspace(0, 1, 101)[:, None]
    true = 2 * t * (1 - t) * [2, 3] + t**2 * [5, 0]
    between = [np.linspace(a, b, 50) for a, b in pairwise(stroke)]
    away = np.linalg.norm(true[:, None] - np.concatenate(between)[None], axis=2).min(axis=1)
    assert away.max() <= 0.1


def test_tap_is_ink():
    (stroke,) = strokes_from_canvas(canvas(path(("M", 50, 60), ("L", 50, 60))))
    assert ink_from_strokes([stroke]).max() == 255
    assert ink_from_strokes([np.array([[5, 5]], np.float32)]).max() == 255


def test_strokes_keep_their_order_and_other_objects_are_passed_over():
    drawing = canvas(
        path(("M", 0, 0), ("L", 1, 0)), {"type": "Rect", "width": 5}, path(("M", 9, 9), ("L", 8, 9))
    )
    assert [s[0].tolist() for s in strokes_from_canvas(drawing)] == [[0, 0], [9, 9]]
    assert strokes_from_canvas(None) == []
    assert strokes_from_canvas(canvas()) == []


SQUARE = (("M", 10, 10), ("L", 30, 10), ("L", 30, 50))
BOX = {"width": 20, "height": 40, "strokeWidth": 6}


@pytest.mark.parametrize(
    "transform",
    [
        {"left": 20, "top": 30, "originX": "center", "originY": "center"},
        {"left": 7, "top": 7, "originX": "left", "originY": "top"},
        {"left": 33, "top": 53, "originX": "right", "originY": "bottom"},
    ],
)
def test_unmoved_object_is_where_it_was_drawn(transform):
    (stroke,) = strokes_from_canvas(canvas(path(*SQUARE, **BOX, **transform)))
    assert np.allclose(stroke, [[10, 10], [30, 10], [30, 50]])


def test_moved_scaled_turned_object_is_where_it_is_seen():
    centre = {"left": 100, "top": 100, "originX": "center", "originY": "center"}
    turned = path(*SQUARE, **BOX, **centre, angle=90, scaleX=2, scaleY=0.5)
    (stroke,) = strokes_from_canvas(canvas(turned))
    # (-10, -20) from the centre → scaled (-20, -10) → turned a quarter clockwise (10, -20)
    assert np.allclose(stroke, [[110, 80], [110, 120], [90, 120]], atol=1e-4)


def test_object_without_a_top_is_at_the_canvas_own():
    (topless,) = strokes_from_canvas(canvas(path(*SQUARE, **BOX, left=70)))
    half_a_pen = BOX["strokeWidth"] / 2
    assert topless.min(axis=0).tolist() == [70 + half_a_pen, half_a_pen]


def test_flipped_object_is_mirrored():
    centre = {"left": 20, "top": 30, "originX": "center", "originY": "center"}
    (stroke,) = strokes_from_canvas(canvas(path(*SQUARE, **BOX, **centre, flipX=True)))
    assert np.allclose(stroke, [[30, 10], [10, 10], [10, 50]])


@pytest.mark.parametrize("width", [2, 20, 60])
@pytest.mark.parametrize("label", range(10))
def test_pen_width_of_the_canvas_changes_nothing(label, width):
    strokes = digit_strokes(label)
    objects = [path(("M", *s[0]), *(("L", *p) for p in s[1:]), strokeWidth=width) for s in strokes]
    assert np.array_equal(digit(strokes_from_canvas(canvas(*objects))), digit(strokes))


def sizes_and_places(strokes):
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    for side, x, y in ((30, 5, 280), (90, 200, 11), (320, 0, 0), (600, 40, 3)):
        yield [(s - low) * (side / size) + (x, y) for s in strokes]


@pytest.mark.parametrize("label", range(10))
def test_place_and_size_change_nothing(recognizer, label):
    strokes = [np.asarray(s, float) for s in digit_strokes(label)]
    for other in sizes_and_places(strokes):
        assert recognizer.read_strokes(other).text == str(label)
        assert np.abs(digit(other).astype(int) - digit(strokes)).mean() < 1


@pytest.mark.real_data
def test_place_and_size_change_no_answer_on_real_pen_paths(recognizer, data_folder):
    with gzip.open(data_folder / "strokes" / "pendigits_30_writers.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file][::75]
    changed = 0
    for row in rows:
        strokes = [np.array(s, float) for s in row["strokes"]]
        answers = {recognizer.read_strokes(o).text for o in sizes_and_places(strokes)}
        changed += len(answers) > 1
    assert len(rows) >= 99
    assert changed == 0


@pytest.mark.parametrize(
    "strokes",
    [
        "strokes",
        5,
        {"a": 1},
        [[1, 2, 3]],
        [[[1, 2, 3]]],
        [[["a", "b"]]],
        [[[float("nan"), 1]]],
        [[[1e9, 1]]],
        [[[0, 0], [1]]],
        [np.zeros((100_000, 2))],
    ],
)
def test_bad_strokes_raise_a_sentence(strokes):
    with pytest.raises(StrokesError, match=r"(?s)Expected .*Received"):
        checked_strokes(strokes)


def test_no_strokes_give_no_ink():
    assert checked_strokes([[], np.zeros((0, 2))]) == []
    assert ink_from_strokes([]).size == 0


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"objects": 5},
        {"objects": ["x"]},
        canvas({"type": "Path"}),
        canvas(path(("C", 1, 2, 3, 4, 5, 6))),
        canvas(path(("M", "a", "b"))),
        canvas(path(("Q", 1, 2, 3, 4))),
        canvas(path(("M", 1, 2), ("L", 2, 3), left=1, top=1, originX="middle")),
    ],
)
def test_bad_canvas_json_raises_a_sentence(data):
    with pytest.raises(StrokesError, match=r"(?s)Expected .*Received"):
        strokes_from_canvas(data)
