"""The page with its boxes, to look at from close by: a component of the project's own."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from digitrec.web.component import component
from digitrec.web.paper.export import COLOURS, CORRECTED, corrected_marks
from digitrec.web.paper.sheets import Mark, Sheet

_HERE = Path(__file__).parent
_HTML = """
<div class="viewer">
  <div class="window" tabindex="0" role="group" aria-label="The page; plus and minus zoom">
    <div class="sheet"><img alt=""><svg aria-hidden="true"></svg></div>
  </div>
  <div class="bar">
    <button type="button" class="out" aria-label="Zoom out">−</button>
    <button type="button" class="in" aria-label="Zoom in">+</button>
    <button type="button" class="fit">Whole page</button>
    <div class="legend"></div>
  </div>
</div>
"""
_WORDS = {"sure": "sure", "doubtful": "to check", "not a digit": "no digit"}


def show(key: str, sheet: Sheet, texts: Mapping[tuple[int, int], str]) -> None:
    """Show a page.

    Args:
        key: tells pages apart; another one is shown whole, the same one as it was zoomed.
        sheet: the page.
        texts: what was corrected on it, by line and place.
    """
    marks = corrected_marks(sheet, texts)
    shown = component("page", _HTML, _HERE / "viewer.css", _HERE / "viewer.js")
    shown(
        key="paper_viewer",
        data={
            "page": key,
            "name": sheet.name,
            "picture": "data:image/jpeg;base64," + base64.b64encode(sheet.preview).decode(),
            "width": sheet.width,
            "height": sheet.height,
            "boxes": [_box(*shown) for shown in marks],
            "legend": _legend([(mark, by_hand) for mark, _, by_hand in marks]),
        },
    )


def _box(mark: Mark, text: str, by_hand: bool) -> dict[str, Any]:
    percent = f"{100 * mark.confidence:.1f} %"
    words = f"{mark.text}, {percent}"
    if by_hand:
        words = f"corrected to {text}" if text else "corrected"
    elif mark.kind == "not a digit":
        words = "This does not look like a digit"
    elif mark.alternatives:
        others = " or ".join(map(str, mark.alternatives[1:]))
        words = f"{mark.text}, {percent}, or maybe {others}"
    return {
        "box": list(mark.box),
        "text": text if by_hand or mark.kind != "not a digit" else "",
        "colour": CORRECTED if by_hand else COLOURS[mark.kind],
        "quiet": mark.kind == "not a digit" and not by_hand,
        "words": words,
    }


def _legend(marks: list[tuple[Mark, bool]]) -> list[dict[str, Any]]:
    """Each kind that is on the page, with its number."""
    counts = {
        kind: sum(mark.kind == kind and not by_hand for mark, by_hand in marks) for kind in _WORDS
    }
    legend = [
        {
            "colour": COLOURS[kind],
            "words": f"{counts[kind]:,} {words}",
            "quiet": kind == "not a digit",
        }
        for kind, words in _WORDS.items()
        if counts[kind]
    ]
    by_hand = sum(by_hand for _, by_hand in marks)
    return legend + (
        [{"colour": CORRECTED, "words": f"{by_hand:,} corrected", "quiet": False}]
        if by_hand
        else []
    )
