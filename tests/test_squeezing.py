"""The way of others: the canvas squeezed, and what it costs."""

import contextlib
import importlib.util
import io
import json

import cv2
import numpy as np
import pytest
from conftest import ROOT, one_hot

from digitrec import Box, Digit, Reading
from digitrec.imaging.squeezing import Standing, centre_by_box, squeeze, standing
from digitrec.shapes import digit_strokes
from digitrec.web.inside.squeezed import faults, number_verdict, verdict
from digitrec.web.inside.subject import Subject

CANVAS, PEN = (560, 320), 18


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("squeezing", ROOT / "benchmarks/squeezing.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def circle(radius, x, y):
    angles = np.linspace(0, 2 * np.pi, 80)
    return [np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1)]


def test_squeezed_canvas_moves_as_the_drawing_does():
    seven = digit_strokes(7, height=120, left=80, top=60)
    here = squeeze(seven, CANVAS, PEN)
    assert (here.shape, here.dtype) == ((28, 28), np.uint8)
    there = squeeze(
        [s + np.array([7 * 20, 0]) for s in seven], CANVAS, PEN
    )  # 20 px of canvas are one
    assert np.abs(np.roll(here, 7, axis=1).astype(int) - there).max() <= 2


def test_squeezed_circle_is_narrow_and_its_lines_are_faint():
    round_, small = circle(100, 280, 160), circle(100, 280, 160)
    found = standing(squeeze(round_, CANVAS, PEN))
    assert found.height / found.width == pytest.approx(560 / 320, rel=0.15)
    assert abs(found.right) < 1
    assert squeeze(small, CANVAS, 4).max() < 0.5 * squeeze(round_, CANVAS, 40).max()


def test_what_leaves_the_canvas_is_cut_off():
    assert not squeeze([np.array([[600.0, 20], [700, 90]])], CANVAS, PEN).any()
    assert not squeeze([], CANVAS, PEN).any()


@pytest.mark.parametrize("scale", [0.2, 1, 3])
def test_centred_box_has_twenty_pixels_and_stands_in_the_middle(scale):
    strokes = [(scale * s).astype(np.float32) for s in digit_strokes(6, height=200, left=90)]
    digit = centre_by_box(strokes, max(2, round(PEN * scale)))
    x, y, width, height = cv2.boundingRect(digit)
    assert max(width, height) == 20
    assert abs(x - (28 - x - width)) <= 1
    assert abs(y - (28 - y - height)) <= 1


def test_centred_box_is_the_same_wherever_it_was_drawn():
    strokes = digit_strokes(3, height=140, left=10, top=15)
    moved = [s + np.float32(100) for s in strokes]
    assert (centre_by_box(strokes, PEN) == centre_by_box(moved, PEN)).all()
    dot = centre_by_box([np.array([[40, 40]], np.float32)], PEN)
    assert dot.any()


def test_standing_tells_size_and_place():
    picture = np.zeros((28, 28), np.uint8)
    picture[2:7, 20:23] = 200
    picture[7, 20:23] = 20  # a soft edge
    found = standing(picture)
    assert (found.width, found.height) == (3, 5)
    assert found.right == pytest.approx(7)
    assert found.down == pytest.approx(-9.9, abs=0.1)
    assert standing(np.zeros((28, 28), np.uint8)) == Standing(0, 0, 0, 0)


def test_faults_named_are_those_of_the_drawing():
    tiny = faults(Standing(4, 7, 8.0, -6.0), PEN)
    assert "upright lines are 0.9 pixels wide" in tiny
    assert "all of it is 7 pixels large instead of 20" in tiny
    assert "10.0 pixels off the middle" in tiny
    assert tiny.endswith("; and everything is 1.75 times narrower than it was drawn.")
    good = faults(Standing(10, 20, 0.5, 0.5), 45)
    assert good == "Squeezed: everything is 1.75 times narrower than it was drawn."
    large = faults(Standing(27, 24, 0.5, 0.5), 60)
    assert "lying lines are 5.2 pixels thick" in large
    assert "27 pixels large" in large
    several = faults(Standing(24, 9, 0, 0), PEN, number=True)
    assert several.startswith("The whole number becomes one picture: ")
    assert "its digits share 24 × 9 pixels" in several
    assert "off the middle" not in several


def digit(label, score=1.0, strokes=(0,)):
    ink = np.full((28, 28), 9, np.uint8)
    return Digit(one_hot([label], 0.9)[0], Box(0, 0, 9, 9), ink, score, 0.5, strokes)


def test_verdict_says_what_both_answer_and_claims_no_truth():
    assert "Both ways the answer is 7" in verdict(digit(7), digit(7))
    assert verdict(digit(7, 0.1), digit(3, 0.1)) == "Neither way it is taken for a digit."
    for squeezed, ours, words in (
        (digit(1), digit(7), "Squeezed, the answer is 1; brought into form, the answer is 7."),
        (digit(1, 0.1), digit(7), "Squeezed, it is taken for no digit; brought into form, the"),
        (digit(1), digit(7, 0.1), "the answer is 1; brought into form, it is taken for no digit."),
    ):
        said = verdict(squeezed, ours)
        assert words in said
        assert said.endswith("Only you know what it is.")


def test_number_has_one_answer_squeezed():
    digits = (digit(2), digit(0, strokes=(1,)))
    strokes = [np.array([[0, 0], [9, 90]], np.float32)] * 2
    subject = Subject(strokes, Reading("read", ((digits,),), digits[0].image), digits[0], PEN)
    said = number_verdict(digit(8), subject)
    assert "one answer for all of it, which is 8." in said
    assert "each of the 2 has its own: 20." in said
    assert "which is no digit" in number_verdict(digit(8, 0.1), subject)


def run(benchmark, *arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = benchmark.main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


def test_benchmark_prints_what_squeezing_costs(benchmark, stroke_file):
    status, out, _ = run(benchmark, "--strokes", stroke_file, "--placings", 2)
    assert status == 0
    rows = [line.strip("| ").split(" | ") for line in out.splitlines()[2:]]
    assert [row[:3] for row in rows] == [
        ["drawings", "the page's, 560×320", "80"],
        ["drawings", "square, 320×320", "80"],
    ]
    for row in rows:
        squeezed, centred, ours = map(float, row[3:])
        assert squeezed < 85 < centred
        assert ours > 90
    assert run(benchmark, "--strokes", stroke_file, "--placings", 2)[1] == out


def test_benchmark_without_digits_is_told(benchmark, tmp_path):
    file = tmp_path / "letters.jsonl"
    file.write_text(json.dumps({"label": "A", "strokes": [[[0, 0], [50, 99]]]}) + "\n")
    status, _, err = run(benchmark, "--strokes", file)
    assert status == 1
    assert "Expected digits" in err
