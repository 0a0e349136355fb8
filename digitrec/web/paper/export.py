"""What can be taken home: CSV, JSON, and the page with its boxes as PNG."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from digitrec import annotating
from digitrec.annotating import draw_box
from digitrec.reading import Box
from digitrec.records import csv_cell
from digitrec.web.paper.pile import Entry, Place
from digitrec.web.paper.sheets import Mark, Number, Sheet

COLOURS: dict[str, str] = {
    "sure": annotating.COLOURS["digit"],
    "doubtful": annotating.COLOURS["ambiguous"],
    "not a digit": annotating.COLOURS["not a digit"],
}
CORRECTED = "#2a8f4f"


def as_csv(entries: Sequence[Entry], corrections: Mapping[Place, str]) -> str:
    """One row a number, in reading order; the first row names the columns."""
    file = io.StringIO()
    rows = [_row(entry, corrections) for entry in entries]
    names = ["file", "page", "line", "place", "text", "read", "confidence", "status", "corrected"]
    writer = csv.DictWriter(file, [*names, "x", "y", "width", "height"], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        x, y, width, height = row.pop("box")
        row["corrected"] = "yes" if row["corrected"] else "no"
        row |= {"x": x, "y": y, "width": width, "height": height}
        writer.writerow({name: csv_cell(value) for name, value in row.items()})
    return file.getvalue()


def as_json(entries: Sequence[Entry], corrections: Mapping[Place, str]) -> str:
    """The same, with every digit of each number; boxes are in pixels of the upright page."""
    pages: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in entries:
        sheet = entry.sheet
        page = pages.setdefault(
            (entry.job.key, sheet.page),
            {
                "file": entry.job.name,
                "page": sheet.page + 1,
                "width": sheet.width,
                "height": sheet.height,
                "turned": sheet.turned,
                "numbers": [],
            },
        )
        row = _row(entry, corrections)
        del row["file"], row["page"]
        page["numbers"].append({**row, "digits": [_digit(m) for m in entry.number.marks]})
    return json.dumps({"pages": list(pages.values())}, indent=2, ensure_ascii=False) + "\n"


def _row(entry: Entry, corrections: Mapping[Place, str]) -> dict[str, Any]:
    number = entry.number
    return {
        "file": entry.job.name,
        "page": entry.sheet.page + 1,
        "line": number.line,
        "place": number.place,
        "text": corrections.get(entry.at, number.text),
        "read": number.text,
        "confidence": round(number.confidence, 4),
        "status": "doubtful" if number.doubtful else "sure",
        "corrected": entry.at in corrections,
        "box": list(number.box),
    }


def _digit(mark: Mark) -> dict[str, Any]:
    return {
        "text": mark.text,
        "status": mark.kind,
        "confidence": round(mark.confidence, 4),
        "alternatives": list(mark.alternatives),
        "box": list(mark.box),
    }


def corrected_marks(
    sheet: Sheet, texts: Mapping[tuple[int, int], str]
) -> list[tuple[Mark, str, bool]]:
    """Each mark of a page, what it is by now, and whether its number was corrected.

    Args:
        sheet: the page.
        texts: corrections by line and place. One of another length than what was read is
            shown at its first mark as a whole.
    """
    shown = []
    for number in sheet.numbers:
        text = texts.get((number.line, number.place))
        for mark, now in zip(number.marks, _spread(number, text), strict=True):
            shown.append((mark, now, text is not None))
    return shown


def _spread(number: Number, text: str | None) -> list[str]:
    if text is None:
        return [mark.text for mark in number.marks]
    if len(text) == len(number.marks):
        return list(text)
    return [text or "–", *[""] * (len(number.marks) - 1)]


def annotated(sheet: Sheet, texts: Mapping[tuple[int, int], str]) -> bytes:
    """The upright page with a coloured box and its reading at every digit, as PNG."""
    encoded = np.frombuffer(sheet.preview, np.uint8)
    picture = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), np.uint8)
    scale = picture.shape[1] / sheet.width
    for mark, text, by_hand in corrected_marks(sheet, texts):
        told = None if mark.kind == "not a digit" and not by_hand else text
        box = Box(*(round(side * scale) for side in mark.box))
        draw_box(picture, box, told, CORRECTED if by_hand else COLOURS[mark.kind])
    _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return bytes(png)
