"""Pages that judge: whole pictures whose text is known, read as a user's would be."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from digitrec.errors import DatasetError, DatasetNotFoundError, PictureError
from digitrec.imaging.ink import load_image
from digitrec.recognizer import Recognizer

LABELS = "labels.csv"
_KINDS = {"form": "forms", "photo": "photos", "canvas": "canvases"}  # told by the file's name
_TESSERACT_MODES = (3, 4, 6, 11, 12)  # automatic, column, block, sparse, sparse with direction
_TESSERACT_SECONDS = 120


@dataclass(frozen=True)
class JudgedPage:
    """A picture and what stands on it.

    Attributes:
        path: the picture.
        digits: all of its digits, in reading order.
        rotate_clockwise: degrees by which it has to be turned to be upright.
        kind: "forms", "photos", "canvases" or "others".
    """

    path: Path
    digits: str
    rotate_clockwise: int
    kind: str


@dataclass(frozen=True)
class PageFigures:
    """How well pages of one kind are read; shares are 0-1.

    Attributes:
        name: of the kind.
        pages: how many.
        characters: 1 - edit distance / length, over the digits of all pages.
        whole: share of pages without any mistake.
        upright: share of pages turned as they should be; None where nobody turned them.
    """

    name: str
    pages: int
    characters: float
    whole: float
    upright: float | None


def load_pages(folder: str | Path) -> list[JudgedPage]:
    """The pages that `labels.csv` in a folder lists.

    Its columns are `file`, `text` (lines parted by `|`, groups by a space) and, where a page does
    not lie upright, `rotate_clockwise` in degrees.

    Raises:
        DatasetNotFoundError: no such folder or file.
        DatasetError: a column, a text or a picture is missing.
    """
    root = Path(folder).expanduser()
    listing = root / LABELS
    if not listing.is_file():
        raise DatasetNotFoundError(
            f"Expected a folder of pages with {LABELS}. Received: {root}, which has none. Check "
            "the path."
        )
    pages = []
    with listing.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            pages.append(_page(root, row, number))
    if not pages:
        raise DatasetError(f"Expected pages in {listing}. Received: none. List one a line.")
    return pages


def _page(root: Path, row: dict[str, str | None], number: int) -> JudgedPage:
    digits = "".join(c for c in row.get("text") or "" if c.isdecimal())
    turned = row.get("rotate_clockwise") or "0"
    path = root / (row.get("file") or "")
    if not path.is_file() or not digits or turned not in {"0", "90", "180", "270"}:
        raise DatasetError(
            f"Expected file, text and rotate_clockwise (0, 90, 180 or 270) of a page in line "
            f"{number} of {root / LABELS}. Received: {dict(row)}. Mend the line."
        )
    kind = next((kind for word, kind in _KINDS.items() if word in path.name.lower()), "others")
    return JudgedPage(path, digits, int(turned), kind)


def read_pages(
    recognizer: Recognizer, pages: Sequence[JudgedPage], *, progress: bool = True
) -> list[PageFigures]:
    """A row a kind of page, and one for all.

    Digits are counted in reading order over the whole page; what is refused does not count.
    """
    answers, upright = [], []
    for page in tqdm(pages, desc="pages", disable=not progress, leave=False):
        try:
            reading = recognizer.read(page.path)
        except PictureError:
            answers.append("")
            upright.append(False)
            continue
        answers.append("".join(c for c in reading.text if c.isdecimal()))
        upright.append(reading.turned == page.rotate_clockwise)
    return _by_kind(pages, answers, upright)


def read_with_tesseract(pages: Sequence[JudgedPage], *, progress: bool = True) -> list[PageFigures]:
    """The same by Tesseract, digits alone allowed, each page turned upright for it.

    Every page mode is tried on all pages, and the best one is told: more than a user would know.

    Raises:
        DatasetError: there is no `tesseract` to run.
    """
    best: list[PageFigures] = []
    for mode in _TESSERACT_MODES:
        answers = [
            _tesseract(page, mode)
            for page in tqdm(pages, desc=f"Tesseract {mode}", disable=not progress, leave=False)
        ]
        figures = _by_kind(pages, answers, None)
        if not best or figures[-1].characters > best[-1].characters:
            best = figures
    return best


def _tesseract(page: JudgedPage, mode: int) -> str:
    picture = Image.fromarray(load_image(page.path)).convert("RGB")
    upright = picture.rotate(-page.rotate_clockwise, expand=True)
    command = ["tesseract", "stdin", "stdout", "--psm", str(mode)]
    command += ["-c", "tessedit_char_whitelist=0123456789"]
    try:
        done = subprocess.run(
            command,
            input=_as_png(upright),
            capture_output=True,
            check=False,
            timeout=_TESSERACT_SECONDS,
        )
    except FileNotFoundError as error:
        raise DatasetError(
            "Expected Tesseract to compare with. Received: no command tesseract. Install it "
            "(Debian: apt install tesseract-ocr), or leave out --tesseract."
        ) from error
    except subprocess.TimeoutExpired:
        return ""
    return "".join(c for c in done.stdout.decode("utf-8", "replace") if c.isdecimal())


def _as_png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _by_kind(
    pages: Sequence[JudgedPage], answers: Sequence[str], upright: Sequence[bool] | None
) -> list[PageFigures]:
    kinds = sorted({page.kind for page in pages})
    rows = []
    choices: list[tuple[str, Callable[[JudgedPage], bool]]] = [
        *((kind, lambda page, kind=kind: page.kind == kind) for kind in kinds),
        ("all pages", lambda page: True),
    ]
    for name, belongs in choices:
        chosen = [i for i, page in enumerate(pages) if belongs(page)]
        wrong = [edit_distance(answers[i], pages[i].digits) for i in chosen]
        length = sum(len(pages[i].digits) for i in chosen)
        rows.append(
            PageFigures(
                name,
                len(chosen),
                1 - sum(wrong) / length,
                sum(w == 0 for w in wrong) / len(chosen),
                None if upright is None else sum(upright[i] for i in chosen) / len(chosen),
            )
        )
    return rows


def edit_distance(first: str, second: str) -> int:
    """Insertions, deletions and changes that make one text the other (V. Levenshtein, 1966)."""
    distances = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, distances[0] = distances[0], i
        for j, b in enumerate(second, 1):
            before, distances[j] = (
                distances[j],
                min(distances[j] + 1, distances[j - 1] + 1, before + (a != b)),
            )
    return distances[-1]


def pages_table(figures: Sequence[PageFigures], tesseract: Sequence[PageFigures] = ()) -> str:
    """Rows as Markdown, percent; Tesseract's beside ours where there are any."""
    head = "| pages | number | characters | whole pages | turned upright |"
    rule = "| --- | ---: | ---: | ---: | ---: |"
    if tesseract:
        head += " Tesseract: characters | whole pages |"
        rule += " ---: | ---: |"
    lines = [head, rule]
    for place, row in enumerate(figures):
        line = (
            f"| {row.name} | {row.pages} | {_percent(row.characters)} | {_percent(row.whole)} "
            f"| {'' if row.upright is None else _percent(row.upright)} |"
        )
        if tesseract:
            theirs = tesseract[place]
            line += f" {_percent(theirs.characters)} | {_percent(theirs.whole)} |"
        lines.append(line)
    return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
