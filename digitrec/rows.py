"""Rows of a table of measurements: what, its values, what it is compared with, ratio, aim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

RATIO = "ratio"  # what an aim may speak of beside the values' names


class Quantity(NamedTuple):
    """A number with its unit.

    Attributes:
        number: an int is told as it is, a float with two to four digits that count.
        unit: "s", which is told in s or ms as suits it, any other word ("MB"), or "".
    """

    number: float
    unit: str = ""

    def __str__(self) -> str:
        if self.unit == "s":
            return told(self.number)
        if isinstance(self.number, int) or abs(self.number) >= 100:
            number = f"{self.number:,.0f}"
        elif abs(self.number) < 0.1:
            number = f"{self.number:.2g}"
        else:
            number = f"{self.number:.{1 if abs(self.number) >= 10 else 2}f}"
        return f"{number} {self.unit}".rstrip()


class Aim(NamedTuple):
    """What a row should reach.

    Attributes:
        of: "ratio", or the name of one of the row's values.
        sign: "≤" or "≥".
        number: in the unit of that value.
    """

    of: str
    sign: str
    number: float


@dataclass(frozen=True)
class Row:
    """One thing that was measured.

    Attributes:
        what: it is, in words (Markdown).
        values: by the names of their columns, such as {"median": Quantity(0.1, "s")}; the first
            is what is compared.
        beside: what it is compared with, measured in the same run, in words; "" for nothing.
        theirs: the same value of that.
        aims: what should be reached.
    """

    what: str
    values: Mapping[str, Quantity]
    beside: str = ""
    theirs: Quantity | None = None
    aims: Sequence[Aim] = ()

    @property
    def ratio(self) -> float | None:
        """How many times `theirs` the first value is; None without anything beside."""
        if self.theirs is None:
            return None
        return next(iter(self.values.values())).number / self.theirs.number

    @property
    def reached(self) -> bool | None:
        """Whether every aim is reached; None without any."""
        return all(map(self._reaches, self.aims)) if self.aims else None

    def _reaches(self, aim: Aim) -> bool:
        number = self.ratio if aim.of == RATIO else self.values[aim.of].number
        if number is None:
            raise ValueError(f"{self.what} has no ratio to aim at")
        return number <= aim.number if aim.sign == "≤" else number >= aim.number

    def cells(self) -> dict[str, str]:
        """What a table shows of it, by column."""
        compared = f"{self.beside}: {self.theirs}" if self.theirs is not None else self.beside
        return {
            "what": self.what,
            **{name: str(value) for name, value in self.values.items()},
            "compared with": compared,
            RATIO: "" if self.ratio is None else str(Quantity(float(self.ratio))),
            "aim": ", ".join(map(self._aim_in_words, self.aims)),
            "reached": {None: "", True: "yes", False: "no"}[self.reached],
        }

    def _aim_in_words(self, aim: Aim) -> str:
        unit = "" if aim.of == RATIO else self.values[aim.of].unit
        number = aim.number
        if unit == "s" and number < 1:
            number, unit = 1000 * number, "ms"
        name = "" if aim.of == next(iter(self.values)) else f"{aim.of} "
        return f"{name}{aim.sign} {number:g} {unit}".rstrip()

    def to_json(self) -> dict[str, Any]:
        """The row as plain data, with what follows from it."""
        return asdict(self) | {RATIO: self.ratio, "reached": self.reached}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Row:
        """A row that `to_json` wrote, read back from JSON."""
        return cls(
            what=data["what"],
            values={name: Quantity(*value) for name, value in data["values"].items()},
            beside=data["beside"],
            theirs=None if data["theirs"] is None else Quantity(*data["theirs"]),
            aims=tuple(Aim(*aim) for aim in data["aims"]),
        )


def table(rows: Iterable[Row]) -> str:
    """The rows in Markdown; a column that none of them fills is left out."""
    every = [row.cells() for row in rows]
    names = dict.fromkeys(name for cells in every for name in cells if name not in _LAST)
    columns = [name for name in (*names, *_LAST) if any(cells.get(name) for cells in every)]
    rule = ["---" if name in _WORDS else "---:" for name in columns]
    lines = [columns, rule, *([cells.get(name, "") for name in columns] for cells in every)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_LAST = ("compared with", RATIO, "aim", "reached")  # columns, after those of the values
_WORDS = ("what", "reached")


def told(seconds: float) -> str:
    """A time with a unit that suits it."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    milliseconds = 1000 * seconds
    return f"{milliseconds:.{0 if milliseconds >= 100 else 1 if milliseconds >= 10 else 3}f} ms"
