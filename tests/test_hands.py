"""Hands taught to networks that never saw them, as scripts/handwriting.py measures it."""

import json
import shutil

import numpy as np
import pytest
from conftest import run_script

from digitrec import Recognizer
from digitrec.datasets import Drawing, LabelledDigits, write_drawings
from digitrec.errors import DatasetError
from digitrec.learning.hands import Lesson, hand_of, summarize, teach
from digitrec.models import CARD, DEFAULT_ARTIFACT
from digitrec.shapes import StrokeVariation, random_digit, vary_strokes


@pytest.fixture(scope="module")
def drawings():
    """Two writers, four of each digit; the second one's 3 and 8 are the other way round."""
    rng, found = np.random.default_rng(0), []
    for writer in ("1", "2"):
        for label in range(10):
            shape = random_digit({3: 8, 8: 3}.get(label, label) if writer == "2" else label, rng)
            for _ in range(4):
                strokes = vary_strokes(shape, StrokeVariation(stroke_lifts=0), rng)
                scaled = tuple((200 * stroke).astype(np.float32) for stroke in strokes)
                found.append(Drawing(str(label), writer, scaled))
    return found


def test_taught_hand_is_read_better(drawings):
    recognizer = Recognizer()
    for writer, before in (("1", 0), ("2", 6)):
        hand = hand_of([drawing for drawing in drawings if drawing.writer == writer])
        lessons = teach(recognizer, hand, writer, 1, 3)
        assert [lesson.digits for lesson in lessons] == [30, 30, 30]
        assert all(lesson.before >= before for lesson in lessons)
        assert all(lesson.after <= 1 for lesson in lessons)
        assert teach(recognizer, hand, writer, 1, 3) == lessons
    with pytest.raises(DatasetError, match="more than 4 of each digit"):
        teach(recognizer, hand, "2", 4, 1)


def test_letters_are_no_part_of_a_hand(drawings):
    letter = Drawing("a", "1", drawings[0].strokes)
    hand = hand_of([letter, *drawings[:5], letter])
    assert isinstance(hand, LabelledDigits)
    assert hand.labels.tolist() == [0, 0, 0, 0, 1]


def test_summary_counts_what_each_lesson_gave():
    lessons = [Lesson("a", 3, 200, 10, 4), Lesson("a", 3, 200, 8, 2), Lesson("b", 3, 100, 0, 1)]
    row = summarize(lessons)
    assert (row.writers, row.with_errors, row.digits) == (2, 1, 500)
    assert (row.before, row.after, row.worst) == (18, 7, 1)
    assert row.reduction == pytest.approx(1 - 6 / 18)
    assert summarize(lessons[2:]).reduction == 0


def test_measurement_is_a_table_and_a_file(drawings, tmp_path):
    networks = tmp_path / "networks"
    shutil.copytree(DEFAULT_ARTIFACT, networks / "without-1-2")
    card = json.loads((DEFAULT_ARTIFACT / CARD).read_text())
    (networks / "without-1-2" / CARD).write_text(
        json.dumps({**card, "writers_left_out": ["1", "2"]})
    )
    strokes, output = tmp_path / "pens.jsonl", tmp_path / "out.json"
    write_drawings(strokes, drawings)
    options = ["--networks", networks, "--strokes", strokes, "--output", output, "--draws", 2]
    done = run_script("handwriting.py", *options, "--samples", 1, 3, "--judge", strokes)
    assert done.returncode == 0, done.stderr
    assert "pens (1 network, recipe shipped), 2 draws" in done.stdout
    assert done.stdout.count("| 3 | 2 |") == 2
    kept = json.loads(output.read_text())
    assert kept["recipe"]["epochs"] == card["recipe"]["epochs"]
    for judged in kept["sets"]:
        assert [row["samples"] for row in judged["summaries"]] == [1, 3]
        assert all(row["after"] < row["before"] for row in judged["summaries"])
        errors = judged["errors_before_and_after"]
        assert {n: {w: len(e) for w, e in by.items()} for n, by in errors.items()} == {
            "1": {"1": 2, "2": 2},
            "3": {"1": 2, "2": 2},
        }

    for wrong, words in (
        (["--networks", tmp_path / "nothing"], "leave_writers_out.py with --networks"),
        (["--samples", 4], "more than 4 of each digit"),
    ):
        done = run_script("handwriting.py", *options, *wrong)
        assert done.returncode == 1
        assert words in done.stderr
