"""The files of an artifact's `report/`, as far as they can be understood."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from digitrec.web.model.confusion import CLASSES, Confusion, confusion_from
from digitrec.web.model.plain import count, items, mapping, needed, number, rows, share, text
from digitrec.web.model.report import (
    Bin,
    Classics,
    DigitSet,
    Evaluation,
    Mistake,
    Network,
    OutlierSet,
    PageSet,
    Rejection,
    SetReport,
    StringSet,
)


def set_report_from(content: object) -> SetReport | None:
    """The report on the test set; None where it holds no confusion matrix."""
    plain = mapping(content)
    with suppress(ValueError, TypeError):
        return SetReport(
            confusion_from(plain.get("confusion")), rows(plain.get("mistakes"), _mistake)
        )
    return None


def evaluation_from(content: object) -> Evaluation | None:
    """The evaluation; None where it holds nothing of one."""
    plain = mapping(content)
    bins = {name: _bins(value) for name, value in mapping(plain.get("reliability")).items()}
    found = Evaluation(
        rows(plain.get("digits"), _digit_set),
        rows(plain.get("not_digits"), _outlier_set),
        rows(plain.get("strings"), _string_set),
        rows(plain.get("pages"), _page_set),
        rows(plain.get("tesseract"), _page_set),
        _confusions(plain.get("confusions")),
        {name: of_it for name, of_it in bins.items() if of_it},
        _rejection(plain.get("rejection")),
    )
    return found if found != Evaluation() else None


def classics_from(content: object) -> Classics | None:
    """The classic networks; None where it holds none."""
    plain = mapping(content)
    sets = tuple(text(name) for name in items(plain.get("sets")))
    found = rows(plain.get("networks"), _network)
    networks = tuple(network for network in found if len(network.others) == len(sets))
    return Classics(sets, networks) if networks else None


def _label(value: object) -> int:
    found = needed(count(value))
    if found >= CLASSES:
        raise ValueError("not a digit's label")
    return found


def _mistake(row: Mapping[str, Any]) -> Mistake:
    return Mistake(
        needed(count(row["index"])),
        _label(row["truth"]),
        _label(row["answer"]),
        needed(share(row["confidence"])),
    )


def _named(row: Mapping[str, Any], number_of: str = "count") -> tuple[str, int]:
    return text(row["name"]), needed(count(row[number_of]))


def _digit_set(row: Mapping[str, Any]) -> DigitSet:
    name, many = _named(row)
    return DigitSet(
        name,
        row.get("variant") is True,
        many,
        needed(share(row["right"])),
        share(row.get("accepted")),
        share(row.get("mean_of_groups")),
        text(row.get("worst_group")),
        share(row.get("worst_right")),
        share(row.get("calibration_error")),
        number(row.get("negative_log_likelihood")),
    )


def _outlier_set(row: Mapping[str, Any]) -> OutlierSet:
    return OutlierSet(*_named(row), needed(share(row["refused"])))


def _string_set(row: Mapping[str, Any]) -> StringSet:
    return StringSet(*_named(row), needed(share(row["drawn"])), needed(share(row["pictured"])))


def _page_set(row: Mapping[str, Any]) -> PageSet:
    characters = min(1.0, max(0.0, needed(number(row["characters"]))))  # many extras: below 0
    return PageSet(*_named(row, "pages"), characters, needed(share(row["whole"])))


def _confusions(content: object) -> dict[str, Confusion]:
    found = {}
    for name, counts in mapping(content).items():
        with suppress(ValueError, TypeError):
            found[name] = confusion_from(counts)
    return found


def _bins(content: object) -> tuple[Bin, ...]:
    """The bins of a reliability diagram, as triples."""
    found = []
    for triple in items(content):
        with suppress(ValueError, TypeError):
            confidence, right, many = items(triple)
            found.append(
                Bin(needed(share(confidence)), needed(share(right)), needed(count(many) or None))
            )
    return tuple(found)


def _rejection(content: object) -> Rejection | None:
    plain = mapping(content)
    at_95, at_99 = share(plain.get("passed_at_95")), share(plain.get("passed_at_99"))
    if at_95 is None or at_99 is None:
        return None
    points = [tuple(map(share, items(point))) for point in items(plain.get("curve"))]
    curve = tuple(
        (p[0], p[1]) for p in points if len(p) == 2 and p[0] is not None and p[1] is not None
    )
    return Rejection(at_95, at_99, curve)


def _network(row: Mapping[str, Any]) -> Network:
    return Network(
        text(row["name"]),
        needed(count(row["parameters"])),
        needed(count(row["seconds"])),
        text(row.get("claimed")),
        needed(share(row["mnist"])),
        tuple(needed(share(value)) for value in items(row["others"])),
    )
