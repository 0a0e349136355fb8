"""How a page was read: each step as a picture."""

from __future__ import annotations

from html import escape

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.annotating import turned_upright
from digitrec.errors import DigitrecError
from digitrec.imaging.files import open_file
from digitrec.imaging.pages.page import read_page
from digitrec.web.markdown import literal
from digitrec.web.paper.desk import Job
from digitrec.web.paper.pile import STEPS
from digitrec.web.paper.sheets import Sheet
from digitrec.web.views import as_data_url

_LARGEST = 900  # px
_BOX = (184, 120, 31)  # BGR, as in the picture above


def show(job: Job, sheet: Sheet) -> None:
    """The steps of one page, made when they are asked for."""
    try:
        pictures, skew = _pictures(job, sheet)
    except DigitrecError as error:
        st.error(literal(error))
        return
    words = [
        ("Flattened", "Paper, shadows and colour are gone: what stays is how much darker it was."),
        ("Ink", "What is dark enough to be ink, in black."),
        ("Lines removed", "Rules, frames and printed forms are taken off."),
        ("Boxes", f"{_count(sheet)}. Each is cut out and read as one digit."),
    ]
    figures = "".join(
        f'<figure><img src="{source}" alt="{title}"><figcaption><b>{i}. {title}</b> '
        f"{escape(text)}</figcaption></figure>"
        for i, (source, (title, text)) in enumerate(zip(pictures, words, strict=True), 1)
    )
    turned = f" It was turned by {sheet.turned}° to be read." if sheet.turned else ""
    turned += f" Its lines leaned by {abs(skew):.0f}°, which is mended." if skew else ""
    st.html(f'<p class="paper-steps-words">From the picture to its digits.{turned}</p>')
    st.html(f'<div class="paper-steps">{figures}</div>')


def _count(sheet: Sheet) -> str:
    count = sum(len(number.marks) for number in sheet.numbers)
    return f"{count:,} {'mark' if count == 1 else 'marks'}"


def _pictures(job: Job, sheet: Sheet) -> tuple[list[str], float]:
    """Each step, upright, as an image's address, and the skew; the last page's are kept."""
    which = job.key, sheet.page, sheet.turned
    if st.session_state.get(STEPS, (None,))[0] != which:
        with st.spinner("Taking the steps once more …"):
            st.session_state[STEPS] = which, _made(job.content, sheet.page, sheet.turned)
    made: tuple[list[str], float] = st.session_state[STEPS][1]
    return made


def _made(content: bytes, page: int, turned: int) -> tuple[list[str], float]:
    steps = read_page(open_file(content, "the file").load(page))
    boxes = np.repeat(255 - steps.cleaned[:, :, None], 3, axis=2)
    thickness = max(1, round(max(boxes.shape) / _LARGEST * 2))
    for mark in steps.marks:
        corners = (mark.x - 2, mark.y - 2), (mark.right + 1, mark.bottom + 1)
        cv2.rectangle(boxes, *corners, _BOX, thickness)
    pictures = [255 - steps.flat, 255 - steps.mask, 255 - steps.cleaned, boxes]
    return [_address(turned_upright(picture, turned)) for picture in pictures], steps.skew


def _address(picture: NDArray[np.uint8]) -> str:
    scale = min(1.0, _LARGEST / max(picture.shape[:2]))
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    _, encoded = cv2.imencode(".png", picture)
    return as_data_url(bytes(encoded))
