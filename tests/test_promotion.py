"""The gate: what a candidate has to show, and what stops it."""

import json

import numpy as np
import pytest
from conftest import one_hot
from teaching import correction

from digitrec.corrections import NOT_A_DIGIT
from digitrec.datasets import LabelledDigits
from digitrec.learning.labels import judge_beliefs, judge_ordinary
from digitrec.learning.promotion import FEW, Answers, folds_of, judge_corrections, room_for_gain
from digitrec.learning.verdict import Promotion, chance, together, within_noise


def corrections(labels, *, held_out=None):
    """As many drawings, of the fixed fifth or of the rest as told."""
    rng, made = np.random.default_rng(0), []
    while len(made) < len(labels):
        one = correction(rng.integers(0, 256, (28, 28), np.uint8), labels[len(made)])
        if held_out is None or one.held_out == held_out[len(made)]:
            made.append(one)
    return made


def answers(labels, confidence=0.99, score=0.9, threshold=0.5):
    """Of a network that is sure of these labels; of what is no digit it is as sure."""
    labels = np.array(labels)
    scores = np.where(labels == NOT_A_DIGIT, 1 - score, score).astype(np.float32)
    return Answers(one_hot(labels.clip(0), confidence), scores, threshold)


def test_chance_is_the_exact_binomial():
    assert chance(0, 0) == 1
    assert chance(5, 0) == pytest.approx(1 / 32)
    assert chance(4, 0) == pytest.approx(1 / 16)
    assert chance(8, 2) == pytest.approx(56 / 1024)
    assert chance(9, 1) == pytest.approx(11 / 1024)
    assert chance(2, 8) > 0.98


def test_loss_within_chance_passes_and_beyond_it_does_not():
    before = np.ones(1000, bool)
    assert within_noise("digits", before, before).passed
    for lost, passed in ((4, True), (5, False)):
        after = before.copy()
        after[:lost] = False
        row = within_noise("digits", before, after)
        assert row.passed is passed
        assert (row.before, row.after, row.number) == (1000, 1000 - lost, 1000)
    # As many gained as lost: other digits, but no fewer.
    before[500:] = False
    after = np.roll(before, 250)
    assert within_noise("digits", before, after).passed


def test_right_is_answered_and_accepted_or_refused():
    labels = np.array([3, 3, 3, NOT_A_DIGIT, NOT_A_DIGIT])
    given = Answers(
        one_hot([3, 3, 4, 3, 3], 0.9), np.array([0.9, 0.1, 0.9, 0.1, 0.9], np.float32), 0.5
    )
    assert given.right(labels).tolist() == [True, False, False, True, False]
    assert given.belief(labels) == pytest.approx([0.9, 0.9, 0.1 / 9, 0.9, 0.1])
    assert given.some([2, 0]).right(labels[[2, 0]]).tolist() == [False, True]


def test_fixed_fifth_is_held_out_where_there_are_enough():
    fifth = [True, False] * FEW
    assert folds_of(corrections([1] * len(fifth), held_out=fifth)) == [list(range(0, 2 * FEW, 2))]


@pytest.mark.parametrize(("count", "folds"), [(1, 0), (2, 2), (4, 4), (5, 5), (9, 5), (FEW, 5)])
def test_few_are_held_out_in_turn(count, folds):
    """As are ten of which none happens to be of the fixed fifth."""
    parts = folds_of(corrections([1] * count, held_out=[False] * count))
    assert len(parts) == folds
    if folds:
        assert sorted(place for part in parts for place in part) == list(range(count))


def judged(labels, before, after, apart=None, folds=None):
    """The verdict where every second correction is held out, unless told otherwise."""
    fifth = [place % 2 == 0 for place in range(len(labels))]
    many = corrections(labels, held_out=fifth)
    folds = folds if folds is not None else [[p for p, held in enumerate(fifth) if held]]
    apart = answers(after if apart is None else apart)
    strangers = [(fold, apart.some(fold)) for fold in folds]
    return together(
        judge_beliefs(many, answers(before), strangers),
        judge_corrections(many, answers(before), answers(after), strangers),
    )


def test_learned_corrections_promote():
    labels = [4] * 12 + [NOT_A_DIGIT] * 8
    verdict = judged(labels, before=[9] * 20, after=labels)
    assert verdict.promoted
    assert verdict.rows[-1].after == 20
    assert "20 of 20 corrections are read rightly, before 0" in verdict.sentence
    assert json.loads(json.dumps(verdict.plain()))["promoted"] is True


def test_no_gain_keeps_the_old_network():
    verdict = judged([4] * 20, before=[4] * 19 + [9], after=[4] * 19 + [9])
    assert not verdict.promoted
    assert "there is no gain" in verdict.sentence


