"""What a network is taught, and how its probabilities are mended."""

import numpy as np
import pytest


def test_loss_is_least_for_sure_digits_and_flat_outliers():
    from digitrec.learning.losses import DigitAccuracy, DigitLoss, targets

    wanted = targets(np.array([3, -1]))
    assert wanted[0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert wanted[1].tolist() == [0] * 11
    sure, flat = np.zeros((1, 11), np.float32), np.zeros((1, 11), np.float32)
    sure[0, [3, 10]], flat[0, 10] = 20, -20
    loss = DigitLoss(reduction="none")
    assert np.asarray(loss(wanted, np.concatenate([sure, flat]))) == pytest.approx([0, 0], abs=1e-4)
    swapped = np.asarray(loss(wanted, np.concatenate([flat, sure])))
    assert (swapped > 5).all()
    without_score = np.asarray(loss(wanted, np.concatenate([sure, flat])[:, :10]))
    assert without_score == pytest.approx([0, 0], abs=1e-4)
    again = DigitLoss.from_config(loss.get_config())
    assert again.outlier_weight == loss.outlier_weight
    accuracy = DigitAccuracy()
    accuracy.update_state(wanted, np.concatenate([sure, flat]))
    assert float(accuracy.result()) == 1  # the outlier does not count


def test_temperature_mends_too_sure_logits():
    from digitrec.learning.calibration import set_temperature

    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4_000, 10))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in shares])
    assert set_temperature((3 * logits).astype(np.float32), labels) == pytest.approx(3, rel=0.1)
