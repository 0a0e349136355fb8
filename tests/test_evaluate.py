"""Figures by hand-made outcomes, and the script on a really trained tiny network."""

import hashlib
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import ROOT, one_hot, run_script

from digitrec import Recognizer
from digitrec.datasets import Drawing, LabelledDigits, load_drawings
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.learning import judging
from digitrec.learning.evaluation import evaluate as classes_of
from digitrec.learning.evidence import gather_evidence, write_evidence
from digitrec.learning.figures import (
    calibration_error,
    difference,
    digit_figures,
    outlier_figures,
    rejection,
    reliability,
)
from digitrec.learning.judging import JudgedSet, Outcome
from digitrec.shapes import digit_strokes


def outcome(labels, answers, *, confidences=None, accepted=None, groups=None, name="set"):
    labels, answers = np.array(labels), np.array(answers)
    count = len(labels)
    confidences = np.full(count, 0.9) if confidences is None else np.array(confidences)
    shares = np.repeat((1 - confidences)[:, None] / 9, 10, axis=1).astype(np.float32)
    shares[np.arange(count), answers] = confidences
    judged = JudgedSet(name, [None] * count, labels, groups or [""] * count, [""] * count)
    yes = np.ones(count, bool) if accepted is None else np.array(accepted)
    images = np.zeros((count, 28, 28), np.uint8)
    return Outcome(judged, shares, yes.astype(np.float32), answers, yes, images)


def test_evaluation_counts_what_it_sees():
    labels = np.array([0, 0, 1, 1, 2])
    answers = one_hot(np.array([0, 1, 1, 1, 0]), 0.91)
    result = classes_of(answers, labels)
    assert result.accuracy == pytest.approx(0.6)
    assert result.confusion[0, 1] == result.confusion[2, 0] == 1
    assert result.confusion[1, 1] == 2
    assert result.classes[1].precision == pytest.approx(2 / 3)
    assert result.classes[1].recall == 1
    assert {m.index for m in result.mistakes} == {1, 4}


def test_figures_of_digits_are_what_was_answered():
    groups = ["a"] * 5 + ["b"] * 5
    figures = digit_figures(
        outcome([1] * 10, [1] * 5 + [1, 1, 1, 7, 7], groups=groups, accepted=[True] * 9 + [False])
    )
    assert figures.right == pytest.approx(0.8)
    assert figures.accepted == pytest.approx(0.9)
    assert figures.mean_of_groups == pytest.approx(0.8)
    assert (figures.worst_group, figures.worst_right) == ("b", pytest.approx(0.6))
    assert figures.negative_log_likelihood > 0


def test_no_answer_is_a_wrong_answer_of_no_class():
    mine = outcome([0, 0, 1], [0, 0, 1])
    mine.answers[:] = [-1, 0, -1]
    mine.probabilities[[0, 2]] = 0.1
    result = evidence_of([mine])
    assert result["digits"][0]["right"] == pytest.approx(1 / 3)
    zero, one = result["classes"]["set"][:2]
    assert (zero["recall"], zero["precision"], one["recall"]) == (0.5, 1, 0)
    table = classes_of(mine.probabilities, mine.judged.labels, mine.answers).confusion
    assert table.shape == (10, 11)
    assert table[0].tolist() == [1] + [0] * 9 + [1]
    assert table[1, 10] == 1


def test_part_of_a_set_counts_once_in_the_curve(tmp_path):
    digits = outcome([1] * 20, [1] * 20)
    letters = outcome([-1] * 4, [3] * 4, accepted=[True, False, False, False])
    part = outcome([-1], [3], accepted=[True], name="part")
    part = replace(part, judged=replace(part.judged, variant=True))
    whole, less = evidence_of([digits, letters, part]), evidence_of([digits, letters])
    assert whole["rejection"] == less["rejection"]
    assert [row["name"] for row in whole["not_digits"]] == ["set", "part"]
    # A second evaluation leaves nothing of the first.
    write_evidence(tmp_path, gather_evidence("a", [digits, letters]))
    (tmp_path / "curves.png").write_bytes(b"not an evaluation's")
    write_evidence(tmp_path, gather_evidence("a", [digits]))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "curves.png",
        "evaluation-confusion.png",
        "evaluation-reliability.png",
        "evaluation.json",
        "evaluation.md",
    ]


def evidence_of(outcomes):
    with tempfile.TemporaryDirectory() as folder:
        write_evidence(Path(folder), gather_evidence("mine", outcomes))
        return json.loads((Path(folder) / "evaluation.json").read_text())


def test_mean_over_people_weighs_each_person_alike():
    figures = digit_figures(outcome([1] * 10, [1] * 9 + [2], groups=["many"] * 9 + ["one"]))
    assert figures.right == pytest.approx(0.9)
    assert figures.mean_of_groups == pytest.approx(0.5)


