"""Answers that adapt to one hand at once: the network's, moved towards the nearest samples.

Nothing is trained. What the network's last layer sees of a digit is compared with what it saw
of the samples (nearest prototypes; R. Zhang et al., "Tip-Adapter", ECCV 2022, add such likenesses
to a network's logits), and what is near to a sample speaks for its class.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.classifier import Classifier, Look
from digitrec.handwriting import Handwriting
from digitrec.logits import CLASSES, softmax

# All of this was set on pendigits' writers, by networks that had not seen them. There two digits
# of one class and hand are alike by 0.97 in the middle (cosine of their features), of two classes
# by 0.5, and one of a hundred by more than 0.75.
_UNLIKE = 0.75  # from here on a likeness speaks for its class
_WEIGHT = 15.0  # logits that a likeness of 1 adds
# A class without samples is given this share of the nearest one's evidence at most: the network
# alone speaks for it.
_UNTAUGHT = 0.3
# With a likeness of 1 the network is taken for no surer than this leaves.
_DOUBT = 1e-3
# Likenesses between which what the network takes for no digit becomes one.
_STRANGE, _FAMILIAR = 0.85, 0.95
# Ink, blurred by so many pixels, has its say: two of one class and hand are alike by 0.88 in the
# middle, and what is more or less than that counts by so much.
_BLUR = 1.5  # px
_INK_IN_ONE_HAND, INK_WEIGHT = 0.88, 0.6
# A sample that the network takes for another class, or for no digit (all of which it sees much
# alike), must be alike in ink alone, too, give or take so much.
_INK_ALLOWANCE = 0.05


class Prototypes:
    """What a network makes of a handwriting.

    Args:
        classifier: the network, with features.
        handwriting: one sample or more.
        threshold: the digit score below which the network takes something for no digit, 0-1.

    Raises:
        ArtifactError: the network has no features.
    """

    def __init__(self, classifier: Classifier, handwriting: Handwriting, threshold: float) -> None:
        seen = classifier.look(handwriting.digits)
        misread = seen.probabilities.argmax(axis=1) != handwriting.labels
        self._strange = misread | (seen.scores < threshold)
        self._features = directions(seen.features)
        self._inks = directions(blurred(handwriting.digits))
        self._of_class = handwriting.labels == np.arange(CLASSES)[:, None]  # (10, S)

    def blend(
        self, digits: NDArray[np.uint8], look: Look
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The network's answers, moved towards the samples that are near.

        Args:
            digits: (N, 28, 28) uint8.
            look: what the network makes of them.

        Returns:
            Probabilities (N, 10) float32, rows sum to 1, the network's own where no sample is
            near; digit scores (N,) float32, 0-1, never less than the network's.
        """
        likeness = self._likeness(digits, look)
        evidence = np.clip((likeness - _UNLIKE) / (1 - _UNLIKE), 0, 1)
        nearest = evidence.max(axis=1, keepdims=True)
        untaught = ~self._of_class.any(axis=1)
        evidence[:, untaught] = np.minimum(nearest, _UNTAUGHT)
        # The doubt comes with the evidence, so that without any the network's answer stays.
        doubted = look.probabilities + np.maximum(_DOUBT * nearest, 1e-12)
        moved = softmax(np.log(doubted) + _WEIGHT * evidence)
        probabilities = np.where(nearest > 0, moved, look.probabilities)
        familiar = (likeness.max(axis=1) - _STRANGE) / (_FAMILIAR - _STRANGE)
        scores = 1 - (1 - look.scores) * (1 - np.clip(familiar, 0, 1))
        return probabilities.astype(np.float32), scores.astype(np.float32)

    def _likeness(self, digits: NDArray[np.uint8], look: Look) -> NDArray[np.float32]:
        """How near each digit is to each class' nearest sample: (N, 10), 1 for the same."""
        ink = directions(blurred(digits)) @ self._inks.T  # (N, S)
        likeness = directions(look.features) @ self._features.T
        likeness += INK_WEIGHT * (ink - _INK_IN_ONE_HAND)
        strange = self._strange
        likeness[:, strange] = np.minimum(likeness[:, strange], ink[:, strange] + _INK_ALLOWANCE)
        of_class = [
            likeness[:, mine].max(axis=1) if mine.any() else np.zeros(len(digits))
            for mine in self._of_class
        ]
        return np.asarray(np.minimum(np.stack(of_class, axis=1), 1), np.float32)


def directions(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (N, D) of length 1, so that products of two are cosines; zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)


def blurred(digits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Digits (N, 28, 28) as rows (N, 784) in which a pixel's place counts less."""
    planes = [cv2.GaussianBlur(digit.astype(np.float32), (0, 0), _BLUR) for digit in digits]
    return np.array(planes, np.float32).reshape(-1, 28 * 28)
