"""What a picture costs: each ink goes through the network once, and memory is used again."""

import platform
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from test_pages import page

from digitrec import Recognizer
from digitrec.seen import SeenInks

READ_AGAIN = """
import resource, sys
from digitrec import Recognizer

recognizer = Recognizer()
for _ in range(20):
    recognizer.read(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    recognizer.read(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_every_ink_goes_through_the_network_once(monkeypatch):
    recognizer = Recognizer()
    judged = []
    judge = recognizer._classifier.judge

    def watched(digits):
        judged.extend(digit.tobytes() for digit in digits)
        return judge(digits)

    monkeypatch.setattr(recognizer._classifier, "judge", watched)
    assert recognizer.read(page("7")).text == "7"
    assert len(judged) == 1
    judged.clear()
    assert len(recognizer.read(page("12 34\n56 78")).digits) == 8
    upright = judged[-8:]
    assert len(set(upright)) == len(upright)


def test_what_is_told_of_an_ink_is_what_the_network_says_of_it():
    recognizer = Recognizer()
    inks = [np.eye(40, dtype=np.uint8) * 255, np.full((50, 8), 255, np.uint8)]
    seen = SeenInks(recognizer._judge)
    first, again = seen.look([*inks, inks[0]]), seen.look(inks)
    assert [id(look) for look in first[:2]] == [id(look) for look in again]
    assert first[2] is first[0]
    for look in again:
        probabilities, scores = recognizer._judge(look.image[None])
        assert np.array_equal(look.probabilities, probabilities[0])
        assert look.score == scores[0]
        assert look.likeness == probabilities.max() * scores[0]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc's way that is met")
def test_reading_again_asks_the_system_for_no_memory(tmp_path):
    path = tmp_path / "seven.png"
    Image.fromarray(page("7", height=160)).convert("RGBA").resize((280, 280)).save(path)
    done = subprocess.run(
        [sys.executable, "-c", READ_AGAIN, str(path)], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) < 1_000  # of 4 kB each; 12,000 before