def test_calibration_error_of_honest_and_of_boastful_answers():
    rng = np.random.default_rng(0)
    confidences = rng.uniform(0.5, 1, 60_000)
    honest = rng.uniform(size=60_000) < confidences
    assert calibration_error(confidences, honest) < 0.01
    four_of_five = np.arange(6_000) % 5 > 0
    assert calibration_error(np.full(6_000, 0.99), four_of_five) == pytest.approx(0.19, abs=0.001)
    table = reliability(confidences, honest)
    assert len(table) == 15
    assert {count for _, _, count in table} == {4_000}


def test_rejection_counts_what_passes():
    digits, outliers = np.linspace(0.5, 1, 100), np.linspace(0, 0.6, 100)
    curve = rejection(digits, outliers)
    assert 0.9 < curve.area < 1
    # 99 % of the digits lie above about 0.505, as does a sixth of the outliers.
    assert curve.passed_at_99 == pytest.approx(0.16, abs=0.02)
    assert curve.passed_at_95 < curve.passed_at_99
    assert rejection(digits + 1, outliers).passed_at_99 == 0


def test_difference_beyond_noise_is_told_from_noise():
    labels = [1] * 400
    right, worse = outcome(labels, [1] * 400), outcome(labels, [1] * 360 + [2] * 40)
    gain, low, high = difference(right, worse)
    assert gain == pytest.approx(0.1)
    assert 0.05 < low < gain < high < 0.15
    assert difference(worse, right)[2] < 0
    other = outcome(labels, [2] * 3 + [1] * 397)
    another = outcome(labels, [1] * 397 + [2] * 3)
    assert difference(other, another)[1] < 0 < difference(other, another)[2]


def test_outliers_count_as_good_when_refused():
    letters = outcome([-1] * 4, [3] * 4, accepted=[True, False, False, False], groups=["x"] * 4)
    (row,) = outlier_figures(letters)
    assert row.refused == pytest.approx(0.75)
    assert row.name == "set"
    two = replace(letters.judged, groups=["Greek"] * 3 + ["Latin"])
    rows = outlier_figures(replace(letters, judged=two))
    assert [(row.name, row.count) for row in rows] == [("set, Greek", 3), ("set, Latin", 1)]
    assert [row.refused for row in rows] == pytest.approx([2 / 3, 1])
    all_refused = outcome([-1] * 4, [3] * 4, accepted=[False] * 4)
    assert difference(all_refused, letters)[0] == pytest.approx(0.25)


def test_sets_are_read_as_a_user_would_be():
    recognizer = Recognizer()
    drawing = Drawing("4", "ann", tuple(digit_strokes(4)))
    letter = Drawing("M", "ann", tuple(digit_strokes(4)))
    like = Drawing("o", "ann", tuple(digit_strokes(0)))
    sets = list(judging.drawing_sets("mine", [drawing, letter, like]))
    assert [s.name for s in sets] == [
        "mine",
        "mine, 24 px small",
        "mine, 2,000 px large",
        "mine, picture, fat pen",
    ]
    for judged in sets:
        assert len(judged.reads) == 1
        read = judging.read_set(recognizer, judged, progress=False)
        assert read.answers.tolist() == [4], judged.name
    (small,) = sets[1].reads
    assert np.ptp(np.concatenate(recorded(small)), axis=0).max() == 24
    assert all(np.array_equal(stroke, np.rint(stroke)) for stroke in recorded(small))
    others = judging.not_digit_drawings("others", [drawing, letter, like])
    assert len(others.reads) == 1  # the o is a look-alike
    assert not others.is_digits
    assert judging.not_digit_drawings("others", [drawing, like]) is None


def recorded(read):
    """The strokes that an example hands to the recognizer."""

    class Recorder:
        def read_strokes(self, strokes):
            return strokes

    return read(Recorder())


def test_spoilt_mnist_is_spoilt_and_stays_a_picture(templates):
    digits = LabelledDigits(templates, np.arange(10))
    sets = {s.name: s for s in judging.mnist_sets(digits, np.random.default_rng(0))}
    assert len(sets) == 11
    assert sum(not s.variant for s in sets.values()) == 1
    recognizer = Recognizer()
    plain = judging.read_set(recognizer, sets["MNIST test"], progress=False)
    assert plain.answers.tolist() == list(range(10))
    for name, judged in sets.items():
        read = judging.read_set(recognizer, judged, progress=False)
        if name != "MNIST, on ruled paper":
            assert (read.answers == read.judged.labels).sum() >= 8, name
        if name not in {"MNIST test", "MNIST, shifted anywhere", "MNIST, inverted"}:
            assert not np.array_equal(read.images, plain.images), name
    for name in ("MNIST, shifted anywhere", "MNIST, inverted"):
        again = judging.read_set(recognizer, sets[name], progress=False).images
        assert np.abs(again.astype(int) - plain.images).mean() < 1, name


def test_a_sheet_shows_every_digit_under_its_words(templates):
    from digitrec.learning.report import sheet_figure

    cells = sheet_figure([(digit, f"a {i}") for i, digit in enumerate([*templates, templates[0]])])
    shown = [axes for axes in cells.axes if axes.images]
    assert [axes.get_title() for axes in shown] == [f"a {i}" for i in range(11)]
    assert np.array_equal(255 - shown[3].images[0].get_array(), templates[3])


