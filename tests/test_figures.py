"""Figures by hand-made outcomes."""

import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import one_hot

from digitrec.learning.evaluation import evaluate as classes_of
from digitrec.learning.evidence import comparison_table, gather_evidence, table, write_evidence
from digitrec.learning.figures import (
    calibration_error,
    difference,
    digit_figures,
    outlier_figures,
    rejection,
    reliability,
)
from digitrec.learning.judging import JudgedSet, Outcome


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


def test_words_of_strangers_neither_steer_a_terminal_nor_end_a_cell():
    said = "x\x1b[2J|y\nz"
    mine = outcome([1] * 10, [1] * 5 + [7] * 5, groups=[said] * 5 + ["b" + said] * 5, name=said)
    none = outcome([-1] * 4, [3] * 4, name=said)
    evidence = gather_evidence("mine", [replace(mine, skipped=[said]), none], [mine, none])
    whole = table(evidence) + comparison_table(evidence, said)
    assert said not in whole
    assert r"x\x1b[2J\|y\nz" in whole
    rows = [line for line in whole.splitlines() if line.startswith("| x")]
    assert [len(re.split(r"(?<!\\)\|", row)) - 2 for row in rows] == [8, 3, 4]


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
    points = curve.points()
    assert points == sorted(points)
    assert points[-1] == (1.0, 1.0)


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
