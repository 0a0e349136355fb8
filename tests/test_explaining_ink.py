"""Which ink speaks for an answer, and what a digit is without a part of it or a stroke."""

import numpy as np
import pytest
from pieces import in_pieces

from digitrec.errors import DigitsError
from digitrec.explaining.ink import FadedInk, Patch, fade_ink, log_odds
from digitrec.explaining.left_out import FEW, SHOWN, leave_strokes_out
from digitrec.handwriting import Handwriting, digit_from_strokes
from digitrec.shapes import StrokeVariation, digit_strokes, random_digit, vary_strokes

BAR, SLASH, CROSS = (
    np.array(stroke, np.float32)
    for stroke in (
        [[220, 70], [330, 66]],
        [[330, 66], [270, 260]],
        [[245, 170], [335, 160]],
    )
)


@pytest.fixture(scope="module")
def drawn(recognizer):
    """Forty drawings by the project's own hands: digits (40, 28, 28), and their faded ink."""
    rng = np.random.default_rng(11)
    digits = np.stack(
        [
            digit_from_strokes(
                [200 * s for s in vary_strokes(random_digit(n % 10, rng), StrokeVariation(), rng)]
            )
            for n in range(40)
        ]
    )
    return digits, [fade_ink(recognizer, digit) for digit in digits]


def less(digit, order, share=0.2):
    """The digit without the first pixels in this order that hold such a share of its ink."""
    places = [place for place in order if digit.flat[place]]
    gone = np.cumsum([int(digit.flat[place]) for place in places]) <= share * digit.sum()
    rest = digit.copy()
    rest.flat[np.array(places)[gone]] = 0
    return rest


def test_losing_the_most_important_ink_costs_the_answer_most(recognizer, drawn):
    digits, faded = drawn
    labels = [f.digit.label for f in faded]
    worth = [f.importance(label).ravel() for f, label in zip(faded, labels, strict=True)]
    rng = np.random.default_rng(0)
    orders = {
        "most": [np.argsort(-w, kind="stable") for w in worth],
        "least": [np.argsort(w, kind="stable") for w in worth],
        "any": [rng.permutation(784) for _ in worth],
    }
    left = {
        which: np.mean(
            recognizer.classify(np.stack([less(d, o) for d, o in zip(digits, order, strict=True)]))[
                np.arange(len(digits)), labels
            ]
        )
        for which, order in orders.items()
    }
    assert left["most"] < 0.55
    assert left["any"] > left["most"] + 0.3
    assert left["least"] > 0.93
    assert left["least"] > left["any"]


def test_importance_is_the_same_each_time_and_none_where_there_is_no_ink(recognizer, drawn):
    digits, faded = drawn
    for digit, known in zip(digits[:5], faded, strict=False):
        worth = known.importance(known.digit.label)
        again = fade_ink(recognizer, digit).importance(known.digit.label)
        assert np.array_equal(worth, again)
        assert worth.dtype == np.float32
        assert worth.shape == (28, 28)
        assert np.isfinite(worth).all()
        assert not worth[digit == 0].any()
        assert worth[digit > 128].any()


def test_ink_that_speaks_for_one_answer_speaks_against_the_others(drawn):
    for faded in drawn[1]:
        label = faded.digit.label
        worth = faded.importance(label)
        place = worth == worth.max()
        other = int(np.argsort(faded.digit.probabilities)[-2])
        assert worth.max() > 1
        assert faded.importance(other)[place].max() < 0.5 * worth.max()


def test_every_pixel_of_any_ink_is_tried_in_a_bounded_number_of_patches(recognizer):
    rng = np.random.default_rng(3)
    full = np.full((28, 28), 255, np.uint8)
    for ink in (full, np.where(rng.random((28, 28)) < 0.5, full, 0).astype(np.uint8)):
        faded = fade_ink(recognizer, ink)
        assert 50 < len(faded.patches) <= 192
        assert faded.gone.sum(axis=0)[ink > 0].min() > 0.5


def test_weightiest_patch_tells_what_is_really_read_without_it(recognizer, drawn):
    digits, faded = drawn
    changed = 0
    for digit, known in zip(digits, faded, strict=True):
        label = known.digit.label
        patch = known.weightiest(label)
        rest = patch.without.image.astype(int)
        taken = digit - rest
        assert patch.share == pytest.approx(taken.sum() / digit.sum())
        rows, columns = np.nonzero(taken)
        away = np.hypot(columns - patch.x, rows - patch.y)
        assert away.max() < patch.radius + 0.5
        read = recognizer.read_digits(patch.without.image[None])[0]
        assert read.text == patch.without.text
        fall = log_odds([known.digit, patch.without], label)
        of_its_size = [p.without for p in known.patches if p.radius == patch.radius]
        assert (fall[0] - fall[1]) > 0
        assert log_odds(of_its_size, label).min() == fall[1]
        changed += read.text != known.digit.text
    assert changed > 0.9 * len(digits)