def test_random_splines_repeat_with_their_seed():
    first, again = (judging.scribble_set(5, np.random.default_rng(1)) for _ in range(2))
    recognizer = Recognizer()
    a, b = (judging.read_set(recognizer, s, progress=False).images for s in (first, again))
    assert np.array_equal(a, b)
    assert set(first.labels.tolist()) == {-1}


def evaluate(*arguments):
    return run_script("evaluate.py", "--quiet", *arguments)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for label in range(10):
        (folder / str(label)).mkdir()
        for person, height in (("ann", 120), ("bo", 200)):
            ink = ink_from_strokes(digit_strokes(label, height=height))
            cv2.imwrite(str(folder / str(label) / f"{person}_1.png"), 255 - np.pad(ink, 20))
    (folder / "3" / "bo_broken.png").write_bytes(b"no picture")
    return folder


def test_script_scores_every_kind_of_set_and_writes_the_evidence(
    tiny_artifact, stroke_file, pictures, tmp_path
):
    done = evaluate(
        *("--artifact", tiny_artifact, "--no-mnist", "--scribbles", 20),
        *("--images", pictures, "--strokes", stroke_file, "--not-digits", pictures / "3"),
        *("--compare", ROOT / "digitrec" / "models" / "default", "--output", tmp_path / "report"),
    )
    assert done.returncode == 0, done.stderr
    for words in ("| drawings |", "24 px small", "fat pen", "scribbles", "beyond noise", "bo"):
        assert words in done.stdout
    assert "Skipped, as they cannot be read: 2" in done.stdout
    written = {p.name for p in (tmp_path / "report").iterdir()}
    assert written >= {
        "evaluation.json",
        "evaluation.md",
        "evaluation-confusion.png",
        "evaluation-reliability.png",
        "evaluation-rejection.png",
        "evaluation-people.png",
    }
    content = json.loads((tmp_path / "report" / "evaluation.json").read_text())
    assert [row["count"] for row in content["digits"]][:2] == [20, 40]
    assert content["digits"][0]["groups"] == 2
    assert len(content["classes"]["drawings"]) == 10
    text = (tmp_path / "report" / "evaluation.md").read_text()
    assert "| mean |" in text
    assert str(tmp_path) not in text


def test_what_was_trained_on_judges_nothing(tiny_artifact, stroke_file, pictures, tmp_path):
    learned = tmp_path / "learned"
    shutil.copytree(tiny_artifact, learned)
    card = json.loads((learned / "card.json").read_text())
    digest = hashlib.sha256(stroke_file.read_bytes()).hexdigest()
    card["data"].append({"name": "mine", "sha256": {stroke_file.name: digest}})
    (learned / "card.json").write_text(json.dumps(card))
    only = ("--no-mnist", "--scribbles", 0, "--output", tmp_path / "report")
    done = evaluate("--artifact", learned, *only, "--strokes", stroke_file)
    assert done.returncode == 1
    assert "has not learned from" in done.stderr
    done = evaluate("--artifact", tiny_artifact, *only, "--images", pictures, pictures)
    assert done.returncode == 1
    assert "different names" in done.stderr
    greek = tmp_path / "greek"
    greek.mkdir()
    (greek / "Greek_character01_0001.png").write_bytes(b"")
    done = evaluate("--artifact", tiny_artifact, *only, "--not-digits", greek)
    assert done.returncode == 1
    assert "Balinese" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--no-mnist"], "--images"),
        (["--no-mnist", "--images", "nowhere"], "not there"),
        (["--no-mnist", "--images", "tests"], "0 to 9"),
        (["--no-mnist", "--strokes", "README.md"], "line 1"),
        (["--artifact", "nowhere", "--no-mnist", "--not-digits", "docs/images"], "artifact"),
        (["--mnist", "nowhere"], "does not exist"),
    ],
)
def test_wrong_sets_are_told_in_one_sentence(arguments, word, tmp_path):
    done = evaluate(*arguments, "--output", tmp_path / "report")
    assert done.returncode == 1
    assert "Expected" in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "report").exists()


@pytest.mark.real_data
def test_shipped_network_reads_writers_that_it_never_saw(data_folder):
    """A sample of what judges; the whole table is scripts/evaluate.py's."""
    recognizer = Recognizer()
    drawings = load_drawings(data_folder / "strokes" / "chars74k_62_characters.jsonl.gz")
    sets = list(judging.drawing_sets("chars74k", drawings))
    figures = digit_figures(judging.read_set(recognizer, sets[0], progress=False))
    assert figures.right >= 0.99
    assert figures.accepted >= 0.97
    letters = judging.not_digit_drawings("letters", drawings)
    (row,) = outlier_figures(judging.read_set(recognizer, letters, progress=False))
    assert row.refused >= 0.9
