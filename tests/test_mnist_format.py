import cv2
import numpy as np
import pytest

from digitrec.imaging.mnist_format import normalize_digit


@pytest.mark.real_data
def test_mnist_digits_come_back_bit_for_bit(mnist):
    digits = mnist.test.digits
    same = sum(np.array_equal(normalize_digit(digit), digit) for digit in digits)
    assert same >= 9_995  # the 99.95 % that the README names


def test_no_ink_gives_zeros():
    assert not normalize_digit(np.zeros((50, 40), np.uint8)).any()
    assert not normalize_digit(np.zeros((0, 0), np.uint8)).any()


@pytest.mark.parametrize("shape", [(200, 20), (20, 200), (20, 20), (7, 5), (1, 1), (3, 300)])
def test_any_shape_fills_the_box_at_full_strength(shape):
    ink = np.zeros((320, 320), np.uint8)
    ink[10 : 10 + shape[0], 5 : 5 + shape[1]] = 90
    digit = normalize_digit(ink)
    assert digit.dtype == np.uint8
    assert digit.max() >= 254
    _, _, width, height = cv2.boundingRect(digit)
    assert max(width, height) == 20


def test_place_of_the_ink_changes_nothing(templates):
    ink = cv2.resize(templates[4], (90, 90), interpolation=cv2.INTER_LINEAR)
    first = np.pad(ink, ((0, 60), (0, 10)))
    second = np.pad(ink, ((33, 2), (70, 5)))
    assert np.array_equal(normalize_digit(first), normalize_digit(second))


@pytest.mark.parametrize("label", range(10))
def test_centre_of_mass_lies_nearest_to_14(templates, label):
    weights = templates[label].astype(float)
    rows, columns = np.indices(weights.shape)
    for axis in (rows, columns):
        assert abs((axis * weights).sum() / weights.sum() - 14) <= 0.501