def test_a_smaller_patch_is_named_if_it_changes_the_answer(drawn):
    sizes = {faded.weightiest(faded.digit.label).radius for faded in drawn[1]}
    assert sizes == {2.5, 3.5}
    for faded in drawn[1]:
        patch = faded.weightiest(faded.digit.label)
        small = [p for p in faded.patches if p.radius == 2.5]
        worst = small[int(np.argmin(log_odds([p.without for p in small], faded.digit.label)))]
        assert (patch.radius == 2.5) == (worst.without.text != faded.digit.text)


def test_what_speaks_against_another_answer_makes_that_likelier_by_going(drawn):
    for faded in drawn[1]:
        other = int(np.argsort(faded.digit.probabilities)[-2])
        patch = faded.weightiest(other, against=True)
        if patch is None:
            assert faded.importance(other).min() >= 0
        else:
            odds = log_odds([faded.digit, patch.without], other)
            assert odds[1] > odds[0]


def test_of_what_is_no_digit_the_score_is_explained(recognizer):
    scribble = digit_from_strokes([np.random.default_rng(4).uniform(0, 200, (30, 2))])
    faded = fade_ink(recognizer, scribble)
    assert faded.digit.status == "not a digit"
    against = faded.weightiest(None, against=True)
    assert against.without.digit_score > faded.digit.digit_score
    assert faded.importance(None).min() < 0


def test_without_ink_nothing_is_important(recognizer):
    faded = fade_ink(recognizer, np.zeros((28, 28), np.uint8))
    assert faded.patches == ()
    assert not faded.importance(3).any()
    assert faded.weightiest(3) is None
    assert faded.weightiest(None, against=True) is None


def test_what_is_no_digit_in_form_is_refused(recognizer):
    with pytest.raises(DigitsError, match="Expected digits"):
        fade_ink(recognizer, np.zeros((27, 28), np.uint8))
    with pytest.raises(DigitsError, match="Expected digits"):
        fade_ink(recognizer, np.zeros((28, 28), np.float32))


def test_a_handwriting_that_was_taught_counts(recognizer):
    mirrored = [np.array([[0, 200], [0, 0], [100, 0]], np.float32)]
    digit = digit_from_strokes(mirrored)
    hand = Handwriting().with_digit(digit, 7).with_digit(digit_from_strokes([BAR, SLASH]), 1)
    taught = fade_ink(recognizer.with_handwriting(hand), digit)
    assert taught.digit.text == "7"
    patch = taught.weightiest(7)
    assert patch.without.probabilities[7] < taught.digit.probabilities[7]
    assert not np.array_equal(taught.importance(7), fade_ink(recognizer, digit).importance(7))


def test_importance_is_the_mean_over_the_patches_that_hold_a_pixel(recognizer, drawn):
    whole, first, second = recognizer.read_digits(drawn[0][:3])
    gone = np.zeros((2, 28, 28), np.float32)
    gone[0, :14], gone[1, 7:] = 1, 1
    patches = (Patch(0, 0, 2.5, 0.5, first), Patch(0, 0, 2.5, 0.5, second))
    worth = FadedInk(whole, patches, gone).importance(5)
    odds = log_odds([whole, first, second], 5)
    falls = odds[0] - odds[1:]
    ink = whole.image > 0
    for rows, expected in ((slice(0, 7), falls[0]), (slice(7, 14), falls.mean())):
        assert worth[rows][ink[rows]] == pytest.approx(expected, rel=1e-4)


def test_each_of_few_strokes_is_left_out_as_if_it_had_never_been_drawn(recognizer):
    strokes = [BAR, SLASH, CROSS]
    (digit,) = recognizer.read_strokes(strokes).digits
    assert digit.text == "7"
    found = leave_strokes_out(recognizer, strokes, digit)
    assert [left.stroke for left in found] == [0, 1, 2]
    for left in found:
        rest = [s for i, s in enumerate(strokes) if i != left.stroke]
        assert left.reading.text == recognizer.read_strokes(rest).text
    assert found[2].reading.text == "7"
    assert found[0].reading.text != "7"


def test_without_its_only_stroke_nothing_is_left(recognizer):
    strokes = digit_strokes(3)
    assert len(strokes) == 1
    (left,) = leave_strokes_out(recognizer, strokes, recognizer.read_strokes(strokes).digits[0])
    assert left.reading.status == "empty"


@pytest.mark.parametrize("count", [FEW + 1, 14, 40])
def test_of_many_strokes_those_that_matter_most_are_told(recognizer, count):
    dot = np.array([[50, 50]], np.float32)
    strokes = [*in_pieces(digit_strokes(3), count - 1), dot]
    (digit,) = recognizer.read_digits(digit_from_strokes(strokes)[None])
    found = leave_strokes_out(recognizer, strokes, digit)
    places = [left.stroke for left in found]
    assert places == sorted(set(places))
    assert len(places) == min(count, SHOWN)
    # No stroke that is not told would change the answer more.
    changes = []
    for i in range(count):
        rest = digit_from_strokes([s for j, s in enumerate(strokes) if j != i])
        odds = log_odds([digit, *recognizer.read_digits(rest[None])], digit.label)
        changes.append(abs(odds[1] - odds[0]))
    untold = [change for i, change in enumerate(changes) if i not in places]
    if count <= 16:  # of more the longest are looked at
        assert min(changes[i] for i in places) >= max(untold, default=0)
