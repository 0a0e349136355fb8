"""A drawing once more in the order of the pen."""

import itertools
import time

import numpy as np
import pytest

from digitrec.explaining.replay import replay, stretches
from digitrec.shapes import StrokeVariation, digit_strokes, random_digit, vary_strokes

NO_HURRY = 1e6  # seconds


def number(text, pitch=80):
    return [
        stroke
        for place, label in enumerate(text)
        for stroke in digit_strokes(int(label), height=100, left=40 + pitch * place, top=90)
    ]


def replayed(recognizer, strokes, **options):
    return replay(recognizer, strokes, recognizer.read_strokes(strokes), **options)


def drawn_until(moments, count):
    """The strokes that the pieces of the first moments make up."""
    strokes = []
    for piece in (piece for moment in moments[:count] for piece in moment.pieces):
        if strokes and (strokes[-1][-1] == piece[0]).all():
            strokes[-1] = np.concatenate([strokes[-1], piece[1:]])
        else:
            strokes.append(piece)
    return strokes


def way(strokes):
    return sum(float(np.linalg.norm(np.diff(s, axis=0), axis=1).sum()) for s in strokes)


def farthest(points, path):
    """How far the farthest of the points lies from the path, px."""
    start, step = path[:-1, None], np.diff(path, axis=0)[:, None]
    along = ((points - start) * step).sum(-1) / np.maximum((step**2).sum(-1), 1e-9)
    nearest = start + np.clip(along, 0, 1)[..., None] * step
    return np.linalg.norm(points - nearest, axis=-1).min(axis=0).max()


@pytest.mark.parametrize("text", ["2", "4", "5", "204"])
def test_pieces_on_end_are_the_drawing(recognizer, text):
    strokes = number(text)
    moments = replayed(recognizer, strokes)
    drawn = drawn_until(moments, len(moments))
    assert len(drawn) == len(strokes)
    for made, stroke in zip(drawn, strokes, strict=True):
        assert np.allclose(made[[0, -1]], stroke[[0, -1]])
        assert farthest(stroke, made) < 0.3
    assert sum(moment.length for moment in moments) == pytest.approx(way(strokes), rel=0.02)


def test_every_step_is_read_as_what_is_drawn_until_then(recognizer):
    moments = replayed(recognizer, number("47"), steps=24, seconds=NO_HURRY)
    for count, moment in enumerate(moments[:-1], start=1):
        alone = recognizer.read_strokes(drawn_until(moments, count))
        assert moment.reading.status == alone.status
        for one, other in zip(moment.reading.digits, alone.digits, strict=True):
            assert one.strokes == other.strokes
            assert np.abs(one.probabilities - other.probabilities).max() < 0.05
            assert one.digit_score == pytest.approx(other.digit_score, abs=0.05)


def test_last_step_is_the_reading_itself(recognizer):
    strokes = number("26")
    reading = recognizer.read_strokes(strokes)
    moments = replay(recognizer, strokes, reading)
    assert moments[-1].reading is reading
    assert moments[-1].digit is reading.digits[-1]


def test_steps_are_about_as_long_and_end_where_strokes_do(recognizer):
    strokes = number("4574", pitch=100)
    moments = replayed(recognizer, strokes, seconds=NO_HURRY)
    assert 40 <= len(moments) <= 60
    lengths = np.array([moment.length for moment in moments])
    assert lengths.max() < 2 * np.median(lengths)
    ends = np.array([moment.pieces[-1][-1] for moment in moments])
    for stroke in strokes:
        assert np.linalg.norm(ends - stroke[-1], axis=1).min() < 1e-3
    assert all(len(moment.pieces) == 1 for moment in moments)


def test_digit_is_the_one_at_the_pen(recognizer):
    strokes = number("204")
    moments = replayed(recognizer, strokes, seconds=NO_HURRY)
    x = {int(text): 40 + 80 * place for place, text in enumerate("204")}
    for moment in moments:
        if moment.digit:
            box, (pen, _) = moment.digit.box, moment.pieces[-1][-1]
            assert box.x - 1 <= pen <= box.x + box.width + 1
    whole = {moment.reading.text for moment in moments}
    assert {"2", "20", "204"} <= whole
    assert moments[-1].digit.label == 4
    assert moments[-1].digit.box.x >= x[4] - 5


