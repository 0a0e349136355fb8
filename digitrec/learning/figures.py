"""Figures of outcomes: how right, how honest, how willing to refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score, roc_curve

from digitrec.learning.judging import Outcome

BINS = 15
_RESAMPLES = 2_000
_INTERVAL = (2.5, 97.5)  # percent
_ROWS_A_SET = 12  # of alphabets; more groups than that are people


@dataclass(frozen=True)
class DigitFigures:
    """Figures of a set of digits; shares are 0-1.

    Attributes:
        name: of the set.
        variant: whether it is another set, spoilt.
        count: how many digits.
        right: share whose answer is one digit of the right class, accepted or not.
        accepted: share that is not refused.
        groups: how many people made them, 0 where nobody knows or all are one person's.
        mean_of_groups: accuracy, averaged over people; None without groups.
        worst_group: the person read worst (of five digits or more); "" without groups, or where
            everybody is read without a mistake.
        worst_right: the accuracy there; None where nobody is named.
        calibration_error: expected calibration error, 15 bins of equal mass.
        negative_log_likelihood: mean, nats.
        skipped: pictures that could not be read.
    """

    name: str
    variant: bool
    count: int
    right: float
    accepted: float
    groups: int
    mean_of_groups: float | None
    worst_group: str
    worst_right: float | None
    calibration_error: float
    negative_log_likelihood: float
    skipped: int


@dataclass(frozen=True)
class OutlierFigures:
    """Figures of a set of what is no digit.

    Attributes:
        name: of the set.
        count: how many.
        refused: share that is refused at the artifact's threshold, 0-1.
        skipped: pictures that could not be read.
    """

    name: str
    count: int
    refused: float
    skipped: int


@dataclass(frozen=True)
class Rejection:
    """Digits against what is none, at every threshold.

    Attributes:
        accepted: (K,) share of digits accepted, rising.
        passed: (K,) share of what is no digit accepted too.
        area: under that curve; 1 is perfect.
        passed_at_95: share of what is no digit accepted where 95 % of digits are.
        passed_at_99: where 99 % are.
    """

    accepted: NDArray[np.float64]
    passed: NDArray[np.float64]
    area: float
    passed_at_95: float
    passed_at_99: float

    def points(self, count: int = 200) -> list[tuple[float, float]]:
        """The curve thinned out: `accepted` and `passed`, densest where little passes."""
        chosen = np.searchsorted(self.passed, np.linspace(0, 1, count) ** 3, side="right") - 1
        return [
            (round(float(self.accepted[i]), 5), round(float(self.passed[i]), 5))
            for i in dict.fromkeys(chosen.tolist())
        ]


def digit_figures(outcome: Outcome) -> DigitFigures:
    """Figures of a set of digits."""
    labels, right = outcome.judged.labels, outcome.answers == outcome.judged.labels
    people = by_group(outcome)
    groups = people if len(people) > 1 else {}
    ranked = sorted(groups, key=lambda name: groups[name][0])
    sizeable = [name for name in ranked if groups[name][1] >= 5] or ranked
    worst = sizeable[0] if sizeable and groups[sizeable[0]][0] < 1 else ""
    exact = outcome.probabilities.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    return DigitFigures(
        name=outcome.judged.name,
        variant=outcome.judged.variant,
        count=len(labels),
        right=float(accuracy_score(labels, outcome.answers)),
        accepted=float(outcome.accepted.mean()),
        groups=len(groups),
        mean_of_groups=float(np.mean([share for share, _ in groups.values()])) if groups else None,
        worst_group=worst,
        worst_right=groups[worst][0] if worst else None,
        calibration_error=calibration_error(outcome.probabilities.max(axis=1), right),
        negative_log_likelihood=float(log_loss(labels, exact, labels=np.arange(10))),
        skipped=len(outcome.skipped),
    )


def by_group(outcome: Outcome) -> dict[str, tuple[float, int]]:
    """Accuracy and number of examples of each group that has a name."""
    right = outcome.answers == outcome.judged.labels
    groups = np.array(outcome.judged.groups)
    return {
        str(name): (float(right[groups == name].mean()), int((groups == name).sum()))
        for name in sorted(set(outcome.judged.groups) - {""})
    }


def outlier_figures(outcome: Outcome) -> list[OutlierFigures]:
    """Figures of what is no digit; a set of several alphabets has a row each."""
    names = np.array(outcome.judged.groups)
    groups = sorted(set(outcome.judged.groups))
    if "" in groups or not 1 < len(groups) <= _ROWS_A_SET:  # nobody's, one hand's or many hands'
        groups = [""]
    rows = []
    for group in groups:
        chosen = names == group if group else np.ones(len(names), bool)
        name = f"{outcome.judged.name}, {group}" if group else outcome.judged.name
        refused = float((~outcome.accepted[chosen]).mean())
        rows.append(OutlierFigures(name, int(chosen.sum()), refused, len(outcome.skipped)))
    return rows


def reliability(
    confidences: NDArray[np.floating], right: NDArray[np.bool_], bins: int = BINS
) -> list[tuple[float, float, int]]:
    """Bins of equal mass: mean confidence, share right, and how many."""
    order = np.argsort(confidences, kind="stable")
    return [
        (float(confidences[part].mean()), float(right[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    ]


def calibration_error(
    confidences: NDArray[np.floating], right: NDArray[np.bool_], bins: int = BINS
) -> float:
    """Expected calibration error over bins of equal mass, 0-1.

    K. Nguyen, B. O'Connor, "Posterior calibration and exploratory analysis for natural language
    processing models", EMNLP 2015.
    """
    table = reliability(confidences, right, bins)
    return sum(abs(mean - share) * count for mean, share, count in table) / len(confidences)


def rejection(digits: NDArray[np.floating], outliers: NDArray[np.floating]) -> Rejection:
    """Digit scores of digits against those of what is none."""
    truth = np.concatenate([np.ones(len(digits)), np.zeros(len(outliers))])
    scores = np.concatenate([digits, outliers])
    passed, accepted, _ = roc_curve(truth, scores)
    at = [float(passed[np.argmax(accepted >= share)]) for share in (0.95, 0.99)]
    return Rejection(accepted, passed, float(roc_auc_score(truth, scores)), at[0], at[1])


def difference(mine: Outcome, other: Outcome, seed: int = 0) -> tuple[float, float, float]:
    """How much more often `mine` is right (or refuses), and a 95 % bootstrap interval.

    The same examples are drawn again and again from the set, for both artifacts alike.

    Returns:
        Difference, lower and upper end; shares.
    """
    gain = _good(mine).astype(np.float64) - _good(other).astype(np.float64)
    rng = np.random.default_rng(seed)
    means = [gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, _INTERVAL)
    return float(gain.mean()), float(low), float(high)


def _good(outcome: Outcome) -> NDArray[np.bool_]:
    if outcome.judged.is_digits:
        return np.asarray(outcome.answers == outcome.judged.labels)
    return ~outcome.accepted


def as_rows(figures: Sequence[DigitFigures | OutlierFigures]) -> list[dict[str, object]]:
    """For JSON."""
    return [asdict(row) for row in figures]