def test_worse_held_out_corrections_keep_the_old_network():
    """The trained ones are learned by heart, at the cost of those that were right."""
    labels = [4] * 20
    before = [4 if place % 2 == 0 else 9 for place in range(20)]
    after = [9 if place in {0, 2} else 4 for place in range(20)]
    verdict = judged(labels, before, after)
    assert verdict.rows[-1].after > verdict.rows[-1].before
    assert "held out are read worse" in verdict.sentence


def test_labels_that_nothing_speaks_for_are_counted_and_named():
    labels = [4] * 20
    # Learned by heart: of those held out none is believed.
    after = [9 if place % 2 == 0 else 4 for place in range(20)]
    verdict = judged(labels, [9] * 20, after)
    assert not verdict.promoted
    assert "10 of the 10 corrections" in verdict.sentence
    assert "page Corrections" in verdict.sentence
    assert "python -m digitrec corrections" in verdict.sentence
    made = corrections(labels, held_out=[place % 2 == 0 for place in range(20)])
    assert set(verdict.suspicious) == {one.key for one in made if one.held_out}


def test_hand_that_the_old_network_contradicts_passes_once_its_neighbours_speak_for_it():
    labels = [4] * 20
    after = [9 if place in {0, 2, 4} else 4 for place in range(20)]  # 7 of 10 held out
    verdict = judged(labels, [9] * 20, after)
    assert verdict.promoted
    assert len(verdict.suspicious) == 3


def test_single_doubt_refuses_nothing():
    verdict = judged([4] * 6, [9] * 6, [4] * 6, apart=[9] * 6, folds=[[0], [1]])
    assert verdict.promoted
    assert len(verdict.suspicious) == 2


def test_what_could_not_be_held_out_is_said():
    one = judged([4], [9], [4], folds=[])
    assert one.promoted
    assert "nothing could be held out" in one.sentence
    few = judged([4] * 6, [9] * 6, [4] * 6, folds=[[0, 5], [1], [2], [3], [4]])
    assert few.promoted
    assert "only 6 corrections" in few.sentence
    assert "in turn" in few.rows[1].name


@pytest.mark.parametrize(("spoiled", "refused"), [(0, False), (9, False), (10, True), (60, True)])
def test_ordinary_digits_that_become_others_tell_of_wrong_labels(spoiled, refused):
    """Of a hundred 7s so many are read as 1 since ten 7s labelled 1 were learned."""
    truth = np.repeat([7, 1, 4], 100)
    judges = [("drawings", LabelledDigits(np.zeros((300, 28, 28), np.uint8), truth))]
    since = truth.copy()
    since[:spoiled] = 1
    wrong = corrections([1] * 10 + [4] * 5)
    verdict = judge_ordinary(
        wrong,
        answers([7] * 10 + [9] * 5),
        lambda digits: answers(truth),
        lambda digits: answers(since),
        judges,
    )
    assert verdict.promoted is not refused
    assert set(verdict.suspicious) == ({one.key for one in wrong[:10]} if refused else set())
    if refused:
        assert "10 corrections labelled 1 look like 7" in verdict.sentence
        assert f"{spoiled} of 100 examples of 7 (drawings) become 1" in verdict.sentence
        assert "python -m digitrec corrections" in verdict.sentence


def test_digits_labelled_as_none_in_bulk_are_told():
    truth = np.repeat([7, NOT_A_DIGIT], 50)
    judges = [("all", LabelledDigits(np.zeros((100, 28, 28), np.uint8), truth))]
    since = truth.copy()
    since[:25] = NOT_A_DIGIT
    verdict = judge_ordinary(
        corrections([NOT_A_DIGIT] * 6),
        answers([7] * 6),
        lambda digits: answers(truth),
        lambda digits: answers(since),
        judges,
    )
    assert "labelled no digit look like 7" in verdict.sentence


def test_nothing_to_gain_is_seen_before_anything_is_learned():
    assert room_for_gain(corrections([4, 5]), answers([4, 6])).promoted
    verdict = room_for_gain(corrections([4, NOT_A_DIGIT]), answers([4, NOT_A_DIGIT]))
    assert not verdict.promoted
    assert "nothing to gain" in verdict.sentence


def test_one_reason_of_many_is_enough_to_refuse():
    rows = (within_noise("digits", np.ones(3, bool), np.ones(3, bool)),)
    good, bad = Promotion(rows), Promotion(rows, ("Worse.",), ("A note.",), ("key",))
    whole = together(good, bad)
    assert not whole.promoted
    assert len(whole.rows) == 2
    assert whole.sentence == "Worse. A note."
    assert whole.suspicious == ("key",)