def test_first_touch_has_too_little_ink(recognizer):
    (first, *_) = replayed(recognizer, digit_strokes(1, height=60), seconds=NO_HURRY)
    assert first.digit is None
    assert first.reading.status == "too little ink"


def test_bar_makes_of_a_line_a_four(recognizer):
    moments = replayed(recognizer, digit_strokes(4, height=250), seconds=NO_HURRY)
    found = stretches(moments)
    assert found[-1].text == "4"
    assert len(found) > 1
    assert found[0].first == 0
    assert found[-1].last == len(moments) - 1
    for before, after in itertools.pairwise(found):
        assert after.first == before.last + 1
    for stretch in found:
        texts = {m.digit.text if m.digit else "" for m in moments[stretch.first : stretch.last + 1]}
        assert texts == {stretch.text}


def test_equal_digits_of_a_number_are_stretches_of_their_own(recognizer):
    moments = replayed(recognizer, number("11"), seconds=NO_HURRY)
    ones = [stretch for stretch in stretches(moments) if stretch.text == "1"]
    assert len(ones) == 2


def test_dots_alone_are_replayed(recognizer):
    strokes = [np.array([[50, y]] * points, np.float32) for y, points in ((40, 1), (90, 3))]
    moments = replayed(recognizer, strokes)
    assert [len(moment.pieces) for moment in moments] == [1, 1]


def test_scribble_of_many_strokes_takes_bounded_time(recognizer):
    rng = np.random.default_rng(3)
    strokes = [
        (rng.uniform(20, 300, 2) + rng.normal(0, 8, (20, 2)).cumsum(axis=0)).astype(np.float32)
        for _ in range(120)
    ]
    reading = recognizer.read_strokes(strokes)
    started = time.thread_time()
    moments = replay(recognizer, strokes, reading)
    took = time.thread_time() - started
    started = time.thread_time()
    recognizer.read_strokes(strokes)
    assert took < time.thread_time() - started
    assert took < 0.3
    assert 2 <= len(moments) <= 48
    assert len([piece for moment in moments for piece in moment.pieces]) == 120


def test_no_time_leaves_a_step_before_the_last(recognizer):
    assert len(replayed(recognizer, number("2047"), seconds=0)) == 2


def test_more_points_than_the_way_needs_cost_no_steps(recognizer):
    (stroke,) = digit_strokes(2, height=230)
    at = np.linspace(0, len(stroke) - 1, 4_000)
    places = np.arange(len(stroke))
    dense = np.stack([np.interp(at, places, stroke[:, axis]) for axis in (0, 1)], axis=1)
    moments = replayed(recognizer, [dense.astype(np.float32)])
    assert sum(len(piece) for moment in moments for piece in moment.pieces) < 400
    assert len(moments) > 12  # read as it is there is time for three


def test_drawing_that_grows_is_read_as_each_drawing_is(recognizer):
    rng = np.random.default_rng(5)
    for label in (4, 5, 8):
        varied = vary_strokes(random_digit(label, rng), StrokeVariation(), rng)
        strokes = number("31") + [(90 * s + (280, 90)).astype(np.float32) for s in varied]
        drawings = [strokes[:count] for count in range(len(strokes) + 1)]
        growing = list(recognizer.read_growing(drawings))
        for drawing, reading in zip(drawings, growing, strict=True):
            alone = recognizer.read_strokes(drawing)
            assert (reading.status, reading.text) == (alone.status, alone.text)
            assert [d.strokes for d in reading.digits] == [d.strokes for d in alone.digits]
            assert [d.box for d in reading.digits] == [d.box for d in alone.digits]
            assert (reading.ink == alone.ink).all()


def test_parts_that_are_known_are_not_looked_at_again(recognizer, monkeypatch):
    known = {}
    first = recognizer.read_strokes(number("31"), known)
    asked, judge = [], recognizer._classifier.judge

    def counted(digits):
        asked.append(len(digits))
        return judge(digits)

    monkeypatch.setattr(recognizer._classifier, "judge", counted)
    again = recognizer.read_strokes(number("31"), known)
    assert (asked, again.text) == ([], first.text)
    more = [*number("31"), (number("5")[0] + (280, 0)).astype(np.float32)]
    recognizer.read_strokes(more, known)
    with_memory = sum(asked)
    recognizer.read_strokes(more)
    assert with_memory < sum(asked) - with_memory
