"""Probabilities that hold: the temperature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def set_temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """What logits (N, 10) are best divided by: the least negative log-likelihood.

    C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On calibration of modern neural networks",
    ICML 2017.
    """
    from scipy.optimize import minimize_scalar

    exact = logits.astype(np.float64)
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = exact / np.exp(log_temperature)
        highest = scaled.max(axis=1)
        total = highest + np.log(np.exp(scaled - highest[:, None]).sum(axis=1))
        return float((total - scaled[rows, labels]).mean())

    minimise: Callable[..., Any] = minimize_scalar
    return float(np.exp(minimise(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded").x))
