"""What the page "Data" is made of, without the page: filters, means and rounds of the game."""

import numpy as np
from conftest import one_hot

from digitrec.datasets import LabelledDigits
from digitrec.web.at_hand import Answered
from digitrec.web.data import sorting
from digitrec.web.data.averages import of_each_class
from digitrec.web.data.rounds import Round, new_round, right_answers, right_guesses
from digitrec.web.data.sorting import Filter


def answered(labels, answers, confidence, accepted):
    count = len(labels)
    return Answered(
        np.zeros((count, 28, 28), np.uint8),
        np.array(labels),
        np.vstack([one_hot(np.array([a]), c) for a, c in zip(answers, confidence, strict=True)]),
        np.where(accepted, 0.9, 0.1).astype(np.float32),
        0.5,
    )


def test_every_digit_is_right_wrong_or_refused_and_sure_or_not():
    found = answered(
        [1, 1, 2, 3, 3], [1, 7, 2, 3, 8], [0.999, 0.8, 0.5, 0.99, 0.7], [1, 1, 1, 0, 0]
    )
    assert sorting.outcomes(found).tolist() == [0, 1, 0, 2, 2]
    assert sorting.sureness(found).tolist() == [2, 1, 0, 2, 0]
    counts = sorting.table(found)
    assert counts.sum() == 5
    for wanted, places in (
        (Filter(), [0, 1, 2, 3, 4]),
        (Filter(label=1), [0, 1]),
        (Filter(outcome=2), [3, 4]),
        (Filter(label=3, outcome=2, sureness=0), [4]),
        (Filter(label=9), []),
    ):
        assert sorting.matching(found, wanted).tolist() == places
        assert sorting.count(counts, wanted) == len(places)


def test_class_without_digits_has_a_black_mean():
    means, spreads, counts = of_each_class(
        LabelledDigits(np.full((2, 28, 28), 255, np.uint8), np.array([1, 1]))
    )
    assert counts == [0, 2, *[0] * 8]
    assert (means.max(), means[1].min(), spreads.max()) == (255, 255, 0)


def test_guess_counts_once_and_only_before_the_truth():
    round_ = Round((5, 6)).guess(3)
    assert round_.guess(4) == round_
    assert (round_.number, round_.over) == (0, False)
    round_ = round_.go_on()
    assert round_.go_on() == round_
    round_ = round_.guess(8).go_on()
    assert (round_.guesses, round_.over) == ((3, 8), True)
    assert round_.guess(1) == round_


def test_refusal_is_no_right_answer():
    found = answered([1, 1, 1], [1, 7, 1], [0.999] * 3, [1, 1, 0])
    round_ = Round((0, 1, 2), (1, 1, 2))
    assert right_guesses(found, round_).tolist() == [True, True, False]
    assert right_answers(found, round_).tolist() == [True, False, False]


def test_hard_round_asks_what_the_network_doubts():
    confidence = [0.999] * 40
    for index in (3, 7, 11):
        confidence[index] = 0.95
    accepted = [index != 20 for index in range(40)]
    found = answered([1] * 40, [1] * 40, confidence, accepted)
    hard = new_round(found, np.random.default_rng(0), hard=True)
    assert sorted(hard.digits) == [3, 7, 11, 20]
    easy = answered([1] * 40, [1] * 40, [0.999] * 40, [True] * 40)
    assert len(new_round(easy, np.random.default_rng(0), hard=True).digits) == 10
