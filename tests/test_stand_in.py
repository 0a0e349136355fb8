"""What takes MNIST's place, and what keeps TensorFlow's notes off the screen."""

import os
import sys

import numpy as np
import pytest

from digitrec import Recognizer
from digitrec.learning.quiet import quiet
from digitrec.learning.stand_in import drawn_in_place_of_mnist


def test_drawn_digits_have_mnist_s_form_and_can_be_read():
    mnist = drawn_in_place_of_mnist(200, 50, seed=3)
    assert not mnist.genuine
    assert mnist.train.digits.shape == (200, 28, 28)
    assert mnist.test.digits.shape == (50, 28, 28)
    assert set(mnist.train.labels) == set(range(10))
    answers = Recognizer().classify(mnist.test.digits).argmax(axis=1)
    assert np.mean(answers == mnist.test.labels) > 0.9
    again = drawn_in_place_of_mnist(200, 50, seed=3)
    assert mnist.sha256 == again.sha256 != drawn_in_place_of_mnist(200, 50).sha256


def test_quiet_hides_what_is_printed_and_lets_exceptions_through(capfd):
    with quiet():
        print("from Python")
        os.write(2, b"from C++")

    @quiet()
    def fail():
        raise KeyError

    with pytest.raises(KeyError):
        fail()
    print("afterwards", file=sys.stderr)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "afterwards\n")
