"""Answers that adapt to one hand at once: the network's, moved towards the nearest samples.

Nothing is trained. What the network's last layer sees of a digit is compared with what it saw
of the samples (nearest prototypes, as in R. Zhang et al., "Tip-Adapter", ECCV 2022, whose cache
this is with one neighbour a class), and what is near to a sample of a class speaks for it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.classifier import CLASSES, Classifier, Look, softmax
from digitrec.handwriting import Handwriting

# All of this was set on pendigits' writers, by networks that had not seen them; see
# scripts/handwriting.py, which measures it. Two digits of one class and hand have a likeness
# (cosine) of 0.97 in the middle, of two classes 0.5, and one of a hundred above 0.75.
_UNLIKE = 0.75  # from here on a likeness speaks for its class
_WEIGHT = 10.0  # logits that a likeness of 1 adds
# With a perfect likeness the network is taken for no surer than this leaves.
_DOUBT = 1e-3
# Likenesses between which what the network takes for no digit becomes one.
_STRANGE, _FAMILIAR = 0.85, 0.95
# A sample that the network takes for another class, or for no digit (all of which it sees much
# alike), is compared as ink, too, blurred by so many pixels; two inks of one class are less alike
# than their features by so much.
_BLUR = 1.5  # px
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
        self._labels = handwriting.labels
        self._features = _directions(seen.features)
        misread = seen.probabilities.argmax(axis=1) != handwriting.labels
        self._strange = misread | (seen.scores < threshold)
        self._inks = _directions(_blurred(handwriting.digits[self._strange]))

    def blend(
        self, digits: NDArray[np.uint8], look: Look
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The network's answers, moved towards the samples that are near.

        A class without samples is never moved away from; where nothing is near, nothing changes.

        Args:
            digits: (N, 28, 28) uint8.
            look: what the network makes of them.

        Returns:
            Probabilities (N, 10) float32, rows sum to 1; digit scores (N,) float32, 0-1, never
            less than the network's.
        """
        likeness = self._likeness(digits, look)
        nearness = np.clip((likeness - _UNLIKE) / (1 - _UNLIKE), 0, 1)
        nearest = nearness.max(axis=1, keepdims=True)
        # The floor comes with the evidence, so that without any the network's answer stays.
        doubted = look.probabilities + np.maximum(_DOUBT * nearest, 1e-12)
        moved = softmax(np.log(doubted) + _WEIGHT * nearness)
        familiar = (likeness.max(axis=1) - _STRANGE) / (_FAMILIAR - _STRANGE)
        scores = 1 - (1 - look.scores) * (1 - np.clip(familiar, 0, 1))
        probabilities = np.where(nearest > 0, moved, look.probabilities)
        return probabilities.astype(np.float32), scores.astype(np.float32)

    def _likeness(self, digits: NDArray[np.uint8], look: Look) -> NDArray[np.float32]:
        """How near each digit is to each class' nearest sample: (N, 10), at most 1."""
        to_samples = _directions(look.features) @ self._features.T  # (N, S)
        if self._strange.any():
            in_ink = _directions(_blurred(digits)) @ self._inks.T + _INK_ALLOWANCE
            to_samples[:, self._strange] = np.minimum(to_samples[:, self._strange], in_ink)
        likeness = np.zeros((len(digits), CLASSES), np.float32)
        for label in np.unique(self._labels):
            likeness[:, label] = to_samples[:, self._labels == label].max(axis=1)
        return likeness


def _directions(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (N, D) of length 1, so that products of two are cosines; zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)


def _blurred(digits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Digits (N, 28, 28) as rows (N, 784) in which a pixel's place counts less."""
    planes = [cv2.GaussianBlur(digit.astype(np.float32), (0, 0), _BLUR) for digit in digits]
    return np.array(planes, np.float32).reshape(-1, 28 * 28)
