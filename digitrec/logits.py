"""What a network's logits say: ten probabilities, and whether it is a digit at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLASSES = 10


def judged(
    logits: NDArray[np.float32], temperature: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a network's logits say of N digits, whatever runs the network.

    Args:
        logits: (N, 11) float32, ten classes and "is a digit", or (N, 10).
        temperature: what the classes' logits are divided by.

    Returns:
        Probabilities (N, 10) float32 and digit scores (N,) float32, see `Classifier.judge`.
    """
    probabilities = softmax(logits[:, :CLASSES] / np.float32(temperature))
    if logits.shape[1] == CLASSES:
        return probabilities, probabilities.max(axis=1, initial=0)
    return probabilities, sigmoid(logits[:, CLASSES])


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of logits (N, C) float32 as probabilities (N, C) float32 that sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits (N,) float32 as shares 0-1."""
    # Beyond ±80 float32 would overflow in exp and gain nothing.
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -80, 80))), np.float32)
