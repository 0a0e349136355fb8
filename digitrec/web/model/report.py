"""What the folder `report/` of an artifact tells; `reading` takes it from the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digitrec.web.model.confusion import Confusion


@dataclass(frozen=True)
class Mistake:
    """A digit of a test set that was read wrongly.

    Attributes:
        index: where it stands in the set.
        truth: what it is, 0-9.
        answer: what it was read as, 0-9.
        confidence: the answer's probability, 0-1.
    """

    index: int
    truth: int
    answer: int
    confidence: float


@dataclass(frozen=True)
class SetReport:
    """`report.json`: the test set, as the network was right after its training.

    Attributes:
        confusion: truth against answer.
        mistakes: the surest first; only so many are listed.
    """

    confusion: Confusion
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class DigitSet:
    """A set of digits of `evaluation.json`; shares are 0-1.

    Attributes:
        name: of the set.
        variant: whether it is another set, spoilt.
        count: how many digits.
        right: share read rightly.
        accepted: share that is taken for a digit; None where it is not told, as all that follow.
        mean_of_groups: accuracy, averaged over people.
        worst_group: the person read worst; "" where nobody is.
        worst_right: the accuracy there.
        calibration_error: how far the probabilities are off, on average.
        negative_log_likelihood: mean, nats.
    """

    name: str
    variant: bool
    count: int
    right: float
    accepted: float | None = None
    mean_of_groups: float | None = None
    worst_group: str = ""
    worst_right: float | None = None
    calibration_error: float | None = None
    negative_log_likelihood: float | None = None


@dataclass(frozen=True)
class OutlierSet:
    """A set of what is no digit: its name, how many, and the share that is refused."""

    name: str
    count: int
    refused: float


@dataclass(frozen=True)
class StringSet:
    """Numbers of several digits: how many, and the shares read without any mistake."""

    name: str
    count: int
    drawn: float
    pictured: float


@dataclass(frozen=True)
class PageSet:
    """Whole pages: how many, the share of characters read, and of pages without any mistake."""

    name: str
    count: int
    characters: float
    whole: float


@dataclass(frozen=True)
class Bin:
    """Answers of about one probability: its mean, the share that was right, and how many."""

    confidence: float
    right: float
    count: int


@dataclass(frozen=True)
class Rejection:
    """Digits against what is none, shares 0-1.

    Attributes:
        passed_at_95: of what is no digit, the share accepted where 95 % of the digits are.
        passed_at_99: where 99 % are.
        curve: share of digits accepted, and of what is none, rising.
    """

    passed_at_95: float
    passed_at_99: float
    curve: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """`evaluation.json`: sets of anybody's choice, read as a user's drawings and pictures are."""

    digits: tuple[DigitSet, ...] = ()
    not_digits: tuple[OutlierSet, ...] = ()
    strings: tuple[StringSet, ...] = ()
    pages: tuple[PageSet, ...] = ()
    tesseract: tuple[PageSet, ...] = ()
    confusions: Mapping[str, Confusion] = field(default_factory=dict)
    reliability: Mapping[str, tuple[Bin, ...]] = field(default_factory=dict)
    rejection: Rejection | None = None

    @property
    def plain(self) -> Sequence[DigitSet]:
        """Digits as they are."""
        return [row for row in self.digits if not row.variant]


@dataclass(frozen=True)
class Network:
    """A network of `classics.json`; shares are 0-1.

    Attributes:
        name: of the architecture.
        parameters: how many weights it has.
        seconds: its training took.
        claimed: what those who publish it say that it reaches on MNIST, percent.
        mnist: accuracy on MNIST's test set.
        others: accuracy on each other set.
    """

    name: str
    parameters: int
    seconds: int
    claimed: str
    mnist: float
    others: tuple[float, ...]


@dataclass(frozen=True)
class Classics:
    """`classics.json`: the networks that people start from, beside ours, and on which sets."""

    sets: tuple[str, ...]
    networks: tuple[Network, ...]
